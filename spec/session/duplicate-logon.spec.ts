import { describe, expect, it } from 'vitest'
import { FixJournalError, type FixMessage, type SessionConfig, type SessionParts } from '../../lib/index.js'
import { Counterparty } from '../support/counterparty.js'
import { clOrdIds, forget, order, report, type SeenSession, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

type Policy = 'refuse' | 'probe' | 'replace'

interface Desk {
  readonly two: TwoSessions
  readonly broker: SeenSession
  readonly journal: WatchedJournal
  readonly warnings: string[]
  /** The counterparty as it logged on first. */
  readonly old: Counterparty
  /** It comes by another connection, and says `text`. */
  comes(text?: string): Promise<Counterparty>
}

const logon = '35=A|34=1|98=0|108=30'
const again = '35=A|34=2|98=0|108=30'

async function desk(
  duplicateLogon: Policy,
  config: Partial<SessionConfig> = {},
  parts: SessionParts = {},
  first = logon
): Promise<Desk> {
  const two = new TwoSessions()
  const journal = new WatchedJournal()
  const warnings: string[] = []
  const logger = {
    debug() {},
    info() {},
    warn: (...args: unknown[]) => void warnings.push(String(args.at(-1))),
    error() {}
  }
  const broker = two.acceptor(
    { duplicateLogon, testReqId: 'TEST', ...config },
    {
      journal,
      logger,
      ...parts
    }
  )
  await broker.connect()
  const old = await new Counterparty(two, broker.config).dial()
  await old.say(first)
  expect(broker.state).toBe('Active')
  old.heard()
  forget(broker)
  journal.commits.length = 0
  return {
    two,
    broker,
    journal,
    warnings,
    old,
    comes: async (text = again) => (await new Counterparty(two, broker.config).dial()).say(text)
  }
}

/** Nothing has happened to the session that was there. */
async function expectUndisturbed({ two, broker, journal, old }: Desk, msgSeqNum = 2): Promise<void> {
  expect(old.closed).toEqual([])
  expect(broker.seen.events).toEqual([])
  expect(journal.commits).toEqual([])
  await old.say(`35=D|34=${msgSeqNum}|11=A`)
  await two.settle()
  expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  expect(broker.state).toBe('Active')
}

describe('duplicateLogon "replace"', () => {
  it('goes on with the new connection, in the same numbers', async () => {
    const { two, broker, old, comes } = await desk('replace')
    broker.send(report('A'))
    await two.settle()
    const next = await comes()
    expect(next.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    expect(old.closed).toEqual(['PEER_CLOSED'])
    expect(broker.seen.events).toEqual([
      'DisconnectedWConnToday',
      'disconnect REPLACED',
      'AwaitingConnection',
      'NetworkConnEstablished',
      'connect',
      'LogonInitialRecv',
      'LogonResponse',
      'Active',
      'logon'
    ])
    await next.say('35=D|34=3|11=B')
    expect(clOrdIds(broker.seen.messages)).toEqual(['B'])
    broker.send(report('B'))
    await two.settle()
    expect(next.heard()).toEqual(['35=8|34=4|11=B|37=O-B|150=0'])
    expect(two.network.links).toHaveLength(1)
  })

  it('says nothing more on the old connection, not even a Logout', async () => {
    const { old, comes } = await desk('replace')
    await comes()
    expect(old.heard()).toEqual([])
  })

  it('resends what the old connection has swallowed', async () => {
    const { two, broker, comes } = await desk('replace')
    two.network.halfOpen()
    broker.send(report('A'))
    await two.settle()
    const next = await comes()
    expect(next.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    await next.say('35=2|34=3|7=2|16=0')
    expect(next.heard().map((text) => text.replace(/\|(43|122)=[^|]*/g, ''))).toEqual([
      '35=8|34=2|11=A|37=O-A|150=0',
      '35=4|34=3|36=4|123=Y'
    ])
  })

  it('lets a counterparty back in at once whose old connection is half open', async () => {
    const { two, broker, buySide } = await real('replace')
    two.network.halfOpen()
    await two.pass(1)
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    expect(broker.seen.events).toContain('disconnect REPLACED')
  })
})

/** Two real sessions, the acceptor's with a heartbeat that notices a silent link after 72 seconds only. */
async function real(duplicateLogon: Policy) {
  const two = new TwoSessions()
  const broker = two.acceptor({ duplicateLogon })
  const { buySide } = await two.loggedOn(broker)
  return { two, broker, buySide }
}

describe('duplicateLogon "refuse", the default', () => {
  it('keeps a counterparty out until its half-open connection has been found dead', async () => {
    const { two, broker, buySide } = await real('refuse')
    two.network.halfOpen()
    await two.pass(71)
    expect(broker.seen.events).toEqual(['NoMsgInInterval', 'AwaitProcTestReq'])
    expect(buySide.state).not.toBe('Active')
    // It has been refused so often that it dials once in a minute only.
    await two.pass(70)
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    expect(broker.seen.events).toContain('disconnect HEARTBEAT_TIMEOUT')
  })
})

describe('duplicateLogon "probe"', () => {
  it('asks on the old connection, and refuses the new one without a byte when anything comes back', async () => {
    const { two, broker, old, warnings, comes } = await desk('probe')
    const next = await comes()
    expect(old.heard()).toEqual(['35=1|34=2|112=TEST'])
    expect(next.closed).toEqual([])
    await two.pass(2)
    await old.say('35=0|34=2|112=TEST')
    expect(next.heard()).toEqual([])
    expect(next.closed).toEqual(['PEER_CLOSED'])
    expect(warnings).toEqual([expect.stringContaining('the counterparty answers on the connection it has')])
    await two.pass(5)
    expect(old.closed).toEqual([])
    expect(broker.seen.events).toEqual([])
  })

  it('replaces the old connection when nothing comes back within probeTimeout', async () => {
    const { two, broker, old, comes } = await desk('probe', { probeTimeout: 5 })
    const next = await comes()
    await two.pass(4.9)
    expect(next.heard()).toEqual([])
    await two.pass(0.1)
    expect(next.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    expect(old.closed).toEqual(['PEER_CLOSED'])
    expect(broker.seen.events).toContain('disconnect REPLACED')
  })

  it('lets a counterparty back in whose old connection is half open', async () => {
    const { two, broker, buySide } = await real('probe')
    two.network.halfOpen()
    await two.pass(4)
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
  })

  it('goes on with the new one as soon as the old one goes by itself', async () => {
    const { broker, old, comes } = await desk('probe')
    const next = await comes()
    old.connections[0]?.destroy()
    await next.say()
    expect(next.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    expect(broker.seen.events).toContain('disconnect PEER_CLOSED')
  })

  it('forgets a new one that does not wait', async () => {
    const { two, broker, old, comes } = await desk('probe')
    const next = await comes()
    next.connections[0]?.destroy()
    await two.pass(5)
    expect(old.closed).toEqual([])
    expect(broker.seen.events).toEqual([])
    expect(broker.state).toBe('Active')
    // And another one may be asked about.
    const third = await comes()
    await two.pass(3)
    expect(third.heard()).toEqual(['35=A|34=4|98=0|108=30'])
  })

  it('looks at one at a time', async () => {
    const { two, warnings, comes } = await desk('probe')
    const second = await comes()
    const third = await comes()
    expect(third.closed).toEqual(['PEER_CLOSED'])
    expect(warnings).toEqual([expect.stringContaining('while another second connection is being looked at')])
    await two.pass(3)
    expect(second.heard()).toEqual(['35=A|34=3|98=0|108=30'])
  })

  it('waits for a session that is logging out', async () => {
    const { two, broker, old, comes } = await desk('probe')
    void broker.logout()
    await two.settle()
    expect(old.heard()).toEqual(['35=5|34=2'])
    const next = await comes()
    expect(old.heard()).toEqual([])
    await two.pass(2)
    expect(old.closed).toEqual(['PEER_CLOSED'])
    expect(next.heard()).toEqual(['35=A|34=3|98=0|108=30'])
  })
})

describe.each(['probe', 'replace'] as const)('a stranger does not disturb the session (%s)', (policy) => {
  const refused: [string, string, RegExp][] = [
    ['its SendingTime(52) is old', `${again}|52=20200101-00:00:00`, /SendingTime\(52\) within 120 seconds/],
    ['its HeartBtInt(108) is none', '35=A|34=2|98=0|108=x', /HeartBtInt\(108\)/],
    ['its number is too low', '35=A|34=1|98=0|108=30', /MsgSeqNum too low, expecting 2 but received 1/],
    ['it has no number', '35=A|98=0|108=30', /MsgSeqNum\(34\), got none/]
  ]

  it.each(refused)('when %s', async (_, text, why) => {
    const world = await desk(policy)
    const next = await world.comes(text)
    expect(next.heard()).toEqual([])
    expect(next.closed).toEqual(['PEER_CLOSED'])
    expect(world.warnings).toEqual([expect.stringMatching(why)])
    await expectUndisturbed(world)
  })

  it('unless its low number begins anew', async () => {
    const { two, comes } = await desk(policy)
    const next = await comes('35=A|34=1|98=0|108=30|141=Y')
    await two.pass(3)
    expect(next.heard()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
  })

  it('when authenticate refuses it', async () => {
    const asked: (string | undefined)[] = []
    const authenticate = (message: FixMessage) => {
      asked.push(message.get(554))
      return message.get(554) === 'secret' || 'wrong password'
    }
    const world = await desk(
      policy,
      {},
      { authenticate: (message) => message.get(34) === '1' || authenticate(message) }
    )
    const next = await world.comes(`${again}|554=guess`)
    await world.two.pass(5)
    expect(next.heard()).toEqual([])
    expect(next.closed).toEqual(['PEER_CLOSED'])
    expect(world.warnings).toEqual([expect.stringContaining('wrong password')])
    await expectUndisturbed(world)
    expect(asked).toEqual(['guess'])
    // Asked once, although the session that follows begins with the same Logon.
    const friend = await world.comes('35=A|34=3|98=0|108=30|554=secret')
    await world.two.pass(3)
    expect(friend.heard()).toEqual([expect.stringMatching(/^35=A/)])
    expect(asked).toEqual(['guess', 'secret'])
  })

  it('while authenticate has not answered', async () => {
    const answers: ((admitted: boolean) => void)[] = []
    const authenticate = (message: FixMessage) =>
      message.get(34) === '1' || new Promise<boolean>((resolve) => answers.push(resolve))
    const world = await desk(policy, {}, { authenticate })
    const next = await world.comes()
    await world.two.pass(9)
    expect(next.closed).toEqual([])
    await world.two.pass(1)
    expect(next.closed).toEqual(['PEER_CLOSED'])
    answers[0]?.(true)
    await world.two.settle()
    await expectUndisturbed(world)
  })

  it('with what it says before it is answered: that is not read', async () => {
    const never = (message: FixMessage) => message.get(34) === '1' || new Promise<boolean>(() => {})
    const world = await desk(policy, {}, { authenticate: never })
    const next = await world.comes()
    for (let n = 0; n < 100; n++) await next.say(`35=D|34=${n + 3}|58=${'x'.repeat(70_000)}`)
    expect(next.connections[0]?.bufferedBytes).toBeGreaterThan(2_000_000)
    await expectUndisturbed(world)
  })

  it('nor does it change in which version messages are read', async () => {
    const fixt = { beginString: 'FIXT.1.1', dictionary: 'FIX.5.0SP2', defaultApplVerId: '9' } as const
    const refuse = (message: FixMessage) => message.get(1137) === '9'
    const world = await desk(policy, fixt, { authenticate: refuse }, `${logon}|1137=9`)
    const next = await world.comes(`${again}|1137=4`)
    expect(next.closed).toEqual(['PEER_CLOSED'])
    // SecurityList(y) is not in FIX 4.2.
    await world.old.say('35=y|34=2|560=0')
    expect(world.broker.seen.messages.map(({ msgType }) => msgType)).toEqual(['y'])
  })

  it('outside the session time', async () => {
    const world = await desk(policy, { startTime: '00:00', endTime: '12:00', heartBtInt: 0 })
    world.two.clock.stepWall(13 * 3_600_000)
    const next = await world.comes()
    expect(next.closed).toEqual(['PEER_CLOSED'])
    expect(world.warnings).toEqual([expect.stringContaining('outside the session time')])
    expect(world.broker.seen.events).toEqual([])
  })
})

describe('a new connection', () => {
  it('gets in when the old one went while authenticate was asked', async () => {
    const answers: ((admitted: boolean) => void)[] = []
    const authenticate = (message: FixMessage) =>
      message.get(34) === '1' || new Promise<boolean>((resolve) => answers.push(resolve))
    const { two, broker, old, comes } = await desk('probe', {}, { authenticate })
    const next = await comes()
    old.connections[0]?.destroy()
    await two.settle()
    // A third one would overtake it.
    const third = await comes()
    expect(third.closed).toEqual(['PEER_CLOSED'])
    answers[0]?.(true)
    await two.settle()
    expect(next.heard()).toEqual(['35=A|34=2|98=0|108=30'])
    expect(broker.state).toBe('Active')
    expect(answers).toHaveLength(1)
  })

  it('that has said more than its Logon is not asked to say it again', async () => {
    const { two, broker, comes } = await desk('probe')
    const next = await comes()
    await next.say('35=D|34=3|11=B')
    await two.pass(3)
    expect(next.heard()).toEqual(['35=A|34=3|98=0|108=30'])
    expect(clOrdIds(broker.seen.messages)).toEqual(['B'])
  })

  it('takes the place of one that is not logged on yet', async () => {
    const { two, broker, comes } = await desk(
      'probe',
      {},
      { authenticate: (message) => (message.get(553) === 'slow' ? new Promise<boolean>(() => {}) : true) }
    )
    void broker.disconnect()
    await two.settle()
    const slow = await comes(`${again}|553=slow`)
    expect(broker.state).toBe('LogonInitialRecv')
    const next = await comes()
    expect(slow.closed).toEqual(['PEER_CLOSED'])
    expect(next.heard()).toEqual(['35=A|34=2|98=0|108=30'])
  })

  it.each(['stop', 'journal'] as const)('is sent away when the session ends (%s)', async (how) => {
    const { two, broker, journal, comes } = await desk('probe')
    const next = await comes()
    if (how === 'stop') {
      const stopped = broker.stop()
      await two.pass(2)
      await stopped
    } else {
      journal.faults.commit = new FixJournalError('JOURNAL_WRITE', 'disk full')
      broker.send(order('A'))
      await two.settle()
    }
    expect(next.heard()).toEqual([])
    expect(next.closed).toEqual(['PEER_CLOSED'])
    expect(two.clock.pendingTimers).toBe(0)
  })

  it('leaves nothing behind, however often it comes', async () => {
    const { two, old, comes } = await desk('probe', { heartBtInt: 0 })
    for (let n = 0; n < 50; n++) {
      await comes()
      await old.say(`35=0|34=${n + 2}|112=TEST`)
    }
    expect(two.network.links).toHaveLength(1)
    expect(old.closed).toEqual([])
  })
})
