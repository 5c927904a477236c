import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  Codec,
  type EngineConfig,
  type EngineParts,
  FixConfigError,
  FixConnectionError,
  FixEngine,
  FixJournalError,
  type FixSession,
  HeartbeatMonitor,
  MemoryTransport
} from '../../lib/index.js'
import { temporaryDirectory } from '../support/journal.js'
import { clOrdIds, order, outcome, silent, TwoSessions } from '../support/two-sessions.js'
import { WatchedJournal } from '../support/watched-journal.js'

const firms = ['ALPHA', 'BETA', 'GAMMA', 'DELTA', 'EPSILON']
const journal = { path: ':memory:' }

/** Five brokers' desks on one port, and the five firms. */
function tenSessions(port = 9878): EngineConfig {
  return {
    defaults: { beginString: 'FIX.4.4', host: '127.0.0.1', port, journal },
    sessions: firms.flatMap((firm) => [
      { role: 'acceptor', senderCompId: 'BROKER', targetCompId: firm },
      { role: 'initiator', senderCompId: firm, targetCompId: 'BROKER', reconnectInterval: 1 }
    ])
  } as EngineConfig
}

class World extends TwoSessions {
  /** Bound endpoints, as they were listened to. */
  readonly listened: string[] = []

  engine(config: string | EngineConfig, parts: EngineParts = {}): FixEngine {
    const engine = new FixEngine(config, {
      clock: this.clock,
      logger: silent,
      transport: () => {
        const transport = new MemoryTransport(this.network)
        const listen = transport.listen.bind(transport)
        transport.listen = (endpoint, accept) => {
          this.listened.push(`${endpoint.host}:${endpoint.port}`)
          return listen(endpoint, accept)
        }
        return transport
      },
      ...parts
    })
    for (const session of engine.sessions.values()) session.on('error', () => {})
    return engine
  }
}

function states(engine: FixEngine): string[] {
  return [...engine.sessions.values()].map(({ state }) => state)
}

function sessionOf(engine: FixEngine, id: string): FixSession {
  const session = engine.sessions.get(id)
  if (session === undefined) throw new Error(`no session ${id}`)
  return session
}

describe('the sessions of an engine', () => {
  it('are made from an object, by their ids, and nothing is opened', () => {
    const world = new World()
    const journals = new WatchedJournal()
    journals.faults.load = new Error('must not be asked')
    const engine = world.engine(tenSessions(), { journal: journals })
    expect([...engine.sessions.keys()].slice(0, 2)).toEqual(['FIX.4.4:BROKER->ALPHA', 'FIX.4.4:ALPHA->BROKER'])
    expect(new Set(states(engine))).toEqual(new Set(['Unknown']))
    expect(world.listened).toEqual([])
  })

  it('are made from a file; relative paths begin at its folder', () => {
    const folder = temporaryDirectory()
    const path = join(folder, 'sessions.json')
    const defaults = { beginString: 'FIX.4.4', port: 9878, journal: { path: 'gapfill.db' } }
    const sessions = [{ role: 'acceptor', senderCompId: 'A', targetCompId: 'B' }]
    writeFileSync(path, JSON.stringify({ defaults, sessions }))
    const engine = new World().engine(path)
    expect(sessionOf(engine, 'FIX.4.4:A->B').config.journal.path).toBe(join(folder, 'gapfill.db'))
  })

  it('are all refused for any mistake', () => {
    const config = { sessions: [{ role: 'acceptor', senderCompId: 'A' }] } as unknown as EngineConfig
    expect(() => new World().engine(config)).toThrow(FixConfigError)
    expect(() => new World().engine('/no/such/file.json')).toThrow(FixConfigError)
  })

  it('with one id twice are refused', () => {
    const [one] = tenSessions().sessions
    if (one === undefined) return
    const config = { ...tenSessions(), sessions: [one, one] }
    expect(() => new World().engine(config)).toThrow(FixConfigError)
  })
})

