import { describe, expect, it } from 'vitest'
import type { SessionConfig, SessionParts } from '../../lib/index.js'
import { LogonRate } from '../../lib/session/logon-rate.js'
import { Counterparty } from '../support/counterparty.js'
import { type SeenSession, TwoSessions } from '../support/two-sessions.js'

/** What a listener puts up with (DESIGN, laws 4 and 7): whoever is turned away gets no byte, and keeps nobody else out. */

const logon = '35=A|34=1|98=0|108=30'

interface Listening {
  readonly two: TwoSessions
  readonly broker: SeenSession
  readonly warnings: string[]
  /** Somebody dials from an address and says nothing yet. */
  from(address: string, senderCompId?: string): Promise<Counterparty>
}

async function listening(config: Partial<SessionConfig>, parts: SessionParts = {}): Promise<Listening> {
  const two = new TwoSessions()
  const warnings: string[] = []
  const warn = (...args: unknown[]) => void warnings.push(String(args.at(-1)))
  const logger = { debug() {}, info() {}, warn, error() {} }
  const broker = two.acceptor(config, { logger, ...parts })
  await broker.connect()
  const from = (address: string, senderCompId = 'BUYSIDE') =>
    new Counterparty(two, { ...broker.config, targetCompId: senderCompId }).dial('127.0.0.1', 9878, address)
  return { two, broker, warnings, from }
}

const refused = ['PEER_CLOSED']

describe('listener.maxConnectionsPerAddress', () => {
  it('is for those that wait and those that are logged on, and what has closed makes room', async () => {
    const { two, broker, warnings, from } = await listening({ listener: { maxConnectionsPerAddress: 2 } })
    const first = await (await from('10.0.0.1')).say(logon)
    const second = await from('10.0.0.1')
    const third = await from('10.0.0.1')
    expect([first.closed, second.closed, third.closed]).toEqual([[], [], refused])
    expect(third.heard()).toEqual([])
    expect(warnings).toEqual([expect.stringMatching(/^Refused: 2 connections of its address are there already/)])
    expect((await from('10.0.0.2')).closed).toEqual([])
    second.connections[0]?.destroy()
    await two.settle()
    expect((await from('10.0.0.1')).closed).toEqual([])
    expect(broker.state).toBe('Active')
    first.connections[0]?.destroy()
    await two.settle()
    expect((await from('10.0.0.1')).closed).toEqual([])
    expect((await from('10.0.0.1')).closed).toEqual(refused)
  })

  it('takes a /64 of IPv6 for one address', async () => {
    const { from } = await listening({ listener: { maxConnectionsPerAddress: 1 } })
    expect((await from('2001:db8::1')).closed).toEqual([])
    expect((await from('2001:db8::2')).closed).toEqual(refused)
    expect((await from('2001:db8:0:1::1')).closed).toEqual([])
  })

  it('goes on counting after a million have come and gone', async () => {
    const { two, from } = await listening({ listener: { maxConnectionsPerAddress: 3 } })
    for (let n = 0; n < 50; n++) (await from('10.0.0.1')).connections[0]?.destroy()
    await two.settle()
    for (let n = 0; n < 3; n++) expect((await from('10.0.0.1')).closed).toEqual([])
    expect((await from('10.0.0.1')).closed).toEqual(refused)
  })
})

describe('listener.maxPendingConnections', () => {
  it('closes the oldest of the address with the most, never the only one of another', async () => {
    const { broker, warnings, from } = await listening({ listener: { maxPendingConnections: 8 } })
    const honest = await from('10.0.0.1')
    const crowd: Counterparty[] = []
    for (let n = 0; n < 30; n++) crowd.push(await from('10.6.6.6'))
    expect(honest.closed).toEqual([])
    // Eight, and two for the session; one of them is honest.
    expect(crowd.filter(({ closed }) => closed.length === 0)).toEqual(crowd.slice(-9))
    expect(warnings[0]).toMatch(/^Refused: 10 connections wait for a Logon, this one the longest of the address/)
    await honest.say(logon)
    expect(broker.state).toBe('Active')
  })
})

