/** So many messages a second, and so many of them at once. */
export interface Rate {
  readonly messagesPerSecond: number
  /** Whole, 1 or more. Default: as many as in a second. */
  readonly burst?: number | undefined
}

/**
 * A bucket of tokens, one a message: it holds `burst` of them and gets `messagesPerSecond` new ones. In any time of t seconds it gives
 * no more than `burst` + t * `messagesPerSecond`.
 *
 * What is kept is when the bucket will be full again, which changes by taking only: nothing has to be counted as time passes.
 */
export class TokenBucket {
  /** Milliseconds that a token takes to come. */
  private readonly interval: number
  /** Milliseconds that an empty bucket takes to be full. */
  private readonly depth: number
  /** By the monotonic clock. */
  private fullAt = Number.NEGATIVE_INFINITY
  /** Until then tokens that came since the other moment are still there, however many they are. */
  private savedUntil = Number.NEGATIVE_INFINITY
  private savedSince = 0

  constructor({ messagesPerSecond, burst }: Rate) {
    this.interval = 1000 / messagesPerSecond
    this.depth = this.interval * (burst ?? Math.max(1, Math.ceil(messagesPerSecond)))
  }

  /** From when on there is a token, by the monotonic clock. */
  get nextAt(): number {
    return this.fullAt - this.depth + this.interval
  }

  /**
   * Takes a token. One that is not there yet is owed, up to `burst` of them: what cannot wait is not held up, and what can waits the
   * longer for it.
   */
  take(mono: number): void {
    const since = mono < this.savedUntil ? this.savedSince : mono
    this.fullAt = Math.min(Math.max(this.fullAt, since) + this.interval, mono + 2 * this.depth)
  }

  /** Nothing could be taken since that moment: until the other one the tokens of the time between may be taken beyond `burst`. */
  save(since: number, until: number): void {
    this.savedSince = since
    this.savedUntil = until
  }
}
