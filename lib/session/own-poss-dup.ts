import type { EncodeHeader } from '../fix/encode-header.js'
import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'

/**
 * The header for a message that may carry PossDupFlag(43) and OrigSendingTime(122) of the application's own
 * (`allowPosDup`), as a gateway that passes on another session's resends has them. A resend of this session's is the
 * session's own affair.
 */
export function withOwnPossDup(message: FixMessage, header: EncodeHeader): EncodeHeader {
  if (header.possDupFlag === true || header.origSendingTime !== undefined) return header
  const possDupFlag = message.get(Tag.PossDupFlag) === 'Y'
  const origSendingTime = message.get(Tag.OrigSendingTime)
  return possDupFlag || origSendingTime !== undefined ? { ...header, possDupFlag, origSendingTime } : header
}
