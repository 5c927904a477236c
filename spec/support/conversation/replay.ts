import type { Clock, Timer } from '../../../lib/clock.js'
import { FixSession, type SessionConfig } from '../../../lib/index.js'
import type {
  Connection,
  ConnectionEvents,
  Dial,
  DialEvents,
  Listener,
  Transport
} from '../../../lib/transport/transport.js'
import { silent } from '../two-sessions.js'
import { act, attachApplication, shouldReplay } from './application.js'
import { type RecordedConversation, toBytes, toText } from './conversation-file.js'

/** What a session sent in a replay, beside what it sent when it was recorded: one message a line. */
export interface Replay {
  readonly sent: readonly string[]
  readonly recorded: readonly string[]
  readonly session: FixSession
}

/** Plays a recorded conversation to a session of today, under a virtual clock. */
export async function replay(conversation: RecordedConversation): Promise<Replay> {
  const clock = new ReplayClock(Date.parse(conversation.start))
  const transport = new ReplayTransport()
  const config = { ...conversation.config, journal: { path: ':memory:' } } as unknown as SessionConfig
  const session = new FixSession(config, { clock, transport, logger: silent, shouldReplay })
  attachApplication(session)
  const recorded: string[] = []
  for (const { at, kind, text } of conversation.events) {
    if (kind === 'out') {
      recorded.push(...messagesOf(text))
      continue
    }
    clock.elapsed = at
    if (kind === 'app') act(session, text)
    else if (kind === 'linked') transport.link()
    else if (kind === 'in') transport.receive(toBytes(text))
    else if (kind === 'turn') clock.turn()
    else if (kind === 'timer') clock.timer()
    else transport.cut()
    // Continuations of promises, as after any callback of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { sent: transport.sent, recorded, session }
}

/** Time, turns and timers, moved by the recording. */
class ReplayClock implements Clock {
  elapsed = 0
  private readonly start: number
  private readonly turns: (() => void)[] = []
  private timers: { readonly due: number; readonly callback: () => void }[] = []

  constructor(start: number) {
    this.start = start
  }

  now(): number {
    return this.start + this.elapsed
  }

  monotonic(): number {
    return this.elapsed
  }

  setTimer(callback: () => void, delay: number): Timer {
    const timer = { due: this.elapsed + delay, callback }
    this.timers.push(timer)
    return {
      cancel: () => {
        this.timers = this.timers.filter((one) => one !== timer)
      }
    }
  }

  endOfTurn(callback: () => void): void {
    this.turns.push(callback)
  }

  /** What waits for the end of the turn; how often the session waits may change, what it says may not. */
  turn(): void {
    for (const callback of this.turns.splice(0)) callback()
  }

  /** The timers that are due. */
  timer(): void {
    const due = this.timers.filter((timer) => timer.due <= this.elapsed).sort((a, b) => a.due - b.due)
    this.timers = this.timers.filter((timer) => timer.due > this.elapsed)
    for (const timer of due) timer.callback()
  }
}

/** The counterparty's end, moved by the recording. */
class ReplayTransport implements Transport {
  readonly network = {}
  readonly sent: string[] = []
  private dialling: DialEvents | undefined
  private events: ConnectionEvents | undefined

  dial(_: unknown, events: DialEvents): Dial {
    this.dialling = events
    return {
      abort: () => {
        this.dialling = undefined
      }
    }
  }

  async listen(): Promise<Listener> {
    throw new Error('Only initiators are replayed.')
  }

  link(): void {
    const { dialling } = this
    if (dialling === undefined) throw new Error('The session did not dial when it was recorded to.')
    this.dialling = undefined
    dialling.connected(this.connection())
  }

  receive(bytes: Uint8Array): void {
    this.events?.data(bytes)
  }

  cut(): void {
    const { events } = this
    this.events = undefined
    events?.close({ code: 'PEER_CLOSED', text: 'as recorded' })
  }

  private connection(): Connection {
    return {
      remoteAddress: '127.0.0.1',
      remotePort: 1,
      bufferedBytes: 0,
      start: (events) => {
        this.events = events
      },
      write: (bytes) => {
        this.sent.push(...messagesOf(toText(bytes)))
        return true
      },
      pause: () => {},
      resume: () => {},
      end: () => {},
      destroy: () => {}
    }
  }
}

/** The messages of one write. */
function messagesOf(text: string): string[] {
  return text.split(/(?<=\|10=\d{3}\|)(?=8=)/)
}
