import { isAdmin, MsgType } from '../fix/msg-type.js'
import { compareJournals } from '../journal/compare.js'
import type { JournalReader } from '../journal/reader.js'
import { openJournalForReading } from '../journal/sqlite-reader.js'
import type { Delivery } from './record.js'

/** One firm, as it is left after the demo. */
export interface Firm {
  readonly journal: string
  readonly sessionId: string
  /** What its listeners were given, in order. */
  readonly deliveries: readonly Delivery[]
}

/** One direction of the traffic. */
export interface Traffic {
  readonly sent: number
  readonly received: number
  /** Received with PossDupFlag(43)=Y, in answer to a ResendRequest. */
  readonly resent: number
  /** Given to a listener a second time, marked as possible duplicate: its commit was lost in a crash. */
  readonly redelivered: number
  /** Numbers that a SequenceReset-GapFill stood for. */
  readonly gapFilled: number
}

export interface Account {
  readonly orders: Traffic
  readonly reports: Traffic
  readonly lost: number
  readonly duplicated: number
  /** Every order was sent and answered. */
  readonly complete: boolean
  /** What is wrong, in words; empty when nothing is. */
  readonly findings: readonly string[]
}

/**
 * What became of every message, from the two journals and from what the listeners saw (DESIGN, law 3). *Lost*: an
 * application number neither delivered nor gap-filled. *Duplicated*: one number delivered twice without PossDupFlag(43), or two
 * reports to one order.
 */
export function account(orders: number, buySide: Firm, broker: Firm): Account {
  const ours = openJournalForReading(buySide.journal)
  const theirs = openJournalForReading(broker.journal)
  try {
    const there = direction(ours, buySide, theirs, broker)
    const back = direction(theirs, broker, ours, buySide)
    const twice = reportedTwice(buySide.deliveries)
    const comparison = compareJournals(ours, theirs, buySide.sessionId, broker.sessionId)
    const findings = [
      ...there.findings.map((finding) => `Orders: ${finding}`),
      ...back.findings.map((finding) => `Reports: ${finding}`),
      ...twice.map((clOrdId) => `Order ${clOrdId} was reported more than once.`),
      ...comparison.differences.map(({ kind, sender, msgSeqNum }) => {
        const firm = sender === 'a' ? 'buy-side' : 'broker'
        return `The journals differ: MsgSeqNum(34)=${msgSeqNum} of the ${firm} is ${kind}.`
      })
    ]
    return {
      orders: there.traffic,
      reports: back.traffic,
      lost: there.lost + back.lost,
      duplicated: there.duplicated + back.duplicated + twice.length,
      complete: there.traffic.sent === orders && back.traffic.sent === orders && comparison.equal,
      findings: findings.slice(0, 20)
    }
  } finally {
    ours.close()
    theirs.close()
  }
}

function direction(from: JournalReader, sender: Firm, to: JournalReader, receiver: Firm) {
  const sent = new Set<number>()
  for (const { msgSeqNum, bytes } of from.messages(sender.sessionId, 'out')) {
    if (!isAdmin(field(bytes, 35) ?? '')) sent.add(msgSeqNum)
  }
  let resent = 0
  const gapFilled = new Set<number>()
  for (const { msgSeqNum, bytes } of to.messages(receiver.sessionId, 'in')) {
    const msgType = field(bytes, 35) ?? ''
    if (msgType === MsgType.SequenceReset) {
      for (let number = msgSeqNum; number < Number(field(bytes, 36)); number++) gapFilled.add(number)
    } else if (!isAdmin(msgType) && field(bytes, 43) === 'Y') {
      resent++
    }
  }
  const seen = new Set<number>()
  let redelivered = 0
  let duplicated = 0
  for (const { msgSeqNum, possDup } of receiver.deliveries) {
    if (!seen.has(msgSeqNum)) seen.add(msgSeqNum)
    else if (possDup) redelivered++
    else duplicated++
  }
  const lost = [...sent].filter((number) => !seen.has(number) && !gapFilled.has(number))
  const findings = lost.slice(0, 5).map((number) => `MsgSeqNum(34)=${number} was sent and never delivered.`)
  if (duplicated > 0) findings.push(`${duplicated} numbers were delivered twice without PossDupFlag(43).`)
  const traffic: Traffic = { sent: sent.size, received: seen.size, resent, redelivered, gapFilled: gapFilled.size }
  return { traffic, lost: lost.length, duplicated, findings }
}

/** Orders to which reports of two different numbers were delivered. */
function reportedTwice(deliveries: readonly Delivery[]): string[] {
  const numbers = new Map<string, number>()
  const twice = new Set<string>()
  for (const { clOrdId, msgSeqNum } of deliveries) {
    const known = numbers.get(clOrdId)
    if (known !== undefined && known !== msgSeqNum) twice.add(clOrdId)
    numbers.set(clOrdId, msgSeqNum)
  }
  return [...twice]
}

/** A field's text of a stored message. */
function field(bytes: Uint8Array, tag: number): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const start = text.indexOf(`\u0001${tag}=`)
  if (start < 0) return undefined
  const from = start + String(tag).length + 2
  return text.slice(from, text.indexOf('\u0001', from))
}
