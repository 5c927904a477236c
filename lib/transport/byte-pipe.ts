import type { Clock, Timer } from '../clock.js'

/** How a network treats bytes; read anew for each of them, so that it may change at any time. */
export interface NetworkConditions {
  /** Milliseconds on the way, 0 or more; a function is asked for each write. Bytes never overtake each other. */
  latency: number | (() => number)
  /**
   * How many bytes one delivery carries at most: a number, or a function that is given how many are there. Each
   * delivery has a turn of the event loop to itself. Undefined: all that are there.
   */
  chunkSize: number | ((available: number) => number) | undefined
}

/** Who is at the far end of a pipe. Called from the clock's turns only. */
export interface PipeEnd {
  bytes(bytes: Uint8Array): void
  /** Nothing follows. Once. */
  end(): void
  /** Bytes have left the pipe: more may be pushed. */
  room(): void
}

interface Segment {
  readonly due: number
  readonly bytes: Uint8Array
}

interface Cut {
  /** Bytes to deliver before it. */
  left: number
  /** It does not wait for a receiver that stops taking. */
  readonly atOnce: boolean
  readonly done: () => void
}

/**
 * One direction of a connection: bytes in order, late, in chunks, and with the faults that a network can have.
 *
 * It holds what is pushed and has no limit of its own: whoever pushes watches `queued`.
 */
export class BytePipe {
  readonly #clock: Clock
  readonly #conditions: Readonly<NetworkConditions>
  readonly #end: PipeEnd
  readonly #onTheWay: Segment[] = []
  readonly #arrived: Uint8Array[] = []
  #arrivedBytes = 0
  #queued = 0
  #delivered = 0
  #swallowed = 0
  /** When the end that was asked for arrives. */
  #endDue: number | undefined
  #paused = false
  #stalled = false
  #swallowing = false
  #closed = false
  #scheduled = false
  #timer: Timer | undefined
  #cut: Cut | undefined

  constructor(clock: Clock, conditions: Readonly<NetworkConditions>, end: PipeEnd) {
    this.#clock = clock
    this.#conditions = conditions
    this.#end = end
  }

  /** Bytes pushed and not delivered yet. */
  get queued(): number {
    return this.#queued
  }

  /** Bytes delivered so far. */
  get delivered(): number {
    return this.#delivered
  }

  /** Bytes lost in the black hole so far. */
  get swallowed(): number {
    return this.#swallowed
  }

  /** There is a black hole: not even a close gets through. */
  get swallowing(): boolean {
    return this.#swallowing
  }

  /** Takes `bytes` over: they must not be changed any more. */
  push(bytes: Uint8Array): void {
    if (this.#closed || bytes.length === 0) return
    if (this.#swallowing) {
      this.#swallowed += bytes.length
      return
    }
    this.#onTheWay.push({ due: this.#nextDue(), bytes })
    this.#queued += bytes.length
    this.#schedule()
  }

  /** No more will be pushed; the far end hears of it after the last byte. */
  end(): void {
    if (this.#closed || this.#swallowing || this.#endDue !== undefined) return
    this.#endDue = this.#nextDue()
    this.#schedule()
  }

  /** The receiver takes nothing for now. */
  pause(): void {
    this.#paused = true
    this.#cutWhileHeld()
  }

  resume(): void {
    this.#paused = false
    this.#schedule()
  }

  /** Fault: nothing arrives until `unstall`, and nothing is lost. */
  stall(): void {
    this.#stalled = true
    this.#cutWhileHeld()
  }

  unstall(): void {
    this.#stalled = false
    this.#schedule()
  }

  /** Fault: nothing arrives ever again, what is on the way and the end included, and the sender does not notice. */
  blackHole(): void {
    if (this.#closed || this.#swallowing) return
    this.#swallowing = true
    this.#swallowed += this.#queued
    this.#empty()
    this.#endDue = undefined
    this.#clock.endOfTurn(() => {
      if (!this.#closed) this.#end.room()
    })
  }

  /** Fault: when `count` more bytes have been delivered the pipe closes and `done` is called, from a turn of the clock. */
  cutAfter(count: number, done: () => void): void {
    this.#armCut({ left: count, atOnce: false, done })
  }

  /**
   * Fault: of what is on the way the first `count` bytes arrive at once, as far as the receiver takes them; then the
   * pipe closes and `done` is called, from a turn of the clock.
   */
  cutNow(count: number, done: () => void): void {
    for (const segment of this.#onTheWay.splice(0)) this.#arrive(segment.bytes)
    this.#unschedule()
    this.#armCut({ left: this.#held() ? 0 : Math.min(count, this.#queued), atOnce: true, done })
    this.#schedule()
  }

  /** Drops everything; neither bytes nor end come any more. */
  close(): void {
    const cut = this.#cut
    this.#closed = true
    this.#cut = undefined
    this.#unschedule()
    this.#empty()
    if (cut?.atOnce) this.#clock.endOfTurn(cut.done)
  }

  #armCut(cut: Cut): void {
    this.#cut = cut
    if (cut.left <= 0) this.#clock.endOfTurn(() => this.#finishCut())
  }

  #cutWhileHeld(): void {
    if (this.#cut?.atOnce) this.#clock.endOfTurn(() => this.#finishCut())
  }

  #finishCut(): void {
    const cut = this.#cut
    if (cut === undefined) return
    this.#cut = undefined
    this.close()
    cut.done()
  }

  #held(): boolean {
    return this.#paused || this.#stalled
  }

