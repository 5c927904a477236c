import { FixError } from '../errors.js'
import type { FixMessage } from '../fix/message.js'
import { secretsOf, withoutSecrets } from '../redact.js'
import type { Admission, Peer, SessionDecisions } from './parts.js'
import { textOf } from './thrown.js'

/** Whether someone may in; `text` says why not. */
export interface Verdict {
  readonly admitted: boolean
  readonly text: string
}

/**
 * Asks the application's predicates, which may answer at once or by a promise, and may throw. `answer` is called in the
 * same turn where they answer at once, so that nothing waits that need not.
 */
export class Decisions {
  private readonly decisions: SessionDecisions
  private readonly secretTags: ReadonlySet<number>
  private readonly report: (error: Error) => void

  /** `secretTags`: of a Logon, beside those that are secret anyway. */
  constructor(decisions: SessionDecisions, secretTags: ReadonlySet<number>, report: (error: Error) => void) {
    this.decisions = decisions
    this.secretTags = secretTags
    this.report = report
  }

  /** One answer a message. A predicate that fails is taken for a no: a message wrongly held back can be sent again, one wrongly replayed is executed. */
  shouldReplay(messages: readonly FixMessage[], answer: (decisions: readonly boolean[]) => void): void {
    const { shouldReplay } = this.decisions
    if (shouldReplay === undefined) {
      answer(messages.map(() => true))
      return
    }
    const failed = (error: unknown): boolean => {
      this.report(
        new FixError('PREDICATE_FAILED', `shouldReplay failed: ${textOf(error)}. The message is gap-filled.`, {
          cause: error
        })
      )
      return false
    }
    let waits = false
    const answers = messages.map((message) => {
      try {
        const decision = shouldReplay(message)
        if (typeof decision === 'boolean') return decision
        waits = true
        return Promise.resolve(decision).then((value) => value === true, failed)
      } catch (error) {
        return failed(error)
      }
    })
    if (waits) void Promise.all(answers).then(answer)
    else answer(answers as boolean[])
  }

  authenticate(logon: FixMessage, peer: Peer, answer: (verdict: Verdict) => void): void {
    const { authenticate: ask } = this.decisions
    if (ask === undefined) {
      answer({ admitted: true, text: '' })
      return
    }
    const secrets = secretsOf(logon, this.secretTags)
    const failed = (thrown: unknown): void => {
      const error = withoutSecrets(secrets, thrown)
      this.report(
        new FixError('PREDICATE_FAILED', `authenticate failed: ${textOf(error)}. The Logon is refused.`, {
          cause: error
        })
      )
      answer({ admitted: false, text: 'authenticate failed' })
    }
    const judge = (admission: Admission): void => answer(verdictOf(withoutSecrets(secrets, admission)))
    try {
      const admission = ask(logon, peer)
      if (isPromise(admission)) admission.then(judge, failed)
      else judge(admission)
    } catch (error) {
      failed(error)
    }
  }

  /** `answer` gets the Logon with the fields added, or why there is none. */
  signLogon(
    logon: FixMessage,
    final: { msgSeqNum: number; sendingTime: string },
    answer: (signed: FixMessage | string) => void
  ): void {
    const failed = (thrown: unknown): void => {
      // It may have set some of the fields already.
      const error = withoutSecrets(secretsOf(logon, this.secretTags), thrown)
      this.report(
        new FixError('PREDICATE_FAILED', `signLogon failed: ${textOf(error)}. No Logon is sent.`, { cause: error })
      )
      answer(`signLogon failed: ${textOf(error)}`)
    }
    const sign = (fields: Parameters<FixMessage['setAll']>[0]): void => {
      try {
        logon.setAll(fields)
      } catch (error) {
        failed(error)
        return
      }
      answer(logon)
    }
    try {
      const fields = this.decisions.signLogon?.(logon, final) ?? {}
      if (isPromise(fields)) fields.then(sign, failed)
      else sign(fields)
    } catch (error) {
      failed(error)
    }
  }
}

/** Only a clear yes lets anybody in: a function that forgot to answer does not. */
function verdictOf(admission: unknown): Verdict {
  if (admission === true) return { admitted: true, text: '' }
  return { admitted: false, text: typeof admission === 'string' ? admission : 'authenticate refused the Logon' }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}
