import { versionRules } from '../../lib/core/version.js'
import { FixMessage } from '../../lib/fix/message.js'
import { formatUtcTimestamp } from '../../lib/fix/timestamp.js'
import type { WireText } from '../support/wire-text.js'
import { numbersOf, type Role, type Script, type Step } from './script.js'

/** A session of ours and the means to be its counterparty, its application and its clock. */
export interface Subject {
  readonly text: WireText
  /** What time it is, milliseconds since the epoch. */
  readonly wall: number
  readonly state: string
  readonly nextNumIn: number
  readonly nextNumOut: number
  connect(): Promise<void> | void
  /** The counterparty takes the connection that the session makes by itself. */
  accept(): Promise<void> | void
  receive(bytes: Buffer): Promise<void> | void
  /** The counterparty sends this on a second connection. */
  receiveOnSecond(bytes: Buffer): Promise<void> | void
  /** What was said on the second connection, and whether we have ended it. */
  second(): { readonly said: string; readonly closed: boolean }
  pass(seconds: number): Promise<void> | void
  cut(): Promise<void> | void
  send(message: FixMessage): Promise<void> | void
  logOut(text: string | undefined): Promise<void> | void
  disconnect(text: string | undefined): Promise<void> | void
  reset(): Promise<void> | void
  test(): Promise<void> | void
  setNumbers(numbers: Readonly<Record<string, number>>): Promise<void> | void
  /** What was sent since the last call, `|` for SOH. */
  sent(): string[]
  /** MsgSeqNums of what the application got since the last call. */
  delivered(): number[]
  /** Why we closed the link since the last call; '' where nobody can say. */
  closed(): string | undefined
  /** What the application was told since the last call. */
  events(): string[]
}

/** Plays a script; throws an Error that names the line where something else happens than it says. */
export class Player {
  private readonly script: Script
  private readonly subject: Subject
  private readonly role: Role
  private readonly beginString: string
  private sent: string[] = []
  private delivered: number[] = []
  private closed: string | undefined
  private events: string[] = []

  constructor(script: Script, subject: Subject, role: Role, beginString: string) {
    this.script = script
    this.subject = subject
    this.role = role
    this.beginString = beginString
  }

  async play(): Promise<void> {
    for (const step of this.script.steps(this.beginString)) {
      if (!isExpectation(step)) this.nothingLeft(step)
      try {
        await this.do(step)
      } catch (error) {
        throw new Error(`${this.where(step)}: ${error instanceof Error ? error.message : error}`, { cause: error })
      }
      this.look()
    }
    this.nothingLeft({ line: 0, verb: 'end', rest: '' })
  }

  private async do({ verb, rest }: Step): Promise<void> {
    const { subject } = this
    switch (verb) {
      case 'connect':
        return subject.connect()
      case 'accept':
        return subject.accept()
      case 'logon':
        return this.logOn(rest)
      case '>':
        return subject.receive(this.bytes(rest))
      case 'second >':
        return subject.receiveOnSecond(this.bytes(rest))
      case 'second closed':
        return same('second connection', JSON.stringify(subject.second()), JSON.stringify({ said: '', closed: true }))
      case 'wait':
        return subject.pass(Number(rest))
      case 'cut':
        return subject.cut()
      case 'send':
        return subject.send(messageOf(this.fill(rest)))
      case 'log out':
        return subject.logOut(rest === '' ? undefined : rest)
      case 'disconnect':
        return subject.disconnect(rest === '' ? undefined : rest)
      case 'reset':
        return subject.reset()
      case 'test':
        return subject.test()
      case 'set numbers':
        return subject.setNumbers(numbersOf(rest))
      case '<':
        return same('sent', this.sent.shift(), this.fill(rest))
      case 'delivered':
        return same('delivered', this.delivered.splice(0).join(' '), rest)
      case 'closed':
        return this.expectClosed(rest)
      case 'event':
        return this.expectEvent(rest)
      case 'state':
        return same('state', subject.state, rest)
      default:
        return this.expectNext(numbersOf(rest))
    }
  }