  #nextDue(): number {
    const { latency } = this.#conditions
    return this.#clock.monotonic() + (typeof latency === 'number' ? latency : latency())
  }

  #schedule(): void {
    if (this.#scheduled || this.#closed || this.#held()) return
    const due = this.#arrivedBytes > 0 ? 0 : (this.#onTheWay[0]?.due ?? this.#endDue)
    if (due === undefined) return
    this.#scheduled = true
    const wait = due - this.#clock.monotonic()
    if (wait <= 0) this.#clock.endOfTurn(() => this.#run())
    else this.#timer = this.#clock.setTimer(() => this.#run(), Math.ceil(wait))
  }

  #unschedule(): void {
    if (this.#timer === undefined) return
    this.#timer.cancel()
    this.#timer = undefined
    this.#scheduled = false
  }

  #run(): void {
    this.#scheduled = false
    this.#timer = undefined
    if (this.#closed || this.#held()) return
    if (this.#cut !== undefined && this.#cut.left <= 0) {
      this.#finishCut()
      return
    }
    this.#collectArrivals()
    if (this.#arrivedBytes > 0) this.#deliver()
    else if (this.#onTheWay.length === 0 && this.#endDue !== undefined && this.#endDue <= this.#clock.monotonic()) {
      this.close()
      this.#end.end()
    }
    this.#schedule()
  }

  #collectArrivals(): void {
    const now = this.#clock.monotonic()
    for (let head = this.#onTheWay[0]; head !== undefined && head.due <= now; head = this.#onTheWay[0]) {
      this.#onTheWay.shift()
      this.#arrive(head.bytes)
    }
  }

  #arrive(bytes: Uint8Array): void {
    this.#arrived.push(bytes)
    this.#arrivedBytes += bytes.length
  }

  #deliver(): void {
    const bytes = this.#take(Math.min(this.#nextChunk(), this.#cut?.left ?? Number.POSITIVE_INFINITY))
    if (this.#cut !== undefined) this.#cut.left -= bytes.length
    this.#end.bytes(bytes)
    if (this.#closed) return
    this.#end.room()
    if (this.#cut !== undefined && this.#cut.left <= 0) this.#finishCut()
  }

  #nextChunk(): number {
    const { chunkSize } = this.#conditions
    const size = typeof chunkSize === 'function' ? chunkSize(this.#arrivedBytes) : (chunkSize ?? this.#arrivedBytes)
    return Math.max(1, Math.trunc(size) || 1)
  }

  /** Up to `count` of the arrived bytes, in one piece. */
  #take(count: number): Uint8Array {
    const pieces: Uint8Array[] = []
    let left = Math.min(count, this.#arrivedBytes)
    this.#arrivedBytes -= left
    this.#queued -= left
    this.#delivered += left
    for (let head = this.#arrived[0]; head !== undefined && left > 0; head = this.#arrived[0]) {
      if (head.length <= left) this.#arrived.shift()
      else this.#arrived[0] = head.subarray(left)
      pieces.push(head.subarray(0, left))
      left -= Math.min(left, head.length)
    }
    const [only] = pieces
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
  }

  #empty(): void {
    this.#onTheWay.length = 0
    this.#arrived.length = 0
    this.#arrivedBytes = 0
    this.#queued = 0
  }
}
