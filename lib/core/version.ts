/** What differs between FIX versions in the session layer; one table, so that no branch elsewhere names a version. */
export interface VersionRules {
  /** EndSeqNo(16) of an open-ended ResendRequest: 999999 up to FIX 4.1, 0 since FIX 4.2. */
  readonly infinity: number
  /** Up to which version 999999 in an incoming ResendRequest also means "to the last": FIX 4.2. */
  readonly understands999999: boolean
  /** RefTagID(371), RefMsgType(372) and SessionRejectReason(373) exist since FIX 4.2. */
  readonly rejectHasReason: boolean
  /** The highest SessionRejectReason(373) of the version: FIX 4.2 ends at 11, FIX 4.3 at 17. */
  readonly lastSessionRejectReason: number
  /** FIX 4.2: some engines treat its Reject(3) in a way of their own (dialect.ts). */
  readonly isFix42: boolean
  /** BusinessMessageReject(j) exists since FIX 4.2. */
  readonly hasBusinessMessageReject: boolean
  /** ResetSeqNumFlag(141) exists since FIX 4.1. */
  readonly hasResetSeqNumFlag: boolean
  /** OnBehalfOfLocationID(144) and DeliverToLocationID(145) exist since FIX 4.1. */
  readonly hasLocationRouting: boolean
  /** Digits after the second in timestamps, unless configured: milliseconds since FIX 4.2. */
  readonly timestampPrecision: 0 | 3
  /** FIXT.1.1 sessions name their application version in DefaultApplVerID(1137). */
  readonly isTransport: boolean
}

const newest: VersionRules = {
  infinity: 0,
  understands999999: false,
  rejectHasReason: true,
  lastSessionRejectReason: 99,
  isFix42: false,
  hasBusinessMessageReject: true,
  hasResetSeqNumFlag: true,
  hasLocationRouting: true,
  timestampPrecision: 3,
  isTransport: false
}

const oldest: VersionRules = {
  infinity: 999_999,
  understands999999: true,
  rejectHasReason: false,
  lastSessionRejectReason: -1,
  isFix42: false,
  hasBusinessMessageReject: false,
  hasResetSeqNumFlag: false,
  hasLocationRouting: false,
  timestampPrecision: 0,
  isTransport: false
}

const byBeginString: Readonly<Record<string, VersionRules>> = {
  'FIX.4.0': oldest,
  'FIX.4.1': { ...oldest, hasResetSeqNumFlag: true, hasLocationRouting: true },
  'FIX.4.2': { ...newest, understands999999: true, lastSessionRejectReason: 11, isFix42: true },
  'FIX.4.3': { ...newest, lastSessionRejectReason: 17 },
  'FIX.4.4': newest,
  'FIXT.1.1': { ...newest, isTransport: true }
}

export function versionRules(beginString: string): VersionRules {
  return byBeginString[beginString] ?? newest
}
