import type { StructureSource } from '../fix/structure.js'

export type { EncodeHeader } from '../fix/encode-header.js'

export interface CodecOptions {
  /** BeginString(8), e.g. `FIX.4.4`. */
  readonly beginString: string
  /** Without one, repeating groups are flat fields. */
  readonly dictionary?: StructureSource | undefined
  /** Digits after the second in SendingTime(52) and OrigSendingTime(122), 0 to 9. Default: 0 for FIX.4.0 and 4.1, else 3. */
  readonly timestampPrecision?: number | undefined
  /** Longest message accepted, bytes, 64 to 2^30. Default 1,048,576. */
  readonly maxMessageLength?: number | undefined
  /** Most fields in one message, 8 to 2^24. Default 65,536. */
  readonly maxFields?: number | undefined
  /** Default true. False: a wrong CheckSum(10) is no fault. */
  readonly validateChecksum?: boolean | undefined
  /** @internal Default false. True: without the scanner, for holding both ways against each other. */
  readonly plain?: boolean | undefined
}
