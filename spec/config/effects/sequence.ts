import { expect } from 'vitest'
import { FixMessage, MemoryJournal, type SessionConfig } from '../../../lib/index.js'
import type { JournalMessage } from '../../../lib/journal/journal.js'
import type { Counterparty } from '../../support/counterparty.js'
import { order } from '../../support/two-sessions.js'
import { accepted, another, answerTo, dialled, type Effects, listening, loggedOn, theirLogon } from './world.js'

/** What our initiator says when it logs on for the second time. */
async function secondLogon(config: object, between: (them: Counterparty) => Promise<unknown>): Promise<string[]> {
  const { two, us, them } = await loggedOn({ reconnectInterval: 1, ...config })
  us.send(order('A'))
  await two.settle()
  await between(them)
  if (us.state !== 'DisconnectedBrokenConn') void us.connect()
  await two.pass(1)
  return them.heard().filter((text) => text.startsWith('35=A'))
}

const cut = async (them: Counterparty) => them.connections.at(-1)?.destroy()
const logOut = (them: Counterparty) => them.say('35=5|34=2')

/** Asks our acceptor, which has sent three orders, for all of them. */
async function resent(config: object): Promise<string[]> {
  const { two, us, them } = await accepted(config)
  for (const id of ['A', 'B', 'C']) us.send(order(id))
  await two.settle()
  them.heard()
  await them.say('35=2|34=2|7=1|16=0')
  return them.heard().map((text) => text.replace(/\|122=[^|]*/, ''))
}

/** The same, with the second order's record in the journal damaged: what is heard, and the codes of error events. */
async function resentDamaged(config: object): Promise<string[]> {
  const { two, us, them } = await accepted(config, { journal: new DamagedJournal(3) })
  for (const id of ['A', 'B', 'C']) us.send(order(id))
  await two.settle()
  them.heard()
  await them.say('35=2|34=2|7=2|16=0')
  const codes = us.seen.errors.map((error) => (error as Error & { code: string }).code)
  return [...them.heard().map((text) => text.slice(0, 9)), ...codes]
}

/** A MemoryJournal with one byte of an outgoing message not as it was written. */
class DamagedJournal extends MemoryJournal {
  readonly #msgSeqNum: number

  constructor(msgSeqNum: number) {
    super()
    this.#msgSeqNum = msgSeqNum
  }

