import { describe, expect, it } from 'vitest'
import { converse } from '../support/conversation.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, order, report, TwoSessions } from '../support/two-sessions.js'

/** session.pause() and resume(): the application says how much comes in. */

describe('a paused session', () => {
  it('delivers nothing until it is resumed, then everything in order', async () => {
    const { two, broker, buySide } = await converse()
    buySide.pause()
    expect(buySide.paused).toBe(true)
    for (const id of ['A', 'B', 'C']) broker.send(report(id))
    await two.pass(5)
    expect([buySide.seen.messages, buySide.nextNumIn]).toEqual([[], 2])
    buySide.resume()
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C'])
    expect([buySide.paused, buySide.nextNumIn]).toEqual([false, 5])
  })

  it('stops in the middle of what it has read', async () => {
    const { two, broker, buySide } = await converse()
    buySide.on('message', (message) => {
      if (message.get(11) === 'B') buySide.pause()
    })
    for (const id of ['A', 'B', 'C', 'D']) broker.send(report(id))
    await two.pass(1)
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B'])
    buySide.resume()
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C', 'D'])
  })

  it('leaves what comes with the network, so that the counterparty is slowed down', async () => {
    const { two, broker, buySide } = await converse()
    buySide.pause()
    const padding = 'x'.repeat(1000)
    for (let turn = 0; turn < 900; turn++) {
      broker.send(report(`R-${turn}`).set(58, padding))
      await two.turn()
    }
    expect(two.network.links[0]?.toInitiator.queued).toBeGreaterThan(800_000)
    buySide.resume()
    await two.settle()
    expect(buySide.seen.messages).toHaveLength(900)
  })

  it('still sends, and goes on being heard: no Heartbeat is missed, no verdict falls on the counterparty', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    await broker.connect()
    const them = await new Counterparty(two, broker.config).dial()
    await them.say('35=A|34=1|98=0|108=10')
    them.heard()
    broker.pause()
    broker.send(order('A'))
    // No Heartbeat of theirs is read, and their TestRequest waits.
    await them.say('35=1|34=2|112=WELL')
    await two.pass(35)
    const heard = them.heard()
    expect(heard[0]).toContain('35=D|34=2')
    expect(heard.slice(1)).toEqual(['35=0|34=3', '35=0|34=4', '35=0|34=5'])
    expect(broker.state).toBe('Active')
    broker.resume()
    await two.settle()
    expect(them.heard()).toEqual(['35=0|34=6|112=WELL'])
    // From now on silence counts again.
    await two.pass(25)
    expect(broker.seen.events).toContain('disconnect HEARTBEAT_TIMEOUT')
  })

  it('lacks nothing after the connection was given up meanwhile', async () => {
    const { two, broker, buySide } = await converse({ heartBtInt: 5 }, { heartBtInt: 5 })
    buySide.pause()
    for (const id of ['A', 'B']) broker.send(report(id))
    // Its Heartbeats go on, so that the broker has no reason to give it up.
    await two.pass(60)
    expect(broker.state).toBe('Active')
    two.network.cut()
    await two.pass(10)
    expect(broker.state).toBe('Active')
    broker.send(report('C'))
    await two.pass(1)
    expect(buySide.seen.messages).toEqual([])
    buySide.resume()
    await two.pass(1)
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A', 'B', 'C'])
  })

  it('logs on all the same, and may be paused before it is connected', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator()
    buySide.pause()
    broker.on('logon', () => void broker.send(report('A')))
    await two.loggedOn(broker, buySide)
    expect([buySide.state, buySide.seen.messages]).toEqual(['Active', []])
    buySide.resume()
    await two.settle()
    expect(clOrdIds(buySide.seen.messages)).toEqual(['A'])
  })

  it.each(['logout', 'stop'] as const)(
    '%s() does not wait for what was not taken; it comes at the next logon',
    async (end) => {
      const { two, broker, buySide } = await converse()
      buySide.pause()
      for (const id of ['A', 'B']) broker.send(report(id))
      await two.settle()
      let ended = false
      void buySide[end]().then(() => {
        ended = true
      })
      await two.settle()
      expect(ended).toBe(true)
      expect(buySide.seen.events).toContain('disconnect LOGGED_OUT')
      expect([buySide.seen.messages, buySide.nextNumIn]).toEqual([[], 2])
      buySide.resume()
      void buySide.connect()
      await two.pass(2)
      expect(buySide.seen.messages.map((message) => `${message.get(11)}${message.get(43)}`)).toEqual(['AY', 'BY'])
    }
  )

  it('takes what was held for a gap only when it is resumed', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    await broker.connect()
    const them = await new Counterparty(two, broker.config).dial()
    await them.say('35=A|34=1|98=0|108=30', '35=D|34=4|11=C', '35=D|34=3|11=B')
    broker.on('stateChange', (_, previous) => {
      if (previous === 'ResendReqAwaiting') broker.pause()
    })
    await them.say('35=D|34=2|11=A')
    const before = clOrdIds(broker.seen.messages)
    broker.resume()
    await two.settle()
    expect(before.length).toBeLessThan(3)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B', 'C'])
  })

  it('does not deliver after pause() has returned, whoever called it', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    await broker.connect()
    const them = await new Counterparty(two, broker.config).dial()
    await them.say('35=A|34=1|98=0|108=30', '35=D|34=3|11=B')
    // The gap closes, which is told, and then the message that was held would be given.
    let after = 0
    broker.on('stateChange', (state) => {
      if (state !== 'Active') return
      broker.pause()
      after = broker.seen.messages.length
    })
    await them.say('35=4|34=2|36=3|123=Y')
    expect([broker.seen.messages.length, broker.nextNumIn]).toEqual([after, 3])
    broker.resume()
    await two.settle()
    expect([clOrdIds(broker.seen.messages), broker.nextNumIn]).toEqual([['B'], 4])
  })

  it('may be paused and resumed as often as one likes, also while nothing is there', async () => {
    const two = new TwoSessions()
    const session = two.initiator()
    session.resume()
    session.pause()
    session.pause()
    session.resume()
    expect(session.paused).toBe(false)
    await session.stop()
  })
})
