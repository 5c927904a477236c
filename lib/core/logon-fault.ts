import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'
import type { CoreContext } from './context.js'
import { compIdsMatch, headerFault, sendingTimeAccurate, sendingTimeFault } from './verify.js'

/** What is wrong with a Logon(A) that begins a session. */
export interface LogonFault {
  /** Expected, got. */
  readonly why: string
  /** What an engine that refuses aloud says in Text(58); undefined where even such a one is silent. */
  readonly aloud?: string
}

/** DefaultApplVerID(1137): FIX 2.7 to FIX Latest. */
const MOST_APPL_VER_ID = 10

/** The first thing wrong with a Logon, or undefined. */
export function logonFault(core: CoreContext, logon: FixMessage): LogonFault | undefined {
  const beginString = logon.get(Tag.BeginString)
  if (beginString !== core.settings.beginString) {
    return { why: `expected BeginString(8)=${core.settings.beginString}, got ${beginString}` }
  }
  if (logon.msgSeqNum === undefined) {
    return { why: `expected a number in MsgSeqNum(34), got ${logon.get(Tag.MsgSeqNum) ?? 'none'}` }
  }
  const fault = core.parts.validate?.(logon) ?? headerFault(logon)
  if (fault !== undefined) {
    const why = fault.refTagId === undefined ? fault.text : `${fault.text}, tag ${fault.refTagId}`
    const aloud = fault.refTagId === undefined ? fault.text : fault.text + core.dialect.tagInText(fault.refTagId)
    return { why, aloud: `Invalid Logon message: ${aloud}` }
  }
  if (!compIdsMatch(core, logon)) {
    return {
      why:
        `expected SenderCompID(49)=${core.settings.targetCompId} and TargetCompID(56)=${core.settings.senderCompId}, ` +
        `got ${logon.get(Tag.SenderCompID)} and ${logon.get(Tag.TargetCompID)}`
    }
  }
  if (!sendingTimeAccurate(core, logon)) {
    return {
      why: sendingTimeFault(core, logon),
      aloud: `Invalid Logon message: SendingTime accuracy problem${core.dialect.tagInText(Tag.SendingTime)}`
    }
  }
  return heartBtIntFault(logon) ?? applVerIdFault(core, logon)
}

function heartBtIntFault(logon: FixMessage): LogonFault | undefined {
  const heartBtInt = logon.get(Tag.HeartBtInt)
  if (heartBtInt !== undefined && /^\d{1,9}$/.test(heartBtInt)) return undefined
  const why = `expected HeartBtInt(108) of 0 or more, got ${heartBtInt ?? 'none'}`
  return heartBtInt?.startsWith('-') ? { why, aloud: 'HeartBtInt must not be negative' } : { why }
}

function applVerIdFault(core: CoreContext, logon: FixMessage): LogonFault | undefined {
  if (!core.version.isTransport) return undefined
  const applVerId = logon.get(Tag.DefaultApplVerID)
  if (applVerId === undefined) return { why: 'expected DefaultApplVerID(1137), got none' }
  if (/^\d{1,2}$/.test(applVerId) && Number(applVerId) <= MOST_APPL_VER_ID) return undefined
  return {
    why: `expected DefaultApplVerID(1137) of 0 to ${MOST_APPL_VER_ID}, got ${applVerId}`,
    aloud: `Invalid DefaultApplVerID=${applVerId}`
  }
}
