import { describe, expect, it } from 'vitest'
import { FixConnectionError, FixError, FixJournalError } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, outcome, report, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

describe('resetSeqNums()', () => {
  it('logged off sets the journal back to 1, also before connect()', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const buySide = two.initiator({}, { journal })
    await two.loggedOn(two.acceptor(), buySide)
    buySide.send(order('A'))
    void buySide.stop()
    await two.settle()
    const again = two.initiator({}, { journal })
    const reset = outcome(again.resetSeqNums())
    await two.settle()
    expect(reset.state).toBe('resolved')
    expect([again.nextNumIn, again.nextNumOut, again.state]).toEqual([1, 1, 'DisconnectedNoConnToday'])
    expect(journal.inner.load(again.id, 0)).toMatchObject({ nextNumIn: 1, nextNumOut: 1, connectTime: undefined })
    expect(journal.inner.read(again.id, 'out', 1, 100, 100)).toEqual([])
  })

  it('logged on sends a Logon with ResetSeqNumFlag(141), and both sides go on from 2', async () => {
    const { two, broker, buySide, transport, journal } = await converse()
    for (const id of ['A', 'B']) buySide.send(order(id))
    broker.send(report('R'))
    await two.settle()
    const reset = outcome(buySide.resetSeqNums())
    await two.settle()
    expect(reset.state).toBe('resolved')
    expect(transport.writes.at(-1)).toMatch(/\|35=A\|34=1\|.*\|141=Y\|/)
    expect([buySide.nextNumIn, buySide.nextNumOut]).toEqual([2, 2])
    expect([broker.nextNumIn, broker.nextNumOut]).toEqual([2, 2])
    expect(buySide.send(order('C'))).toBe(2)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B', 'C'])
    expect(journal.inner.load(buySide.id, 0)).toMatchObject({ nextNumIn: 2, nextNumOut: 3 })
    expect(journal.inner.read(buySide.id, 'out', 1, 100, 100).map(({ msgSeqNum }) => msgSeqNum)).toEqual([1, 2])
  })

  it('goes on with what was sent in the same turn', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.send(order('A'))
    void buySide.resetSeqNums()
    buySide.send(order('B'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B'])
    expect(buySide.seen.errors).toEqual([])
    expect(broker.nextNumIn).toBe(buySide.nextNumOut)
  })

  it('logged on resolves when the counterparty has answered, not before', async () => {
    const { two, buySide } = await converse()
    const reset = outcome(buySide.resetSeqNums())
    await two.turn()
    expect([reset.state, buySide.nextNumIn]).toEqual(['pending', 1])
    await two.settle()
    expect([reset.state, buySide.nextNumIn]).toEqual(['resolved', 2])
  })

  it('logged on rejects when the link ends before the answer', async () => {
    const { two, buySide } = await converse()
    const reset = outcome(buySide.resetSeqNums())
    await two.turn()
    void buySide.disconnect()
    await two.settle()
    expect(reset).toMatchObject({ state: 'rejected', error: { code: 'RESET_UNANSWERED' } })
  })

  it('logged on has its Logon signed as the first one', async () => {
    const asked: number[] = []
    const { two, broker, buySide, transport } = await converse(
      {},
      {},
      {
        signLogon: async (logon, { msgSeqNum }) => {
          asked.push(msgSeqNum)
          return { 553: logon.has(141) ? 'again' : 'first' }
        }
      }
    )
    buySide.send(order('A'))
    await two.settle()
    const reset = outcome(buySide.resetSeqNums())
    await two.settle()
    expect([reset.state, asked]).toEqual(['resolved', [1, 1]])
    expect(transport.writes.at(-1)).toMatch(/\|35=A\|34=1\|.*\|141=Y\|.*553=again\|/)
    expect([buySide.nextNumOut, broker.nextNumIn]).toEqual([2, 2])
  })

  it('logged on goes on with the old numbers when it cannot be signed', async () => {
    let signs = 0
    const { two, broker, buySide } = await converse(
      {},
      {},
      {
        signLogon: () => {
          if (++signs > 1) throw new Error('no key')
          return {}
        }
      }
    )
    const reset = outcome(buySide.resetSeqNums())
    await two.settle()
    expect(reset).toMatchObject({ state: 'rejected', error: { code: 'LOGON_NOT_SIGNED' } })
    expect(buySide.send(order('A'))).toBe(2)
    await two.settle()
    expect([clOrdIds(broker.seen.messages), buySide.state]).toEqual([['A'], 'Active'])
  })

  it('of an acceptor is signed too, unlike its answer to a Logon', async () => {
    const two = new TwoSessions()
    const asked: number[] = []
    const signLogon = (_: unknown, { msgSeqNum }: { msgSeqNum: number }) => {
      asked.push(msgSeqNum)
      return { 553: 'broker' }
    }
    const { broker, buySide } = await two.loggedOn(two.acceptor({}, { signLogon }), two.initiator())
    expect(asked).toEqual([])
    const reset = outcome(broker.resetSeqNums())
    await two.settle()
    expect([reset.state, asked, buySide.nextNumIn]).toEqual(['resolved', [1], 2])
  })

  it('is refused during a logon or logout', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    void buySide.logout()
    await expect(buySide.resetSeqNums()).rejects.toMatchObject({ code: 'NOT_LOGGED_ON' })
    await expect(buySide.resetSeqNums()).rejects.toThrow(FixConnectionError)
  })
})

