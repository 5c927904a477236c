import { describe, expect, it } from 'vitest'
import {
  Codec,
  type Connection,
  type FixMessage,
  FixSession,
  type Heartbeat,
  HeartbeatMonitor,
  MemoryTransport,
  type Transport
} from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, outcome, report, silent, TwoSessions } from '../support/two-sessions.js'

describe('a codec that was brought', () => {
  it('reads and writes everything', async () => {
    const two = new TwoSessions()
    const codec = new Codec({ beginString: 'FIX.4.4' })
    const encoded: string[] = []
    const encode = codec.encode.bind(codec)
    codec.encode = (message, header) => {
      encoded.push(message.msgType)
      return encode(message, header)
    }
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { codec }))
    expect(buySide.codec).toBe(codec)
    buySide.send(order('A'))
    expect(encoded).toEqual(['A', 'D'])
  })

  it('that throws while a message is sent throws to the sender, and uses no number', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const { codec } = buySide
    const encode = codec.encode.bind(codec)
    codec.encode = (message, header) => {
      if (message.get(11) === 'bad') throw new Error('cannot')
      return encode(message, header)
    }
    expect(() => buySide.send(order('bad'))).toThrow('cannot')
    expect(buySide.send(order('good'))).toBe(2)
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['good'])
  })

  it('that throws while it reads costs the link, not the process', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const push = broker.codec.push.bind(broker.codec)
    broker.codec.push = (bytes) => {
      broker.codec.push = push
      throw new Error(`cannot read ${bytes.length} bytes`)
    }
    buySide.send(order('A'))
    await two.settle()
    expect(broker.seen.errors).toMatchObject([{ code: 'PART_FAILED' }])
    expect(broker.seen.events).toContain('disconnect PART_FAILED')
    await two.pass(1)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })

  it('that throws while an administrative message is made costs the link, and it comes back', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const encode = broker.codec.encode.bind(broker.codec)
    broker.codec.encode = (message, header) => {
      if (message.msgType !== '0') return encode(message, header)
      broker.codec.encode = encode
      throw new Error('no Heartbeat today')
    }
    buySide.sendTestRequest()
    await two.pass(2)
    expect(broker.seen.errors).toMatchObject([{ code: 'PART_FAILED' }])
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    buySide.send(order('A'))
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })
})

