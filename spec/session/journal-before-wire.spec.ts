import { describe, expect, it } from 'vitest'
import { FixMessage, type SessionConfig } from '../../lib/index.js'
import { type Conversation, converse } from '../support/conversation.js'
import { clOrdIds, order, outcome, report } from '../support/two-sessions.js'

/** DESIGN, laws 1 and 2, seen at the journal and the socket of the initiator. */

function sides(trace: readonly string[]): string[] {
  return trace.map((line) => line.replace('BUYSIDE->BROKER', 'buySide').replace('BROKER->BUYSIDE', 'broker'))
}

describe('a journal that answers at once', () => {
  it('has each message before the socket has it, from the first Logon to the last Logout', async () => {
    const { two, buySide, trace } = await converse()
    buySide.send(order('A'))
    await two.settle()
    void buySide.logout()
    await two.settle()
    expect(sides(trace)).toEqual([
      'commit buySide out 1',
      'write A 1',
      'commit buySide in 1',
      'commit buySide out 2',
      'write D 2',
      'commit buySide out 3',
      'write 5 3',
      'commit buySide in 2'
    ])
  })

  it('has one transaction, and the socket one write, for all that one turn sent', async () => {
    const { two, buySide, trace, transport } = await conversation()
    for (let n = 0; n < 100; n++) buySide.send(order(`A-${n}`))
    expect(trace).toEqual([])
    await two.settle()
    expect(sides(trace)).toEqual(['commit buySide out 2-101', `write ${transport.summaryOf('D', 2, 101)}`])
  })

  it('has what came, and what listeners answered to it, in one transaction', async () => {
    const { two, broker, buySide, trace, journal } = await conversation()
    buySide.on('message', (message) => {
      for (const n of [1, 2]) buySide.send(order(`${message.get(11)}-${n}`))
    })
    for (const id of ['R1', 'R2', 'R3']) broker.send(report(id))
    await two.settle()
    expect(sides(trace)).toEqual(['commit buySide out 2-7 in 2-4', 'write D 2, D 3, D 4, D 5, D 6, D 7'])
    const [[batch] = []] = journal.commits
    expect(batch).toMatchObject({ nextNumIn: 5, nextNumOut: 8 })
  })

  it('has a new turn for what is sent when the first one is through', async () => {
    const { two, buySide, trace } = await conversation()
    buySide.send(order('A'))
    two.clock.runTurn()
    buySide.send(order('B'))
    await two.settle()
    expect(sides(trace)).toEqual(['commit buySide out 2', 'write D 2', 'commit buySide out 3', 'write D 3'])
  })

  it('is not troubled by a resend: all of that is saved already', async () => {
    const { two, buySide, broker, trace } = await conversation()
    two.network.stall('toAcceptor')
    buySide.send(order('A'))
    buySide.send(order('B'))
    await two.settle()
    two.network.cut()
    two.network.resume()
    trace.length = 0
    await two.pass(1)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B'])
    expect(sides(trace)).toEqual([
      'commit buySide out 4',
      'write A 4',
      // The broker's Logon, and its ResendRequest.
      'commit buySide in 2-3',
      'write D 2, D 3, 4 4'
    ])
  })

  it('keeps what was committed as it went over the wire', async () => {
    const { two, buySide, journal, transport } = await conversation()
    buySide.send(order('A'))
    await two.settle()
    const [stored] = journal.inner.read(buySide.id, 'out', 2, 2, 1)
    expect(
      Buffer.from(stored?.bytes ?? [])
        .toString('latin1')
        .replaceAll('\u0001', '|')
    ).toBe(transport.writes.at(-1))
  })

  it('keeps what came as it came, also when a listener changes the message', async () => {
    const { two, buySide, broker, journal } = await conversation()
    buySide.on('message', (message) => message.set(58, 'changed', { replace: true }).delete(11))
    broker.send(report('A'))
    await two.settle()
    const [stored] = journal.inner.read(buySide.id, 'in', 2, 2, 1)
    const text = Buffer.from(stored?.bytes ?? []).toString('latin1')
    expect(text).toContain('\u000111=A\u0001')
    expect(text).not.toContain('changed')
  })
})

