import type { JournalMessage } from './journal.js'
import type { JournalReader } from './reader.js'

export interface CompareOptions {
  /** Numbers below it are left out, e.g. those that retention has deleted on one side. Default 1. */
  readonly from?: number | undefined
  /** Numbers that a side is known to have gap-filled, beside those whose gap fill the other side's journal shows. */
  readonly gapFilledByA?: ReadonlySet<number> | undefined
  readonly gapFilledByB?: ReadonlySet<number> | undefined
  /** Most differences that are listed; all are counted. Default 100. */
  readonly maxDifferences?: number | undefined
}

/**
 * - `missing`: sent, but neither received nor gap-filled
 * - `unexpected`: received, but never sent
 * - `different`: received with another content
 */
export type DifferenceKind = 'missing' | 'unexpected' | 'different'

export interface JournalDifference {
  readonly kind: DifferenceKind
  readonly sender: 'a' | 'b'
  readonly msgSeqNum: number
  /** `|` for SOH; undefined where there is none. */
  readonly sent: string | undefined
  readonly received: string | undefined
  /** All of this in a sentence. */
  readonly text: string
}

/** One way of a conversation; only application messages are counted. */
export interface WayComparison {
  readonly sent: number
  readonly received: number
  readonly equal: number
  /** Sent, not received, and gap-filled: the sender decided not to send them again. */
  readonly gapFilled: number
  readonly missing: number
  readonly unexpected: number
  readonly different: number
  /** Highest MsgSeqNum(34) of any message, administrative ones too; 0 where there is none. */
  readonly highestSent: number
  readonly highestReceived: number
}

export interface JournalComparison {
  /** Nothing missing, unexpected or different. */
  readonly equal: boolean
  readonly aToB: WayComparison
  readonly bToA: WayComparison
  /** The first of them, by way and number. */
  readonly differences: readonly JournalDifference[]
}

/**
 * Whether what each of two counterparties has sent is what the other has received: the application messages of each
 * MsgSeqNum(34), apart from BeginString(8), BodyLength(9), CheckSum(10), PossDupFlag(43), SendingTime(52), OrigSendingTime(122)
 * and LastMsgSeqNumProcessed(369), which a resend changes (DESIGN, law 3).
 *
 * It needs no dictionary, and memory for two pages of messages only. A data field that contains SOH is compared piece by piece.
 * Throws what the readers throw.
 */
export function compareJournals(
  a: JournalReader,
  b: JournalReader,
  sessionA: string,
  sessionB: string,
  options: CompareOptions = {}
): JournalComparison {
  const { from = 1, gapFilledByA, gapFilledByB, maxDifferences = 100 } = options
  const differences: JournalDifference[] = []
  const list = (found: JournalDifference): void => {
    if (differences.length < maxDifferences) differences.push(found)
  }
  const aToB = compareWay(a.messages(sessionA, 'out', from), b.messages(sessionB, 'in', from), 'a', gapFilledByA, list)
  const bToA = compareWay(b.messages(sessionB, 'out', from), a.messages(sessionA, 'in', from), 'b', gapFilledByB, list)
  return { equal: differencesOf(aToB) + differencesOf(bToA) === 0, aToB, bToA, differences }
}

function differencesOf({ missing, unexpected, different }: WayComparison): number {
  return missing + unexpected + different
}

function compareWay(
  outgoing: Iterator<JournalMessage>,
  incoming: Iterator<JournalMessage>,
  sender: 'a' | 'b',
  known: ReadonlySet<number> | undefined,
  list: (found: JournalDifference) => void
): WayComparison {
  const way = {
    sent: 0,
    received: 0,
    equal: 0,
    gapFilled: 0,
    missing: 0,
    unexpected: 0,
    different: 0,
    highestSent: 0,
    highestReceived: 0
  }
  /** Numbers below it were gap-filled, as far as they were not received. */
  let filledBelow = 0
  let sent = nextMessage(outgoing)
  let received = nextMessage(incoming)
  while (sent !== undefined || received !== undefined) {
    const msgSeqNum = Math.min(sent?.msgSeqNum ?? Infinity, received?.msgSeqNum ?? Infinity)
    const ours = sent?.msgSeqNum === msgSeqNum ? sent : undefined
    const theirs = received?.msgSeqNum === msgSeqNum ? received : undefined
    if (ours !== undefined) {
      way.highestSent = msgSeqNum
      sent = nextMessage(outgoing)
    }
    if (theirs !== undefined) {
      way.highestReceived = msgSeqNum
      filledBelow = Math.max(filledBelow, endOfGapFill(theirs))
      received = nextMessage(incoming)
    }
    const wasSent = ours !== undefined && !ours.administrative
    const wasReceived = theirs !== undefined && !theirs.administrative
    if (wasSent) way.sent++
    if (wasReceived) way.received++
    if (!wasSent && !wasReceived) continue
    if (wasSent && wasReceived && sameContent(ours.text, theirs.text)) way.equal++
    else if (wasSent && !wasReceived && (msgSeqNum < filledBelow || known?.has(msgSeqNum))) way.gapFilled++
    else {
      const kind = !wasReceived ? 'missing' : !wasSent ? 'unexpected' : 'different'
      way[kind]++
      list(difference(kind, sender, msgSeqNum, readable(ours), readable(theirs)))
    }
  }
  return way
}

function difference(
  kind: DifferenceKind,
  sender: 'a' | 'b',
  msgSeqNum: number,
  sent: string | undefined,
  received: string | undefined
): JournalDifference {
  const text = `MsgSeqNum(34)=${msgSeqNum} from ${sender} is ${kind}: sent ${sent ?? 'nothing'}, received ${received ?? 'nothing'}`
  return { kind, sender, msgSeqNum, sent, received, text }
}

interface ReadMessage {
  readonly msgSeqNum: number
  readonly text: string
  readonly msgType: string | undefined
  readonly administrative: boolean
}

function nextMessage(messages: Iterator<JournalMessage>): ReadMessage | undefined {
  const next = messages.next()
  if (next.done === true) return undefined
  const { msgSeqNum, bytes } = next.value
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const msgType = fieldOf(text, 35)
  return { msgSeqNum, text, msgType, administrative: msgType !== undefined && administrativeTypes.has(msgType) }
}

/** Heartbeat, TestRequest, ResendRequest, Reject, SequenceReset, Logout, Logon. */
const administrativeTypes: ReadonlySet<string> = new Set(['0', '1', '2', '3', '4', '5', 'A'])
const ignoredTags: ReadonlySet<string> = new Set(['8', '9', '10', '43', '52', '122', '369'])

/** NewSeqNo(36) of a SequenceReset(4) with GapFillFlag(123)=Y: the numbers from its own to below that are filled. */
function endOfGapFill({ text, msgType }: ReadMessage): number {
  if (msgType !== '4' || fieldOf(text, 123) !== 'Y') return 0
  const end = Number(fieldOf(text, 36))
  return Number.isSafeInteger(end) ? end : 0
}

function fieldOf(text: string, tag: number): string | undefined {
  const name = `\u0001${tag}=`
  const start = text.indexOf(name)
  if (start < 0) return undefined
  const end = text.indexOf('\u0001', start + 1)
  return text.slice(start + name.length, end < 0 ? undefined : end)
}

function sameContent(a: string, b: string): boolean {
  return a === b || content(a) === content(b)
}

function content(text: string): string {
  return text
    .split('\u0001')
    .filter((field) => !ignoredTags.has(field.slice(0, field.indexOf('='))))
    .join('\u0001')
}

function readable(message: ReadMessage | undefined): string | undefined {
  return message?.text.replaceAll('\u0001', '|')
}
