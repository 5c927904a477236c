import { describe, expect, it } from 'vitest'
import { FixConnectionError, FixError, FixMessage, Tag } from '../../lib/index.js'
import { converse } from '../support/conversation.js'
import { clOrdIds, order, outcome, report, TwoSessions } from '../support/two-sessions.js'

describe('send()', () => {
  it('returns MsgSeqNum(34), encodes at once and leaves its argument alone', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const message = order('A')
    const before = message.toString()
    expect(buySide.send(message)).toBe(2)
    expect(message.toString()).toBe(before)
    message.set(11, 'B', { replace: true })
    expect(buySide.send(message)).toBe(3)
    message.set(11, 'C', { replace: true })
    await two.settle()
    expect(clOrdIds(broker.seen.messages)).toEqual(['A', 'B'])
  })

  it.each([undefined, null, 'D', 7, {}, { msgType: 'D' }])(
    'refuses %o with a reason, as reject() does',
    async (thing) => {
      const two = new TwoSessions()
      const { buySide } = await two.loggedOn()
      const refusal = expect.objectContaining({
        code: 'NOT_A_MESSAGE',
        message: expect.stringContaining('a FixMessage')
      })
      expect(() => buySide.send(thing as FixMessage)).toThrow(refusal)
      expect(() => buySide.reject(thing as FixMessage)).toThrow(refusal)
      expect([buySide.state, buySide.nextNumOut]).toEqual(['Active', 2])
    }
  )

  it('sets the header itself, whatever the message says', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.send(new FixMessage('D', { 34: 99, 49: 'LIAR', 56: 'OTHER', 52: 'yesterday', 43: 'Y', 11: 'A' }))
    await two.settle()
    const [message] = broker.seen.messages
    expect([34, 49, 56, 43].map((tag) => message?.get(tag))).toEqual(['2', 'BUYSIDE', 'BROKER', undefined])
    expect(message?.get(52)).toBe('20240102-00:00:00.000')
  })

  it.each([
    ['never connected', async () => {}],
    [
      'dialling',
      async (two: TwoSessions, buySide: ReturnType<TwoSessions['initiator']>) => {
        void buySide.connect()
        await two.settle()
      }
    ],
    [
      'logging out',
      async (two: TwoSessions, buySide: ReturnType<TwoSessions['initiator']>) => {
        await two.loggedOn(two.acceptor(), buySide)
        void buySide.logout()
      }
    ],
    [
      'disconnected',
      async (two: TwoSessions, buySide: ReturnType<TwoSessions['initiator']>) => {
        await two.loggedOn(two.acceptor(), buySide)
        two.network.cut()
        await two.settle()
      }
    ]
  ])('throws while %s, and uses no number', async (_, arrive) => {
    const two = new TwoSessions()
    const buySide = two.initiator()
    await arrive(two, buySide)
    const { nextNumOut } = buySide
    const send = () => buySide.send(order('A'))
    expect(send).toThrow(FixConnectionError)
    expect(send).toThrow(expect.objectContaining({ code: 'NOT_LOGGED_ON' }))
    expect(() => buySide.reject(report('A'))).toThrow(expect.objectContaining({ code: 'NOT_LOGGED_ON' }))
    expect(() => buySide.sendTestRequest()).toThrow(expect.objectContaining({ code: 'NOT_LOGGED_ON' }))
    expect(buySide.nextNumOut).toBe(nextNumOut)
  })

  it('refuses the messages that are the session’s own', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    for (const msgType of ['0', '1', '2', '4', '5', 'A']) {
      const send = () => buySide.send(new FixMessage(msgType))
      expect(send).toThrow(FixError)
      expect(send).toThrow(expect.objectContaining({ code: 'ADMIN_MESSAGE' }))
    }
    expect(buySide.nextNumOut).toBe(2)
  })

  it('tells `sent` with the number, before anything is on the wire', async () => {
    const { two, buySide, transport } = await converse()
    const told: unknown[] = []
    const writes = transport.writes.length
    buySide.on('sent', (message, msgSeqNum) => told.push([message.get(11), msgSeqNum, transport.writes.length]))
    buySide.send(order('A'))
    buySide.send(order('B'))
    await two.settle()
    expect(told).toEqual([
      ['A', 2, writes],
      ['B', 3, writes]
    ])
  })

  it('keeps the order of numbers on the wire when a listener of `sent` sends', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    buySide.on('sent', (message) => {
      if (message.get(11) === 'A') buySide.send(order('B'))
    })
    buySide.send(order('A'))
    await two.settle()
    expect(broker.seen.messages.map((message) => [message.msgSeqNum, message.get(11)])).toEqual([
      [2, 'A'],
      [3, 'B']
    ])
    expect(broker.seen.errors).toEqual([])
  })

  it('waits its turn behind a resend, and is saved at once', async () => {
    const { two, broker, buySide, journal } = await converse()
    two.network.stall('toAcceptor')
    for (let n = 0; n < 3; n++) buySide.send(order(`A-${n}`))
    await two.settle()
    two.network.cut()
    two.network.resume()
    buySide.on('stateChange', (state) => {
      if (state === 'ResendReqHandling') buySide.send(order('new'))
    })
    await two.pass(1)
    expect(clOrdIds(broker.seen.messages)).toEqual(['A-0', 'A-1', 'A-2', 'new'])
    expect(broker.seen.messages.map((message) => message.get(43))).toEqual(['Y', 'Y', 'Y', undefined])
    expect(journal.inner.read(buySide.id, 'out', 6, 6, 1)).toHaveLength(1)
  })
})

