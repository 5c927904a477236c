/** What a log was made of. */
export interface LogTotals {
  /** Whole and right messages. */
  readonly messages: number
  readonly broken: number
  readonly lines: number
  readonly bytes: number
  /** Right messages by MsgType(35). */
  readonly msgTypes: ReadonlyMap<string, number>
}

/** Types of message that are counted apart; a log of more is no log of messages. */
const mostTypes = 1000

export class Totals implements LogTotals {
  messages = 0
  broken = 0
  lines = 0
  bytes = 0
  readonly msgTypes = new Map<string, number>()

  count(msgType: string | undefined): void {
    if (msgType === undefined) {
      this.broken += 1
      return
    }
    this.messages += 1
    const known = this.msgTypes.get(msgType)
    if (known !== undefined || this.msgTypes.size < mostTypes) this.msgTypes.set(msgType, (known ?? 0) + 1)
  }
}