describe('a transport that was brought', () => {
  class Faulty implements Transport {
    readonly network: object
    dialFault: Error | undefined
    writeFault: Error | undefined
    private readonly inner: MemoryTransport

    constructor(two: TwoSessions) {
      this.inner = new MemoryTransport(two.network)
      this.network = this.inner.network
    }

    dial: Transport['dial'] = (endpoint, events) => {
      if (this.dialFault !== undefined) throw this.dialFault
      return this.inner.dial(endpoint, {
        connected: (connection) => events.connected(this.spoil(connection)),
        failed: (reason) => events.failed(reason)
      })
    }

    listen: Transport['listen'] = (endpoint, accept) => this.inner.listen(endpoint, accept)

    private spoil(connection: Connection): Connection {
      const write = connection.write.bind(connection)
      connection.write = (bytes) => {
        if (this.writeFault !== undefined) throw this.writeFault
        return write(bytes)
      }
      return connection
    }
  }

  it('that throws when it is to dial has failed to dial, and is asked again', async () => {
    const two = new TwoSessions()
    const transport = new Faulty(two)
    await two.acceptor().connect()
    const buySide = two.initiator({}, { transport })
    transport.dialFault = new Error('no such device')
    const connected = outcome(buySide.connect())
    await two.pass(3.5)
    expect(buySide.seen.events.filter((event) => event === 'disconnect CONNECT_FAILED')).toHaveLength(4)
    expect(connected.state).toBe('pending')
    transport.dialFault = undefined
    await two.pass(1)
    expect(connected.state).toBe('resolved')
  })

  it('that cannot listen is LISTEN_FAILED, whatever it threw', async () => {
    const two = new TwoSessions()
    const inner = new MemoryTransport(two.network)
    const cause = new Error('no such device')
    const faults: Transport['listen'][] = [
      () => {
        throw cause
      },
      async () => {
        throw cause
      }
    ]
    for (const listen of faults) {
      const dial: Transport['dial'] = (endpoint, events) => inner.dial(endpoint, events)
      const broker = two.acceptor({}, { transport: { network: inner.network, listen, dial } })
      await expect(broker.connect()).rejects.toMatchObject({ code: 'LISTEN_FAILED', cause })
      expect(broker.seen.errors).toMatchObject([{ code: 'LISTEN_FAILED' }])
    }
    await two.acceptor().connect()
  })

  it('whose connection throws when it is to be closed is given up all the same', async () => {
    const two = new TwoSessions()
    const inner = new MemoryTransport(two.network)
    const stubborn = (connection: Connection): Connection => {
      for (const close of ['end', 'destroy'] as const) {
        const original = connection[close].bind(connection)
        connection[close] = () => {
          original()
          throw new Error('stubborn')
        }
      }
      return connection
    }
    const transport: Transport = {
      network: inner.network,
      listen: (endpoint, accept) => inner.listen(endpoint, accept),
      dial: (endpoint, events) =>
        inner.dial(endpoint, {
          connected: (connection) => events.connected(stubborn(connection)),
          failed: (reason) => events.failed(reason)
        })
    }
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { transport }))
    const out = outcome(buySide.disconnect())
    await two.settle()
    expect(out.state).toBe('resolved')
    expect(buySide.seen.errors).toEqual([])
    void buySide.connect()
    await two.settle()
    expect(buySide.state).toBe('Active')
  })

  it('that connects after its dial was given up is left alone', async () => {
    const two = new TwoSessions()
    const inner = new MemoryTransport(two.network)
    const dials: (() => void)[] = []
    const transport: Transport = {
      network: inner.network,
      listen: (endpoint, accept) => inner.listen(endpoint, accept),
      dial: (endpoint, events) => {
        dials.push(() => inner.dial(endpoint, events))
        return { abort: () => {} }
      }
    }
    await two.acceptor().connect()
    const buySide = two.initiator({}, { transport })
    void buySide.connect()
    await two.settle()
    await buySide.disconnect()
    dials[0]?.()
    await two.pass(3)
    expect(two.network.links).toEqual([])
    expect(buySide.seen.events).not.toContain('connect')
    void buySide.connect()
    await two.settle()
    dials[1]?.()
    await two.settle()
    expect(buySide.state).toBe('Active')
  })

  it('whose listening fails late, when nobody wants it any more, takes nobody else’s listener with it', async () => {
    const two = new TwoSessions()
    const fails: ((error: Error) => void)[] = []
    const inner = new MemoryTransport(two.network)
    const listened: number[] = []
    const transportThat = (listen: Transport['listen']): Transport => ({
      network: inner.network,
      listen,
      dial: (endpoint, events) => inner.dial(endpoint, events)
    })
    const slow = transportThat(() => new Promise((_, reject) => fails.push(reject)))
    const good = transportThat((endpoint, accept) => {
      listened.push(endpoint.port)
      return inner.listen(endpoint, accept)
    })
    const one = two.acceptor({ targetCompId: 'ONE' }, { transport: slow })
    const connected = outcome(one.connect())
    await two.settle()
    const stopped = outcome(one.stop())
    await two.settle()
    const second = two.acceptor({ targetCompId: 'TWO' }, { transport: good })
    await second.connect()
    fails[0]?.(new Error('too late'))
    await two.settle()
    expect([connected.state, stopped.state]).toEqual(['rejected', 'resolved'])
    await two.acceptor({ targetCompId: 'THREE' }, { transport: good }).connect()
    expect(listened).toEqual([9878])
  })

  it('whose connection throws when it is to write costs the link, and nothing is lost', async () => {
    const two = new TwoSessions()
    const transport = new Faulty(two)
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({}, { transport }))
    transport.writeFault = new Error('broken')
    buySide.send(order('A'))
    await two.settle()
    expect(buySide.seen.errors).toMatchObject([{ code: 'PART_FAILED' }])
    transport.writeFault = undefined
    await two.pass(2)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
  })
})

describe('a heartbeat that was brought', () => {
  it('keeps the time', async () => {
    const two = new TwoSessions()
    const monitor = new HeartbeatMonitor({ clock: two.clock })
    const armed: (number | undefined)[] = []
    const heartbeat: Heartbeat = {
      start: (callback) => monitor.start(callback),
      arm: (deadline) => {
        armed.push(deadline)
        monitor.arm(deadline)
      },
      stop: () => monitor.stop()
    }
    const { buySide } = await two.loggedOn(two.acceptor(), two.initiator({ heartBtInt: 10 }, { heartbeat }))
    expect(armed.at(-1)).toBe(two.clock.monotonic() + 10_000)
    await two.pass(10)
    expect(buySide.nextNumOut).toBe(3)
  })
})

