import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { FixError } from '../../lib/errors.js'
import type { Direction, Journal, JournalBatch, JournalMessage } from '../../lib/journal/journal.js'

const directories: string[] = []

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** A directory that is gone after the spec. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gapfill-journal-'))
  directories.push(directory)
  return directory
}

/** The path of a journal that does not exist yet. */
export function temporaryPath(): string {
  return join(temporaryDirectory(), 'journal.db')
}

/** Wire text with `|` for SOH, one byte a character. */
export function message(
  msgSeqNum: number,
  text = `8=FIX.4.4|35=8|34=${msgSeqNum}|10=000|`,
  time = 1_000
): JournalMessage {
  return { msgSeqNum, time, bytes: Buffer.from(text.replaceAll('|', '\u0001'), 'latin1') }
}

/** Messages with these numbers. */
export function messages(...numbers: readonly number[]): JournalMessage[] {
  return numbers.map((number) => message(number))
}

/** The numbers from `from` to `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}

/** A batch that changes only what is said. */
export function batch(sessionId: string, changes: Partial<JournalBatch>): JournalBatch {
  return {
    sessionId,
    reset: undefined,
    in: [],
    out: [],
    nextNumIn: undefined,
    nextNumOut: undefined,
    connectTime: undefined,
    ...changes
  }
}

/** Wire text with `|` for SOH. */
export function textOf({ bytes }: JournalMessage): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')
}

/** All that is stored of one direction, as wire text by number. */
export async function stored(journal: Journal, sessionId: string, direction: Direction): Promise<[number, string][]> {
  const found = await journal.read(sessionId, direction, 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return found.map((each) => [each.msgSeqNum, textOf(each)])
}

/** The error that a call throws or rejects with. */
export async function failure(call: () => unknown): Promise<FixError> {
  try {
    await call()
  } catch (error) {
    if (error instanceof FixError) return error
    throw error
  }
  throw new Error('expected a FixError, got none')
}
