import { wireIdentity } from '../../config/session-id.js'
import { FixJournalError } from '../../errors.js'
import type { FixMessage } from '../../fix/message.js'
import type { Direction, JournalMessage } from '../journal.js'
import type { JournalReader, JournalSession } from '../reader.js'
import { applicationId, directionCode, schemaVersion } from '../schema.js'
import { journalError } from '../sqlite-errors.js'
import { findRows, type JournalRows, type SalvagedBlock, type SalvagedTurn } from './journal-rows.js'
import { type Entry, parseEntries, type Unpacked, unpack, type WholeMessage } from './packed-messages.js'
import { PageFile } from './page-file.js'
import { valuesOf } from './table-rows.js'

/** What could be read of a session, besides its messages. */
export interface SalvagedSession extends JournalSession {
  /** What is not as the journal had it, in a sentence each. */
  readonly doubts: readonly string[]
}

/** A run of messages in the file. Where two have one number, the one of the higher rank and id counts. */
interface Source {
  readonly first: number
  readonly last: number
  readonly rank: number
  readonly id: number
  unpack(): Unpacked
}

const rankOf = { packedTurn: 0, block: 1, turn: 2 } as const

/**
 * Reads what is left of a damaged journal: every row that can be found on any page, every message in it that is whole, that is with a
 * right BodyLength(9) and CheckSum(10) and the number under which it is kept. It writes nothing anywhere, and does not ask SQLite, which gives
 * up at the first page that makes no sense.
 *
 * The file must be at rest: nobody tells it what a writer changes meanwhile.
 */
export class SalvagedJournal implements JournalReader {
  readonly #file: PageFile
  readonly #rows: JournalRows
  readonly #records = new Map<string, number>()
  readonly #doubts = new Map<string, string[]>()
  readonly #sources = new Map<string, readonly Source[]>()
  /** Messages met so far that are not whole. */
  damagedMessages = 0

