import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { FixError, type FixMessage, type Peer, type SessionConfig, type SessionParts } from '../../lib/index.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, forget, order, type SeenSession, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

/** DESIGN, law 7: strangers get nothing. */

const logon = '35=A|34=1|98=0|108=30'

interface Desk {
  readonly two: TwoSessions
  readonly broker: SeenSession
  readonly journal: WatchedJournal
  readonly warnings: string[]
  stranger(): Promise<Counterparty>
}

async function desk(config: Partial<SessionConfig> = {}, parts: SessionParts = {}): Promise<Desk> {
  const two = new TwoSessions()
  const journal = new WatchedJournal()
  const warnings: string[] = []
  const warn = (...args: unknown[]) => void warnings.push(String(args.at(-1)))
  const logger = { debug() {}, info() {}, warn, error() {} }
  const broker = two.acceptor(config, { journal, logger, ...parts })
  await broker.connect()
  forget(broker)
  journal.commits.length = 0
  return { two, broker, journal, warnings, stranger: () => new Counterparty(two, broker.config).dial() }
}

describe('somebody who is nobody’s counterparty', () => {
  const visits: [string, readonly string[], RegExp][] = [
    ['another SenderCompID(49)', ['35=A|34=1|49=MALLORY|98=0|108=30'], /no session FIX\.4\.4:BROKER->MALLORY/],
    ['another TargetCompID(56)', ['35=A|34=1|56=OTHER|98=0|108=30'], /no session FIX\.4\.4:OTHER->BUYSIDE/],
    [
      'another BeginString(8)',
      ['8=FIX.4.2|9=64|35=A|34=1|49=BUYSIDE|52=20240102-00:00:00|56=BROKER|98=0|108=30|10=245|'],
      /no session FIX\.4\.2/
    ],
    ['no Logon', ['35=0|34=1'], /expected a Logon first, got MsgType\(35\)=0/],
    ['garbage', ['8=GET / HTTP/1.1|Host: broker|'], /expected a Logon first, got garbled bytes/],
    ['a BodyLength(9) of 10^12', ['8=FIX.4.4|9=1000000000000|35=A|'], /expected a Logon first, got garbled bytes/],
    ['an endless field', [`8=${'x'.repeat(70_000)}`], /expected a Logon first, got garbled bytes/]
  ]

  it.each(visits)('%s: gets no byte and is closed, and the log says why', async (_, texts, why) => {
    const { broker, journal, warnings, stranger } = await desk()
    const visitor = await stranger()
    await visitor.say(...texts)
    expect(visitor.heard()).toEqual([])
    expect(visitor.closed).toEqual(['PEER_CLOSED'])
    expect(warnings).toEqual([expect.stringMatching(why)])
    expect(broker.seen.events).toEqual([])
    expect(journal.commits).toEqual([])
  })

  it('is closed when no Logon comes within logonTimeout', async () => {
    const { two, warnings, stranger } = await desk({ logonTimeout: 4 })
    const visitor = await stranger()
    await visitor.say('8=FIX.4.4|9=70|35=A|')
    await two.pass(3.9)
    expect(visitor.closed).toEqual([])
    await two.pass(0.2)
    expect(visitor.closed).toEqual(['PEER_CLOSED'])
    expect(warnings).toEqual([expect.stringContaining('no Logon came within 4 seconds')])
  })

  it('leaves no trace when it goes away by itself', async () => {
    const { two, broker, stranger } = await desk()
    const visitor = await stranger()
    visitor.connections[0]?.destroy()
    await two.pass(100)
    expect(broker.seen.events).toEqual([])
    expect(two.network.links).toEqual([])
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('cannot keep the counterparty out by holding connections', async () => {
    const { two, broker, warnings, stranger } = await desk()
    for (let n = 0; n < 1100; n++) await stranger()
    expect(two.network.links.length).toBeLessThanOrEqual(1026)
    expect(warnings.length).toBe(50)
    expect(warnings[0]).toContain('1026 connections wait for a Logon, this one the longest')
    const buySide = two.initiator()
    void buySide.connect()
    await two.settle()
    expect(broker.state).toBe('Active')
    expect(buySide.state).toBe('Active')
  })
})

describe('a second Logon', () => {
  it('of a session that lives is closed without a byte, and the session goes on undisturbed', async () => {
    const { two, broker, warnings, stranger } = await desk()
    const buySide = two.initiator()
    void buySide.connect()
    await two.settle()
    forget(broker)
    const second = await stranger()
    await second.say('35=A|34=2|98=0|108=30')
    expect(second.heard()).toEqual([])
    expect(second.closed).toEqual(['PEER_CLOSED'])
    expect(warnings).toEqual([expect.stringContaining('a Logon came while the session is Active')])
    expect(broker.seen.events).toEqual([])
    buySide.send(order('A'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })

  it('of a session whose first one is being judged is closed, and the first one gets in', async () => {
    const answers: ((admitted: boolean) => void)[] = []
    const { two, broker, stranger } = await desk(
      {},
      { authenticate: () => new Promise<boolean>((resolve) => answers.push(resolve)) }
    )
    const buySide = two.initiator()
    void buySide.connect()
    await two.settle()
    const second = await stranger()
    await second.say(logon)
    expect(second.closed).toEqual(['PEER_CLOSED'])
    expect(answers).toHaveLength(1)
    answers[0]?.(true)
    await two.settle()
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
  })

  describe('while authenticate is still asked about a first one', () => {
    type Answer = (admitted: boolean) => void

    /** Who comes says where from, and `authenticate` answers when it is told to. */
    async function slowDesk(config: Partial<SessionConfig> = {}) {
      const answers: Answer[] = []
      const made = await desk(config, { authenticate: () => new Promise<boolean>((resolve) => answers.push(resolve)) })
      const comes = async (address: string, text = logon) =>
        (await new Counterparty(made.two, made.broker.config).dial('127.0.0.1', 9878, address)).say(text)
      const answer = async (which: number, admitted: boolean) => {
        answers[which]?.(admitted)
        await made.two.settle()
      }
      return { ...made, answers, comes, answer }
    }

    it.each(['refuse', 'probe', 'replace'] as const)(
      'gets in from another address when it is let in first (duplicateLogon "%s")',
      async (duplicateLogon) => {
        const { two, broker, journal, answers, comes, answer } = await slowDesk({
          duplicateLogon,
          resetOnDisconnect: true
        })
        const mallory = await comes('10.6.6.6')
        const honest = await comes('10.0.0.1')
        expect([answers.length, mallory.closed, honest.closed]).toEqual([2, [], []])
        expect(journal.commits).toEqual([])
        await answer(1, true)
        await two.settle()
        expect(mallory.closed).toEqual(['PEER_CLOSED'])
        expect(mallory.heard()).toEqual([])
        expect(honest.heard()).toEqual(['35=A|34=1|98=0|108=30'])
        await answer(0, true)
        expect(broker.state).toBe('Active')
        expect(honest.closed).toEqual([])
        expect([broker.nextNumIn, broker.nextNumOut]).toEqual([2, 2])
      }
    )

    it('waits for its own answer when the first one is refused or goes away', async () => {
      const { two, broker, comes, answer } = await slowDesk()
      const mallory = await comes('10.6.6.6')
      const honest = await comes('10.0.0.1')
      await answer(0, false)
      expect(mallory.closed).toEqual(['PEER_CLOSED'])
      const another = await comes('10.6.6.7')
      another.connections[0]?.destroy()
      await two.settle()
      await answer(1, true)
      expect(honest.heard()).toEqual(['35=A|34=1|98=0|108=30'])
      expect(broker.state).toBe('Active')
    })

    it('is closed when the first one has been let in meanwhile, which is not disturbed', async () => {
      const { broker, warnings, comes, answer } = await slowDesk()
      const first = await comes('10.0.0.1')
      const second = await comes('10.6.6.6')
      await answer(0, true)
      expect(broker.state).toBe('Active')
      await answer(1, true)
      expect(second.closed).toEqual(['PEER_CLOSED'])
      expect(second.heard()).toEqual([])
      expect(first.closed).toEqual([])
      expect(broker.state).toBe('Active')
      expect(warnings.at(-1)).toContain('let in by another connection meanwhile')
    })

    it('is looked at once an address, and no more than eight of them at a time', async () => {
      const { two, answers, comes } = await slowDesk()
      await comes('10.0.0.1')
      expect((await comes('10.0.0.1')).closed).toEqual(['PEER_CLOSED'])
      for (let n = 2; n < 30; n++) await comes(`10.0.0.${n}`)
      expect(answers).toHaveLength(9)
      await two.pass(11)
      expect(two.network.links).toEqual([])
      expect(two.clock.pendingTimers).toBe(0)
      await comes('10.0.0.1')
      expect(answers).toHaveLength(10)
    })
  })

  it('of a session that is logging out is closed too', async () => {
    const { two, broker, stranger } = await desk()
    const first = await stranger()
    await first.say(logon)
    void broker.logout()
    await two.settle()
    expect(broker.state).toBe('InitiateLogout')
    const second = await stranger()
    await second.say('35=A|34=2|98=0|108=30')
    expect(second.closed).toEqual(['PEER_CLOSED'])
    expect(broker.state).toBe('InitiateLogout')
  })
})

describe('somebody who is not authenticated', () => {
  const refusals: [string, SessionParts['authenticate']][] = [
    ['false', () => false],
    ['a text', () => 'wrong password'],
    ['a promise of false', async () => false],
    ['a promise of a text', async () => 'wrong password'],
    ['nothing', (() => undefined) as unknown as SessionParts['authenticate']],
    [
      'an exception',
      () => {
        throw new Error('no directory')
      }
    ],
    [
      'a rejection',
      async () => {
        throw new Error('no directory')
      }
    ]
  ]

  it.each(refusals)(
    'because authenticate answers %s: changes nothing of the store and gets no byte',
    async (_, authenticate) => {
      const { two, broker, journal, stranger } = await desk(
        { resetOnLogon: true, resetOnDisconnect: true },
        { authenticate }
      )
      void broker.setSeqNums({ nextNumIn: 7, nextNumOut: 9 })
      await two.settle()
      journal.commits.length = 0
      const visitor = await stranger()
      await visitor.say('35=A|34=1|98=0|108=30|141=Y|553=x|554=y')
      expect(visitor.heard()).toEqual([])
      expect(visitor.closed).toEqual(['PEER_CLOSED'])
      expect(journal.commits).toEqual([])
      expect([broker.nextNumIn, broker.nextNumOut, broker.state]).toEqual([7, 9, 'AwaitingConnection'])
    }
  )

  it('is asked about with the Logon and where it came from', async () => {
    const asked: [FixMessage, Peer][] = []
    const { broker, stranger } = await desk(
      {},
      {
        authenticate: (message, peer) => {
          asked.push([message, peer])
          return message.get(554) === 'secret'
        }
      }
    )
    const visitor = await stranger()
    await visitor.say('35=A|34=1|98=0|108=30|553=me|554=secret')
    expect(asked).toHaveLength(1)
    expect(asked[0]?.[1]).toEqual({
      remoteAddress: '127.0.0.1',
      remotePort: visitor.connections[0] && expect.any(Number)
    })
    expect(broker.state).toBe('Active')
  })

  it('is waited for no longer than logonTimeout, and a late answer lets nobody in', async () => {
    const answers: ((admitted: boolean) => void)[] = []
    const { two, broker, journal, stranger } = await desk(
      { logonTimeout: 5 },
      { authenticate: () => new Promise<boolean>((resolve) => answers.push(resolve)) }
    )
    const visitor = await stranger()
    await visitor.say(logon)
    await two.pass(5.1)
    expect(visitor.closed).toEqual(['PEER_CLOSED'])
    const second = await stranger()
    await second.say(logon)
    answers[0]?.(true)
    await two.settle()
    expect(broker.state).toBe('LogonInitialRecv')
    expect(journal.commits).toEqual([])
    answers[1]?.(true)
    await two.settle()
    expect(broker.state).toBe('Active')
    expect(second.heard()).toHaveLength(1)
  })

  it('may not be overtaken by what it sent behind its Logon', async () => {
    let admit = (_: boolean): void => {}
    const { two, broker, stranger } = await desk(
      {},
      {
        authenticate: () =>
          new Promise<boolean>((resolve) => {
            admit = resolve
          })
      }
    )
    const visitor = await stranger()
    await visitor.say(logon, '35=D|34=2|11=A', '35=D|34=3|11=B')
    expect(broker.seen.messages).toEqual([])
    admit(true)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B'])
  })
})

it('an answer about a connection that this side has ended meanwhile lets nobody in', async () => {
  let admit = (_: boolean): void => {}
  const authenticate = () =>
    new Promise<boolean>((resolve) => {
      admit = resolve
    })
  const { two, broker, journal, stranger } = await desk({}, { authenticate })
  const visitor = await stranger()
  await visitor.say(logon)
  void broker.disconnect()
  await two.settle()
  admit(true)
  await two.settle()
  expect([broker.state, journal.commits]).toEqual(['AwaitingConnection', []])
})

describe('a password that authenticate quotes bare', () => {
  const quotes: [string, SessionParts['authenticate']][] = [
    ['a text', (message) => `${message.get(554)} is wrong`],
    ['a promise of a text', async (message) => `${message.get(554)} is wrong`],
    [
      'an exception',
      (message) => {
        throw new Error(`expected another than ${message.get(554)}`)
      }
    ],
    [
      'a rejection with a cause',
      async (message) => {
        const cause = Object.assign(new Error(`bind ${message.get(554)}`), { query: { password: message.get(554) } })
        throw new FixError('LDAP', `refused ${message.get(554)}`, { cause })
      }
    ],
    [
      'an exception that is a text, with the field taken out of the Logon',
      (message) => {
        const password = message.get(554)
        message.delete(554)
        throw `no ${password}`
      }
    ]
  ]

  it.each(quotes)('in %s gets neither to the log nor to an event', async (_, authenticate) => {
    const told: unknown[] = []
    const tell = (...args: unknown[]) => void told.push(...args)
    const logger = { debug: tell, info: tell, warn: tell, error: tell }
    const { two, broker, stranger } = await desk({}, { authenticate, logger })
    broker.on('disconnect', tell)
    const visitor = await stranger()
    await visitor.say('35=A|34=1|98=0|108=30|553=me|554=swordfish|925=swordfish2')
    broker.off('error', broker.listeners('error')[0] ?? (() => {}))
    await (await stranger()).say('35=A|34=1|98=0|108=30|553=me|554=swordfish')
    await two.settle()
    const text = [...told, ...broker.seen.errors].map((one) => inspect(one, { depth: 10 })).join('\n')
    expect(text).toMatch(/authenticate failed|is wrong/)
    expect(text).toContain('***')
    expect(text).not.toContain('swordfish')
  })

  it('an error that quotes none is the cause, as it is', async () => {
    const error = new Error('no directory')
    const authenticate = () => {
      throw error
    }
    const { broker, stranger } = await desk({}, { authenticate })
    await (await stranger()).say('35=A|34=1|98=0|108=30|553=me|554=swordfish')
    expect(broker.seen.errors[0]?.cause).toBe(error)
  })
})

it('a signature that cannot be set, and a password that signLogon quotes, are in no text', async () => {
  const quotes: SessionParts['signLogon'][] = [
    (logon) => {
      throw new Error(`cannot sign ${logon.get(554)}`)
    },
    async () => ({ 96: 'swordfish\u20ac' }),
    () => ({ 554: 'swordfish' })
  ]
  for (const signLogon of quotes) {
    const told: unknown[] = []
    const tell = (...args: unknown[]) => void told.push(...args)
    const logger = { debug: tell, info: tell, warn: tell, error: tell }
    const two = new TwoSessions()
    const buySide = two.initiator({ password: 'swordfish' }, { signLogon, logger })
    buySide.on('disconnect', tell)
    await two.loggedOn(two.acceptor(), buySide)
    const text = [...told, ...buySide.seen.errors].map((one) => inspect(one, { depth: 10 })).join('\n')
    expect(text).toContain('LOGON_NOT_SIGNED')
    expect(text).not.toContain('swordfish')
  }
})

it('secrets of a Logon are in neither journal, log nor error', async () => {
  const lines: unknown[] = []
  const tell = (...args: unknown[]) => void lines.push(args)
  const two = new TwoSessions()
  const journals = [new WatchedJournal(), new WatchedJournal()]
  const logger = { debug: tell, info: tell, warn: tell, error: tell }
  const log = { messages: true }
  const broker = two.acceptor(
    { log },
    { journal: journals[0], logger, authenticate: (m) => m.get(554) === 'swordfish' }
  )
  const buySide = two.initiator(
    { log },
    { journal: journals[1], logger, signLogon: () => ({ 553: 'me', 554: 'swordfish' }) }
  )
  await two.loggedOn(broker, buySide)
  expect(buySide.state).toBe('Active')
  buySide.send(order('A'))
  await two.settle()
  const kept = [
    journals[0]?.inner.read(broker.id, 'in', 1, 10, 10),
    journals[1]?.inner.read(buySide.id, 'out', 1, 10, 10)
  ].map((messages) => messages?.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('\n') ?? '')
  for (const text of [...kept, JSON.stringify(lines)]) {
    expect(text).toContain('553=me')
    expect(text).not.toContain('swordfish')
  }
  // log.messages: every message, both ways.
  expect(lines.filter((line) => JSON.stringify(line).includes('|35=D|'))).toHaveLength(2)
})

describe('by the time that it takes to be closed', () => {
  /** `authenticate` takes as many milliseconds as it is told to, and lets in who has the password. */
  async function slowDesk(config: Partial<SessionConfig> = {}) {
    let time = 0
    let clock: TwoSessions['clock'] | undefined
    const authenticate = (message: FixMessage) =>
      new Promise<boolean>((resolve) => {
        const answer = () => resolve(message.get(554) === 'right')
        if (time === 0) answer()
        else clock?.setTimer(answer, time)
      })
    const made = await desk(config, { authenticate })
    clock = made.two.clock
    /** Milliseconds until somebody who says `text` is closed; undefined: not within a second. */
    const timeTo = async (text: string, takes: number): Promise<number | undefined> => {
      time = takes
      const visitor = await made.stranger()
      await visitor.say(text)
      let passed = 0
      for (; passed < 1000 && visitor.closed.length === 0; passed += 10) await made.two.pass(0.01)
      expect(visitor.heard()).toEqual([])
      return passed < 1000 ? passed : undefined
    }
    return { ...made, timeTo }
  }

  const wrong = `${logon}|554=wrong`

  it('nobody can tell that the CompIDs are not known, nor that the Logon would not do', async () => {
    const { two, timeTo } = await slowDesk()
    for (const takes of [40, 70, 110]) expect(await timeTo(wrong, takes)).toBe(takes)
    const others = [
      '35=A|34=1|49=MALLORY|98=0|108=30|554=wrong',
      '35=A|34=1|56=OTHER|98=0|108=30|554=wrong',
      '35=A|34=1|98=0|108=30|52=20200101-00:00:00|554=wrong'
    ]
    for (const text of others)
      expect([await timeTo(text, 0), await timeTo(text, 0), await timeTo(text, 0)].sort()).toEqual([110, 40, 70])
    expect(two.network.links).toEqual([])
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('nobody can tell that the session is there and in use', async () => {
    const { two, broker, timeTo } = await slowDesk()
    expect(await timeTo(wrong, 50)).toBe(50)
    const good = await new Counterparty(two, broker.config).dial()
    await good.say(`${logon}|554=right`)
    await two.pass(0.06)
    expect(broker.state).toBe('Active')
    expect(await timeTo(wrong, 50)).toBe(50)
    expect(good.closed).toEqual([])
  })

  it('nobody waits where authenticate answers at once', async () => {
    const { timeTo } = await slowDesk()
    expect(await timeTo(wrong, 0)).toBe(0)
    expect(await timeTo('35=A|34=1|49=MALLORY|98=0|108=30', 0)).toBe(0)
  })

  it('not more than 1024 are held, and none when nobody listens any more', async () => {
    const { two, broker, timeTo } = await slowDesk()
    expect(await timeTo(wrong, 500)).toBe(500)
    const crowd: Counterparty[] = []
    for (let n = 0; n < 1030; n++)
      crowd.push(await (await new Counterparty(two, broker.config).dial()).say('35=A|34=1|49=X'))
    expect(crowd.filter(({ closed }) => closed.length > 0)).toEqual(crowd.slice(0, 6))
    await broker.stop()
    await two.settle()
    expect(crowd.every(({ closed }) => closed.length === 1)).toBe(true)
    expect(two.clock.pendingTimers).toBe(0)
  })
})