describe('a logger that was brought', () => {
  it('is told where the session stands', async () => {
    const two = new TwoSessions()
    const lines: string[] = []
    const tell = (...args: unknown[]) => void lines.push(String(args.at(-1)))
    await two.loggedOn(
      two.acceptor(),
      two.initiator({}, { logger: { debug: tell, info: tell, warn: tell, error: tell } })
    )
    expect(lines).toContain('Dialling 127.0.0.1:9878.')
    expect(lines).toContain('Connected.')
    expect(lines).toContain('Logged on.')
  })

  it('may throw as much as it likes', async () => {
    const two = new TwoSessions()
    const fail = () => {
      throw new Error('disk full')
    }
    const logger = { debug: fail, info: fail, warn: fail, error: fail }
    const stderr: string[] = []
    const write = process.stderr.write
    process.stderr.write = ((text: string) => stderr.push(text) > 0) as typeof process.stderr.write
    try {
      const { broker, buySide } = await two.loggedOn(two.acceptor({}, { logger }), two.initiator({}, { logger }))
      buySide.send(order('A'))
      await two.settle()
      expect(clOrdIds(broker.seen.messages)).toEqual(['A'])
    } finally {
      process.stderr.write = write
    }
    expect(stderr).toHaveLength(2)
  })
})

describe('signLogon', () => {
  it.each([
    ['at once', () => ({ 553: 'me', 96: 'signed' })],
    ['by a promise', async () => ({ 553: 'me', 96: 'signed' })]
  ])('adds its fields, %s, when number and time are final', async (_, answer) => {
    const two = new TwoSessions()
    const asked: unknown[] = []
    const logons: FixMessage[] = []
    const broker = two.acceptor()
    broker.on('logon', (logon) => logons.push(logon))
    const buySide = two.initiator(
      {},
      {
        signLogon: (logon, final) => {
          asked.push([logon.msgType, final])
          return answer()
        }
      }
    )
    await two.loggedOn(broker, buySide)
    expect(asked).toEqual([['A', { msgSeqNum: 1, sendingTime: '20240102-00:00:00.000' }]])
    const [logon] = logons
    expect([553, 96, 95, 34, 52].map((tag) => logon?.get(tag))).toEqual([
      'me',
      'signed',
      undefined,
      '1',
      '20240102-00:00:00.000'
    ])
  })

  it('keeps the time that was signed, however long the promise takes', async () => {
    const two = new TwoSessions()
    let sign = (_: Record<number, string>): void => {}
    const times: (string | undefined)[] = []
    const broker = two.acceptor()
    broker.on('logon', (logon) => times.push(logon.get(52)))
    const buySide = two.initiator(
      {},
      {
        signLogon: () =>
          new Promise<Record<number, string>>((resolve) => {
            sign = resolve
          })
      }
    )
    await broker.connect()
    void buySide.connect()
    await two.pass(3)
    expect(buySide.state).toBe('NetworkConnEstablished')
    sign({ 553: 'me' })
    await two.settle()
    expect(times).toEqual(['20240102-00:00:00.000'])
    expect(buySide.state).toBe('Active')
  })

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('no key')
      }
    ],
    [
      'rejects',
      async () => {
        throw new Error('no key')
      }
    ]
  ])('that %s sends no Logon, is an error event, and is asked again at the next dial', async (_, fail) => {
    const two = new TwoSessions()
    let broken = true
    const buySide = two.initiator({}, { signLogon: () => (broken ? fail() : { 553: 'me' }) })
    const { broker } = await two.loggedOn(two.acceptor(), buySide)
    expect(broker.nextNumIn).toBe(1)
    broken = false
    await two.pass(1)
    expect(buySide.state).toBe('Active')
  })

  it('whose fields cannot be set sends no Logon', async () => {
    const two = new TwoSessions()
    const buySide = two.initiator({}, { signLogon: () => ({ 108: '99' }) })
    await two.acceptor().connect()
    void buySide.connect()
    await two.settle()
    expect(buySide.seen.errors).toMatchObject([{ code: 'PREDICATE_FAILED' }])
    expect(buySide.seen.events).toContain('disconnect LOGON_NOT_SIGNED')
  })

  it('that answers when the link is gone is not listened to', async () => {
    const two = new TwoSessions()
    const signs: ((fields: Record<number, string>) => void)[] = []
    const { broker, buySide } = await two.loggedOn(
      two.acceptor(),
      two.initiator({}, { signLogon: () => new Promise((resolve) => signs.push(resolve)) })
    )
    two.network.cut()
    await two.pass(1)
    signs[0]?.({ 553: 'late' })
    await two.settle()
    expect(buySide.state).toBe('NetworkConnEstablished')
    expect(broker.nextNumIn).toBe(1)
    signs[1]?.({ 553: 'me' })
    await two.settle()
    expect(buySide.state).toBe('Active')
  })
})