  override read(...question: Parameters<MemoryJournal['read']>): readonly JournalMessage[] {
    const found = super.read(...question)
    for (const { msgSeqNum, bytes } of found) if (msgSeqNum === this.#msgSeqNum) bytes[30] = 0x7f
    return found
  }
}

export const sequence: Effects = {
  resetOnLogon: async () => {
    expect(await secondLogon({}, cut)).toEqual(['35=A|34=3|98=0|108=30'])
    expect(await secondLogon({ resetOnLogon: true }, cut)).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
  },
  resetOnLogout: async () => {
    expect(await secondLogon({ resetOnLogout: true }, logOut)).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(await secondLogon({ resetOnLogout: true }, cut)).toEqual(['35=A|34=3|98=0|108=30'])
    expect(await secondLogon({}, logOut)).toEqual(['35=A|34=4|98=0|108=30'])
  },
  resetOnDisconnect: async () => {
    expect(await secondLogon({ resetOnDisconnect: true }, cut)).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(await secondLogon({ resetOnDisconnect: true }, logOut)).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
    expect(await secondLogon({}, cut)).toEqual(['35=A|34=3|98=0|108=30'])
  },
  sendNextExpectedMsgSeqNum: async () => {
    const { them } = await dialled({ sendNextExpectedMsgSeqNum: true })
    expect(them.heard()).toEqual(['35=A|34=1|98=0|108=30|789=1'])
    expect((await dialled()).them.heard()).toEqual(['35=A|34=1|98=0|108=30'])
  },
  enableLastMsgSeqNumProcessed: async () => {
    const probe = '35=1|34=2|112=X'
    expect(await answerTo({ enableLastMsgSeqNumProcessed: true }, probe)).toEqual(['35=0|34=2|369=2|112=X'])
    expect(await answerTo({}, probe)).toEqual(['35=0|34=2|112=X'])
  },
  validateSequenceNumbers: async () => {
    const delivered = async (validateSequenceNumbers: boolean) => {
      const { us, them } = await accepted({ validateSequenceNumbers })
      await them.say('35=D|34=9|11=A')
      return us.seen.messages.length
    }
    expect(await delivered(true)).toBe(0)
    expect(await delivered(false)).toBe(1)
  },
  persistMessages: async () => {
    expect(await resent({})).toEqual([
      '35=4|34=1|43=Y|36=2|123=Y',
      ...['A', 'B', 'C'].map((id, index) => `35=D|34=${index + 2}|43=Y|11=${id}|38=100|40=1|54=1|55=MSFT`)
    ])
    expect(await resent({ persistMessages: false })).toEqual(['35=4|34=1|43=Y|36=5|123=Y'])
  },
  refreshOnLogon: async () => {
    // Another process of a failover pair has used the journal since this session opened it.
    const numbers = async (refreshOnLogon: boolean) => {
      const journal = new MemoryJournal()
      const { two, us, them } = await loggedOn({ refreshOnLogon, reconnectInterval: 1 }, { journal })
      us.send(order('A'))
      await two.settle()
      them.connections[0]?.destroy()
      await two.settle()
      const nothing = { reset: undefined, out: [], in: [], connectTime: undefined }
      journal.commit([{ ...nothing, sessionId: us.id, nextNumIn: 50, nextNumOut: 60 }])
      await two.pass(1)
      return [us.nextNumIn, them.heard().at(-1)]
    }
    expect(await numbers(true)).toEqual([50, '35=A|34=60|98=0|108=30'])
    expect(await numbers(false)).toEqual([2, '35=A|34=3|98=0|108=30'])
    const journal = new MemoryJournal()
    const world = await accepted({ refreshOnLogon: true }, { journal })
    world.them.connections[0]?.destroy()
    await world.two.settle()
    const batch = { reset: undefined, out: [], in: [], connectTime: undefined, nextNumIn: 50, nextNumOut: 60 }
    journal.commit([{ ...batch, sessionId: world.us.id }])
    const them = await another(world).dial()
    await them.say(theirLogon.replace('34=1', '34=50'))
    expect(them.heard()).toEqual(['35=A|34=60|98=0|108=30'])
    expect(world.us.state).toBe('Active')
  }
}

export const resend: Effects = {
  sendRedundantResendRequests: async () => {
    const gap = ['35=0|34=5', '35=0|34=6']
    expect(await answerTo({}, ...gap)).toEqual(['35=2|34=2|7=2|16=0'])
    expect(await answerTo({ sendRedundantResendRequests: true }, ...gap)).toEqual([
      '35=2|34=2|7=2|16=0',
      '35=2|34=3|7=2|16=0'
    ])
  },
  closedResendInterval: async () => {
    expect(await answerTo({ closedResendInterval: true }, '35=0|34=5')).toEqual(['35=2|34=2|7=2|16=4'])
  },
  resendRequestChunkSize: async () => {
    expect(await answerTo({ resendRequestChunkSize: 2 }, '35=0|34=9')).toEqual(['35=2|34=2|7=2|16=3'])
  },
  newMessagesDuringResend: async () => {
    const numbers = async (config: object): Promise<number[]> => {
      const { two, us, them } = await accepted(config)
      for (let sent = 0; sent < 300; sent++) us.send(order('A'))
      await two.settle()
      them.heard()
      us.once('stateChange', () => us.send(order('new')))
      await them.say('35=2|34=2|7=1|16=0')
      return them.heard().map((text) => Number(/34=(\d+)/.exec(text)?.[1]))
    }
    const last = 302
    expect((await numbers({ newMessagesDuringResend: 'after' })).at(-1)).toBe(last)
    const between = await numbers({})
    expect([between.indexOf(last) > 0, between.indexOf(last) < between.length - 1]).toEqual([true, true])
  },
  recovery: async () => {
    const gap = '35=D|34=5|11=A'
    expect(await answerTo({}, gap)).toEqual(['35=2|34=2|7=2|16=0'])
    expect(await answerTo({ recovery: 'none' }, gap)).toEqual([])
    expect((await dialled()).them.heard()).toEqual(['35=A|34=1|98=0|108=30'])
    expect((await dialled({ recovery: 'none' })).them.heard()).toEqual(['35=A|34=1|98=0|108=30|141=Y'])
  },
  cmeEnhancedResend: async () => {
    const heard = ['35=0|34=5', '35=4|34=2|43=Y|36=7|123=Y', '35=1|34=6|112=X']
    expect(await answerTo({ cmeEnhancedResend: true }, ...heard)).toEqual(['35=2|34=2|7=2|16=4', '35=0|34=3|112=X'])
    expect(await answerTo({}, ...heard)).toEqual([
      '35=2|34=2|7=2|16=0',
      '35=5|34=3|58=MsgSeqNum too low, expecting 7 but received 6'
    ])
  },
  forceResendWhenCorruptedStore: async () => {
    expect(await resentDamaged({})).toEqual(['JOURNAL_CORRUPT'])
    expect(await resentDamaged({ forceResendWhenCorruptedStore: true })).toEqual([
      '35=D|34=2',
      '35=4|34=3',
      '35=D|34=4',
      'STORED_MESSAGE_CORRUPT'
    ])
  }
}

export const checks: Effects = {
  checkCompId: async () => {
    const stranger = '35=0|34=2|49=STRANGER'
    expect((await answerTo({}, stranger))[0]).toMatch(/^35=3\|34=2\|45=2\|58=CompID problem/)
    expect(await answerTo({ checkCompId: false }, stranger)).toEqual([])
  },
  checkLatency: async () => {
    const old = '35=0|34=2|52=20240101-00:00:00'
    expect((await answerTo({}, old))[0]).toMatch(/^35=3\|34=2\|45=2\|58=SendingTime accuracy problem/)
    expect(await answerTo({ checkLatency: false }, old)).toEqual([])
  },
  maxLatency: async () => {
    const minuteOld = '35=0|34=2|52=20240101-23:59:00'
    expect(await answerTo({}, minuteOld)).toEqual([])
    expect((await answerTo({ maxLatency: 59 }, minuteOld))[0]).toMatch(/SendingTime accuracy problem/)
  },
  requiresOrigSendingTime: async () => {
    const duplicate = '35=0|34=1|43=Y'
    expect((await answerTo({}, duplicate))[0]).toMatch(/^35=3\|34=2\|45=1\|58=Required tag missing\|371=122/)
    expect(await answerTo({ requiresOrigSendingTime: false }, duplicate)).toEqual([])
  },
  allowPosDup: async () => {
    const passedOn = new FixMessage('D', { 11: 'A', 43: 'Y', 122: '20240101-12:00:00.000' })
    const sent = async (allowPosDup: boolean) => {
      const { two, us, them } = await accepted({ allowPosDup })
      us.send(passedOn)
      us.send(order('B'))
      await two.settle()
      return them.heard()
    }
    const plain = '35=D|34=3|11=B|38=100|40=1|54=1|55=MSFT'
    expect(await sent(true)).toEqual(['35=D|34=2|43=Y|122=20240101-12:00:00.000|11=A', plain])
    expect(await sent(false)).toEqual(['35=D|34=2|11=A', plain])
  },
  timestampPrecision: async () => {
    const stamp = async (config: object) =>
      /\|52=([^|]*)\|/.exec((await dialled(config)).them.heardWhole()[0] ?? '')?.[1]
    expect(await stamp({})).toBe('20240102-00:00:00.000')
    expect(await stamp({ timestampPrecision: 0 })).toBe('20240102-00:00:00')
    expect(await stamp({ timestampPrecision: 9 })).toBe('20240102-00:00:00.000000000')
  }
}

/** What becomes of an order sent half a minute before the counterparty logs on: what it then hears, or the refusal. */
async function sentBefore(config: Partial<SessionConfig>, count = 1): Promise<string[]> {
  const { two, us, them } = await listening(config)
  const refusals: string[] = []
  for (let n = 0; n < count; n++) {
    try {
      us.send(order(String(n)))
    } catch (error) {
      refusals.push((error as { code: string }).code)
    }
  }
  await two.pass(30)
  await (await them.dial()).say(theirLogon)
  return [...refusals, ...them.heard().map((text) => text.slice(0, 9))]
}

/** MsgTypes(35) that the counterparty hears in each of the first three seconds of what is sent at once. */
async function heardBySecond(outboundLimit: SessionConfig['outboundLimit'], ...msgTypes: string[]): Promise<string[]> {
  const { two, us, them } = await accepted({ outboundLimit })
  await two.pass(3)
  for (const msgType of msgTypes) us.send(new FixMessage(msgType, { 11: msgType }))
  const heard: string[] = []
  for (let second = 0; second < 3; second++) {
    await two.pass(second === 0 ? 0.001 : 1)
    const texts = them.heard()
    heard.push(texts.map((text) => text.slice(3, 4)).join(''))
  }
  return heard
}

/** What is answered to five orders in one second, and how many of them the application sees. */
async function answersToFive(inboundLimit: SessionConfig['inboundLimit']): Promise<(string | number)[]> {
  const { us, them } = await accepted({ inboundLimit })
  await them.say(...[2, 3, 4, 5, 6].map((msgSeqNum) => `35=D|34=${msgSeqNum}|11=${msgSeqNum}`))
  return [...them.heard().map((text) => text.slice(0, 4)), us.seen.messages.length]
}

export const sending: Effects = {
  'outboundLimit.messagesPerSecond': async () => {
    expect(await heardBySecond(undefined, 'D', 'D', 'D')).toEqual(['DDD', '', ''])
    expect(await heardBySecond({ messagesPerSecond: 1 }, 'D', 'D', 'D')).toEqual(['D', 'D', 'D'])
  },
  'outboundLimit.burst': async () => {
    expect(await heardBySecond({ messagesPerSecond: 1, burst: 2 }, 'D', 'D', 'D')).toEqual(['DD', 'D', ''])
  },
  'outboundLimit.byMsgType': async () => {
    const byMsgType = { D: { messagesPerSecond: 1 } }
    expect(await heardBySecond({ byMsgType }, 'D', 'D', 'G', 'F')).toEqual(['DF', 'DG', ''])
  },
  'outboundLimit.first': async () => {
    const outboundLimit = { messagesPerSecond: 1 }
    expect(await heardBySecond(outboundLimit, 'D', 'D', 'G', 'F')).toEqual(['D', 'F', 'D'])
    expect(await heardBySecond({ ...outboundLimit, first: ['G'] }, 'D', 'D', 'G', 'F')).toEqual(['D', 'G', 'D'])
  },
  'inboundLimit.messagesPerSecond': async () => {
    expect(await answersToFive(undefined)).toEqual([5])
    expect(await answersToFive({ messagesPerSecond: 4 })).toEqual(['35=j', 4])
  },
  'inboundLimit.burst': async () => {
    const twice = await answersToFive({ messagesPerSecond: 1, burst: 3 })
    expect(twice).toEqual(['35=j', '35=j', 3])
  },
  'inboundLimit.action': async () => {
    expect(await answersToFive({ messagesPerSecond: 3, action: 'disconnect' })).toEqual(['35=5', 3])
  },
  sendWhileLoggedOff: async () => {
    expect(await sentBefore({})).toEqual(['NOT_LOGGED_ON', '35=A|34=1'])
    expect(await sentBefore({ sendWhileLoggedOff: 'queue', maxMessageAge: 60 })).toEqual(['35=A|34=1', '35=D|34=2'])
  },
  maxQueued: async () => {
    const queue = { sendWhileLoggedOff: 'queue', maxMessageAge: 60 } as const
    expect(await sentBefore({ ...queue, maxQueued: 1 }, 2)).toEqual(['QUEUE_FULL', '35=A|34=1', '35=D|34=2'])
    expect(await sentBefore(queue, 2)).toEqual(['35=A|34=1', '35=D|34=2', '35=D|34=3'])
  },
  maxMessageAge: async () => {
    expect(await sentBefore({ sendWhileLoggedOff: 'queue', maxMessageAge: 20 })).toEqual(['35=A|34=1'])
    expect(await resent({ maxMessageAge: 0 })).toEqual(['35=4|34=1|43=Y|36=5|123=Y'])
    expect(await resent({ maxMessageAge: 60 })).toHaveLength(4)
  },
  maxMessageAges: async () => {
    const queue = { sendWhileLoggedOff: 'queue', maxMessageAge: 60 } as const
    expect(await sentBefore({ ...queue, maxMessageAges: { D: 20 } })).toEqual(['35=A|34=1'])
    expect(await sentBefore({ ...queue, maxMessageAges: { F: 20 } })).toEqual(['35=A|34=1', '35=D|34=2'])
    expect(await resent({ maxMessageAges: { D: 0 } })).toHaveLength(1)
  }
}