  /** Both sides say Logon, with their next numbers; `change` is what differs from the usual one. */
  private async logOn(change: string): Promise<void> {
    const { subject } = this
    const numbers = { theirs: subject.nextNumIn, ours: subject.nextNumOut }
    const body = new Map([
      ['98', '0'],
      ['108', '30']
    ])
    for (const field of change === '' ? [] : change.split('|')) body.set(...(field.split('=') as [string, string]))
    const fields = [...body].map(([tag, value]) => `|${tag}=${value}`).join('')
    const logon = (msgSeqNum: number) => this.fill(`35=A|34=${msgSeqNum}${fields}{1137}`)
    await subject.connect()
    this.look()
    if (this.role === 'initiator') same('sent', this.sent.shift(), logon(numbers.ours))
    await subject.receive(this.bytes(logon(numbers.theirs)))
    this.look()
    if (this.role === 'acceptor') same('sent', this.sent.shift(), logon(numbers.ours))
    this.events.length = 0
  }

  private look(): void {
    const { subject } = this
    this.sent.push(...subject.sent().map((text) => subject.text.brief(text)))
    this.delivered.push(...subject.delivered())
    this.closed = subject.closed() ?? this.closed
    this.events.push(...subject.events())
  }

  private expectClosed(reason: string): void {
    if (this.closed === undefined) throw new Error('expected the link to be closed, it is open')
    if (reason !== '' && this.closed !== '') same('closed', this.closed, reason)
    this.closed = undefined
  }

  private expectEvent(event: string): void {
    const index = this.events.indexOf(event)
    if (index < 0) throw new Error(`expected event ${event}, got ${this.events.join(', ') || 'none'}`)
    this.events.splice(0, index + 1)
  }

  private expectNext(numbers: Record<string, number>): void {
    const { nextNumIn, nextNumOut } = this.subject
    if (numbers.in !== undefined) same('next in', `${nextNumIn}`, `${numbers.in}`)
    if (numbers.out !== undefined) same('next out', `${nextNumOut}`, `${numbers.out}`)
  }

  /** Everything that happened has to be in the script. */
  private nothingLeft(step: Step): void {
    const left = [
      ...this.sent.map((text) => `< ${text}`),
      ...(step.verb === 'end' && this.delivered.length > 0 ? [`delivered ${this.delivered.join(' ')}`] : []),
      ...(this.closed === undefined ? [] : [`closed ${this.closed}`])
    ]
    if (left.length > 0) throw new Error(`${this.where(step)}: before it happened, not expected: ${left.join(', ')}`)
    if (step.verb !== 'event') this.events.length = 0
  }

  private where(step: Step): string {
    return `${this.script.name}:${step.line} (${step.verb} ${step.rest}), ${this.role}, ${this.beginString}`
  }

  private fill(text: string): string {
    const precision = versionRules(this.beginString).timestampPrecision
    return text
      .replaceAll('{begin}', this.beginString)
      .replaceAll('{next}', `${this.subject.nextNumIn}`)
      .replaceAll('{out}', `${this.subject.nextNumOut - 1}`)
      .replaceAll('{infinity}', `${versionRules(this.beginString).infinity}`)
      .replaceAll('{1137}', this.beginString === 'FIXT.1.1' ? '|1137=9' : '')
      .replace(/\{now([+-]\d+)?\}/g, (_, seconds = '0') =>
        formatUtcTimestamp(this.subject.wall + Number(seconds) * 1000, precision)
      )
  }

  private bytes(rest: string): Buffer {
    let text = this.fill(rest)
    const [, head = '', body = ''] = /^(8=[^|]*\|9=\{length\}\|)(.*\|)10=[^|]*\|?$/.exec(text) ?? []
    if (head !== '') text = text.replace('{length}', `${body.length}`)
    if (text.includes('{sum}')) {
      const until = text.indexOf('10={sum}')
      const total = [...text.slice(0, until).replaceAll('|', '\x01')].reduce((sum, char) => sum + char.charCodeAt(0), 0)
      text = text.replace('{sum}', String(total & 255).padStart(3, '0'))
    }
    return this.subject.text.bytes(text.startsWith('8=') && !text.endsWith('|') ? `${text}|` : text, this.subject.wall)
  }
}

function isExpectation({ verb }: Step): boolean {
  return ['<', 'delivered', 'closed', 'second closed', 'event', 'state', 'next'].includes(verb)
}

function same(what: string, got: string | undefined, expected: string): void {
  if (got !== expected) throw new Error(`${what}: expected ${expected}, got ${got ?? 'nothing'}`)
}

function messageOf(text: string): FixMessage {
  const [msgType = '', ...fields] = text.split('|')
  return new FixMessage(
    msgType.slice(3),
    fields.map((field) => {
      const [tag = '', value = ''] = field.split(/=(.*)/s)
      return [Number(tag), value] as const
    })
  )
}
