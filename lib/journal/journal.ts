/** Which way a message went, seen from this side. */
export type Direction = 'in' | 'out'

/** One message as it stood on the wire. */
export interface JournalMessage {
  readonly msgSeqNum: number
  /** Milliseconds since the epoch when it was sent or received. */
  readonly time: number
  /**
   * The whole message, BeginString(8) to CheckSum(10). The journal copies it when it must outlive the call, and keeps it as it
   * is: the session takes the secrets out of a Logon(A) before it hands one over.
   */
  readonly bytes: Uint8Array
}

/** What is durable of a session. */
export interface JournalState {
  /** Next MsgSeqNum(34) expected from the counterparty. */
  readonly nextNumIn: number
  /** Next MsgSeqNum(34) to send. */
  readonly nextNumOut: number
  /** When both numbers were last set to 1, milliseconds since the epoch. */
  readonly resetTime: number
  /** When a connection last carried this session since then, or undefined. */
  readonly connectTime: number | undefined
  /**
   * The last use of the journal was not closed and its last commits may be gone: messages with this number and higher ones may
   * have been sent without being here. Absent: whatever was sent is here.
   */
  readonly lostFrom?: number | undefined
}

/**
 * Everything that one session wants saved at the end of one turn. It is applied in this order: `reset`, then
 * messages, then the numbers. Absent means unchanged.
 */
export interface JournalBatch {
  readonly sessionId: string
  /** Begins anew: both numbers 1, messages of both directions gone, resetTime set to this (ms since the epoch). */
  readonly reset: number | undefined
  readonly out: readonly JournalMessage[]
  /** A number that is there already is replaced (a message received again after a crash). */
  readonly in: readonly JournalMessage[]
  readonly nextNumIn: number | undefined
  readonly nextNumOut: number | undefined
  readonly connectTime: number | undefined
  /** The counterparty takes our numbers as they are: `lostFrom` means nothing any more. Default: false. */
  readonly settled?: boolean | undefined
}

/**
 * Keeps what sessions say and hear (DESIGN, laws 1, 2, 6). One journal carries many sessions.
 *
 * A method may answer at once or by a promise; nothing goes on the wire before `commit` has succeeded. All of them
 * throw (or reject with) a `FixJournalError`.
 */
export interface Journal {
  /**
   * Journals that answer the same object keep their sessions in one place: a `commit` of any of them may carry the batches of
   * all. Known after the first `load`. Default: the journal itself.
   */
  readonly store?: object | undefined
  /** Opens the record of a session, making a new one (both numbers 1, resetTime `now`) where there is none. */
  load(sessionId: string, now: number): JournalState | Promise<JournalState>
  /** Saves all batches in one transaction, all or nothing. */
  commit(batches: readonly JournalBatch[]): void | Promise<void>
  /**
   * The messages of one direction with `from <= MsgSeqNum <= to`, ascending, at most `limit` of them. Numbers that
   * were never stored are simply missing. Callers page by asking again from the last number + 1.
   */
  read(
    sessionId: string,
    direction: Direction,
    from: number,
    to: number,
    limit: number
  ): readonly JournalMessage[] | Promise<readonly JournalMessage[]>
  /** Ends the use of this journal by one owner; the last one closes files. */
  close(): void | Promise<void>
}
