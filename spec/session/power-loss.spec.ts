import { describe, expect, it } from 'vitest'
import { temporaryPath } from '../support/journal.js'
import { logPosition, losePower } from '../support/power-loss.js'
import { clOrdIds, forget, order, report, type SeenSession, TwoSessions } from '../support/two-sessions.js'

/** A session comes back after a loss of power, with what its journal still has. */

interface Trial {
  readonly two: TwoSessions
  readonly broker: SeenSession
  readonly buySide: SeenSession
  readonly path: string
  /** The machine goes down, the log is only safe up to `frames` pages; a new process finds what is left. */
  comeBack(frames: number): Promise<SeenSession>
}

async function trial(synchronous: 'normal' | 'full'): Promise<Trial> {
  const two = new TwoSessions()
  const path = temporaryPath()
  const broker = two.acceptor({ journal: { path: temporaryPath() } })
  const { buySide } = await two.loggedOn(broker, two.initiator({ journal: { path, synchronous } }))
  const comeBack = async (frames: number): Promise<SeenSession> => {
    const left = temporaryPath()
    losePower(path, left, frames, [{ kind: 'truncated', at: 0 }])
    void buySide.disconnect()
    void buySide.stop()
    await two.pass(1)
    forget(broker)
    const again = two.initiator({ journal: { path: left, synchronous } })
    void again.connect()
    await two.settle()
    return again
  }
  return { two, broker, buySide, path, comeBack }
}

async function end(two: TwoSessions, ...sessions: SeenSession[]): Promise<void> {
  for (const session of sessions) void session.stop()
  await two.pass(10)
}

describe('after a loss of power', () => {
  it('what had come and is lost comes again, marked', async () => {
    const { two, broker, buySide, path, comeBack } = await trial('normal')
    for (const id of ['R1', 'R2', 'R3']) broker.send(report(id))
    await two.settle()
    const { frames } = logPosition(path)
    for (const id of ['R4', 'R5']) broker.send(report(id))
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['R1', 'R2', 'R3', 'R4', 'R5'])
    const again = await comeBack(frames)
    expect(again.state).toBe('Active')
    expect(again.seen.messages.map((message) => [message.get(11), message.get(43)])).toEqual([
      ['R4', 'Y'],
      ['R5', 'Y']
    ])
    expect(again.nextNumIn).toBe(broker.nextNumOut)
    await end(two, again, broker)
  })

  it('"full" has all that was sent', async () => {
    const { two, broker, buySide, path, comeBack } = await trial('full')
    for (const id of ['A', 'B', 'C']) buySide.send(order(id))
    await two.settle()
    const again = await comeBack(logPosition(path).frames)
    expect(again.state).toBe('Active')
    broker.send(report('R1'))
    again.send(order('D'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['D'])
    expect(clOrdIds(again.seen.messages)).toEqual(['R1'])
    expect(again.nextNumOut).toBe(broker.nextNumIn)
    await end(two, again, broker)
  })

  it('with "normal" the counterparty tells how far it was, where more was sent than is left; an operator sets the number', async () => {
    const { two, broker, buySide, path, comeBack } = await trial('normal')
    const { frames } = logPosition(path)
    for (const id of ['A', 'B', 'C']) buySide.send(order(id))
    await two.settle()
    const again = await comeBack(frames)
    expect(again.state).not.toBe('Active')
    expect(broker.seen.events.some((event) => event.startsWith('disconnect MSG_SEQ_NUM_TOO_LOW'))).toBe(true)
    void again.disconnect()
    await two.settle()
    void again.setSeqNums({ nextNumOut: broker.nextNumIn })
    await two.settle()
    void again.connect()
    await two.pass(1)
    expect(again.state).toBe('Active')
    again.send(order('D'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['D'])
    await end(two, again, broker)
  })
})