describe('listener.maxLogonsPerSecond', () => {
  /** What `authenticate`, which lets nobody in, was asked about. */
  async function guarded(maxLogonsPerSecond: number) {
    const asked: (string | undefined)[] = []
    const authenticate: SessionParts['authenticate'] = (message) => {
      asked.push(message.get(553))
      return false
    }
    const door = await listening({ listener: { maxLogonsPerSecond } }, { authenticate })
    const guess = async (address: string, name: string | number, senderCompId?: string) =>
      (await door.from(address, senderCompId)).say(`${logon}|553=${name}`)
    return { ...door, asked, guess }
  }

  it('closes what is over without asking authenticate, and takes as many in the next second', async () => {
    const { two, warnings, asked, guess } = await guarded(3)
    for (let n = 1; n <= 5; n++) {
      const one = await guess('10.0.0.1', n)
      expect([one.heard(), one.closed]).toEqual([[], refused])
    }
    expect(asked).toEqual(['1', '2', '3'])
    expect(warnings.slice(-2)).toEqual(
      Array(2).fill(expect.stringMatching(/more than 3 connections of its address came within a second/))
    )
    await two.pass(1 / 3)
    await guess('10.0.0.1', 6)
    await guess('10.0.0.1', 7)
    expect(asked).toEqual(['1', '2', '3', '6'])
  })

  it('counts everybody who comes from an address, whoever they say they are and whatever they say', async () => {
    const { warnings, asked, from, guess } = await guarded(3)
    await guess('10.0.0.1', 'x', 'NOBODY')
    await (await from('10.0.0.1')).say('35=0|34=1')
    await from('10.0.0.1')
    const fourth = await from('10.0.0.1')
    expect(fourth.closed).toEqual(refused)
    expect(warnings.at(-1)).toMatch(/more than 3 connections of its address/)
    await guess('10.0.0.2', 'honest')
    expect(asked).toEqual(['honest'])
  })

  it('takes a /64 of IPv6 for one address', async () => {
    const { from } = await guarded(1)
    expect((await from('2001:db8::1')).closed).toEqual([])
    expect((await from('2001:db8::2')).closed).toEqual(refused)
    expect((await from('2001:db8:0:1::1')).closed).toEqual([])
  })

  it('holds all addresses together to it, but for as many again at once', async () => {
    const { two, warnings, asked, guess } = await guarded(4)
    for (let n = 0; n < 20; n++) await guess(`10.0.0.${n}`, n)
    expect(asked).toHaveLength(8)
    expect(warnings.at(-1)).toMatch(/more than 4 Logons came within a second/)
    await two.pass(1)
    for (let n = 20; n < 40; n++) await guess(`10.0.0.${n}`, n)
    expect(asked).toHaveLength(12)
  })

  it('is not used up by somebody who guesses passwords as fast as may be', async () => {
    const { two, asked, guess } = await guarded(4)
    for (let second = 0; second < 10; second++) {
      for (let n = 0; n < 20; n++) {
        await guess('10.6.6.6', 'mallory')
        await guess('10.6.6.7', 'mallory')
        await two.pass(0.05)
      }
      await guess('10.0.0.1', 'honest')
    }
    expect(asked.filter((name) => name === 'honest')).toHaveLength(10)
    expect(asked.length).toBeLessThanOrEqual(8 + 10 * 4)
  })

  it('tells only so many networks apart, and holds the others to what one may have', async () => {
    const rate = new LogonRate(2)
    for (let n = 0; n < 4096; n++) expect(rate.comes(`10.1.${n >> 8}.${n & 255}`, 0)).toBe(true)
    expect([1, 2, 3].map((n) => rate.comes(`10.2.0.${n}`, 0))).toEqual([true, true, false])
    expect([1, 2, 3].map((n) => rate.comes(`10.2.0.${n}`, 1000))).toEqual([true, true, true])
  })
})