describe('setSeqNums()', () => {
  it('sets what the journal has, before connect()', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const buySide = two.initiator({}, { journal })
    const set = outcome(buySide.setSeqNums({ nextNumIn: 20, nextNumOut: 30 }))
    await two.settle()
    expect(set.state).toBe('resolved')
    expect([buySide.nextNumIn, buySide.nextNumOut]).toEqual([20, 30])
    expect(journal.inner.load(buySide.id, 0)).toMatchObject({ nextNumIn: 20, nextNumOut: 30 })
    const broker = two.acceptor()
    void broker.setSeqNums({ nextNumIn: 30, nextNumOut: 20 })
    await two.settle()
    await two.loggedOn(broker, buySide)
    expect([buySide.state, buySide.nextNumIn, buySide.nextNumOut]).toEqual(['Active', 21, 31])
    expect(broker.seen.errors).toEqual([])
  })

  it('leaves alone what is not named', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator()
    void buySide.setSeqNums({ nextNumOut: 5 })
    await two.settle()
    expect([buySide.nextNumIn, buySide.nextNumOut]).toEqual([1, 5])
    void buySide.setSeqNums({ nextNumIn: 7 })
    await two.settle()
    expect([buySide.nextNumIn, buySide.nextNumOut]).toEqual([7, 5])
  })

  it('is refused while logged on, unless it is forced', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    await expect(buySide.setSeqNums({ nextNumOut: 9 })).rejects.toMatchObject({ code: 'LOGGED_ON' })
    expect(buySide.nextNumOut).toBe(2)
    const forced = outcome(buySide.setSeqNums({ nextNumOut: 9 }, { force: true }))
    await two.settle()
    expect(forced.state).toBe('resolved')
    expect(buySide.send(order('A'))).toBe(9)
    await two.settle()
    // The broker asks for 2 to 8, which never were: they are gap-filled.
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
    expect(broker.nextNumIn).toBe(10)
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('refuses %s', async (number) => {
    const two = new TwoSessions()
    const buySide = two.initiator()
    await expect(buySide.setSeqNums({ nextNumIn: number })).rejects.toMatchObject({ code: 'SEQ_NUM' })
    await expect(buySide.setSeqNums({ nextNumOut: number })).rejects.toThrow(FixError)
    expect([buySide.nextNumIn, buySide.nextNumOut]).toEqual([1, 1])
  })

  it('is refused while stop() has not closed the link yet, and taken afterwards', async () => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { journal }))
    const stopped = outcome(buySide.stop())
    const set = outcome(buySide.setSeqNums({ nextNumOut: 50 }))
    await two.settle()
    expect(stopped.state).toBe('resolved')
    expect(set).toMatchObject({ state: 'rejected', error: { code: 'LOGGED_ON' } })
    await two.settle()
    void buySide.setSeqNums({ nextNumOut: 50 })
    await two.settle()
    expect(journal.inner.load(buySide.id, 0).nextNumOut).toBe(50)
  })
})

describe('a journal that fails meanwhile', () => {
  it.each(['resetSeqNums', 'setSeqNums'] as const)('makes %s() reject as connect() does', async (name) => {
    const two = new TwoSessions()
    const journal = new WatchedJournal()
    const buySide = two.initiator({}, { journal })
    const failure = new FixJournalError('JOURNAL_FULL', 'Expected room to write.')
    journal.faults.commit = failure
    const call = outcome(name === 'setSeqNums' ? buySide.setSeqNums({ nextNumIn: 5 }) : buySide.resetSeqNums())
    await two.settle()
    expect(call).toMatchObject({ state: 'rejected', error: { code: 'JOURNAL_FAILED', cause: failure } })
    expect(call.error).toBeInstanceOf(FixConnectionError)
  })
})
