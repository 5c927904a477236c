import type { Database } from 'better-sqlite3'
import { BlockWriter } from './blocks.js'
import { runOf } from './message-run.js'
import { toStored } from './message-text.js'

interface Version1Session {
  readonly sessionId: string
  readonly nextNumIn: number
  readonly nextNumOut: number
  readonly resetTime: number
}

interface Version1Message {
  readonly msgSeqNum: number
  readonly time: number
  readonly bytes: Uint8Array
}

/** Rows held in memory at a time while a journal of any size is repacked. */
const pageSize = 1_000

/**
 * Version 1, the schema of the 0.0 prototypes, kept one row per message with the bytes of the wire as a blob, which
 * other tools could not read as text, and did not know when a connection last carried a session.
 *
 * Runs in the caller's transaction: it takes about the size of the old journal again in disk space, or changes nothing.
 */
export function migrateToVersion2(database: Database, tables: string, views: string): void {
  database.exec('ALTER TABLE sessions RENAME TO version1Sessions; ALTER TABLE messages RENAME TO version1Messages;')
  database.exec(tables)
  const sessions = database.prepare<[], Version1Session>('SELECT * FROM version1Sessions ORDER BY sessionId').all()
  const insertRecord = database.prepare<[string, number, number, number]>(
    'INSERT INTO records (sessionId, nextNumIn, nextNumOut, resetTime) VALUES (?, ?, ?, ?)'
  )
  for (const { sessionId, nextNumIn, nextNumOut, resetTime } of sessions) {
    const record = Number(insertRecord.run(sessionId, nextNumIn, nextNumOut, resetTime).lastInsertRowid)
    repack(database, sessionId, 'in', record, 0)
    repack(database, sessionId, 'out', record, 1)
  }
  database.exec('DROP TABLE version1Messages; DROP TABLE version1Sessions;')
  database.exec(views)
}

function repack(database: Database, sessionId: string, name: string, record: number, direction: number): void {
  const blocks = new BlockWriter(database, database.name)
  const page = database.prepare<[string, string, number, number], Version1Message>(
    'SELECT msgSeqNum, time, bytes FROM version1Messages WHERE sessionId = ? AND direction = ? AND msgSeqNum > ? ORDER BY msgSeqNum LIMIT ?'
  )
  for (let after = 0; ; ) {
    const rows = page.all(sessionId, name, after, pageSize)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.msgSeqNum
    blocks.append(record, direction, runOf(rows.map(toStored)))
  }
}
