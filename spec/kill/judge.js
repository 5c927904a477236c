import { readFileSync } from 'node:fs'
import { compareJournals } from '../../dist/journal/compare.js'
import { openJournalForReading } from '../../dist/journal/sqlite-reader.js'

/** What the two journals and what the listeners saw say (DESIGN, law 3, defines the words). */
export function judge(broker, buySide) {
  const [a, b] = [openJournalForReading(broker.journal), openJournalForReading(buySide.journal)]
  try {
    const comparison = compareJournals(a, b, broker.sessionId, buySide.sessionId)
    const faults = [
      ...comparison.differences.map(({ text }) => text),
      ...numberFaults(a, b),
      ...deliveryFaults(buySide, a, broker),
      ...deliveryFaults(broker, b, buySide),
      ...reportFaults(a, broker)
    ]
    const { aToB, bToA } = comparison
    return {
      sent: aToB.sent + bToA.sent,
      received: aToB.received + bToA.received,
      lost: aToB.missing + bToA.missing + faults.filter((fault) => fault.startsWith('lost')).length,
      duplicated: faults.filter((fault) => fault.startsWith('duplicated')).length,
      faults
    }
  } finally {
    a.close()
    b.close()
  }
}

/** Whether everything that was sent has arrived and is saved. */
export function atRest(broker, buySide) {
  const [a, b] = [openJournalForReading(broker.journal), openJournalForReading(buySide.journal)]
  try {
    return numberFaults(a, b).length === 0
  } finally {
    a.close()
    b.close()
  }
}

function numberFaults(a, b) {
  const [[one], [other]] = [a.sessions(), b.sessions()]
  if (one === undefined || other === undefined) return ['a journal has no session']
  const faults = []
  for (const [name, out, received] of [
    [one.sessionId, one.nextNumOut, other.nextNumIn],
    [other.sessionId, other.nextNumOut, one.nextNumIn]
  ]) {
    if (out !== received) faults.push(`${name} sends ${out} next, the other side expects ${received}`)
  }
  return faults
}

/** Every application message of the sender was delivered; a second time only with PossDupFlag(43), in another life. */
function deliveryFaults(receiver, journal, sender) {
  const seen = new Map()
  const faults = []
  for (const line of readFileSync(receiver.deliveries, 'latin1').split('\n').slice(0, -1)) {
    const [number, possDup, life, ...text] = line.split(' ')
    const before = seen.get(Number(number)) ?? []
    seen.set(Number(number), [...before, { life, text: text.join(' ') }])
    if (before.length > 0 && (possDup !== 'Y' || before.some((one) => one.life === life))) {
      faults.push(`duplicated: ${receiver.name} was given MsgSeqNum(34)=${number} again: ${line}`)
    }
  }
  for (const { msgSeqNum, bytes } of journal.messages(sender.sessionId, 'out')) {
    const wire = wireText(bytes)
    const text = /\|58=([^|]*)\|/.exec(wire)?.[1]
    if (!/\|35=[D8B]\|/.test(wire)) continue
    const deliveries = seen.get(msgSeqNum) ?? []
    seen.delete(msgSeqNum)
    if (deliveries.length === 0) faults.push(`lost: ${receiver.name} never saw MsgSeqNum(34)=${msgSeqNum} "${text}"`)
    for (const delivery of deliveries) {
      if (delivery.text !== text)
        faults.push(`${receiver.name} saw "${delivery.text}" for MsgSeqNum(34)=${msgSeqNum} "${text}"`)
    }
  }
  for (const number of seen.keys()) faults.push(`${receiver.name} saw MsgSeqNum(34)=${number}, which was never sent`)
  return faults
}

/**
 * Looks at what a killed broker has left behind: every order below its next incoming number has one report, and every
 * report its order. Each look goes on where the last one ended, for what is saved stays.
 */
export class ReplyWatch {
  faults = []
  orders = 0
  #broker
  #nextIn = 1
  #nextOut = 1

  constructor(broker) {
    this.#broker = broker
  }

  /** Returns how many orders have come since the last look; 0 where it was killed before it had a journal. */
  look() {
    let journal
    try {
      journal = openJournalForReading(this.#broker.journal)
    } catch (error) {
      if (error.code === 'JOURNAL_OPEN' || error.code === 'JOURNAL_SCHEMA') return 0
      throw error
    }
    try {
      const [session] = journal.sessions()
      return session === undefined ? 0 : this.#compare(journal, session)
    } finally {
      journal.close()
    }
  }

  #compare(journal, { sessionId, nextNumIn, nextNumOut }) {
    const unanswered = new Set()
    for (const { bytes } of journal.messages(sessionId, 'in', this.#nextIn, nextNumIn - 1)) {
      const wire = wireText(bytes)
      if (wire.includes('|35=D|')) unanswered.add(clOrdIdOf(wire))
    }
    const orders = unanswered.size
    for (const { bytes } of journal.messages(sessionId, 'out', this.#nextOut, nextNumOut - 1)) {
      const wire = wireText(bytes)
      if (!wire.includes('|35=8|') || unanswered.delete(clOrdIdOf(wire))) continue
      this.faults.push(`a kill left a report without its order ${clOrdIdOf(wire)}, or a second one`)
    }
    for (const clOrdId of unanswered) this.faults.push(`a kill left order ${clOrdId} consumed without its report`)
    this.#nextIn = nextNumIn
    this.#nextOut = nextNumOut
    this.orders += orders
    return orders
  }
}

/** A report that answers an order is saved with the order's number or not at all: so there is one for each order. */
function reportFaults(journal, broker) {
  const reports = new Map()
  const faults = []
  const idOf = (bytes) => clOrdIdOf(wireText(bytes))
  const isA = (msgType, bytes) => wireText(bytes).includes(`|35=${msgType}|`)
  for (const { bytes } of journal.messages(broker.sessionId, 'out')) {
    if (isA('8', bytes)) reports.set(idOf(bytes), (reports.get(idOf(bytes)) ?? 0) + 1)
  }
  for (const { bytes } of journal.messages(broker.sessionId, 'in')) {
    if (!isA('D', bytes)) continue
    const count = reports.get(idOf(bytes)) ?? 0
    if (count === 0) faults.push(`lost: the report to order ${idOf(bytes)}`)
    if (count > 1) faults.push(`duplicated: ${count} reports to order ${idOf(bytes)}`)
  }
  return faults
}

function clOrdIdOf(wire) {
  return /\|11=([^|]*)\|/.exec(wire)?.[1]
}

/** `|` for SOH. */
function wireText(bytes) {
  return Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')
}
