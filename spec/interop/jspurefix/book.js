import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What this peer has sent, and the next number it expects, kept in two files that a SIGKILL cannot tear.
 *
 * It takes the place of jspurefix's own FileSessionStore, through the interface that jspurefix documents for that,
 * because 5.11 cannot come back from a kill with its own: it rewrites its numbers by overlapping asynchronous writes
 * of the whole file (the last to finish wins, and a kill leaves an empty one), moves the outgoing number back with
 * every replayed message, and moves the incoming one over a gap that has not been filled yet.
 */
export class Book {
  /** Next MsgSeqNum(34) to send. */
  nextNumOut = 1
  /** The first number not heard yet; jspurefix itself goes on behind a gap. */
  nextNumIn = 1
  orders = 0
  answered = new Set()
  #sent = new Map()
  #ahead = new Set()
  #sentFile
  #numberFile

  constructor(directory) {
    mkdirSync(directory, { recursive: true })
    const sentPath = join(directory, 'sent')
    const numberPath = join(directory, 'next-in')
    if (existsSync(sentPath)) for (const line of readFileSync(sentPath, 'latin1').split('\n')) this.#load(line)
    if (existsSync(numberPath)) this.nextNumIn = Number(readFileSync(numberPath, 'latin1')) || 1
    this.#sentFile = openSync(sentPath, 'a')
    this.#numberFile = openSync(numberPath, existsSync(numberPath) ? 'r+' : 'w')
    this.sentPath = sentPath
  }

  #load(line) {
    if (line === '') return
    const [msgSeqNum, msgType, sendingTime, transactTime, clOrdId] = line.split(' ')
    this.#note(Number(msgSeqNum), msgType, Number(sendingTime), Number(transactTime), clOrdId)
  }

  #note(msgSeqNum, msgType, sendingTime, transactTime, clOrdId) {
    this.nextNumOut = msgSeqNum + 1
    if (clOrdId === '') return
    this.#sent.set(msgSeqNum, { msgSeqNum, msgType, sendingTime, transactTime, clOrdId })
    if (msgType === 'D') this.orders += 1
    if (msgType === '8') this.answered.add(clOrdId)
  }

  /** Called for every new message before it goes out; one without ClOrdID(11) only takes its number. */
  sending(msgSeqNum, msgType, sendingTime, body) {
    const clOrdId = body.ClOrdID ?? ''
    const transactTime = body.TransactTime?.getTime() ?? 0
    writeSync(this.#sentFile, `${msgSeqNum} ${msgType} ${sendingTime.getTime()} ${transactTime} ${clOrdId}\n`)
    this.#note(msgSeqNum, msgType, sendingTime.getTime(), transactTime, clOrdId)
  }

  /** The application message that went out under this number, if it was one. */
  sentUnder(msgSeqNum) {
    return this.#sent.get(msgSeqNum)
  }

  allSent() {
    return [...this.#sent.values()]
  }

  /** These numbers have been dealt with, in whatever order jspurefix passes them on. */
  heard(from, to = from) {
    for (let number = Math.max(from, this.nextNumIn); number <= to; number++) this.#ahead.add(number)
    if (!this.#ahead.has(this.nextNumIn)) return
    while (this.#ahead.delete(this.nextNumIn)) this.nextNumIn += 1
    this.#saveNumber()
  }

  reset() {
    truncateSync(this.sentPath)
    this.#sent.clear()
    this.#ahead.clear()
    this.nextNumOut = 1
    this.nextNumIn = 1
    this.#saveNumber()
  }

  close() {
    closeSync(this.#sentFile)
    closeSync(this.#numberFile)
  }

  #saveNumber() {
    writeSync(this.#numberFile, String(this.nextNumIn).padStart(10, '0'), 0)
  }
}

/** A Book as jspurefix's IFixSessionStore. */
export class BookStore {
  creationTime = new Date()

  constructor(sessionId, book) {
    this.sessionId = sessionId
    this.book = book
  }

  get senderSeqNum() {
    return this.book.nextNumOut
  }

  get targetSeqNum() {
    return this.book.nextNumIn
  }

  // The book has both numbers already, each at the moment it was due.
  async setSenderSeqNum() {}
  async setTargetSeqNum() {}
  async put() {}

  async nextSenderSeqNum() {
    return this.book.nextNumOut
  }

  async nextTargetSeqNum() {
    return this.book.nextNumIn
  }

  async get() {
    return null
  }

  async getRange() {
    return []
  }

  async reset() {
    this.book.reset()
  }

  async initialize() {}
  async flush() {}
  async dispose() {}
}
