import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { isPageSize, type LogPages, readLog } from './write-ahead-log.js'

/** What the first 100 bytes of a database say, as far as they are readable. */
export interface FileHeader {
  readonly pageSize: number
  /** Bytes at the end of each page that are not SQLite's. */
  readonly reserved: number
  readonly applicationId: number
  readonly schemaVersion: number
  readonly firstFree: number
  readonly freePages: number
}

const magic = Buffer.from('SQLite format 3\u0000', 'latin1')
/**
 * The pages of a database file, the newest content of each, read as plain bytes: SQLite is not asked, and the files are
 * opened for reading only. (https://www.sqlite.org/fileformat2.html)
 */
export class PageFile {
  readonly #database: number
  readonly #log: number | undefined
  readonly #length: number
  readonly #logPages: LogPages | undefined
  readonly header: FileHeader | undefined
  readonly pageSize: number
  readonly usableSize: number
  readonly pageCount: number

  /** Throws what opening a file throws. */
  constructor(path: string) {
    this.#database = openSync(path, 'r')
    try {
      this.#length = fstatSync(this.#database).size
      this.#log = openIfThere(`${path}-wal`)
      this.#logPages = this.#readLog()
      this.pageSize = headerOf(readAt(this.#database, 0, 100))?.pageSize ?? this.#logPages?.pageSize ?? this.#guess()
      this.header = this.#logPages?.pages.has(1)
        ? headerOf(this.page(1).subarray(0, 100))
        : headerOf(readAt(this.#database, 0, 100))
      this.usableSize = this.pageSize - (this.header?.reserved ?? 0)
      const inFile = Math.ceil(this.#length / this.pageSize)
      this.pageCount = Math.max(inFile, this.#logPages?.databasePages ?? 0)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Pages of the log that are damaged: what was in them is as it was before. */
  get damagedInLog(): number {
    return this.#logPages?.damaged ?? 0
  }

  /** The page with this number, from 1; zeros where the file has no more. */
  page(number: number): Buffer {
    const inLog = this.#logPages?.pages.get(number)
    if (inLog !== undefined && this.#log !== undefined) return readAt(this.#log, inLog, this.pageSize)
    return readAt(this.#database, (number - 1) * this.pageSize, this.pageSize)
  }

  /** The pages that SQLite has given up, which still hold what was deleted; as far as their list can be followed. */
  freePages(): Set<number> {
    const free = new Set<number>()
    for (let trunk = this.header?.firstFree ?? 0; trunk > 0 && trunk <= this.pageCount && !free.has(trunk); ) {
      free.add(trunk)
      const page = this.page(trunk)
      const count = Math.min(page.readUInt32BE(4), Math.floor(this.usableSize / 4) - 2)
      for (let index = 0; index < count; index++) free.add(page.readUInt32BE(8 + index * 4))
      trunk = page.readUInt32BE(0)
    }
    // A list of another length was damaged, and what it names may well be in use.
    return free.size === this.header?.freePages ? free : new Set()
  }

  close(): void {
    closeSync(this.#database)
    if (this.#log !== undefined) closeSync(this.#log)
  }

  #readLog(): LogPages | undefined {
    const log = this.#log
    if (log === undefined) return undefined
    return readLog((position, length) => readAt(log, position, length), fstatSync(log).size)
  }

  /** The size that most leaves of tables seem to have, for rows are put on a page from its end. */
  #guess(): number {
    const votes = new Map<number, number>()
    const bytes = readAt(this.#database, 0, Math.min(this.#length, lookedAt))
    for (let at = 0; at + smallestPage <= bytes.length; at += smallestPage) {
      const size = sizeOfLeaf(bytes, at)
      if (size !== undefined && at % size === 0) votes.set(size, (votes.get(size) ?? 0) + 1)
    }
    const [best] = [...votes].sort(([, a], [, b]) => b - a)
    return best?.[0] ?? ordinaryPageSize
  }
}

const smallestPage = 512
const ordinaryPageSize = 2_048
/** Bytes of the file that are enough to tell. */
const lookedAt = 4 * 1024 * 1024

/** The size of the page that begins here, where it looks like a leaf of a table: the next power of 2 behind its last row. */
function sizeOfLeaf(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] !== 0x0d) return undefined
  const cells = bytes.readUInt16BE(at + 3)
  if (cells === 0 || at + 8 + cells * 2 > bytes.length) return undefined
  let last = 0
  for (let cell = 0; cell < cells; cell++) {
    const pointer = bytes.readUInt16BE(at + 8 + cell * 2)
    if (pointer < 8 + cells * 2) return undefined
    last = Math.max(last, pointer)
  }
  return Math.max(smallestPage, 2 ** Math.ceil(Math.log2(last + 1)))
}

function headerOf(bytes: Buffer): FileHeader | undefined {
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined
  const stored = bytes.readUInt16BE(16)
  const pageSize = stored === 1 ? 65_536 : stored
  if (!isPageSize(pageSize)) return undefined
  return {
    pageSize,
    reserved: bytes[20] ?? 0,
    firstFree: bytes.readUInt32BE(32),
    freePages: bytes.readUInt32BE(36),
    schemaVersion: bytes.readUInt32BE(60),
    applicationId: bytes.readUInt32BE(68)
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Zeros where there is nothing. */
function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  try {
    for (let done = 0; done < length; ) {
      const read = readSync(file, bytes, done, length - done, position + done)
      if (read === 0) break
      done += read
    }
  } catch (error) {
    // A bad sector: EIO is what this is for.
    if (!(error instanceof Error && 'code' in error && error.code === 'EIO')) throw error
  }
  return bytes
}