describe('a journal that answers late', () => {
  async function late(config: Partial<SessionConfig> = {}): Promise<Conversation> {
    const conversation = await converse({}, config)
    conversation.journal.late = true
    conversation.trace.length = 0
    conversation.journal.commits.length = 0
    conversation.transport.writes.length = 0
    return conversation
  }

  it('holds back the wire until it has answered', async () => {
    const { two, buySide, broker, trace, journal } = await late()
    buySide.send(order('A'))
    await two.pass(5)
    expect(trace).toEqual([])
    expect(broker.seen.messages).toEqual([])
    journal.answer()
    await two.settle()
    expect(sides(trace)).toEqual(['commit buySide out 2', 'write D 2'])
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })

  it('is given the next batch as one, whatever gathered meanwhile', async () => {
    const { two, buySide, broker, trace, journal } = await late()
    buySide.send(order('A'))
    await two.settle()
    for (let turn = 0; turn < 5; turn++) {
      buySide.send(order(`B-${turn}`))
      broker.send(report(`R-${turn}`))
      await two.pass(1)
    }
    expect(journal.commits).toHaveLength(1)
    journal.answer()
    await two.settle()
    expect(sides(trace)).toEqual(['commit buySide out 2', 'write D 2'])
    expect(journal.commits).toHaveLength(2)
    journal.answer()
    await two.settle()
    expect(sides(trace).slice(2)).toEqual(['commit buySide out 3-7 in 2-6', 'write D 3, D 4, D 5, D 6, D 7'])
  })

  it('settles flush() when it has answered, for all that was sent before it', async () => {
    const { two, buySide, journal } = await late()
    const idle = outcome(buySide.flush())
    buySide.send(order('A'))
    const first = outcome(buySide.flush())
    await two.settle()
    buySide.send(order('B'))
    const second = outcome(buySide.flush())
    const alsoSecond = outcome(buySide.flush())
    await two.settle()
    expect([idle.state, first.state, second.state]).toEqual(['resolved', 'pending', 'pending'])
    journal.answer()
    await two.settle()
    expect([first.state, second.state]).toEqual(['resolved', 'pending'])
    journal.answer()
    await two.settle()
    expect([second.state, alsoSecond.state]).toEqual(['resolved', 'resolved'])
  })

  it('may be slower than the link lives: what was saved meanwhile is resent', async () => {
    const { two, buySide, broker, journal, transport } = await late()
    buySide.send(order('A'))
    await two.settle()
    buySide.send(order('B'))
    two.network.cut()
    await two.settle()
    expect(buySide.state).toBe('DisconnectedBrokenConn')
    journal.answer()
    await two.settle()
    journal.late = false
    journal.answer()
    await two.settle()
    expect(transport.writes).toEqual([])
    await two.pass(2)
    expect(buySide.state).toBe('Active')
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B'])
    expect(broker.seen.messages.every((message) => message.get(43) === 'Y')).toBe(true)
  })

  it('may be slower than a new link comes: its Logon waits for what was sent before it', async () => {
    const { two, buySide, broker, journal, trace } = await late()
    buySide.send(order('A'))
    await two.settle()
    two.network.cut()
    await two.pass(1.5)
    expect(buySide.state).toBe('LogonInitialSent')
    expect(trace).toEqual([])
    journal.late = false
    journal.answer()
    await two.settle()
    expect(sides(trace).slice(0, 3)).toEqual(['commit buySide out 2', 'commit buySide out 3', 'write A 3'])
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })

  it('does not keep a dead counterparty connected, and stop() ends once it has answered', async () => {
    const { two, buySide, journal } = await late({ heartBtInt: 10 })
    two.network.blackHole()
    buySide.send(order('A'))
    await two.pass(60)
    expect(buySide.seen.events).toContain('disconnect HEARTBEAT_TIMEOUT')
    two.network.dials = 'ignore'
    const stopped = outcome(buySide.stop())
    await two.pass(60)
    expect(stopped.state).toBe('pending')
    journal.late = false
    while (journal.waiting.length > 0) {
      journal.answer()
      await two.settle()
    }
    expect(stopped.state).toBe('resolved')
  })

  it('serves a resend page by page, each when it was read', async () => {
    const { two, buySide, broker, journal } = await converse()
    two.network.stall('toAcceptor')
    for (let n = 0; n < 600; n++) buySide.send(order(`A-${n}`))
    await two.settle()
    two.network.cut()
    two.network.resume()
    journal.late = true
    let answers = 0
    for (let second = 0; second < 100 && broker.seen.messages.length < 600; second++) {
      await two.pass(0.1)
      if (journal.waiting.length === 0) continue
      expect(journal.waiting).toHaveLength(1)
      answers++
      journal.answer()
    }
    expect(answers).toBeGreaterThan(3)
    expect(broker.seen.messages).toHaveLength(600)
    expect(new Set(clOrdIds(broker.seen.messages)).size).toBe(600)
  })
})

/** A conversation whose beginning is forgotten. */
async function conversation(): Promise<Conversation> {
  const begun = await converse()
  begun.trace.length = 0
  begun.journal.commits.length = 0
  begun.transport.writes.length = 0
  return begun
}

it('persistMessages: false saves the numbers alone', async () => {
  const { two, buySide, journal } = await converse({}, { persistMessages: false })
  buySide.send(new FixMessage('D', { 11: 'A' }))
  await two.settle()
  expect(journal.commits.at(-1)).toMatchObject([{ out: [], nextNumOut: 3 }])
  expect(journal.inner.read(buySide.id, 'out', 1, 10, 10)).toEqual([])
})
