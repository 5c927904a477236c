import type { LogonIds } from '../config/config.js'
import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'

/** The ids of a Logon, seen from this side: its target is our sender. */
export function idsOf(logon: FixMessage): LogonIds {
  return {
    beginString: logon.get(Tag.BeginString) ?? '',
    senderCompId: logon.get(Tag.TargetCompID) ?? '',
    senderSubId: logon.get(Tag.TargetSubID),
    senderLocationId: logon.get(Tag.TargetLocationID),
    targetCompId: logon.get(Tag.SenderCompID) ?? '',
    targetSubId: logon.get(Tag.SenderSubID),
    targetLocationId: logon.get(Tag.SenderLocationID)
  }
}

/** A text that is the same for the same ids. */
export function keyOf(identity: LogonIds): string {
  const { beginString, senderCompId, targetCompId, senderSubId, senderLocationId, targetSubId, targetLocationId } =
    identity
  const all = [beginString, senderCompId, senderSubId, senderLocationId, targetCompId, targetSubId, targetLocationId]
  return JSON.stringify(all.map((id) => id ?? ''))
}
