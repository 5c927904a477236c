import { describe, expect, it } from 'vitest'
import type { FixMessage, FixSession } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, report, TwoSessions } from '../support/two-sessions.js'

/** for await (const message of session.messages()). */

/** Iterates, and goes on only when it is told to. */
function slowly(session: FixSession) {
  const seen: (string | undefined)[] = []
  const go: (() => void)[] = []
  const state = { over: false, error: undefined as unknown }
  const run = async (): Promise<void> => {
    try {
      for await (const message of session.messages()) {
        seen.push(message.get(11))
        await new Promise<void>((resolve) => go.push(resolve))
      }
    } catch (error) {
      state.error = error
    }
    state.over = true
  }
  void run()
  return { seen, state, next: () => go.shift()?.() }
}

describe('session.messages()', () => {
  it('gives the messages in order, each once, and no faster than they are asked for', async () => {
    const { two, broker, buySide } = await converse()
    const consumer = slowly(buySide)
    for (const id of ['A', 'B', 'C']) broker.send(report(id))
    await two.settle()
    expect(consumer.seen).toEqual(['A'])
    consumer.next()
    await two.settle()
    expect(consumer.seen).toEqual(['A', 'B'])
    consumer.next()
    await two.settle()
    expect(consumer.seen).toEqual(['A', 'B', 'C'])
  })

  it('reads the socket only as fast as it is consumed', async () => {
    const { two, broker, buySide } = await converse()
    const consumer = slowly(buySide)
    const padding = 'x'.repeat(1000)
    for (let turn = 0; turn < 500; turn++) {
      broker.send(report(`R-${turn}`).set(58, padding))
      await two.turn()
    }
    expect(two.network.links[0]?.toInitiator.queued).toBeGreaterThan(400_000)
    for (let n = 0; n < 500; n++) {
      consumer.next()
      await two.settle()
    }
    expect(consumer.seen).toHaveLength(500)
  })

  it('makes a number durable when the next message is asked for', async () => {
    const { two, broker, buySide, journal } = await converse()
    const consumer = slowly(buySide)
    broker.send(report('A'))
    broker.send(report('B'))
    await two.settle()
    const durable = () => journal.inner.load(buySide.id, 0).nextNumIn
    expect([durable(), buySide.nextNumIn, buySide.unacknowledged]).toEqual([2, 3, 1])
    consumer.next()
    await two.settle()
    expect([durable(), buySide.unacknowledged]).toEqual([3, 1])
    consumer.next()
    await two.settle()
    expect([durable(), buySide.unacknowledged]).toEqual([4, 0])
  })

  it('saves an answer together with the number of what it answers', async () => {
    const { two, broker, buySide, journal, trace } = await converse()
    void (async () => {
      for await (const message of buySide.messages()) {
        await Promise.resolve()
        buySide.send(report(`answer to ${message.get(11)}`))
      }
    })()
    trace.length = 0
    broker.send(report('A'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['answer to A'])
    const [commit] = journal.commits.slice(-1)
    expect(commit?.[0]).toMatchObject({ nextNumIn: 3, nextNumOut: 3 })
  })

  it('misses nothing when it is called before connect()', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator()
    buySide.removeAllListeners('message')
    const messages = buySide.messages()
    broker.on('logon', () => void broker.send(report('A')))
    await two.loggedOn(broker, buySide)
    const { value } = await messages.next()
    expect(value?.get(11)).toBe('A')
  })

  it('works beside listeners, which see the same at the same pace', async () => {
    const { two, broker, buySide } = await converse()
    const consumer = slowly(buySide)
    for (const id of ['A', 'B']) broker.send(report(id))
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A'])
    consumer.next()
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B'])
  })

  it('may be called several times: each sees all, the slowest sets the pace and counts', async () => {
    const { two, broker, buySide } = await converse()
    const fast = slowly(buySide)
    const slow = slowly(buySide)
    for (const id of ['A', 'B']) broker.send(report(id))
    await two.settle()
    fast.next()
    await two.settle()
    expect([fast.seen, slow.seen, buySide.unacknowledged]).toEqual([['A'], ['A'], 1])
    slow.next()
    await two.settle()
    expect([fast.seen, slow.seen]).toEqual([
      ['A', 'B'],
      ['A', 'B']
    ])
  })

  it('is done with by break: what comes next goes to the others, and the last one counts', async () => {
    const { two, broker, buySide } = await converse()
    const seen: (string | undefined)[] = []
    void (async () => {
      for await (const message of buySide.messages()) {
        seen.push(message.get(11))
        if (message.get(11) === 'B') break
      }
    })()
    for (const id of ['A', 'B', 'C']) broker.send(report(id))
    await two.settle()
    expect(seen).toEqual(['A', 'B'])
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C'])
    expect([buySide.unacknowledged, buySide.nextNumIn]).toEqual([0, 5])
  })

  it('loses nothing to one who leaves and comes back while the session is paused', async () => {
    const { two, broker, buySide } = await converse()
    buySide.removeAllListeners('message')
    const seen: (string | undefined)[] = []
    void (async () => {
      let messages = buySide.messages()
      while (seen.length < 3) {
        for await (const message of messages) {
          seen.push(message.get(11))
          buySide.pause()
          break
        }
        messages = buySide.messages()
        buySide.resume()
      }
    })()
    for (const id of ['A', 'B', 'C']) broker.send(report(id))
    await two.settle()
    expect(seen).toEqual(['A', 'B', 'C'])
  })

  it('that nobody iterates over holds up the session, until it is left', async () => {
    const { two, broker, buySide } = await converse()
    const messages = buySide.messages()
    broker.send(report('A'))
    await two.settle()
    expect(buySide.seen.messages).toEqual([])
    expect(await messages.return()).toEqual({ done: true, value: undefined })
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A'])
    expect(await messages.next()).toEqual({ done: true, value: undefined })
  })

  it('answers who asks several times at once', async () => {
    const { two, broker, buySide } = await converse()
    const messages = buySide.messages()
    const asked = [messages.next(), messages.next(), messages.next()]
    for (const id of ['A', 'B']) broker.send(report(id))
    await two.settle()
    const [a, b] = await Promise.all(asked.slice(0, 2))
    expect([a?.value?.get(11), b?.value?.get(11)]).toEqual(['A', 'B'])
    // Whoever has asked for the third has done with the second.
    expect(buySide.unacknowledged).toBe(0)
    await messages.return()
    expect(await asked[2]).toEqual({ done: true, value: undefined })
  })

  it('goes on over a disconnect', async () => {
    const { two, broker, buySide } = await converse()
    const consumer = slowly(buySide)
    for (const id of ['A', 'B']) broker.send(report(id))
    await two.settle()
    two.network.cut()
    await two.pass(3)
    expect(broker.state).toBe('Active')
    broker.send(report('C'))
    for (let n = 0; n < 3; n++) {
      consumer.next()
      await two.settle()
    }
    expect([consumer.seen, consumer.state.over]).toEqual([['A', 'B', 'C'], false])
  })

  it.each(['logout', 'disconnect', 'stop'] as const)('ends with %s() of an initiator', async (end) => {
    const { two, broker, buySide } = await converse()
    const consumer = slowly(buySide)
    const waiting = slowly(buySide)
    broker.send(report('A'))
    await two.settle()
    waiting.next()
    await two.settle()
    void buySide[end]()
    await two.settle()
    expect([consumer.state.over, waiting.state.over]).toEqual([false, true])
    consumer.next()
    await two.settle()
    expect([consumer.seen, consumer.state]).toEqual([['A'], { over: true, error: undefined }])
  })

  it('of an acceptor goes on after logout(), which does not end listening, and ends with stop()', async () => {
    const { two, broker } = await converse()
    const consumer = slowly(broker)
    void broker.logout()
    await two.settle()
    expect(consumer.state.over).toBe(false)
    void broker.stop()
    await two.settle()
    expect(consumer.state).toEqual({ over: true, error: undefined })
  })

  it('of an initiator that never got through ends with disconnect()', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator()
    const consumer = slowly(buySide)
    void buySide.connect()
    await two.pass(3)
    void buySide.disconnect()
    await two.settle()
    expect(consumer.state).toEqual({ over: true, error: undefined })
  })

  it('fails with the journal', async () => {
    const { two, broker, buySide, journal } = await converse()
    const consumer = slowly(buySide)
    journal.faults.commit = new Error('disk full')
    broker.send(report('A'))
    await two.settle()
    consumer.next()
    await two.settle()
    expect(consumer.state).toMatchObject({ over: true, error: { code: 'JOURNAL_FAILED' } })
  })

  it('is not hurt by a listener that throws', async () => {
    const { two, broker, buySide } = await converse()
    const consumer = slowly(buySide)
    buySide.on('message', () => {
      throw new Error('bug')
    })
    for (const id of ['A', 'B']) broker.send(report(id))
    await two.settle()
    expect([consumer.seen, buySide.unacknowledged, buySide.seen.errors.length]).toEqual([['A'], 1, 1])
    consumer.next()
    await two.settle()
    expect(consumer.seen).toEqual(['A', 'B'])
  })

  it('gives messages that the iteration may keep and change', async () => {
    const { two, broker, buySide } = await converse()
    const kept: FixMessage[] = []
    void (async () => {
      for await (const message of buySide.messages()) kept.push(message.set(58, 'mine', { replace: true }))
    })()
    for (let n = 0; n < 100; n++) broker.send(report(String(n)))
    await two.settle()
    expect(clOrdIds(kept)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)))
  })
})
