import { describe, expect, it } from 'vitest'
import {
  type EngineParts,
  FixEngine,
  FixJournalError,
  type FixMessage,
  FixSession,
  type Logger,
  MemoryJournal,
  MemoryTransport,
  type Peer
} from '../../lib/index.js'
import { Counterparty } from '../support/counterparty.js'
import { TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

const template = {
  role: 'acceptor',
  beginString: 'FIX.4.4',
  senderCompId: 'BROKER',
  targetCompId: '*',
  port: 9878,
  template: true
} as const

const theirLogon = '35=A|34=1|98=0|108=30'

class World extends TwoSessions {
  readonly warnings: string[] = []
  readonly made: string[] = []
  readonly delivered: string[] = []
  readonly journal = new WatchedJournal({ inner: new MemoryJournal() })

  async engine(config: object = {}, parts: EngineParts = {}, others: readonly object[] = []): Promise<FixEngine> {
    const warn = (fields: object | string, text?: string): void => {
      this.warnings.push(typeof fields === 'string' ? fields : (text ?? ''))
    }
    const logger: Logger = { debug() {}, info() {}, warn, error: warn }
    const engine = new FixEngine({ sessions: [{ ...template, ...config }, ...others] } as never, {
      clock: this.clock,
      logger,
      journal: this.journal,
      transport: () => new MemoryTransport(this.network),
      ...parts
    })
    engine.on('session', (session) => {
      this.made.push(session.id)
      session.on('message', (message) => this.delivered.push(`${session.id} ${message.get(11)}`))
    })
    const started = engine.start()
    await this.settle()
    await started
    return engine
  }

  /** A counterparty that has dialled. */
  dial(targetCompId: string, senderCompId = 'BROKER', from = '127.0.0.1'): Promise<Counterparty> {
    return new Counterparty(this, { beginString: 'FIX.4.4', senderCompId, targetCompId }).dial('127.0.0.1', 9878, from)
  }

  /** What a journal has of sessions. */
  get records(): string[] {
    return this.journal.inner.sessions().map(({ sessionId, nextNumIn }) => `${sessionId} ${nextNumIn}`)
  }

  async stopped(engine: FixEngine): Promise<void> {
    const done = engine.stop()
    await this.pass(5)
    await done
  }
}

describe('a template', () => {
  it('has a session made for a counterparty that nobody named', async () => {
    const world = new World()
    const engine = await world.engine()
    expect(engine.sessions.size).toBe(0)
    const alpha = await world.dial('ALPHA')
    await alpha.say(theirLogon)
    expect(alpha.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(world.made).toEqual(['FIX.4.4:BROKER->ALPHA'])
    expect([...engine.sessions.keys()]).toEqual(world.made)
    const beta = await world.dial('BETA')
    await beta.say(theirLogon, '35=D|34=2|11=B-1')
    await alpha.say('35=D|34=2|11=A-1')
    expect(world.delivered).toEqual(['FIX.4.4:BROKER->BETA B-1', 'FIX.4.4:BROKER->ALPHA A-1'])
    expect([...engine.sessions.values()].map(({ state, config }) => [state, config.targetCompId])).toEqual([
      ['Active', 'ALPHA'],
      ['Active', 'BETA']
    ])
  })

  it('is not asked again when the counterparty comes back: its session waits for it', async () => {
    const world = new World()
    const engine = await world.engine()
    await (await world.dial('ALPHA')).say(theirLogon, '35=5|34=2')
    const again = await world.dial('ALPHA')
    await again.say('35=A|34=3|98=0|108=30')
    expect(again.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    expect(world.made).toHaveLength(1)
    expect(engine.sessions.get('FIX.4.4:BROKER->ALPHA')?.nextNumIn).toBe(4)
  })

  it('comes after the sessions that are named', async () => {
    const world = new World()
    const named = { ...template, template: false, targetCompId: 'ALPHA', heartBtInt: 7 }
    await world.engine({}, {}, [named])
    await (await world.dial('ALPHA')).say(theirLogon)
    expect(world.made).toEqual([])
    await (await world.dial('BETA')).say(theirLogon)
    expect(world.made).toEqual(['FIX.4.4:BROKER->BETA'])
  })

  it('may leave our own id and sub ids open too', async () => {
    const world = new World()
    await world.engine({ senderCompId: '*', targetSubId: '*', senderSubId: 'DESK' })
    const alpha = await world.dial('ALPHA', 'BRANCH')
    await alpha.say(`${theirLogon}|50=FLOW|57=DESK`)
    expect(world.made).toEqual(['FIX.4.4:BRANCH/DESK->ALPHA/FLOW'])
    expect(alpha.heardWhole()[0]).toContain('|49=BRANCH|50=DESK|')
    const plain = await world.dial('BETA', 'BRANCH')
    await plain.say(`${theirLogon}|57=DESK`)
    expect(world.made.at(-1)).toBe('FIX.4.4:BRANCH/DESK->BETA')
    const other = await world.dial('GAMMA', 'BRANCH')
    await other.say(`${theirLogon}|57=OTHER`)
    expect(world.made).toHaveLength(2)
    expect(other.closed).toEqual(['PEER_CLOSED'])
  })

  it('makes no session that could be taken for another', async () => {
    const world = new World()
    await world.engine({ targetSubId: '*' })
    for (const id of ['A/B', 'A:B', 'A->B', '*', 'A\u0007B']) {
      const stranger = await world.dial(id)
      await stranger.say(theirLogon)
      expect([stranger.heard(), stranger.closed]).toEqual([[], ['PEER_CLOSED']])
    }
    expect([world.made, world.records]).toEqual([[], []])
    expect(world.warnings.at(-1)).toMatch(/^Refused: the ids of its Logon have characters/)
  })

  it('makes only so many', async () => {
    const world = new World()
    await world.engine({ maxTemplateSessions: 2 })
    for (const id of ['A', 'B', 'C']) await (await world.dial(id)).say(theirLogon)
    expect(world.made).toHaveLength(2)
    expect(world.warnings).toEqual(['Refused: 2 sessions were made of this template (maxTemplateSessions).'])
    const again = await world.dial('A')
    await again.say(theirLogon)
    expect(world.warnings.at(-1)).toMatch(/^Refused: a Logon came while the session is Active/)
  })

  it('forgets the session whose counterparty has been away longest, where not everybody is let in', async () => {
    const world = new World()
    const engine = await world.engine({ maxTemplateSessions: 2 }, { authenticate: async () => true })
    const a = await world.dial('A')
    await a.say(theirLogon)
    const b = await world.dial('B')
    await b.say(theirLogon, '35=D|34=2|11=1')
    // Nobody is away.
    const early = await world.dial('C')
    await early.say(theirLogon)
    expect([early.closed, world.made.length]).toEqual([['PEER_CLOSED'], 2])
    await b.say('35=5|34=3')
    await world.pass(1)
    await a.say('35=5|34=2')
    const c = await world.dial('C')
    await c.say(theirLogon)
    expect(c.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    const ids = () => [...engine.sessions.keys()].map((id) => id.at(-1)).join('')
    expect(ids()).toBe('AC')
    // It is made anew, and knows its numbers.
    const again = await world.dial('B')
    await again.say('35=A|34=4|98=0|108=30')
    expect(again.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    expect([ids(), world.warnings.filter((line) => !line.startsWith('Refused: 2 sessions'))]).toEqual(['CB', []])
    await world.stopped(engine)
  })

  it('keeps to that many, however many come and go', async () => {
    const world = new World()
    const engine = await world.engine({ maxTemplateSessions: 3 }, { authenticate: () => true })
    for (let n = 0; n < 30; n++) {
      await (await world.dial(`X${n}`)).say(theirLogon, '35=5|34=2')
      expect(engine.sessions.size).toBeLessThanOrEqual(3)
    }
    expect(world.made).toHaveLength(30)
    await world.stopped(engine)
  })

  it('lets in only from where it may be come from', async () => {
    const world = new World()
    await world.engine({ allowedRemoteAddresses: ['10.0.0.0/8'] })
    const stranger = await world.dial('ALPHA', 'BROKER', '192.168.0.1')
    await stranger.say(theirLogon)
    expect([stranger.closed, world.made]).toEqual([['PEER_CLOSED'], []])
    await (await world.dial('ALPHA', 'BROKER', '10.1.1.1')).say(theirLogon)
    expect(world.made).toHaveLength(1)
  })

  it('stops and starts with its engine', async () => {
    const world = new World()
    const engine = await world.engine()
    await (await world.dial('ALPHA')).say(theirLogon)
    await world.stopped(engine)
    const late = await world.dial('BETA')
    expect(late.closed).toEqual(['CONNECT_REFUSED'])
    await engine.start()
    await (await world.dial('BETA')).say(theirLogon)
    await (await world.dial('ALPHA')).say('35=A|34=3|98=0|108=30')
    expect(world.made).toEqual(['FIX.4.4:BROKER->ALPHA', 'FIX.4.4:BROKER->BETA'])
    expect([...engine.sessions.values()].map(({ state }) => state)).not.toContain('AwaitingConnection')
  })

  it('is for an engine', () => {
    expect(() => new FixSession(template)).toThrow(
      'template: expected a session, got a template, which sessions are made of. Give it to FixEngine.'
    )
  })
})

describe('authenticate', () => {
  it('is asked before there is a session, or anything of one in the journal', async () => {
    const world = new World()
    let answer: (admission: boolean | string) => void = () => {}
    const asked: string[] = []
    const authenticate = (logon: { get(tag: number): string | undefined }, peer: Peer) => {
      asked.push(`${logon.get(49)} ${peer.remoteAddress}`)
      return new Promise<boolean | string>((resolve) => {
        answer = resolve
      })
    }
    const engine = await world.engine({}, { authenticate })
    const alpha = await world.dial('ALPHA')
    await alpha.say(theirLogon, '35=D|34=2|11=early')
    expect([world.made, world.records, engine.sessions.size, alpha.heard()]).toEqual([[], [], 0, []])
    answer(true)
    await world.settle()
    expect(alpha.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(world.delivered).toEqual(['FIX.4.4:BROKER->ALPHA early'])
    expect(world.records).toEqual(['FIX.4.4:BROKER->ALPHA 3'])
    expect(asked).toEqual(['ALPHA 127.0.0.1'])
    alpha.connections[0]?.destroy()
    await (await world.dial('ALPHA')).say('35=A|34=3|98=0|108=30')
    expect(asked).toHaveLength(2)
    expect(engine.sessions.get('FIX.4.4:BROKER->ALPHA')?.state).toBe('LogonInitialRecv')
  })

  it.each([
    ['refuses', () => 'no such firm', 'Refused: no such firm.'],
    ['fails', () => Promise.reject(new Error('a bug')), 'Refused: authenticate failed.']
  ])('that %s leaves nothing behind, and no byte', async (_, authenticate, said) => {
    const world = new World()
    const engine = await world.engine({}, { authenticate })
    const stranger = await world.dial('ALPHA')
    await stranger.say(theirLogon)
    expect([stranger.heard(), stranger.closed]).toEqual([[], ['PEER_CLOSED']])
    expect([world.made, world.records, engine.sessions.size]).toEqual([[], [], 0])
    expect(world.warnings.at(-1)).toBe(said)
  })

  it('has as long as a Logon has', async () => {
    const world = new World()
    const answers: ((admitted: boolean) => void)[] = []
    const authenticate = () => new Promise<boolean>((resolve) => answers.push(resolve))
    await world.engine({ logonTimeout: 5 }, { authenticate })
    const slow = await world.dial('ALPHA')
    await slow.say(theirLogon)
    const second = await world.dial('ALPHA')
    await second.say(theirLogon)
    expect(second.closed).toEqual(['PEER_CLOSED'])
    expect(world.warnings).toEqual(['Refused: another Logon for FIX.4.4:BROKER->ALPHA is being looked at.'])
    await world.pass(5)
    expect(slow.closed).toEqual(['PEER_CLOSED'])
    answers[0]?.(true)
    await world.settle()
    expect(world.made).toEqual([])
    const third = await world.dial('ALPHA')
    await third.say(theirLogon)
    answers[1]?.(true)
    await world.settle()
    expect(third.heard()).toEqual(['35=A|34=1|98=0|108=30'])
  })

  it('keeps a counterparty out for no one who has its ids and another address', async () => {
    const world = new World()
    const answers: ((admitted: boolean) => void)[] = []
    const authenticate = () => new Promise<boolean>((resolve) => answers.push(resolve))
    await world.engine({}, { authenticate })
    const mallory = await (await world.dial('ALPHA', 'BROKER', '10.6.6.6')).say(theirLogon)
    const honest = await (await world.dial('ALPHA', 'BROKER', '10.0.0.1')).say(theirLogon)
    answers[1]?.(true)
    await world.settle()
    expect(honest.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    answers[0]?.(true)
    await world.settle()
    expect([mallory.heard(), mallory.closed]).toEqual([[], ['PEER_CLOSED']])
    expect(world.warnings).toEqual([
      'Refused: session FIX.4.4:BROKER->ALPHA was made for another connection meanwhile.'
    ])
    expect(honest.closed).toEqual([])
    expect(world.made).toEqual(['FIX.4.4:BROKER->ALPHA'])
  })

  it('keeps a counterparty out for no crowd of one address that waits for answers', async () => {
    const world = new World()
    const answers = new Map<string | undefined, (admitted: boolean) => void>()
    const authenticate = (logon: FixMessage) => new Promise<boolean>((resolve) => answers.set(logon.get(49), resolve))
    await world.engine({ maxTemplateSessions: 5 }, { authenticate })
    const honest = await (await world.dial('ALPHA', 'BROKER', '10.0.0.1')).say(theirLogon)
    const crowd: Counterparty[] = []
    for (let n = 0; n < 20; n++) crowd.push(await (await world.dial(`X${n}`, 'BROKER', '10.6.6.6')).say(theirLogon))
    expect(crowd.filter(({ closed }) => closed.length === 0)).toEqual(crowd.slice(-4))
    expect(world.warnings[0]).toContain(
      '5 Logons are being looked at, this one the longest of the address with the most'
    )
    answers.get('ALPHA')?.(true)
    await world.settle()
    expect(honest.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    await world.pass(11)
    expect(crowd.every(({ closed }) => closed.length === 1)).toBe(true)
    expect(world.made).toEqual(['FIX.4.4:BROKER->ALPHA'])
  })

  it('that answers when the counterparty has gone makes nothing', async () => {
    const world = new World()
    let answer: (admitted: boolean) => void = () => {}
    const authenticate = () =>
      new Promise<boolean>((resolve) => {
        answer = resolve
      })
    const engine = await world.engine({}, { authenticate })
    const alpha = await world.dial('ALPHA')
    await alpha.say(theirLogon)
    alpha.connections[0]?.destroy()
    await world.settle()
    answer(true)
    await world.settle()
    expect(world.made).toEqual([])
    await (await world.dial('BETA')).say(theirLogon)
    await world.stopped(engine)
    answer(true)
    await world.settle()
    expect(world.made).toEqual([])
  })
})

describe('what goes wrong with a session that is made', () => {
  it('is told by it when its journal cannot be opened, and ends the connection', async () => {
    const world = new World()
    const engine = await world.engine()
    const errors: string[] = []
    engine.on('session', (session) => session.on('error', (error) => errors.push(error.message)))
    world.journal.faults.load = new FixJournalError('JOURNAL_OPEN', 'no such disk')
    const alpha = await world.dial('ALPHA')
    await alpha.say(theirLogon)
    expect([alpha.heard(), alpha.closed, errors]).toEqual([[], ['PEER_CLOSED'], ['no such disk']])
    world.journal.faults.load = undefined
    const again = await world.dial('ALPHA')
    await again.say(theirLogon)
    expect(again.closed).toEqual(['PEER_CLOSED'])
    expect(world.warnings.at(-1)).toBe('Refused: session FIX.4.4:BROKER->ALPHA is there and does not listen.')
    await engine.sessions.get('FIX.4.4:BROKER->ALPHA')?.connect()
    const mended = await world.dial('ALPHA')
    await mended.say(theirLogon)
    expect(mended.heard()).toEqual(['35=A|34=1|98=0|108=30'])
  })

  it("is logged when a listener of the engine's 'session' throws", async () => {
    const world = new World()
    const engine = await world.engine()
    engine.on('session', () => {
      throw new Error('a bug')
    })
    const alpha = await world.dial('ALPHA')
    await alpha.say(theirLogon)
    expect(alpha.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    expect(world.warnings).toEqual(["A listener of the engine's 'session' failed."])
  })
})
