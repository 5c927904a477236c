/** What the counterparty, the journal or a resend still has to take. */
export interface BackpressureOwner {
  /** How much of what may wait is waiting, 0 to 1 (and somewhat more, for a moment). */
  fullness(): number
  /** There is room again. */
  drained(): void
}

/** Whoever sends is to wait from here, so that nothing is refused or cut off before what is under way has been taken. */
const HIGH = 1 / 2

const LOW = 1 / 4

/** Tells whoever sends when to wait, and when to go on. */
export class Backpressure {
  private readonly owner: BackpressureOwner
  needsDrain = false

  constructor(owner: BackpressureOwner) {
    this.owner = owner
  }

  /** Something more waits. */
  grown(): void {
    if (!this.needsDrain && this.owner.fullness() > HIGH) this.needsDrain = true
  }

  /** It may be less that waits. */
  shrunk(): void {
    if (!this.needsDrain || this.owner.fullness() > LOW) return
    this.needsDrain = false
    this.owner.drained()
  }
}
