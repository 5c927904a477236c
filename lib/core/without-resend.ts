import type { FixMessage } from '../fix/message.js'
import { gapFill } from './admin.js'
import type { CoreContext } from './context.js'

/**
 * Why what this side knows of its orders may be wrong, with a counterparty that has no resend (`recovery: 'none'`), or because the
 * journal lost its end in a loss of power.
 *
 * - `LOGGED_ON`: what was sent and executed since the last connection ended, this side was not told;
 * - `MISSED`: the counterparty's messages `beginSeqNo` to `endSeqNo` never came;
 * - `NOT_RESENT`: it has asked for ours, which it did not get and does not get now;
 * - `NOT_IN_JOURNAL`: it has messages of ours, `beginSeqNo` to `endSeqNo`, that the journal has lost; they are gap-filled where it asks
 *   for them again. It may come again after a further loss of power.
 */
export interface Reconciliation {
  readonly code: 'LOGGED_ON' | 'MISSED' | 'NOT_RESENT' | 'NOT_IN_JOURNAL'
  readonly text: string
  readonly beginSeqNo?: number | undefined
  readonly endSeqNo?: number | undefined
}

/** Both numbers begin with 1 at every logon, and what is missing stays missing. */
export function hasNoResend({ settings }: CoreContext): boolean {
  return settings.recovery === 'none'
}

/** Logons have been exchanged. */
export function reconcileAfterLogon(core: CoreContext): void {
  const text = 'Logged on without a resend: ask for open orders and executions before anything else.'
  core.effects.push({ kind: 'reconcile', reconciliation: { code: 'LOGGED_ON', text } })
}

/** A message came in whose number is too high: it is the expected one now, and those before it are given up. */
export function giveUpMissing(core: CoreContext, msgSeqNum: number): void {
  const [beginSeqNo, endSeqNo] = [core.nextNumIn, msgSeqNum - 1]
  const text = `MsgSeqNum(34)=${beginSeqNo} to ${endSeqNo} never came, and are not asked for (recovery): ask for open orders.`
  core.nextNumIn = msgSeqNum
  core.effects.push({ kind: 'numbers' })
  core.effects.push({ kind: 'reconcile', reconciliation: { code: 'MISSED', text, beginSeqNo, endSeqNo } })
}

/** The counterparty asks for what it does not have: it is told that nothing of it comes, so that it can go on. */
export function refuseResend(core: CoreContext, beginSeqNo: number, endSeqNo: number): void {
  const text = `The counterparty asks for MsgSeqNum(34)=${beginSeqNo} to ${endSeqNo}, which are not sent again (recovery): ask for open orders.`
  core.retransmit(gapFill(endSeqNo + 1), beginSeqNo, undefined)
  core.effects.push({ kind: 'reconcile', reconciliation: { code: 'NOT_RESENT', text, beginSeqNo, endSeqNo } })
}

/** A Logon(A) in which the number is too high: so many messages are missing already. */
export function takeNumberOf(core: CoreContext, logon: FixMessage): void {
  const msgSeqNum = logon.msgSeqNum ?? 0
  if (hasNoResend(core) && core.order(msgSeqNum) === 'too high') giveUpMissing(core, msgSeqNum)
}
