import type { FixMessage } from '../../lib/fix/message.js'
import { CoreSession, type CoreSessionOptions } from './core-session.js'

type Side = 'initiator' | 'acceptor'

/** Two cores with a link between them whose bytes are on the way until somebody carries them, or the link breaks. */
export class CorePair {
  readonly initiator: CoreSession
  readonly acceptor: CoreSession
  /** On the way to each side. */
  private readonly underWay: Record<Side, string[]> = { initiator: [], acceptor: [] }
  private up = false
  /** ClOrdIDs that each side sent, and those that its application got. */
  readonly sent: Record<Side, string[]> = { initiator: [], acceptor: [] }
  readonly got: Record<Side, string[]> = { initiator: [], acceptor: [] }

  constructor(options: CoreSessionOptions = {}, ofAcceptor: CoreSessionOptions = {}) {
    this.initiator = new CoreSession({ ...options, role: 'initiator', heartBtInt: 10 })
    this.acceptor = new CoreSession({ ...options, ...ofAcceptor, senderCompId: 'THEM', targetCompId: 'US' })
    for (const side of ['initiator', 'acceptor'] as const) {
      this[side].listener = (message: FixMessage) => {
        this.got[side].push(message.get(11) ?? '')
        return undefined
      }
    }
  }

  /** Dials until there is a link. */
  connect(): void {
    if (this.up) return
    const { initiator, acceptor } = this
    if (!acceptor.core.wanted) acceptor.do((core, now) => core.connect(now))
    if (!initiator.core.wanted) initiator.do((core, now) => core.connect(now))
    for (let waits = 0; waits < 100 && initiator.core.state !== 'InitiateConnection'; waits++) this.pass(5)
    initiator.question('dial')
    this.up = true
    acceptor.do((core, now) => core.connected(now))
    initiator.do((core, now) => core.connected(now))
    this.collect()
  }

  cut(): void {
    this.up = false
    this.underWay.initiator.length = 0
    this.underWay.acceptor.length = 0
    this.initiator.cut()
    this.acceptor.cut()
    this.initiator.sentWhole()
    this.acceptor.sentWhole()
    this.forgetQuestions()
  }

  /** Carries the oldest message to a side; `damaged`: on the way a bit is lost. */
  carry(to: Side, damaged = false): boolean {
    const text = this.underWay[to].shift()
    if (text === undefined) return false
    const whole = damaged ? text.replace(/10=\d{3}\|$/, (sum) => (sum === '10=000|' ? '10=001|' : '10=000|')) : text
    this[to].receive(whole)
    this.collect()
    return true
  }

  send(from: Side): void {
    if (!this[from].core.phase.maySend) return
    const clOrdId = `${from}-${this.sent[from].length}`
    this[from].send('D', { 11: clOrdId })
    this.sent[from].push(clOrdId)
    this.collect()
  }

  /** In session; without a link it would be for one side only. */
  reset(by: Side): void {
    const { core } = this[by]
    if (core.phase.name !== 'loggedOn' || core.resetting.asked) return
    this[by].do((session, now) => session.resetSeqNums(now))
    this.collect()
  }

  pass(seconds: number): void {
    this.initiator.pass(seconds)
    this.acceptor.pass(seconds)
    this.collect()
  }

  /** A shell does not answer what was asked about a link that is gone. */
  private forgetQuestions(): void {
    for (const { asked } of [this.initiator, this.acceptor]) {
      const dials = asked.filter(({ kind }) => kind === 'dial')
      asked.splice(0, asked.length, ...dials)
    }
  }

  /** Answers one withheld question of a side. */
  answer(side: Side): boolean {
    const session = this[side]
    const question = session.asked.find(({ kind }) => kind === 'decideReplay' || kind === 'readJournal')
    if (question === undefined) return false
    session.answer(question.kind as 'decideReplay' | 'readJournal')
    this.collect()
    return true
  }

  /** Lets everything arrive, reconnecting where the link is gone, until both sides are at rest and complete. */
  settle(): void {
    for (let round = 0; round < 50; round++) {
      this.connect()
      for (let moved = true; moved; ) {
        moved = false
        for (const side of ['initiator', 'acceptor'] as const) {
          while (this.answer(side) || this.carry(side)) moved = true
        }
      }
      if (this.complete) return
      // A Heartbeat shows what nobody has noticed yet.
      this.pass(10)
    }
  }

  private get complete(): boolean {
    const { initiator, acceptor } = this
    return (
      initiator.core.state === 'Active' &&
      acceptor.core.state === 'Active' &&
      initiator.core.nextNumIn === acceptor.core.nextNumOut &&
      acceptor.core.nextNumIn === initiator.core.nextNumOut
    )
  }

  /** What was sent goes on its way; a link that one side closes is gone for the other when it has read everything. */
  private collect(): void {
    this.underWay.acceptor.push(...this.initiator.sentWhole())
    this.underWay.initiator.push(...this.acceptor.sentWhole())
    if (!this.up || (this.initiator.core.phase.connected && this.acceptor.core.phase.connected)) return
    this.up = false
    for (const side of ['initiator', 'acceptor'] as const) {
      for (const text of this.underWay[side].splice(0)) {
        if (this[side].core.phase.connected) this[side].receive(text)
      }
      if (this[side].core.phase.connected) this[side].cut()
      this[side].sentWhole()
    }
    this.underWay.initiator.length = 0
    this.underWay.acceptor.length = 0
    this.forgetQuestions()
  }
}
