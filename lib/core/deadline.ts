/** A moment by both clocks, given with every input. Milliseconds. */
export interface Instant {
  /** UTC since the epoch, for SendingTime(52); may step. */
  readonly wall: number
  /** A clock that never steps, for every time-out. */
  readonly mono: number
}

/** The earlier of two deadlines; undefined means never. */
export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b
  if (b === undefined) return a
  return a < b ? a : b
}

export function isOver(deadline: number | undefined, now: Instant): boolean {
  return deadline !== undefined && now.mono >= deadline
}