  /**
   * Throws FixJournalError `JOURNAL_OPEN` (there is no such file), `JOURNAL_SCHEMA` (a newer or an older version's) or
   * `JOURNAL_CORRUPT` (nothing of a journal was found in it).
   */
  constructor(path: string) {
    this.#file = open(path)
    try {
      checkVersion(this.#file, path)
      this.#rows = findRows(this.#file)
      this.#nameSessions()
      if (this.#records.size === 0) throw nothingFound(path)
    } catch (error) {
      this.#file.close()
      throw error
    }
  }

  /** Pages of the write-ahead log that are damaged: what was in them is as it was before. */
  get damagedPages(): number {
    return this.#file.damagedInLog
  }

  sessions(): readonly SalvagedSession[] {
    return [...this.#records].map(([sessionId, record]) => this.#session(sessionId, record)).sort(byName)
  }

  *messages(
    sessionId: string,
    direction: Direction,
    from = 1,
    to = Number.MAX_SAFE_INTEGER
  ): IterableIterator<JournalMessage> {
    const code = directionCode[direction]
    let together: Source[] = []
    let end = 0
    for (const source of this.#sourcesOf(sessionId, code)) {
      if (source.last < from || source.first > to) continue
      if (source.first > end) {
        yield* this.#merge(together, code, from, to)
        together = []
      }
      together.push(source)
      end = Math.max(end, source.last)
    }
    yield* this.#merge(together, code, from, to)
  }

  close(): void {
    this.#file.close()
  }

  #merge(sources: Source[], direction: number, from: number, to: number): JournalMessage[] {
    const found = new Map<number, WholeMessage>()
    for (const source of sources.sort((a, b) => a.rank - b.rank || a.id - b.id)) {
      const { messages, damaged } = source.unpack()
      this.damagedMessages += damaged
      for (const message of messages) {
        const { msgSeqNum } = message
        if (message.direction === direction && msgSeqNum >= from && msgSeqNum <= to) found.set(msgSeqNum, message)
      }
    }
    return [...found.values()].sort((a, b) => a.msgSeqNum - b.msgSeqNum)
  }

  // ---- sessions ----------------------------------------------------------------------------------------------------

  #nameSessions(): void {
    for (const { id, sessionId } of [...this.#rows.records.values()].sort((a, b) => a.id - b.id)) {
      if (sessionId !== null) this.#records.set(sessionId, id)
    }
    const orphans = new Set<number>()
    for (const { record } of this.#rows.blocks.values()) if (!this.#rows.records.has(record)) orphans.add(record)
    for (const { record } of this.#rows.turns.values()) if (!this.#rows.records.has(record)) orphans.add(record)
    // A reset gives a session a higher record: the highest is the one in force.
    for (const record of [...orphans].sort((a, b) => a - b)) this.#adopt(record)
  }

  /** Names a record, whose own row is lost, after its messages. */
  #adopt(record: number): void {
    const name = this.#nameOf(record)
    if (name === undefined) return
    const known = this.#records.get(name)
    if (known !== undefined && known > record) return
    this.#records.set(name, record)
    this.#doubts.set(name, [
      'its name was read from its messages (a sessionQualifier is not in them), its numbers from the last that were found'
    ])
  }

  #nameOf(record: number): string | undefined {
    for (const block of this.#rows.blocks.values()) {
      if (block.record !== record) continue
      for (const message of this.#unpackBlock(block, undefined).messages) return nameIn(message)
    }
    for (const turn of this.#rows.turns.values()) {
      if (turn.record !== record) continue
      for (const message of this.#unpackTurn(turn, undefined).messages) return nameIn(message)
    }
    return undefined
  }

  #session(sessionId: string, id: number): SalvagedSession {
    const record = this.#rows.records.get(id)
    const newest = this.#newestTurn(id, record?.packedTurn ?? 0)
    const highest: [number, number] = [0, 0]
    for (const { record: of, direction, last } of this.#rows.blocks.values()) {
      const index = direction === 0 ? 0 : 1
      if (of === id) highest[index] = Math.max(highest[index], last)
    }
    const numbers = newest ?? record
    // A number that is used twice is worse than one that is left out; but one left out on the way in would lose a message.
    const nextNumIn = numbers?.nextNumIn ?? highest[0] + 1
    const nextNumOut = Math.max(numbers?.nextNumOut ?? 1, highest[1] + 1)
    return {
      sessionId,
      nextNumIn,
      nextNumOut,
      resetTime: record?.resetTime ?? 0,
      connectTime: newest?.connectTime ?? record?.connectTime,
      doubts: this.#doubts.get(sessionId) ?? []
    }
  }

  /** The last one that is not packed. */
  #newestTurn(record: number, packed: number): SalvagedTurn | undefined {
    let newest: SalvagedTurn | undefined
    for (const turn of this.#rows.turns.values()) {
      if (turn.record === record && turn.id > packed && turn.id > (newest?.id ?? 0)) newest = turn
    }
    return newest
  }

  // ---- their messages ----------------------------------------------------------------------------------------------

