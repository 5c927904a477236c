import { describe, expect, it } from 'vitest'
import type { ClockFinding, FixSession } from '../../lib/index.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, order, TwoSessions } from '../support/two-sessions.js'

function findingsOf(session: FixSession): string[] {
  const findings: string[] = []
  session.on('clock', ({ kind, seconds }: ClockFinding) => findings.push(`${kind} ${seconds}`))
  return findings
}

const beats = { heartBtInt: 10 } as const

describe('a clock on the wall that jumps', () => {
  it.each([7200, -7200])('by %i seconds ends no session, and is told once', async (seconds) => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator(beats))
    const findings = findingsOf(buySide)
    await two.pass(25)
    two.clock.stepWall(seconds * 1000)
    await two.pass(300)
    expect([broker.seen.events, buySide.seen.events]).toEqual([[], []])
    expect(findings).toEqual([`${seconds > 0 ? 'steppedForward' : 'steppedBack'} 7200`])
    buySide.send(order('A'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })

  it('is a warning in the log, with what was measured', async () => {
    const two = new TwoSessions()
    const lines: unknown[] = []
    const logger = { debug() {}, info() {}, warn: (fields: object | string) => void lines.push(fields), error() {} }
    const us = two.acceptor({}, { logger })
    await us.connect()
    const them = await new Counterparty(two, us.config).dial()
    await them.say('35=A|34=1|98=0|108=30')
    two.clock.stepWall(-100_000)
    await them.say('35=0|34=2|52=20240102-00:00:00.000')
    await two.pass(30)
    expect(lines).toMatchObject([
      { code: 'CLOCK', finding: 'counterpartyAhead', seconds: 100 },
      { code: 'CLOCK', finding: 'steppedBack', seconds: 100 }
    ])
  })
})

describe('a process that is held up for longer than the counterparty may be silent', () => {
  it('reads what waits in the socket before it judges', async () => {
    const two = new TwoSessions()
    const us = two.acceptor()
    await us.connect()
    const them = await new Counterparty(two, us.config).dial()
    await them.say('35=A|34=1|98=0|108=10')
    them.heard()
    await two.pass(9)
    const saying = them.say('35=0|34=2', '35=D|34=3|11=A')
    two.clock.holdUp(100_000)
    await saying
    await two.settle()
    expect([us.state, clOrdIds(us.seen.messages)]).toEqual(['Active', ['A']])
    expect(them.closed).toEqual([])
  })

  it('does not refuse what waited for longer than maxLatency', async () => {
    const two = new TwoSessions()
    const us = two.acceptor()
    await us.connect()
    const them = await new Counterparty(two, us.config).dial()
    await them.say('35=A|34=1|98=0|108=10')
    them.heard()
    const saying = them.say('35=D|34=2|11=A', '35=D|34=3|11=B')
    two.clock.holdUp(500_000)
    await saying
    await two.settle()
    expect([us.state, clOrdIds(us.seen.messages)]).toEqual(['Active', ['A', 'B']])
  })

  it('tests the counterparty before it gives up one that it has not tested', async () => {
    const two = new TwoSessions()
    const us = two.acceptor({ testReqId: 'TEST' })
    await us.connect()
    const them = await new Counterparty(two, us.config).dial()
    await them.say('35=A|34=1|98=0|108=10')
    them.heard()
    two.clock.holdUp(1_000_000)
    await two.settle()
    expect(them.heard()).toEqual(['35=1|34=2|112=TEST'])
    await them.say('35=0|34=2|112=TEST')
    expect([us.state, them.closed]).toEqual(['Active', []])
    await two.pass(12)
    expect(them.heard().at(-1)).toContain('35=1|')
    await two.pass(12)
    expect(us.seen.events).toContain('disconnect HEARTBEAT_TIMEOUT')
  })
})