describe('start()', () => {
  it('resolves when all acceptors listen, on one listener, and all initiators dial', async () => {
    const world = new World()
    const engine = world.engine(tenSessions())
    await engine.start()
    expect(world.listened).toEqual(['127.0.0.1:9878'])
    expect(states(engine).filter((state) => state === 'AwaitingConnection')).toHaveLength(5)
    await world.settle()
    expect(states(engine).every((state) => state === 'Active')).toBe(true)
  })

  it('does not wait for counterparties', async () => {
    const world = new World()
    const { defaults, sessions } = tenSessions()
    const engine = world.engine({
      ...(defaults && { defaults }),
      sessions: sessions.filter(({ role }) => role === 'initiator')
    })
    await engine.start()
    await world.pass(5)
    expect(states(engine).some((state) => state === 'Active')).toBe(false)
    await world
      .engine({ ...(defaults && { defaults }), sessions: sessions.filter(({ role }) => role === 'acceptor') })
      .start()
    await world.pass(2)
    expect(states(engine).every((state) => state === 'Active')).toBe(true)
  })

  it('leads every session to its own counterparty', async () => {
    const world = new World()
    const engine = world.engine(tenSessions())
    const seen = new Map<string, (string | undefined)[]>()
    for (const session of engine.sessions.values()) {
      session.on('message', (message) => seen.set(session.id, [...(seen.get(session.id) ?? []), message.get(11)]))
    }
    await engine.start()
    await world.settle()
    for (const firm of firms) sessionOf(engine, `FIX.4.4:${firm}->BROKER`).send(order(firm))
    await world.settle()
    expect([...seen]).toEqual(firms.map((firm) => [`FIX.4.4:BROKER->${firm}`, [firm]]))
  })

  it('that fails stops what was started, and rejects with why', async () => {
    const world = new World()
    const other = await world.network.listen({ host: '127.0.0.1', port: 9999 }, () => {})
    const { defaults, sessions } = tenSessions()
    const config = {
      ...(defaults && { defaults }),
      sessions: [...sessions, { role: 'acceptor', senderCompId: 'BROKER', targetCompId: 'LATE', port: 9999 }]
    } as EngineConfig
    const engine = world.engine(config)
    await expect(engine.start()).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await world.pass(10)
    expect(states(engine).every((state) => /^Disconnected|Unknown$/.test(state))).toBe(true)
    expect(world.network.links).toEqual([])
    // Nobody listens, so the port is free.
    await (await world.network.listen({ host: '127.0.0.1', port: 9878 }, () => {})).close()
    await other.close()
    await engine.start()
    await world.settle()
    expect(states(engine).filter((state) => state === 'Active')).toHaveLength(10)
  })

  it.each(['acceptor', 'initiator'])(
    'rejects with JOURNAL_FAILED when the journal of an %s cannot be opened',
    async (role) => {
      const world = new World()
      const broken = new WatchedJournal()
      const cause = new FixJournalError('JOURNAL_CORRUPT', 'not sound')
      const load = broken.load.bind(broken)
      const id = role === 'acceptor' ? 'FIX.4.4:BROKER->GAMMA' : 'FIX.4.4:GAMMA->BROKER'
      broken.load = (sessionId, now) => {
        if (sessionId === id) throw cause
        return load(sessionId, now)
      }
      const engine = world.engine(tenSessions(), { journal: broken })
      await expect(engine.start()).rejects.toMatchObject({ code: 'JOURNAL_FAILED', cause })
      await world.pass(10)
      expect(world.network.links).toEqual([])
      expect(states(engine).some((state) => state === 'AwaitingConnection')).toBe(false)
    }
  )

  it('is refused when it is started already, and disturbs nothing', async () => {
    const world = new World()
    const engine = world.engine(tenSessions())
    const first = engine.start()
    await expect(engine.start()).rejects.toMatchObject({ code: 'ALREADY_CONNECTED' })
    await first
    await world.settle()
    await expect(engine.start()).rejects.toThrow(FixConnectionError)
    expect(states(engine).every((state) => state === 'Active')).toBe(true)
  })

  it('rejects when stop() comes first, and nothing begins later', async () => {
    const world = new World()
    const late = new WatchedJournal({ late: true })
    const engine = world.engine(tenSessions(), { journal: late })
    const started = outcome(engine.start())
    await world.settle()
    const stopped = outcome(engine.stop())
    late.late = false
    while (late.waiting.length > 0) late.answer()
    await world.pass(10)
    expect(started).toMatchObject({ state: 'rejected', error: { code: 'STOPPED' } })
    expect(stopped.state).toBe('resolved')
    expect(world.network.links).toEqual([])
    expect(states(engine).some((state) => state === 'AwaitingConnection')).toBe(false)
  })

  it('starts a stopped engine again', async () => {
    const world = new World()
    const engine = world.engine(tenSessions())
    for (let round = 0; round < 3; round++) {
      await engine.start()
      await world.settle()
      expect(states(engine).every((state) => state === 'Active')).toBe(true)
      const stopped = engine.stop()
      await world.settle()
      await stopped
      expect(states(engine).every((state) => state === 'DisconnectedWConnToday')).toBe(true)
    }
    expect(world.network.links).toEqual([])
  })
})

