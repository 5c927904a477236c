import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as door from '../../lib/index.js'
import * as testing from '../../lib/testing/index.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = join(root, 'dist')

/** What DESIGN's "Public surface" names. */
const designed = [
  'Codec',
  'Dictionary',
  'DuplicateTagError',
  'FixConnectionError',
  'FixEngine',
  'FixError',
  'FixMessage',
  'FixSession',
  'HeartbeatMonitor',
  'MemoryJournal',
  'MemoryTransport',
  'MsgType',
  'SessionState',
  'SqliteJournal',
  'Tag',
  'TcpTransport',
  'parseConfig'
]

/**
 * What it takes beside them: the other errors that are thrown, the reasons of rejects, schedules, the engine's config, Node's
 * clock, and of dictionaries the names of the built-in ones, drift without a session, and what a FIXT.1.1 session uses.
 */
const beside = [
  'BusinessRejectReason',
  'Drift',
  'FieldValueError',
  'FixConfigError',
  'FixDictionaryError',
  'FixJournalError',
  'FixtDictionary',
  'ListenerError',
  'Schedule',
  'SessionRejectReason',
  'builtInVersions',
  'isAdmin',
  'parseEngineConfig',
  'readEngineConfig',
  'sessionDictionary',
  'systemClock'
]

function declarations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))
}

describe('the public door', () => {
  it('exports these values, and no others', () => {
    expect(Object.keys(door).sort()).toEqual([...designed, ...beside].sort())
  })

  it('of gapfill/testing exports these', () => {
    expect(Object.keys(testing).sort()).toEqual(['FaultProxy', 'MemoryNetwork', 'MemoryTransport', 'VirtualClock'])
  })

  it('has every error under one roof, with a code', () => {
    const errors = [
      new door.FixConnectionError('STOPPED', 'x'),
      new door.FixJournalError('JOURNAL_FULL', 'x'),
      new door.FixConfigError('file', []),
      new door.FixDictionaryError('file', 1, 'field', 'x'),
      new door.DuplicateTagError(55, 'A'),
      new door.ListenerError('message', 'x', undefined)
    ]
    for (const error of errors) {
      expect(error).toBeInstanceOf(door.FixError)
      expect(error.code).toMatch(/^[A-Z_]+$/)
      expect(error.name).toBe(error.constructor.name)
    }
  })
})

describe('the package as it is built', () => {
  it('has been built', () => {
    expect(existsSync(dist), `${dist} is missing: run "npm run build"`).toBe(true)
  })

  it('can be used by a program of others through its name alone', () => {
    const program = fileURLToPath(new URL('outside.mjs', import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], { cwd: root, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe('Active Active A-1\n')
  })

  it('says nowhere that a type is `any`', () => {
    const found: string[] = []
    for (const name of declarations(dist)) {
      const text = readFileSync(join(dist, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      if (/\bany\b/.test(text)) found.push(name)
    }
    expect(declarations(dist).length).toBeGreaterThan(50)
    expect(found).toEqual([])
  })
})
