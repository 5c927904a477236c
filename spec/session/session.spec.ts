import { describe, expect, it } from 'vitest'
import { FixMessage } from '../../lib/index.js'
import { order, TwoSessions } from '../support/two-sessions.js'

describe('two sessions', () => {
  it('log on, talk, log out', async () => {
    const two = new TwoSessions()
    const broker = two.acceptor()
    const buySide = two.initiator()
    broker.on('message', (message) => broker.send(new FixMessage('8', { 11: message.get(11) ?? '', 150: '0' })))
    await broker.connect()
    const connected = buySide.connect()
    await two.settle()
    await connected
    expect(buySide.state).toBe('Active')
    expect(broker.state).toBe('Active')
    for (let i = 0; i < 10; i++) expect(buySide.send(order(`A-${i}`))).toBe(i + 2)
    await two.settle()
    expect(broker.seen.messages.map((m) => m.get(11))).toEqual(Array.from({ length: 10 }, (_, i) => `A-${i}`))
    expect(buySide.seen.messages.map((m) => m.get(11))).toEqual(Array.from({ length: 10 }, (_, i) => `A-${i}`))
    const out = buySide.logout('bye')
    await two.settle()
    await out
    expect(buySide.seen.events).toEqual([])
    expect(broker.seen.events).toEqual([])
    expect(broker.seen.errors).toEqual([])
  })
})
