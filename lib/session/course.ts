import type { ParsedSessionConfig } from '../config/config.js'
import { FixConnectionError, type FixJournalError } from '../errors.js'
import type { Endpoint } from '../transport/transport.js'
import { ConnectPromise, quietly } from './connect-promise.js'
import type { Entrance } from './entrance.js'
import type { Hearing } from './hearing.js'
import type { Listening } from './listening.js'
import { journalFailure, listenFailure, refused } from './refusals.js'
import type { SessionRuntime } from './runtime.js'
import { errorOf } from './thrown.js'

/** What a session is made of, as far as its beginning and end go. */
export interface CourseParts {
  readonly id: string
  readonly config: ParsedSessionConfig
  readonly runtime: SessionRuntime
  readonly entrance: Entrance
  readonly listening: Listening
  readonly hearing: Hearing
  report(error: Error): void
}

/** From `connect()` to `stop()`: whether a session wants a link, and what begins and ends with that. */
export class Course {
  private readonly parts: CourseParts
  private readonly connecting = new ConnectPromise()
  private stopping: Promise<void> | undefined

  constructor(parts: CourseParts) {
    this.parts = parts
  }

  connect(): Promise<void> {
    const { id, runtime } = this.parts
    if (this.stopping !== undefined) return refused('STOPPED', `Session ${id} is being stopped: await stop() first.`)
    if (runtime.core.wanted || this.connecting.pending) {
      const advice = `Session ${id} is ${runtime.core.state}: call disconnect() or stop() first.`
      return refused('ALREADY_CONNECTED', advice)
    }
    const promise = this.connecting.begin()
    void this.begin(promise)
    return promise
  }

  stop(): Promise<void> {
    this.stopping ??= this.end().finally(() => {
      this.stopping = undefined
    })
    return this.stopping
  }

  /** Logons have been exchanged. */
  loggedOn(): void {
    this.connecting.resolve()
  }

  /** An initiator's dialling was ended. */
  dialEnded(): void {
    const { id, config } = this.parts
    if (config.role !== 'initiator') return
    this.connecting.reject(new FixConnectionError('STOPPED', `Session ${id} was ended before it logged on.`))
    this.endHearing()
  }

  linkGone(): void {
    this.parts.entrance.linkGone()
    this.endHearing()
  }

  journalFailed(error: FixJournalError): void {
    const { listening, hearing, entrance } = this.parts
    this.connecting.reject(journalFailure(error))
    void quietly(listening.end())
    hearing.end(journalFailure(error))
    entrance.shut('the journal failed')
  }

  /** Nobody who iterates waits for a link that will not come. */
  private endHearing(): void {
    const { core } = this.parts.runtime
    if (!core.wanted && !core.phase.connected) this.parts.hearing.end()
  }

  /** Opens the journal, then dials or listens, unless `promise` was settled meanwhile. */
  private async begin(promise: Promise<void>): Promise<void> {
    const { config, runtime, report } = this.parts
    try {
      await runtime.journal.open()
      // disconnect() may not be through yet.
      await runtime.link.gone()
    } catch (error) {
      this.connecting.reject(journalFailure(error), promise)
      report(errorOf(error))
      return
    }
    if (!this.connecting.is(promise)) return
    if (config.role === 'acceptor') await this.listen(config, promise)
    if (!this.connecting.is(promise)) return
    runtime.input((core, now) => core.connect(now))
    if (config.role === 'acceptor') this.connecting.resolve()
  }

  /** Returns when listening; when it cannot be, `promise` is settled. */
  private async listen(endpoint: Endpoint, promise: Promise<void>): Promise<void> {
    const { listening, runtime, report } = this.parts
    try {
      await listening.begin(endpoint)
    } catch (error) {
      if (!this.connecting.is(promise)) return
      // Nothing is held by a session that could not begin.
      await runtime.close().catch(() => {})
      const failure = listenFailure(error)
      this.connecting.reject(failure, promise)
      report(failure)
    }
  }

  private async end(): Promise<void> {
    const { id, runtime, entrance, listening, hearing } = this.parts
    this.connecting.reject(new FixConnectionError('STOPPED', `Session ${id} was stopped before it was connected.`))
    runtime.input((core, now) => {
      // First of all: no redial, and nobody else in, when the link of now is gone.
      core.stop(now)
      core.logout(undefined, now)
    })
    entrance.shut('the session is being stopped')
    await listening.end()
    await runtime.link.gone()
    const reason = { code: 'STOPPED', text: `Session ${id} was stopped.` }
    runtime.input((core, now) => core.abandonQueue(reason, now))
    hearing.end()
    await runtime.close()
  }
}
