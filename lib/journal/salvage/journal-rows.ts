import type { PageFile } from './page-file.js'
import { type ColumnKind, type ColumnValue, type FoundRow, type RowPlace, rowsOfPage } from './table-rows.js'

/** A row of `records` (schema.ts). */
export interface SalvagedRecord {
  readonly id: number
  /** null: a reset left it behind. */
  readonly sessionId: string | null
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly resetTime: number
  readonly connectTime: number | undefined
  readonly packedTurn: number
}

/** A row of `turns`, without its messages. */
export interface SalvagedTurn extends RowPlace {
  readonly id: number
  readonly record: number
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly connectTime: number | undefined
}

/** A row of `blocks`, without its messages. */
export interface SalvagedBlock extends RowPlace {
  readonly id: number
  readonly record: number
  readonly direction: number
  readonly first: number
  readonly last: number
  readonly firstTime: number
}

/** What of the journal's three tables was found, by id. */
export interface JournalRows {
  readonly records: ReadonlyMap<number, SalvagedRecord>
  readonly turns: ReadonlyMap<number, SalvagedTurn>
  readonly blocks: ReadonlyMap<number, SalvagedBlock>
}

/** Each table's columns. Their kinds tell the tables apart, so that a damaged list of tables does no harm. */
const columns = {
  records: ['null', 'text?', 'number', 'number', 'number', 'number?', 'number'],
  turns: ['null', 'number', 'number', 'number', 'number?', 'text', 'bytes'],
  blocks: ['null', 'number', 'number', 'number', 'number', 'number', 'number', 'number', 'text', 'bytes']
} as const

/** Looks at every page that is not known to be free; the numbers of the pages count for nothing. */
export function findRows(file: PageFile): JournalRows {
  const rows = {
    records: new Map<number, SalvagedRecord>(),
    turns: new Map<number, SalvagedTurn>(),
    blocks: new Map<number, SalvagedBlock>()
  }
  const free = file.freePages()
  for (let number = 1; number <= file.pageCount; number++) {
    if (free.has(number)) continue
    for (const row of rowsOfPage(file, number)) {
      if (fits(row.kinds, columns.blocks)) keep(rows.blocks, blockOf(row))
      else if (fits(row.kinds, columns.turns)) keep(rows.turns, turnOf(row))
      else if (fits(row.kinds, columns.records)) keep(rows.records, recordOf(row))
    }
  }
  return rows
}

function fits(kinds: readonly ColumnKind[], expected: readonly string[]): boolean {
  if (kinds.length !== expected.length) return false
  return expected.every((name, index) => {
    const kind = kinds[index]
    return name === kind || name === `${kind}?` || (name.endsWith('?') && kind === 'null')
  })
}

function keep<Row extends { readonly id: number }>(rows: Map<number, Row>, row: Row | undefined): void {
  if (row !== undefined && !rows.has(row.id)) rows.set(row.id, row)
}

function recordOf({ id, first }: FoundRow): SalvagedRecord | undefined {
  const [, sessionId, nextNumIn, nextNumOut, resetTime, connectTime, packedTurn] = first
  if (!isNumber(nextNumIn) || !isNumber(nextNumOut) || !isTime(resetTime) || !isCount(packedTurn)) return undefined
  const name = typeof sessionId === 'string' ? sessionId : null
  return { id, sessionId: name, nextNumIn, nextNumOut, resetTime, connectTime: timeOf(connectTime), packedTurn }
}

function turnOf({ id, page, at, first }: FoundRow): SalvagedTurn | undefined {
  const [, record, nextNumIn, nextNumOut, connectTime] = first
  if (!isNumber(record) || !isNumber(nextNumIn) || !isNumber(nextNumOut)) return undefined
  return { id, page, at, record, nextNumIn, nextNumOut, connectTime: timeOf(connectTime) }
}

function blockOf({ id, page, at, first: values }: FoundRow): SalvagedBlock | undefined {
  const [, record, direction, first, last, , firstTime] = values
  if (!isNumber(record) || !isNumber(first) || !isNumber(last) || !isTime(firstTime)) return undefined
  if ((direction !== 0 && direction !== 1) || last < first) return undefined
  return { id, page, at, record, direction, first, last, firstTime }
}

/** A number of a message or of a row. */
function isNumber(value: ColumnValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}

function isCount(value: ColumnValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isTime(value: ColumnValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

function timeOf(value: ColumnValue | undefined): number | undefined {
  return isTime(value) ? value : undefined
}
