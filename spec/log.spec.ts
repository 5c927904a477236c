import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { parseConfig } from '../lib/config/config.js'
import { FixError } from '../lib/errors.js'
import { createLogger, type Logger } from '../lib/log.js'
import { initiator } from './config/problems.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapfill-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const wire = (text: string) => Buffer.from(text.replaceAll('|', '\u0001'), 'latin1')
const configWith = (log: object, more: object = {}) => parseConfig({ ...initiator, ...more, log }, { baseDir: folder })

function linesOf(path: string): unknown[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** A logger of the application's, and what it was told. */
function recorder() {
  const calls: unknown[][] = []
  const method =
    (level: string) =>
    (...rest: unknown[]) =>
      void calls.push([level, ...rest])
  const logger: Logger = { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') }
  return { calls, logger }
}

describe('the built-in logger', () => {
  it('writes JSON lines with the id of the session', () => {
    const config = configWith({ file: 'session.log' })
    const log = createLogger(config)
    log.info('hello')
    log.warn({ msgSeqNum: 7 }, 'a gap')
    log.error({ err: new FixError('CODE', 'broken') }, 'it broke')
    expect(linesOf(join(folder, 'session.log'))).toMatchObject([
      { level: 30, name: 'gapfill', session: 'FIX.4.4:BUYSIDE->BROKER', msg: 'hello' },
      { level: 40, msgSeqNum: 7, msg: 'a gap' },
      { level: 50, msg: 'it broke', err: { type: 'FixError', code: 'CODE', message: 'broken' } }
    ])
  })

  it('writes from its level up, and says so in a flag', () => {
    const debug = createLogger(configWith({ file: 'a.log', level: 'debug' }))
    const warn = createLogger(configWith({ file: 'a.log', level: 'warn' }, { targetCompId: 'OTHER' }))
    expect([debug.debugEnabled, warn.debugEnabled]).toEqual([true, false])
    debug.debug('1')
    warn.debug('2')
    warn.info('3')
    warn.warn('4')
    expect(linesOf(join(folder, 'a.log'))).toMatchObject([
      { msg: '1', session: 'FIX.4.4:BUYSIDE->BROKER' },
      { msg: '4', session: 'FIX.4.4:BUYSIDE->OTHER' }
    ])
  })

  it('is silent when told so', () => {
    const log = createLogger(configWith({ file: 'a.log', level: 'silent', messages: true }))
    expect([log.debugEnabled, log.messages]).toEqual([false, false])
    log.error('x')
    expect(() => readFileSync(join(folder, 'a.log'))).toThrow()
  })

  it('turns over a file that sessions share at the smallest of their sizes', () => {
    const large = createLogger(configWith({ file: 'a.log' }))
    const small = createLogger(configWith({ file: 'a.log', maxFileSize: 4096 }, { targetCompId: 'OTHER' }))
    for (let line = 0; line < 40; line++) (line % 2 === 0 ? large : small).info('x'.repeat(200))
    expect(readFileSync(join(folder, 'a.log')).length).toBeLessThanOrEqual(4096)
    expect(readFileSync(join(folder, 'a.log.1')).length).toBeLessThanOrEqual(4096)
  })

  it('prints percent signs as they are', () => {
    createLogger(configWith({ file: 'a.log' })).info({ a: 1 }, '100%s %d %% %o')
    expect(linesOf(join(folder, 'a.log'))).toMatchObject([{ msg: '100%s %d %% %o' }])
  })
})

describe('messages', () => {
  it('are logged when asked for, with | for SOH', () => {
    const log = createLogger(configWith({ file: 'a.log', messages: true }))
    expect(log.messages).toBe(true)
    log.received(wire('8=FIX.4.4|35=0|58=Grüße|10=000|'))
    log.sent(wire('8=FIX.4.4|35=A|554=secret|10=000|'))
    expect(linesOf(join(folder, 'a.log'))).toMatchObject([
      { direction: 'in', msg: '8=FIX.4.4|35=0|58=Grüße|10=000|' },
      { direction: 'out', msg: '8=FIX.4.4|35=A|554=***|10=000|' }
    ])
  })

  it('are not by default, which a flag says', () => {
    expect(createLogger(configWith({ file: 'a.log' })).messages).toBe(false)
  })

  it('are taken from the part of a buffer that they are in', () => {
    const { calls, logger } = recorder()
    const bytes = wire('xx8=FIX.4.4|yy')
    createLogger(configWith({ messages: true }), logger).received(bytes.subarray(2, -2))
    expect(calls).toEqual([['info', { session: 'FIX.4.4:BUYSIDE->BROKER', direction: 'in' }, '8=FIX.4.4|']])
  })
})

describe('secrets', () => {
  it('do not pass, wherever they stand', () => {
    const log = createLogger(configWith({ file: 'a.log', level: 'debug' }))
    const raw = '8=FIX.4.4\u000135=A\u0001554=hunter2\u000110=000\u0001'
    log.debug(`refused ${raw}`)
    log.info({ raw, nested: { raw }, bytes: Buffer.from(raw) }, raw)
    log.warn(new FixError('CODE', `refused ${raw}`, { cause: new Error(raw) }))
    log.error({ err: new Error(raw) }, 'refused')
    const text = readFileSync(join(folder, 'a.log'), 'utf8')
    expect(text).not.toContain('hunter2')
    expect(text.match(/554=\*\*\*/g)?.length).toBeGreaterThan(7)
  })
})

describe('a logger of the application', () => {
  it('that is of pino gets a child', () => {
    const lines: string[] = []
    const stream = new Writable({
      write(line, _, done) {
        lines.push(String(line))
        done()
      }
    })
    const own = pino({ level: 'warn', base: null }, stream)
    const log = createLogger(configWith({ level: 'debug', messages: true }), own)
    expect([log.debugEnabled, log.messages]).toEqual([false, false])
    log.info('no')
    log.warn('yes 554=hunter2')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { session: 'FIX.4.4:BUYSIDE->BROKER', msg: 'yes 554=***' }
    ])
  })

  it('that has no children gets the session with each line', () => {
    const { calls, logger } = recorder()
    const log = createLogger(configWith({}), logger)
    expect([log.debugEnabled, log.messages]).toEqual([true, false])
    log.warn('a')
    log.error({ msgSeqNum: 7 }, 'b')
    log.info({ msgSeqNum: 8 })
    const session = 'FIX.4.4:BUYSIDE->BROKER'
    expect(calls).toEqual([
      ['warn', { session }, 'a'],
      ['error', { session, msgSeqNum: 7 }, 'b'],
      ['info', { session, msgSeqNum: 8 }]
    ])
  })

  it('that throws does not stop the session, and is complained about once', () => {
    const throwing = () => {
      throw new Error('disk full')
    }
    const log = createLogger(configWith({ messages: true }), {
      debug: throwing,
      info: throwing,
      warn: throwing,
      error: throwing
    })
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      log.warn('a')
      log.error('b')
      log.received(wire('8=FIX.4.4|'))
      expect(stderr.mock.calls).toEqual([['gapfill: a line could not be logged: Error: disk full\n']])
    } finally {
      stderr.mockRestore()
    }
  })

  it('may be pino or the console', () => {
    expectTypeOf<pino.Logger>().toExtend<Logger>()
    expectTypeOf<Console>().toExtend<Logger>()
  })
})
