/** So many a second: a bucket of that size, which fills evenly. */
export class Rate {
  readonly perSecond: number
  private left: number
  private filledAt: number | undefined

  constructor(perSecond: number) {
    this.perSecond = perSecond
    this.left = perSecond
  }

  /** Whether there may be one more at `mono`, milliseconds of a clock that never steps. */
  take(mono: number): boolean {
    const passed = this.filledAt === undefined ? 0 : mono - this.filledAt
    this.filledAt = mono
    this.left = Math.min(this.perSecond, this.left + (passed * this.perSecond) / 1000)
    if (this.left < 1) return false
    this.left -= 1
    return true
  }
}
