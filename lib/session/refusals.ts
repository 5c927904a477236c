import type { DisconnectReason } from '../core/effect.js'
import { FixConnectionError, FixError } from '../errors.js'
import { FixMessage } from '../fix/message.js'
import { SessionState } from '../fix/session-state.js'
import { quietly } from './connect-promise.js'
import { errorOf, textOf } from './thrown.js'

/** What a session refuses, in words: expected, got, and what to do (DESIGN, law 8). */

export const notASession = {
  path: 'template',
  expected: 'a session',
  got: 'a template, which sessions are made of',
  advice: 'Give it to FixEngine.'
}

/** Plain JavaScript has no compiler to say so. */
export function checkMessage(message: unknown): void {
  if (message instanceof FixMessage) return
  const got = message === null || typeof message !== 'object' ? String(message) : 'an object of another kind'
  throw new FixError(
    'NOT_A_MESSAGE',
    `Expected a FixMessage, got ${got}: make one with new FixMessage(msgType, fields).`
  )
}

const restStates: readonly SessionState[] = [
  SessionState.DisconnectedNoConnToday,
  SessionState.DisconnectedWConnToday,
  SessionState.DisconnectedBrokenConn
]

export function checkRestState(state: SessionState | undefined): void {
  if (state === undefined || restStates.includes(state)) return
  throw new FixError(
    'STATE',
    `state: expected ${restStates.join(', ')}, got ${textOf(state)}. Leave it out, or give one of them.`
  )
}

export function checkSeqNum(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return
  throw new FixError('SEQ_NUM', `${name}: expected a whole number from 1, got ${value}.`)
}

/** A transport of someone else's may throw anything. */
export function listenFailure(error: unknown): FixConnectionError {
  if (error instanceof FixConnectionError) return error
  return new FixConnectionError('LISTEN_FAILED', `The transport failed: ${errorOf(error).message}`, { cause: error })
}

export function refused(code: string, text: string): Promise<void> {
  return quietly(Promise.reject(new FixConnectionError(code, text)))
}

export function notReset(id: string, { code, text }: DisconnectReason): FixConnectionError {
  if (code === 'LOGON_NOT_SIGNED')
    return new FixConnectionError(code, `Session ${id} did not reset its numbers: ${text}`)
  return new FixConnectionError(
    'RESET_UNANSWERED',
    `Expected the answer to the Logon that resets the numbers of session ${id}, got a disconnect (${code}: ${text}). ` +
      'The next logon asks for the reset again where it was sent.'
  )
}

export function journalFailure(error: unknown): FixConnectionError {
  return new FixConnectionError('JOURNAL_FAILED', `The journal failed: ${errorOf(error).message}`, { cause: error })
}
