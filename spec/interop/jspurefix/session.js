import { AsciiSession, MsgTag, MsgType } from 'jspurefix'
import { AsciiMsgTransmitter } from 'jspurefix/dist/transport/ascii/ascii-msg-transmitter.js'
import { report } from '../report.js'
import { executionReport, newOrderSingle } from './orders.js'

/** Writes down each new message before it is passed on to the socket. */
export class KeepingTransmitter extends AsciiMsgTransmitter {
  constructor(config, peer) {
    super(config)
    this.peer = peer
  }

  encodeMessage(msgType, body) {
    // What is still queued in a connection that has been replaced must not take numbers of the new one.
    if (this.peer.transmitter !== this) {
      this.buffer.reset()
      return null
    }
    const header = super.encodeMessage(msgType, body)
    if (header && !header.PossDupFlag) this.peer.book.sending(header.MsgSeqNum, msgType, header.SendingTime, body)
    return header
  }
}

/** Reports what comes, answers orders when told to, and replays from the book. */
export class PeerSession extends AsciiSession {
  constructor(config, peer) {
    super(config)
    this.peer = peer
    this.loggedOn = false
    this.owed = []
  }

  run(transport) {
    this.peer.transmitter = transport.transmitter
    // jspurefix stops listening when it drops a connection; an ECONNRESET after that would end the process.
    transport.receiver.on('error', () => {})
    return super.run(transport)
  }

  /** True when a message given to `send` now is encoded now: nothing waits in jspurefix for the socket to take more. */
  hasRoom() {
    return this.loggedOn && this.transport?.transmitter.encodeStream.writableLength === 0
  }

  sendOrder(clOrdId) {
    this.send(MsgType.NewOrderSingle, newOrderSingle(this.peer.options.begin, clOrdId, new Date()))
  }

  disconnect() {
    this.stop(new Error('told to disconnect'))
  }

  onLogon() {
    return true
  }

  onReady() {
    this.loggedOn = true
    this.owed = []
    this.peer.loggedOn(this)
  }

  onStopped(error) {
    if (this.loggedOn) report('logout', { text: error?.message ?? '' })
    this.loggedOn = false
  }

  onMsg(msgType, view) {
    const msgSeqNum = view.getTyped(MsgTag.MsgSeqNum)
    const newSeqNo = view.getTyped(MsgTag.NewSeqNo) ?? 0
    const text = view.getString(MsgTag.Text) ?? ''
    const isAdmin = msgType.length === 1 && '012345A'.includes(msgType)
    if (isAdmin) report('admin', { msgType, msgSeqNum, text, newSeqNo })
    super.onMsg(msgType, view)
    if (isAdmin) this.peer.book.heard(msgSeqNum, Math.max(msgSeqNum, newSeqNo - 1))
  }

  onApplicationMsg(msgType, view) {
    const msgSeqNum = view.getTyped(MsgTag.MsgSeqNum)
    const clOrdId = view.getString(MsgTag.ClOrdID) ?? ''
    report('received', { msgSeqNum, possDup: view.getTyped(MsgTag.PossDupFlag) === true, msgType, clOrdId })
    const { book, options } = this.peer
    if (options.echoReports && msgType === MsgType.NewOrderSingle) {
      this.owed.push({ msgSeqNum, clOrdId })
      this.answerOrders()
    } else book.heard(msgSeqNum)
  }

  /** An order counts as heard once its report is in the book; those that a lost link leaves over come again. */
  answerOrders() {
    const { book, options } = this.peer
    while (this.owed.length > 0 && this.hasRoom()) {
      const { msgSeqNum, clOrdId } = this.owed.shift()
      if (!book.answered.has(clOrdId)) {
        this.send(MsgType.ExecutionReport, executionReport(options.begin, clOrdId, new Date()))
      }
      book.heard(msgSeqNum)
    }
  }

  /**
   * jspurefix's own answer fills the whole range, application messages too: it replays from a store that it never
   * writes to. Its README tells applications that want a replay to override this.
   */
  onResendRequest(view) {
    const { book, options } = this.peer
    const [begin, requestedEnd] = view.getTypedTags([MsgTag.BeginSeqNo, MsgTag.EndSeqNo])
    const last = book.nextNumOut - 1
    const end = requestedEnd === 0 ? last : Math.min(requestedEnd, last)
    let unfilled = begin
    for (let msgSeqNum = begin; msgSeqNum <= end; msgSeqNum++) {
      const sent = book.sentUnder(msgSeqNum)
      if (!sent) continue
      if (unfilled < msgSeqNum) this.#gapFill(unfilled, msgSeqNum)
      const build = sent.msgType === 'D' ? newOrderSingle : executionReport
      const body = build(options.begin, sent.clOrdId, new Date(sent.transactTime))
      this.#replay(sent.msgType, msgSeqNum, new Date(sent.sendingTime), body)
      unfilled = msgSeqNum + 1
    }
    if (unfilled <= end) this.#gapFill(unfilled, end + 1)
  }

  #gapFill(from, newSeqNo) {
    this.#replay(MsgType.SequenceReset, from, new Date(), { GapFillFlag: true, NewSeqNo: newSeqNo })
  }

  #replay(msgType, msgSeqNum, sendingTime, body) {
    // jspurefix turns this SendingTime into OrigSendingTime(122) and puts a new one in its place.
    const header = { PossDupFlag: true, MsgSeqNum: msgSeqNum, SendingTime: sendingTime }
    this.send(msgType, { ...body, StandardHeader: header })
  }

  onDecoded() {}
  onEncoded() {}
}
