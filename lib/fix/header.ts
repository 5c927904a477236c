/**
 * Tags of the Standard Message Header of any version: FIX 4.0 to 4.4 and FIXT.1.1, with the members of NoHops(627).
 * OnBehalfOfSendingTime(370) was part of it in FIX 4.2 and 4.3.
 */
export const headerTags: readonly number[] = [
  8, 9, 34, 35, 43, 49, 50, 52, 56, 57, 90, 91, 97, 115, 116, 122, 128, 129, 142, 143, 144, 145, 212, 213, 347, 369,
  370, 627, 628, 629, 630, 1128, 1129, 1156
]

/** Tags of the Standard Message Trailer: Signature(89), SignatureLength(93), CheckSum(10). */
export const trailerTags: readonly number[] = [10, 89, 93]

/**
 * Header fields that belong to the session, so that the encoder takes them from its `EncodeHeader` and never from the
 * message: BeginString(8), BodyLength(9), CheckSum(10), MsgSeqNum(34), MsgType(35), PossDupFlag(43), SenderCompID(49),
 * SendingTime(52), TargetCompID(56), OrigSendingTime(122), LastMsgSeqNumProcessed(369).
 */
export const sessionTags: readonly number[] = [8, 9, 10, 34, 35, 43, 49, 52, 56, 122, 369]

/** Where the encoder puts a field. */
export const Place = {
  Body: 0,
  /** Standard Message Header, as the message gives it. */
  Header: 1,
  /** Standard Message Trailer: SignatureLength(93) and Signature(89). */
  Trailer: 2,
  /** Belongs to the session: see `sessionTags`. */
  Session: 3
} as const

/** Every tag of header and trailer is below this, so the table stays small. */
const TABLE_SIZE = 2048
const places = new Uint8Array(TABLE_SIZE)
for (const tag of headerTags) places[tag] = Place.Header
for (const tag of trailerTags) places[tag] = Place.Trailer
for (const tag of sessionTags) places[tag] = Place.Session

/** Where the encoder puts the field `tag`: one of `Place`. */
export function placeOf(tag: number): number {
  return tag >= 0 && tag < TABLE_SIZE ? (places[tag] as number) : Place.Body
}

/** True for a tag of the Standard Message Header of any version. */
export function isHeaderTag(tag: number): boolean {
  const place = placeOf(tag)
  return place === Place.Header || (place === Place.Session && tag !== 10)
}

/** True for a tag of the Standard Message Trailer. */
export function isTrailerTag(tag: number): boolean {
  return placeOf(tag) === Place.Trailer || tag === 10
}
