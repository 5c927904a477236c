import { describe, it } from 'vitest'
import {
  type Clock,
  FixEngine,
  FixMessage,
  FixSession,
  type Garbled,
  type Journal,
  type MessageIterator,
  MsgType,
  type Problem,
  type SessionConfig,
  type SessionEvents,
  type SessionParts,
  SessionState,
  Tag,
  type Transport
} from '../../lib/index.js'
import { ExecutionReport, type Message, OrdStatus } from '../../lib/versions/fix44/index.js'

/** What the compiler makes of it is the spec (`npm run typecheck`); none of this is run. */
function compiles(_: () => unknown): void {}

declare const session: FixSession
declare const parts: SessionParts
declare const order: FixMessage

const config: SessionConfig = {
  role: 'initiator',
  beginString: 'FIX.4.4',
  senderCompId: 'BUYSIDE',
  targetCompId: 'BROKER',
  host: '127.0.0.1',
  port: 9878,
  heartBtInt: 30,
  journal: { path: 'buyside.db' }
}

describe('the types of the public door', () => {
  it('let through what DESIGN shows', () => {
    compiles(
      () =>
        new FixSession(config, {
          shouldReplay: (message) => message.msgType !== MsgType.NewOrderSingle,
          authenticate: async (logon, peer) => logon.get(Tag.Password) === 'x' || `not from ${peer.remoteAddress}`,
          signLogon: (_, { msgSeqNum, sendingTime }) => ({ [Tag.RawData]: `${msgSeqNum}${sendingTime}` })
        })
    )
    compiles(() => new FixSession(config, { shouldReplay: async () => false }))
    compiles(() => {
      session.on('connect', () => {})
      session.on('logon', (logon, healthy) => [logon.get(108), healthy === true])
      session.on('message', (message) => message.msgType)
      session.on('message', async () => {})
      session.on('reject', (reject) => reject.get(58))
      session.on('logout', (logout) => logout.get(58))
      session.on('disconnect', ({ code, text }) => code + text)
      session.on('stateChange', (state, previous) => state === SessionState.Active && previous === 'LogonResponse')
      session.on('sent', (message, msgSeqNum) => [message.msgType, msgSeqNum + 1])
      session.on('dropped', (message, reason) => [message.msgType, reason.code])
      session.on('error', (error) => error.message)
    })
    compiles(async () => {
      await session.connect()
      session.send(order)
      await session.flush()
      session.sendTestRequest()
      session.reject(order, { businessRejectReason: 3, text: 'no', refId: 'A' })
      await session.logout('text')
      await session.disconnect({ logoutText: 'bye', state: SessionState.DisconnectedBrokenConn })
      await session.disconnect()
      await session.resetSeqNums()
      await session.setSeqNums({ nextNumIn: 2, nextNumOut: 3 })
      await session.setSeqNums({ nextNumIn: 2 }, { force: true })
      await session.stop()
    })
    compiles((): [string, 'initiator' | 'acceptor', SessionState, number, number, number, string] => [
      session.id,
      session.role,
      session.state,
      session.nextNumIn,
      session.nextNumOut,
      session.heartBtInt,
      session.config.senderCompId
    ])
    compiles(async () => {
      const engine = new FixEngine('sessions.json', { transport: (one) => transportFor(one.port) })
      engine.on('session', (one) => one.on('message', () => {}))
      for (const [id, one] of engine.sessions) one.send(new FixMessage('D', { 58: id }))
      await engine.start()
      await engine.stop()
    })
    compiles(async () => {
      session.pause()
      session.resume()
      const messages: MessageIterator<FixMessage> = session.messages()
      for await (const message of messages) message.ack()
      const last: undefined = (await messages.return()).value as undefined
      session.on('drain', () => [session.writableNeedDrain, session.paused, session.unacknowledged > 0, last])
    })
    compiles((): Journal | Transport | Clock | undefined => parts.journal ?? parts.transport ?? parts.clock)
    compiles(() => (garbled: Garbled, problem: Problem, events: SessionEvents) => [
      garbled.text,
      problem.sessionRejectReason,
      events.connect
    ])
  })

  it('refuse what a session does not know', () => {
    // @ts-expect-error there is no such event.
    compiles(() => session.on('messages', () => {}))
    // @ts-expect-error a message is no text.
    compiles(() => session.on('message', (message: string) => message))
    // @ts-expect-error events are the session's own to emit.
    compiles(() => session.emit('message', order))
    compiles(() => {
      // @ts-expect-error nobody sets the state from outside.
      session.state = SessionState.Active
    })
    // @ts-expect-error a message is sent, not a text.
    compiles(() => session.send('35=D'))
    // @ts-expect-error there is no such state.
    compiles(() => session.state === 'Connected')
    // @ts-expect-error numbers have names.
    compiles(() => session.setSeqNums(1, 2))
    // @ts-expect-error MsgSeqNum(34) is a number.
    compiles(() => session.setSeqNums({ nextNumIn: '2' }))
  })

  it('refuse a config that cannot be', () => {
    // @ts-expect-error there is no such role.
    compiles((): SessionConfig => ({ ...config, role: 'server' }))
    // @ts-expect-error there is no such version.
    compiles((): SessionConfig => ({ ...config, beginString: 'FIX.4.9' }))
    // @ts-expect-error there is no such option.
    compiles((): SessionConfig => ({ ...config, heartbeatInterval: 30 }))
    // @ts-expect-error it says nowhere who we are.
    compiles((): SessionConfig => ({ role: 'acceptor', beginString: 'FIX.4.4', targetCompId: 'A', port: 1 }))
    // @ts-expect-error only an initiator redials.
    compiles((): SessionConfig => ({ ...config, role: 'acceptor', reconnectInterval: 1 }))
  })

  it('refuse parts that do not fit', () => {
    // @ts-expect-error a journal has to commit.
    compiles(() => new FixSession(config, { journal: { load: () => {} } }))
    // @ts-expect-error the answer is yes or no.
    compiles(() => new FixSession(config, { shouldReplay: () => 'yes' }))
    // @ts-expect-error an engine's sessions have a transport each.
    compiles(() => new FixEngine('sessions.json', { transport: parts.transport }))
  })
})

describe('a typed session', () => {
  it('narrows messages by their type', () => {
    compiles(() =>
      new FixSession<Message>(config).on('message', (message) => {
        if (message.msgType !== MsgType.ExecutionReport) return
        const status: OrdStatus = message.get(Tag.OrdStatus)
        return status === OrdStatus.Filled
      })
    )
    compiles(() =>
      session.on('message', (message) => {
        if (ExecutionReport.is(message)) return message.get(Tag.OrderID).length
        // @ts-expect-error not every message has an OrderID(37).
        return message.get(Tag.OrderID).length
      })
    )
  })

  it('is a session like any other', () => {
    compiles((): FixSession => new FixSession<Message>(config))
  })
})

declare function transportFor(port: number): Transport
