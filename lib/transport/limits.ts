/** How much may wait in a connection that writes faster than its counterparty reads. */
export interface WriteLimits {
  /** `write` answers false while more bytes than this wait. */
  readonly highWaterMark: number
  /** A write while more bytes than this wait already closes the connection. */
  readonly maxBufferedBytes: number
}

/** The same of a socket, and how it awaits the answer. */
export interface SocketLimits extends WriteLimits {
  /** Microseconds that the event loop stays awake after a write (`BusyPoll`). */
  readonly busyPoll: number
}

export const DEFAULT_HIGH_WATER_MARK = 65_536

export const DEFAULT_MAX_BUFFERED_BYTES = 67_108_864

/** Seconds that a dial may take. */
export const DEFAULT_CONNECT_TIMEOUT = 60

/** Seconds that the TLS handshake of somebody who has dialled may take. */
export const DEFAULT_HANDSHAKE_TIMEOUT = 10

/** Milliseconds that an orderly close may take before the connection is destroyed. */
export const CLOSE_TIMEOUT = 2_000

/** The longest delay that Node's timers hold; a longer one would fire at once. Milliseconds. */
export const MAX_TIMER_DELAY = 2_147_483_647
