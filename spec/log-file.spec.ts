import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFile } from '../lib/log-file.js'

let folder: string
let complaints: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapfill-log-'))
  complaints = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const complain = (text: string) => complaints.push(text)

describe('a log file', () => {
  it('is opened by the first line, its folder made, and appended to', () => {
    const path = join(folder, 'a/b/session.log')
    const file = new LogFile(path, 1000, complain)
    expect(() => readFileSync(path)).toThrow()
    file.write('one\n')
    new LogFile(path, 1000, complain).write('two\n')
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
  })

  it('is turned over before it grows beyond its size, counting what was there', () => {
    const path = join(folder, 'session.log')
    writeFileSync(path, '12345678')
    const file = new LogFile(path, 10, complain)
    file.write('ab')
    expect(readFileSync(path, 'utf8')).toBe('12345678ab')
    file.write('ä')
    file.write('12345678')
    file.write('x')
    expect(readFileSync(path, 'utf8')).toBe('x')
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('ä12345678')
    expect(complaints).toEqual([])
  })

  it('takes a line longer than its size into a file of its own', () => {
    const path = join(folder, 'session.log')
    const file = new LogFile(path, 4, complain)
    file.write('0123456789')
    file.write('a')
    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')]).toEqual(['a', '0123456789'])
  })

  it('may get smaller, never larger', () => {
    const path = join(folder, 'session.log')
    const file = new LogFile(path, 10, complain)
    file.limit(20)
    file.limit(4)
    file.write('123')
    file.write('456')
    expect(readFileSync(path, 'utf8')).toBe('456')
  })

  it('that cannot be written is complained about once, and tried again', () => {
    const blocked = join(folder, 'blocked')
    writeFileSync(blocked, '')
    const path = join(blocked, 'session.log')
    const file = new LogFile(path, 10, complain)
    file.write('a')
    file.write('b')
    expect(complaints).toEqual([expect.stringMatching(/^gapfill: cannot log to .*session\.log: Error: E.*\n$/)])
    rmSync(blocked)
    file.write('c')
    expect(readFileSync(path, 'utf8')).toBe('c')
  })
})