describe('shouldReplay', () => {
  const no = 'A-1'
  const predicates: [string, (message: FixMessage) => boolean | Promise<boolean>][] = [
    ['at once', (message) => message.get(11) !== no],
    ['by promises', async (message) => message.get(11) !== no],
    ['now at once, now by promises', (message) => (message.get(11) === no ? Promise.resolve(false) : true)],
    [
      'by throwing',
      (message) => {
        if (message.get(11) === no) throw new Error('stale')
        return true
      }
    ],
    [
      'by rejecting',
      async (message) => {
        if (message.get(11) === no) throw new Error('stale')
        return true
      }
    ],
    ['with nothing', (message) => (message.get(11) === no ? (undefined as unknown as boolean) : true)]
  ]

  it.each(predicates)('decides %s what is sent again; the rest is gap-filled', async (how, shouldReplay) => {
    const { two, broker, buySide } = await converse({}, {}, { shouldReplay })
    two.network.stall('toAcceptor')
    for (let n = 0; n < 3; n++) buySide.send(order(`A-${n}`))
    await two.settle()
    two.network.cut()
    two.network.resume()
    await two.pass(1)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A-0', 'A-2'])
    expect([broker.state, buySide.state]).toEqual(['Active', 'Active'])
    expect(broker.nextNumIn).toBe(buySide.nextNumOut)
    expect(buySide.counters).toMatchObject({ resent: 2, gapFilled: 2 })
    const failures = /throwing|rejecting/.test(how) ? [{ code: 'PREDICATE_FAILED' }] : []
    expect(buySide.seen.errors).toMatchObject(failures)
    expect(buySide.seen.errors).toHaveLength(failures.length)
  })

  it('that answers when the link is gone is not listened to', async () => {
    const answers: ((decision: boolean) => void)[] = []
    const shouldReplay = () => new Promise<boolean>((resolve) => answers.push(resolve))
    const { two, broker, buySide } = await converse({}, {}, { shouldReplay })
    two.network.stall('toAcceptor')
    buySide.send(order('A'))
    await two.settle()
    two.network.cut()
    two.network.resume()
    await two.pass(1)
    expect(buySide.state).toBe('ResendReqHandling')
    two.network.cut()
    await two.pass(1)
    answers[0]?.(true)
    await two.settle()
    expect(broker.seen.messages).toEqual([])
    answers[1]?.(false)
    await two.settle()
    expect(buySide.state).toBe('Active')
    expect(broker.seen.messages).toEqual([])
    expect(broker.nextNumIn).toBe(buySide.nextNumOut)
  })
})

describe('a session with parts of its own', () => {
  it('makes what it was not given', () => {
    const session = new FixSession(
      {
        role: 'initiator',
        beginString: 'FIX.4.2',
        senderCompId: 'A',
        targetCompId: 'B',
        host: '127.0.0.1',
        port: 1,
        journal: { path: ':memory:' }
      },
      { logger: silent }
    )
    expect(session.codec.beginString).toBe('FIX.4.2')
  })

  it('uses the clock that it was given for everything', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn(two.acceptor(), two.initiator({ heartBtInt: 5 }))
    two.clock.stepWall(60_000)
    broker.send(report('A'))
    await two.settle()
    expect(buySide.seen.messages[0]?.get(52)).toBe('20240102-00:01:00.000')
    expect(buySide.state).toBe('Active')
  })
})
