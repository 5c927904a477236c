import { once } from 'node:events'
import { connect } from 'node:net'
import { wireText } from '../corpus/wire.js'

const TRAILER = Buffer.from('\u000110=')
/** A trailer: SOH, `10=nnn`, SOH. */
const TRAILER_LENGTH = 8

/**
 * The other end of a session by the plainest means, the same for every engine: it logs on, sends what it is told, and
 * counts the messages that come by their trailers. Nothing is parsed, stored or answered.
 */
export class PlainSession {
  #socket
  #sender
  #target
  #nextNumOut = 1
  /** The last bytes of the read before, in which a trailer may begin. */
  #tail = Buffer.alloc(0)
  /** Messages that came so far. */
  count = 0
  /** Called after each read, with its bytes. */
  onRead = () => {}

  constructor(sender, target) {
    this.#sender = sender
    this.#target = target
  }

  /** Resolves when the engine has answered the Logon(A). */
  async logOn(port, heartBtInt) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(this.#socket, 'connect')
    this.#socket.on('data', (bytes) => this.#read(bytes))
    this.#socket.on('error', () => {})
    this.send([
      [35, 'A'],
      [98, '0'],
      [108, heartBtInt]
    ])
    await this.received(1)
  }

  /** Sends a message: its MsgType(35) first, then the fields of its body. */
  send([msgType, ...body]) {
    const sendingTime = new Date().toISOString().replaceAll('-', '').replace('T', '-').slice(0, 21)
    const header = [
      [34, this.#nextNumOut++],
      [49, this.#sender],
      [52, sendingTime],
      [56, this.#target]
    ]
    this.#socket.write(wireText([msgType, ...header, ...body]), 'latin1')
  }

  /** Resolves when so many messages have come in all. */
  received(count) {
    return new Promise((resolve, reject) => {
      const closed = () =>
        reject(new Error(`the engine closed the connection after ${this.count} of ${count} messages`))
      this.#socket.once('close', closed)
      const look = () => {
        if (this.count < count) return
        this.#socket.off('close', closed)
        this.onCount = () => {}
        resolve()
      }
      this.onCount = look
      look()
    })
  }

  close() {
    this.#socket.destroy()
  }

  onCount = () => {}

  #read(bytes) {
    const before = this.#tail.length
    const all = before === 0 ? bytes : Buffer.concat([this.#tail, bytes])
    let end = 0
    for (let at = all.indexOf(TRAILER); at >= 0 && at + TRAILER_LENGTH <= all.length; at = all.indexOf(TRAILER, end)) {
      this.count++
      end = at + TRAILER_LENGTH
    }
    this.#tail = all.subarray(Math.max(end, all.length - TRAILER_LENGTH + 1))
    this.onRead(bytes)
    this.onCount()
  }
}