describe('time-outs', () => {
  it('firstByteTimeout is for silence, logonTimeout for the whole Logon, however slowly it comes', async () => {
    const { two, warnings, from } = await listening({ logonTimeout: 10, listener: { firstByteTimeout: 2 } })
    const silent = await from('10.0.0.1')
    const slow = await from('10.0.0.2')
    await slow.say('8=')
    await two.pass(1.9)
    expect(silent.closed).toEqual([])
    await two.pass(0.2)
    expect(silent.closed).toEqual(refused)
    // One byte a second keeps nobody at the door.
    for (const byte of 'FIX.4.4') {
      await two.pass(1)
      slow.connections[0]?.write(Buffer.from(byte))
    }
    expect(slow.closed).toEqual([])
    await two.pass(1)
    expect(slow.closed).toEqual(refused)
    expect(warnings.map((text) => text.replace(/\.$/, ''))).toEqual([
      'Refused: no byte came within 2 seconds',
      'Refused: no Logon came within 10 seconds'
    ])
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('of a shared listener are those of its most patient session', async () => {
    const { two, from } = await listening({ logonTimeout: 3 })
    await two.acceptor({ targetCompId: 'PATIENT', logonTimeout: 7 }).connect()
    const visitor = await from('10.0.0.1')
    await two.pass(6.9)
    expect(visitor.closed).toEqual([])
    await two.pass(0.2)
    expect(visitor.closed).toEqual(refused)
  })
})

describe('listener.maxLogonLength', () => {
  it('is for the first message alone', async () => {
    const { broker, from } = await listening({ listener: { maxLogonLength: 300 } })
    const long = await (await from('10.0.0.1')).say(`${logon}|58=${'x'.repeat(300)}`)
    expect([long.heard(), long.closed]).toEqual([[], refused])
    const good = await (await from('10.0.0.1')).say(logon)
    await good.say(`35=D|34=2|58=${'x'.repeat(3000)}`)
    expect(broker.seen.messages).toHaveLength(1)
  })

  it('ends a first message that goes on for ever, in single bytes too, long before its time is over', async () => {
    const { two, from } = await listening({ listener: { maxLogonLength: 1000 } })
    const endless = await from('10.0.0.1')
    for (let n = 0; n < 1200 && endless.closed.length === 0; n++) {
      endless.connections[0]?.write(Buffer.from(n === 0 ? '8' : n === 1 ? '=' : 'x'))
      await two.settle()
    }
    expect(endless.closed).toEqual(refused)
  })
})

describe('allowedRemoteAddresses', () => {
  it('turns away who is in no list before it has said anything', async () => {
    const { two, warnings, from } = await listening({ allowedRemoteAddresses: ['10.1.0.0/16'] })
    await two.acceptor({ targetCompId: 'SIX', allowedRemoteAddresses: ['2001:db8::/32'] }).connect()
    expect((await from('10.2.0.1')).closed).toEqual(refused)
    expect(warnings).toEqual(['Refused: its address is none of allowedRemoteAddresses.'])
    expect((await from('10.1.0.1')).closed).toEqual([])
    expect((await from('2001:db8::1')).closed).toEqual([])
    // It is one of the other session's addresses.
    const foreign = await (await from('2001:db8::1')).say(logon)
    expect([foreign.heard(), foreign.closed]).toEqual([[], refused])
  })

  it('lets everybody come as far as the Logon while one session has no list', async () => {
    const { two, from } = await listening({ allowedRemoteAddresses: ['10.1.0.0/16'] })
    const open = two.acceptor({ targetCompId: 'OPEN' })
    await open.connect()
    expect((await from('10.2.0.1')).closed).toEqual([])
    await open.stop()
    expect((await from('10.2.0.1')).closed).toEqual(refused)
  })
})

describe('the log', () => {
  it('is not flooded: fifty refusals in ten seconds, then their number', async () => {
    const { two, warnings, from } = await listening({ allowedRemoteAddresses: ['10.1.0.0/16'] })
    for (let n = 0; n < 250; n++) await from('10.2.0.1')
    expect(warnings).toHaveLength(50)
    await two.pass(10)
    expect(warnings.slice(50)).toEqual(['Refused 200 more connections within 10 s.'])
    await from('10.2.0.1')
    expect(warnings).toHaveLength(52)
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('says why somebody is turned away while others come in crowds, a hundred lines in all', async () => {
    const { warnings, from } = await listening({ allowedRemoteAddresses: ['10.1.0.0/16'] })
    for (let n = 0; n < 90; n++) await from(`10.2.0.${n % 3}`)
    expect(warnings).toHaveLength(50)
    await (await from('10.1.0.1', 'MISSPELT')).say(logon)
    expect(warnings.at(-1)).toContain('no session FIX.4.4:BROKER->MISSPELT is configured here')
    for (let n = 0; n < 250; n++) await from(`10.3.0.${n}`)
    expect(warnings).toHaveLength(100)
  })

  it('shows no more of the ids of strangers than makes sense', async () => {
    const { warnings, from } = await listening({})
    await (await from('10.0.0.1', 'x'.repeat(5000))).say(logon)
    expect(warnings[0]).toMatch(/^Refused: no session FIX\.4\.4:BROKER->x{64} is configured here\.$/)
  })
})

it('sessions with one listener have to agree on it', async () => {
  const { two } = await listening({ listener: { maxLogonsPerSecond: 1 } })
  await expect(two.acceptor({ targetCompId: 'OTHER' }).connect()).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    message: expect.stringContaining('share a listener and have different listener')
  })
  await two.acceptor({ targetCompId: 'OTHER', listener: { maxLogonsPerSecond: 1 } }).connect()
})
