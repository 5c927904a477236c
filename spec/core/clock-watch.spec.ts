import { describe, expect, it } from 'vitest'
import { at, CoreSession, START } from '../support/core-session.js'

/** Our clock on the wall jumps. */
function step(s: CoreSession, seconds: number): CoreSession {
  s.now = { wall: s.now.wall + seconds * 1000, mono: s.now.mono }
  return s
}

/** A Heartbeat whose SendingTime(52) is so many seconds ahead of our clock. */
const heartbeat = (s: CoreSession, ahead: number): CoreSession =>
  s.receive(`35=0|34=${s.core.nextNumIn}|52=${at(s.now.wall + ahead * 1000)}`)

const kinds = (s: CoreSession): string[] => s.findings.splice(0).map(({ kind, seconds }) => `${kind} ${seconds}`)

describe("the counterparty's clock", () => {
  it('is said to go wrong before its messages are refused, with how much', () => {
    const s = new CoreSession().logOn()
    heartbeat(heartbeat(s, 59), -59)
    expect(kinds(s)).toEqual([])
    heartbeat(heartbeat(s, 75.2), -119)
    expect(s.findings.map(({ text }) => text)).toEqual([
      "The counterparty's clock is ahead of ours: SendingTime(52) is off by 75.2 seconds, more than 120 are refused (maxLatency).",
      "The counterparty's clock is behind ours, or its messages are late: SendingTime(52) is off by 119 seconds, more than 120 are refused (maxLatency)."
    ])
    expect(kinds(s)).toEqual(['counterpartyAhead 75.2', 'counterpartyBehind 119'])
    expect([s.sent(), s.core.state]).toEqual([[], 'Active'])
  })

  it('is said to once an hour, not for each message, also over connections', () => {
    const s = new CoreSession({ heartBtInt: 0 }).logOn('35=A|34=1|98=0|108=0')
    for (let n = 0; n < 100; n++) heartbeat(s, 90)
    s.cut().do((core, now) => core.connected(now))
    s.receive(`35=A|34=${s.core.nextNumIn}|98=0|108=0|52=${at(s.now.wall + 90_000)}`)
    expect(kinds(s)).toEqual(['counterpartyAhead 90'])
    heartbeat(s.pass(3601), 91)
    expect(kinds(s)).toEqual(['counterpartyAhead 91'])
  })

  it('is looked at in its Logon too, once that has been taken', () => {
    const s = new CoreSession().link().receive(`35=A|34=1|98=0|108=30|52=${at(START - 100_000)}`)
    expect([s.core.state, kinds(s)]).toEqual(['Active', ['counterpartyBehind 100']])
  })

  it('is not looked at without checkLatency', () => {
    const s = heartbeat(new CoreSession({ checkLatency: false }).logOn(), 1000)
    expect([kinds(s), s.core.state]).toEqual([[], 'Active'])
  })

  it('ends the session when it is too far off, with the measure in the reason', () => {
    const s = heartbeat(new CoreSession().logOn(), 130.4)
    s.receive(`35=5|34=${s.core.nextNumIn}`)
    expect(s.closed?.code).toBe('SENDING_TIME_PROBLEM')
    expect(s.closed?.text).toMatch(/^expected SendingTime\(52\) within 120 seconds .*, 130\.4 seconds ahead of it\.$/)
    const stranger = new CoreSession().link().receive(`35=A|34=1|98=0|108=30|52=${at(START - 121_000)}`)
    expect(stranger.closed?.text).toContain('121 seconds behind it')
    expect(stranger.findings).toEqual([])
  })
})

describe('our own clock', () => {
  it.each<[number, string]>([
    [3600, 'steppedForward 3600'],
    [-3600, 'steppedBack 3600'],
    [-2.5, 'steppedBack 2.5']
  ])('that jumps by %f seconds is told, and no time-out changes', (seconds, kind) => {
    const s = step(new CoreSession().logOn().pass(10), seconds)
    s.pass(19.9)
    expect(s.sent()).toEqual([])
    s.pass(0.1)
    expect(s.sent()).toEqual(['35=0|34=2'])
    expect(kinds(s)).toEqual([kind])
  })

  it('may be corrected little by little', () => {
    const s = new CoreSession().logOn()
    for (let beat = 0; beat < 50; beat++) {
      step(s, 0.015).pass(30)
      s.receive(`35=0|34=${s.core.nextNumIn}`)
    }
    expect(kinds(s)).toEqual([])
  })

  it('is named where it may be why the messages of the counterparty are refused', () => {
    const s = new CoreSession().logOn()
    step(s, -600)
    heartbeat(s, 600).receive(`35=5|34=${s.core.nextNumIn}|52=${at(s.now.wall)}`)
    expect(s.closed?.text).toContain(
      '600 seconds ahead of it. Our own clock jumped back by 600 seconds, 0 seconds ago.'
    )
    expect(kinds(s)).toEqual(['steppedBack 600'])
  })

  it('is compared when a link is made, after an idle night', () => {
    const s = new CoreSession({ heartBtInt: 0 })
    step(s.pass(50_000), 3600).link()
    expect(kinds(s)).toEqual(['steppedForward 3600'])
  })
})