describe('stop()', () => {
  it('logs all out, and stops the others when one cannot be', async () => {
    const world = new World()
    const engine = world.engine(tenSessions())
    await engine.start()
    await world.settle()
    const logouts: string[] = []
    for (const session of engine.sessions.values()) session.on('logout', () => logouts.push(session.id))
    const one = sessionOf(engine, 'FIX.4.4:BETA->BROKER')
    const stop = one.stop.bind(one)
    one.stop = async () => {
      await stop()
      throw new FixJournalError('JOURNAL_WRITE', 'cannot be closed')
    }
    const stopped = outcome(engine.stop())
    await world.settle()
    expect(stopped).toMatchObject({ state: 'rejected', error: { code: 'JOURNAL_WRITE' } })
    expect(states(engine).every((state) => state === 'DisconnectedWConnToday')).toBe(true)
    expect(logouts.length).toBeGreaterThanOrEqual(5)
  })

  it('of an engine that was never started does nothing', async () => {
    await new World().engine(tenSessions()).stop()
  })
})

describe('the parts of an engine', () => {
  it('transport, codec and heartbeat are made for each session, from its config', () => {
    const world = new World()
    const made: string[] = []
    const engine = world.engine(tenSessions(), {
      transport: (config) => {
        made.push(`transport ${config.senderCompId}`)
        return new MemoryTransport(world.network)
      },
      codec: (config) => {
        made.push(`codec ${config.senderCompId}`)
        return new Codec({ beginString: config.beginString })
      },
      heartbeat: (config) => {
        made.push(`heartbeat ${config.senderCompId}`)
        return new HeartbeatMonitor({ clock: world.clock })
      }
    })
    expect(made.filter((line) => line === 'codec BROKER')).toHaveLength(5)
    expect(made).toHaveLength(30)
    expect(new Set([...engine.sessions.values()].map(({ codec }) => codec)).size).toBe(10)
  })

  it('decisions and journal are for all: one transaction for the turn of all sessions', async () => {
    const world = new World()
    const shared = new WatchedJournal()
    const logons: (string | undefined)[] = []
    const engine = world.engine(tenSessions(), {
      journal: shared,
      authenticate: (logon) => {
        logons.push(logon.get(49))
        return true
      }
    })
    await engine.start()
    await world.settle()
    expect(logons.sort()).toEqual([...firms].sort())
    shared.commits.length = 0
    for (const session of engine.sessions.values()) session.send(order(session.id))
    await world.turn()
    expect(shared.commits).toHaveLength(1)
    expect(shared.commits[0]).toHaveLength(10)
    await world.settle()
    // What each received, again in one.
    expect(shared.commits).toHaveLength(2)
    expect(shared.commits[1]?.flatMap((batch) => batch.in)).toHaveLength(10)
  })
})

it('two engines of one process share a listener', async () => {
  const world = new World()
  const { defaults, sessions } = tenSessions()
  const part = (from: number) => ({ ...(defaults && { defaults }), sessions: sessions.slice(from, from + 5) })
  const [one, two] = [world.engine(part(0)), world.engine(part(5))]
  await Promise.all([one.start(), two.start()])
  await world.pass(2)
  expect([...states(one), ...states(two)].every((state) => state === 'Active')).toBe(true)
  expect(world.listened).toEqual(['127.0.0.1:9878'])
  const stopped = one.stop()
  await world.settle()
  await stopped
  // ALPHA's initiator was in the first engine; those whose both ends are in the second go on.
  const both = [...two.sessions.values()].filter(({ state }) => state === 'Active')
  expect(both.map(({ id }) => id)).toContain('FIX.4.4:BROKER->EPSILON')
  const epsilon = sessionOf(two, 'FIX.4.4:BROKER->EPSILON')
  const heard: (string | undefined)[] = []
  epsilon.on('message', (message) => heard.push(...clOrdIds([message])))
  sessionOf(two, 'FIX.4.4:EPSILON->BROKER').send(order('A'))
  await world.settle()
  expect(heard).toEqual(['A'])
})

it('a second session of one identity at one port is refused, and the first goes on', async () => {
  const world = new World()
  const engine = world.engine(tenSessions())
  await engine.start()
  await world.settle()
  const twin = world.acceptor({ senderCompId: 'BROKER', targetCompId: 'ALPHA' })
  await expect(twin.connect()).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    message: expect.stringContaining('waits for ALPHA as BROKER at 127.0.0.1:9878')
  })
  await twin.stop()
  expect(sessionOf(engine, 'FIX.4.4:BROKER->ALPHA').state).toBe('Active')
  world.network.cut()
  await world.pass(2)
  expect(sessionOf(engine, 'FIX.4.4:BROKER->ALPHA').state).toBe('Active')
})
