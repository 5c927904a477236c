import type { PageFile } from './page-file.js'

export type ColumnValue = number | string | Uint8Array | null

/** The kind of a column's value: null, a whole number, text or bytes. */
export type ColumnKind = 'null' | 'number' | 'text' | 'bytes'

/** Where a row is. */
export interface RowPlace {
  readonly page: number
  readonly at: number
}

export interface FoundRow extends RowPlace {
  readonly id: number
  readonly kinds: readonly ColumnKind[]
  /** Those of the first columns that are whole on the page itself. */
  readonly first: readonly ColumnValue[]
}

const tableLeaf = 0x0d
const headerOfFile = 100

/**
 * The rows on a page, where it is a leaf of a table and as far as they make sense: a row counts when the lengths of its columns add up
 * to its own. Whichever table it was of is for the caller to tell. (https://www.sqlite.org/fileformat2.html#b_tree_pages)
 */
export function* rowsOfPage(file: PageFile, number: number): Generator<FoundRow> {
  const page = file.page(number)
  // Page 1 begins with the header of the file.
  const start = number === 1 ? headerOfFile : 0
  if (page[start] !== tableLeaf) return
  const cells = page.readUInt16BE(start + 3)
  for (let cell = 0; cell < cells; cell++) {
    const pointer = start + 8 + cell * 2
    if (pointer + 2 > page.length) return
    const at = page.readUInt16BE(pointer)
    const found = readCell(file, page, at)
    if (found === undefined) continue
    const { id, types, start: begin, local } = found
    const first = readValues(page.subarray(begin, begin + local), types)
    yield { page: number, at, id, kinds: types.codes.map(kindOf), first }
  }
}

/** All values of a row; what is damaged of it comes out as something else. */
export function valuesOf(file: PageFile, { page: number, at }: RowPlace): ColumnValue[] {
  const page = file.page(number)
  const found = readCell(file, page, at)
  if (found === undefined) return []
  return readValues(readPayload(file, page, found.start, found.size, found.local), found.types)
}

interface Cell {
  readonly id: number
  readonly size: number
  /** Where its content begins on the page, and how much of it is there. */
  readonly start: number
  readonly local: number
  readonly types: Types
}

function readCell(file: PageFile, page: Buffer, at: number): Cell | undefined {
  const size = readVarint(page, at)
  const id = size === undefined ? undefined : readVarint(page, size.end)
  if (size === undefined || id === undefined || size.value > file.pageCount * file.pageSize) return undefined
  const local = localLength(size.value, file.usableSize)
  if (id.end + local > page.length) return undefined
  const types = readTypes(page.subarray(id.end, id.end + local), size.value)
  return types === undefined ? undefined : { id: id.value, size: size.value, start: id.end, local, types }
}

/** How many bytes of a row are on its page; the rest is on overflow pages. */
function localLength(size: number, usable: number): number {
  const most = usable - 35
  if (size <= most) return size
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((size - least) % (usable - 4))
  return fitting <= most ? fitting : least
}

function readPayload(file: PageFile, page: Buffer, at: number, size: number, local: number): Buffer {
  const payload = Buffer.alloc(size)
  page.copy(payload, 0, at, at + local)
  if (local === size) return payload
  let done = local
  let next = page.length >= at + local + 4 ? page.readUInt32BE(at + local) : 0
  while (done < size && next > 0 && next <= file.pageCount) {
    const overflow = file.page(next)
    const piece = Math.min(size - done, file.usableSize - 4)
    overflow.copy(payload, done, 4, 4 + piece)
    done += piece
    const told = overflow.readUInt32BE(0)
    // Overflow pages mostly lie one after the other: a good guess where one was overwritten.
    next = told > 0 && told <= file.pageCount ? told : next + 1
  }
  return payload
}

interface Types {
  readonly codes: readonly number[]
  /** Where the columns begin. */
  readonly start: number
}

function readTypes(local: Buffer, size: number): Types | undefined {
  const header = readVarint(local, 0)
  if (header === undefined || header.value > local.length || header.value > maxHeader) return undefined
  const codes: number[] = []
  let length = header.value
  for (let at = header.end; at < header.value; ) {
    const code = readVarint(local, at)
    if (code === undefined || code.value === 10 || code.value === 11 || code.value === 7) return undefined
    codes.push(code.value)
    length += lengthOf(code.value)
    at = code.end
  }
  return length === size ? { codes, start: header.value } : undefined
}

/** No row of ours has more than 10 columns. */
const maxHeader = 100

/** Lengths of the whole numbers with the codes 0 to 9; 8 and 9 are 0 and 1 themselves. */
const numberLengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

function lengthOf(code: number): number {
  return code >= 12 ? Math.floor((code - 12) / 2) : (numberLengths[code] ?? 0)
}

function kindOf(code: number): ColumnKind {
  if (code === 0) return 'null'
  if (code < 12) return 'number'
  return code % 2 === 0 ? 'bytes' : 'text'
}

/** Ends before the first value that is not whole. */
function readValues(payload: Buffer, { codes, start }: Types): ColumnValue[] {
  const values: ColumnValue[] = []
  let at = start
  for (const code of codes) {
    const bytes = payload.subarray(at, at + lengthOf(code))
    if (bytes.length < lengthOf(code)) break
    at += bytes.length
    values.push(columnOf(code, bytes))
  }
  return values
}

function columnOf(code: number, bytes: Buffer): ColumnValue {
  if (code === 0) return null
  if (code === 8 || code === 9) return code - 8
  if (code === 6) return Number(bytes.readBigInt64BE(0))
  if (code < 12) return bytes.readIntBE(0, bytes.length)
  return code % 2 === 0 ? bytes : bytes.toString('utf8')
}

/** 7 bits a byte, the highest first. Beyond 2^53 it is none of ours. */
function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: at + index + 1 } : undefined
  }
  return undefined
}
