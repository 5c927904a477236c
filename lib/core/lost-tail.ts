import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'
import type { CoreContext } from './context.js'
import { numberOf } from './fields.js'

/** How far above the first number that may be lost the counterparty's may be; more than any log of a journal holds of messages. */
export const MAX_LOST = 1_000_000

/** SessionStatus(1409): "Received MsgSeqNum(34) is too low". */
const TOO_LOW = '9'

/**
 * Outgoing messages that a loss of power has taken out of the journal, a concern beside the phase; a core has one only as long as there
 * may be such messages.
 *
 * The counterparty has them and expects a higher number than we have. The standard knows no way out of that ("MsgSeqNum too low"; a
 * NextExpectedMsgSeqNum(789) that is too high): who is told so stops, and people agree on the numbers. But where the journal says
 * that its end may be missing, and only there, the number that the counterparty expects is the one after the last it was sent, and is
 * taken over: from a Logout(5) that refuses our Logon(A), or from NextExpectedMsgSeqNum(789) in its Logon. Never to a lower one.
 *
 * As long as it is not known whether a counterparty takes our numbers, nothing of the application goes out under them
 * (states/confirming-logon.ts): it would take the place of a message that was lost, and be lost like that.
 */
export class LostTail {
  /** The first number that may have been used and is not in the journal. */
  readonly from: number
  /** The counterparty's number was taken over on this connection. */
  adopted = false
  /** MsgSeqNum(34) of our Logon(A) on this connection; 0: none was sent. */
  logon = 0
  private dialAtOnce = true
  /** The Logon(A) that was answered and waits for a sign that our answer was taken. */
  unconfirmed: FixMessage | undefined

  constructor(from: number) {
    this.from = from
  }

  connected(): void {
    this.logon = 0
    this.adopted = false
    this.unconfirmed = undefined
  }

  /** Our Logon(A) is about to take the next number. */
  logonSent(core: CoreContext): void {
    this.logon = core.nextNumOut
  }

  /** Whether an initiator dials without a pause: the number was taken over, for the first time. */
  dialsAtOnce(): boolean {
    const { adopted, dialAtOnce } = this
    if (adopted) this.dialAtOnce = false
    return adopted && dialAtOnce
  }

  /** Goes on with `expected`, where that is safe; otherwise says why it is not. */
  adopt(core: CoreContext, expected: number): string | undefined {
    const { from } = this
    if (this.adopted) return 'the number was taken over on this connection already'
    const own = this.logon === 0 ? core.nextNumOut : this.logon
    if (expected <= own) return `it is not above ours, ${own}`
    if (expected - from > MAX_LOST) return `more than ${MAX_LOST} messages cannot have been lost`
    this.adopted = true
    core.nextNumOut = Math.max(core.nextNumOut, expected)
    core.effects.push({ kind: 'numbers' })
    const endSeqNo = expected - 1
    const text =
      `The journal has lost its end, and the counterparty expects MsgSeqNum(34)=${expected}: so do we now. It has what was sent ` +
      `as ${from} to ${endSeqNo}, this side has not; what was sent after that, nobody has. Ask for open orders.`
    core.effects.push({
      kind: 'reconcile',
      reconciliation: { code: 'NOT_IN_JOURNAL', text, beginSeqNo: from, endSeqNo }
    })
    return undefined
  }
}

/** Both sides have the same numbers. */
export function settle(core: CoreContext): void {
  if (core.lostTail === undefined) return
  core.lostTail = undefined
  core.effects.push({ kind: 'settled' })
}

/**
 * Looks whether a Logout(5) refuses our numbers, and takes over the one it wants where that is safe. What is to be added for the
 * operator; '' where it says no such thing.
 */
export function heedRefusal(core: CoreContext, logout: FixMessage): string {
  const { lostTail } = core
  const expected = expectedBy(core, logout)
  if (expected === undefined) return ''
  const refusal =
    lostTail === undefined ? 'the journal does not say that it lost anything' : lostTail.adopt(core, expected)
  if (refusal === undefined) return ` The next Logon(A) has MsgSeqNum(34)=${core.nextNumOut}.`
  return (
    ` MsgSeqNum(34)=${expected} is not taken over: ${refusal}. Look whether this is the right journal, then agree with the ` +
    'counterparty on the numbers: setSeqNums(), or resetSeqNums() on both sides.'
  )
}

/**
 * The number that a refusal names. Engines have no field for it: QuickFIX and its family say "MsgSeqNum too low, expecting 15 but received
 * 10", others mean the same. What they received is a number that we have used, on this connection.
 */
function expectedBy(core: CoreContext, logout: FixMessage): number | undefined {
  const stated = numberOf(logout, Tag.NextExpectedMsgSeqNum)
  if (typeof stated === 'number' && stated > core.nextNumOut) return stated
  const text = (logout.get(Tag.Text) ?? '').replaceAll(/\(\d+\)/g, '')
  if (
    logout.get(Tag.SessionStatus) !== TOO_LOW &&
    !(/seq/i.test(text) && /\b(low|lower|small|smaller|less)\b/i.test(text))
  )
    return undefined
  const first = core.lostTail?.logon ?? 1
  const isUsed = (msgSeqNum: number): boolean => msgSeqNum >= first && msgSeqNum < core.nextNumOut
  const numbers = [...text.matchAll(/\d+/g)].map(Number)
  const [named] = /expect\D{0,40}(\d{1,15})(?!\d)/i.exec(text)?.slice(1).map(Number) ?? []
  if (named !== undefined) {
    const others = numbers.filter((number) => number !== named)
    return others.length === 0 || others.some(isUsed) ? named : undefined
  }
  const others = new Set(numbers.filter((number) => !isUsed(number)))
  const [only] = others
  return others.size === 1 && Number.isSafeInteger(only) ? only : undefined
}