  /** In the order of their first numbers. */
  #sourcesOf(sessionId: string, direction: number): readonly Source[] {
    const key = `${direction} ${sessionId}`
    const known = this.#sources.get(key)
    if (known !== undefined) return known
    const record = this.#records.get(sessionId)
    const sources: Source[] = []
    for (const block of this.#rows.blocks.values()) {
      if (block.record !== record || block.direction !== direction) continue
      const { first, last, id } = block
      sources.push({ first, last, id, rank: rankOf.block, unpack: () => this.#unpackBlock(block, sessionId) })
    }
    const packed = this.#rows.records.get(record ?? 0)?.packedTurn ?? 0
    for (const turn of this.#rows.turns.values()) {
      if (turn.record === record) sources.push(...this.#turnSource(turn, sessionId, direction, packed))
    }
    sources.sort((a, b) => a.first - b.first)
    this.#sources.set(key, sources)
    return sources
  }

  #turnSource(turn: SalvagedTurn, sessionId: string, direction: number, packed: number): Source[] {
    let first = Infinity
    let last = 0
    for (const message of this.#unpackTurn(turn, sessionId).messages) {
      if (message.direction !== direction) continue
      first = Math.min(first, message.msgSeqNum)
      last = Math.max(last, message.msgSeqNum)
    }
    if (last === 0) return []
    const { id } = turn
    const rank = id > packed ? rankOf.turn : rankOf.packedTurn
    return [{ first, last, id, rank, unpack: () => this.#unpackTurn(turn, sessionId) }]
  }

  #unpackBlock(block: SalvagedBlock, sessionId: string | undefined): Unpacked {
    const values = valuesOf(this.#file, block)
    const entries = parseEntries(values[8], 4)?.map(
      ([number = 0, time = 0, offset = 0, length = 0]): Entry => [
        block.direction,
        block.first + number,
        block.firstTime + time,
        offset,
        length
      ]
    )
    return unpack(entries, bytesOf(values[9]), {
      directionOf: () => block.direction,
      fits: (message, direction) => fits(message, direction, sessionId),
      time: block.firstTime
    })
  }

  #unpackTurn(turn: SalvagedTurn, sessionId: string | undefined): Unpacked {
    const values = valuesOf(this.#file, turn)
    const entries = parseEntries(values[5], 5)?.map(
      ([direction = 0, number = 0, time = 0, offset = 0, length = 0]): Entry => [
        direction,
        number,
        time,
        offset,
        length
      ]
    )
    return unpack(entries, bytesOf(values[6]), {
      directionOf: (message) => (sessionId?.startsWith(identityOf(message, 1)) ? 1 : 0),
      fits: (message, direction) => fits(message, direction, sessionId),
      time: turn.connectTime ?? 0
    })
  }
}

function open(path: string): PageFile {
  try {
    return new PageFile(path)
  } catch (error) {
    throw journalError('open', path, error)
  }
}

/** What another program wrote has no rows of ours; what another version wrote has them in other places. */
function checkVersion({ header }: PageFile, path: string): void {
  if (header === undefined || header.applicationId !== applicationId || header.schemaVersion === schemaVersion) return
  // A damaged header may say anything.
  if (header.schemaVersion === 0 || header.schemaVersion > 1_000) return
  throw new FixJournalError(
    'JOURNAL_SCHEMA',
    `${path}: expected schema version ${schemaVersion}, got version ${header.schemaVersion}. Use the gapfill that wrote it.`
  )
}

function nothingFound(path: string): FixJournalError {
  return new FixJournalError(
    'JOURNAL_CORRUPT',
    `${path}: expected at least a part of a journal, found nothing of one. Restore a backup, or begin with a new file.`
  )
}

/** What a session is called that has this message. */
function nameIn({ bytes, direction }: WholeMessage): string {
  const text = Buffer.from(bytes).toString('latin1')
  return identityIn(
    (tag) => new RegExp(`\\u0001${tag}=([^\\u0001]*)`).exec(text)?.[1],
    text.slice(2, text.indexOf('\u0001')),
    direction
  )
}

/** False where its CompIDs are those of the other way: one damaged byte of a row says which way its messages went. */
function fits(message: FixMessage, direction: number, sessionId: string | undefined): boolean {
  if (sessionId === undefined || sessionId.startsWith(identityOf(message, direction))) return true
  return !sessionId.startsWith(identityOf(message, 1 - direction))
}

function identityOf(message: FixMessage, direction: number): string {
  return identityIn((tag) => message.get(tag), message.get(8) ?? '', direction)
}

/** The id of the session: what we send has us as its sender. */
function identityIn(get: (tag: number) => string | undefined, beginString: string, direction: number): string {
  const sender = { compId: get(49) ?? '', subId: get(50), locationId: get(142) }
  const target = { compId: get(56) ?? '', subId: get(57), locationId: get(143) }
  const [us, them] = direction === 1 ? [sender, target] : [target, sender]
  return wireIdentity({
    beginString,
    senderCompId: us.compId,
    senderSubId: us.subId,
    senderLocationId: us.locationId,
    targetCompId: them.compId,
    targetSubId: them.subId,
    targetLocationId: them.locationId
  })
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0)
}

function byName(a: SalvagedSession, b: SalvagedSession): number {
  return a.sessionId < b.sessionId ? -1 : 1
}
