import { FixError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { textOf } from './thrown.js'

/** A listener threw, or its promise rejected. Code `LISTENER_FAILED`; `cause` is what it threw. */
export class ListenerError extends FixError {
  readonly event: string
  /** The message it was given, where the event has one. */
  readonly fixMessage: FixMessage | undefined

  constructor(event: string, cause: unknown, fixMessage: FixMessage | undefined) {
    const which =
      fixMessage === undefined ? '' : ` for MsgType(35)=${fixMessage.msgType} MsgSeqNum(34)=${fixMessage.msgSeqNum}`
    super('LISTENER_FAILED', `A listener of '${event}' failed${which}: ${textOf(cause)}`, { cause })
    this.event = event
    this.fixMessage = fixMessage
  }
}
