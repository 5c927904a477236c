import type { CoreSettings } from '../../lib/core/settings.js'
import { sessionDictionary } from '../../lib/dictionary/session-dictionary.js'
import type { FixMessage } from '../../lib/fix/message.js'
import { CoreSession, type CoreSessionOptions } from '../support/core-session.js'
import type { WireText } from '../support/wire-text.js'
import { EchoApplication } from './application.js'
import type { Subject } from './player.js'
import type { Role, Script } from './script.js'

/** The built-in dictionary of a version: FIX 5.0 SP2 in FIXT.1.1. */
function dictionaryParts(beginString: string): Pick<CoreSessionOptions, 'dictionary' | 'parts'> {
  const name = beginString === 'FIXT.1.1' ? 'FIX.5.0SP2' : beginString
  const dictionary = sessionDictionary({ beginString, dictionary: name, defaultApplVerId: '9' })
  if (dictionary === undefined) throw new Error(`There is no dictionary of ${name}.`)
  return { dictionary, parts: { validate: (message) => dictionary.firstProblem(message) } }
}

/** The pure core under a clock of its own. */
export class CoreSubject implements Subject {
  readonly session: CoreSession
  readonly text: WireText
  private seenDelivered = 0
  private seenEvents = 0
  private readonly answersItself: boolean

  constructor(script: Script, role: Role, beginString: string) {
    const { in: nextNumIn = 1, out: nextNumOut = 1 } = script.numbers
    const settings = script.settings as Partial<CoreSettings>
    const applVerId = beginString === 'FIXT.1.1' ? { defaultApplVerId: '9' } : {}
    const dictionary = script.dictionary ? dictionaryParts(beginString) : {}
    this.session = new CoreSession({
      role,
      beginString,
      nextNumIn,
      nextNumOut,
      ...applVerId,
      ...dictionary,
      ...settings
    })
    this.text = this.session.text
    this.answersItself = script.application !== 'none'
    if (script.application === 'echo') this.employ(new EchoApplication())
    else if (script.application === 'fails') this.session.listener = () => ({ failed: 'the application fails' })
  }

  private employ(application: EchoApplication): void {
    const { session } = this
    session.listener = (message) => {
      application.handle(message, {
        send: (answer) => this.send(answer),
        refuse: (refused, details) => {
          session.do((core, now) => core.businessReject(refused, details, now))
        }
      })
      return undefined
    }
  }

  get wall(): number {
    return this.session.now.wall
  }

  get state(): string {
    return this.session.core.state
  }

  get nextNumIn(): number {
    return this.session.core.nextNumIn
  }

  get nextNumOut(): number {
    return this.session.core.nextNumOut
  }

  connect(): void {
    this.session.link()
  }

  accept(): void {
    this.session.question('dial')
    this.session.do((core, now) => core.connected(now))
  }

  receive(bytes: Buffer): void {
    this.session.receive(bytes.toString('latin1'))
  }

  receiveOnSecond(): void {
    throw new Error('the core has one connection: say "over tcp"')
  }

  second(): never {
    throw new Error('the core has one connection: say "over tcp"')
  }

  pass(seconds: number): void {
    this.session.pass(seconds)
  }

  cut(): void {
    this.session.cut()
  }

  send(message: FixMessage): void {
    this.session.do((core, now) => core.send(message, now))
  }

  logOut(text: string | undefined): void {
    this.session.do((core, now) => core.logout(text, now))
  }

  disconnect(text: string | undefined): void {
    this.session.do((core, now) => core.disconnect(text, undefined, now))
  }

  reset(): void {
    this.session.do((core, now) => core.resetSeqNums(now))
  }

  test(): void {
    this.session.do((core, now) => core.testRequest(now))
  }

  setNumbers(numbers: Readonly<Record<string, number>>): void {
    this.session.do((core, now) => core.setSeqNums(numbers.in, numbers.out, now))
  }

  sent(): string[] {
    return this.session.sentWhole()
  }

  delivered(): number[] {
    const delivered = this.session.delivered.slice(this.seenDelivered)
    this.seenDelivered += delivered.length
    return this.answersItself ? [] : delivered
  }

  closed(): string | undefined {
    const code = this.session.closed?.code
    this.session.closed = undefined
    return code
  }

  events(): string[] {
    const events = this.session.events.slice(this.seenEvents)
    this.seenEvents += events.length
    return events
  }
}