describe('flush()', () => {
  it('resolves when all is saved and with the socket', async () => {
    const { two, buySide, trace } = await converse()
    trace.length = 0
    buySide.send(order('A'))
    const flushed = buySide.flush().then(() => trace.push('flushed'))
    await two.settle()
    await flushed
    expect(trace).toEqual(['commit BUYSIDE->BROKER out 2', 'write D 2', 'flushed'])
  })

  it('resolves at once when there is nothing to wait for, also before connect()', async () => {
    const two = new TwoSessions()
    await two.initiator().flush()
    const { buySide } = await two.loggedOn()
    await buySide.flush()
  })
})

describe('sendTestRequest()', () => {
  it('throws while another is pending, and not once that was answered', async () => {
    const two = new TwoSessions()
    const { buySide } = await two.loggedOn()
    buySide.sendTestRequest()
    expect(buySide.state).toBe('AwaitProcTestReq')
    expect(() => buySide.sendTestRequest()).toThrow(FixConnectionError)
    expect(() => buySide.sendTestRequest()).toThrow(expect.objectContaining({ code: 'TEST_REQUEST_PENDING' }))
    await two.settle()
    expect(buySide.state).toBe('Active')
    buySide.sendTestRequest()
    await two.settle()
    expect(buySide.state).toBe('Active')
  })
})

describe('reject()', () => {
  it('sends BusinessMessageReject(j), which the other side sees as a message and as a reject', async () => {
    const two = new TwoSessions()
    const { broker, buySide } = await two.loggedOn()
    const rejects: string[] = []
    buySide.on('reject', (reject) => rejects.push(reject.toString()))
    buySide.send(order('A'))
    await two.settle()
    const [refused] = broker.seen.messages
    if (refused === undefined) throw new Error('no order came')
    expect(broker.reject(refused, { businessRejectReason: 3, text: 'not today', refId: 'A' })).toBe(2)
    await two.settle()
    const [seen] = buySide.seen.messages
    expect([35, Tag.RefSeqNum, 372, 380, 58, 379].map((tag) => seen?.get(tag))).toEqual([
      'j',
      '2',
      'D',
      '3',
      'not today',
      'A'
    ])
    expect(rejects).toEqual([seen?.toString()])
  })

  it('sends Reject(3) before FIX 4.2', async () => {
    const two = new TwoSessions()
    const version = { beginString: 'FIX.4.1' } as const
    const { broker, buySide } = await two.loggedOn(two.acceptor(version), two.initiator(version))
    const rejects: (string | undefined)[] = []
    buySide.on('reject', (reject) => rejects.push(reject.msgType, reject.get(45), reject.get(58)))
    buySide.send(order('A'))
    await two.settle()
    const [refused] = broker.seen.messages
    if (refused !== undefined) broker.reject(refused, { text: 'not today' })
    await two.settle()
    expect(rejects).toEqual(['3', '2', 'not today'])
    expect(buySide.seen.messages).toEqual([])
  })
})

describe('what a journal that answers late makes of send()', () => {
  it('is refused with OUTBOUND_FULL when maxOutboundBuffer bytes wait for it', async () => {
    const { two, buySide, broker, journal } = await converse({}, { maxOutboundBuffer: 1000 })
    journal.late = true
    let sent = 0
    const flood = () => {
      for (; sent < 100; sent++) buySide.send(order(`A-${sent}`))
    }
    expect(flood).toThrow(expect.objectContaining({ code: 'OUTBOUND_FULL' }))
    expect(sent).toBeGreaterThan(5)
    expect(sent).toBeLessThan(15)
    expect(buySide.nextNumOut).toBe(2 + sent)
    await two.settle()
    expect(flood).toThrow(FixConnectionError)
    const flushed = outcome(buySide.flush())
    journal.late = false
    journal.answer()
    await two.settle()
    expect(flushed.state).toBe('resolved')
    expect(buySide.send(order('later'))).toBe(2 + sent)
    await two.settle()
    expect(broker.seen.messages).toHaveLength(sent + 1)
  })
})
