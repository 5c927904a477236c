import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FixEngine, MemoryTransport } from '../../lib/index.js'
import { silent, TwoSessions } from '../support/two-sessions.js'
import { gapfill } from './recording-io.js'

const fixture = (name: string) => `fixtures/config/quickfix/${name}.cfg`

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gapfill-import-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('gapfill import', () => {
  it('prints the config, and on standard error what could not be carried over', async () => {
    const { status, stdout, stderr } = await gapfill(['import', fixture('gateway')])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      defaults: {
        senderCompId: 'GATEWAY',
        targetCompId: 'MARKET',
        host: '127.0.0.1',
        port: 5001,
        heartBtInt: 30,
        resetOnLogon: true,
        timestampPrecision: 9,
        log: { messages: true, file: 'tmp/gapfill.log' }
      },
      sessions: [{ role: 'initiator', beginString: 'FIX.4.3', dictionary: 'FIX.4.3' }]
    })
    expect(stderr).toBe(
      'fixtures/config/quickfix/gateway.cfg:10: SQLStoreDriver: not carried over. The journal is a SQLite file (journal.path); another store is a part: an object with the methods of Journal.\n' +
        'fixtures/config/quickfix/gateway.cfg:12: no dictionary is named: FIX.4.3 is taken, as QuickFIX/J does; QuickFIX/Go does without\n'
    )
  })

  it('writes a file that the sessions of run from', () =>
    inFolder(async (folder) => {
      const two = new TwoSessions()
      writeFileSync(
        join(folder, 'client.cfg'),
        '[DEFAULT]\nConnectionType=initiator\nSenderCompID=BUYSIDE\nTargetCompID=BROKER\nFileStorePath=store\n' +
          '[SESSION]\nBeginString=FIX.4.4\nSocketConnectHost=127.0.0.1\nSocketConnectPort=9878\nLogonTag=554=secret\n'
      )
      const imported = [
        await gapfill(['import', fixture('broker'), '--out', join(folder, 'broker/sessions.json')]),
        await gapfill(['import', 'client.cfg', '--out', 'client/sessions.json'], { cwd: folder })
      ]
      expect(imported.map(({ status, stdout }) => [status, stdout])).toEqual([
        [0, ''],
        [0, '']
      ])
      expect(imported[1]?.stderr).toContain(
        'client.cfg:10: password: a secret: set FIX_PASSWORD_BROKER in the environment'
      )
      process.env.FIX_PASSWORD_BROKER = 'secret'
      const engines = ['broker', 'client'].map(
        (name) =>
          new FixEngine(join(folder, name, 'sessions.json'), {
            clock: two.clock,
            logger: silent,
            transport: () => new MemoryTransport(two.network)
          })
      )
      delete process.env.FIX_PASSWORD_BROKER
      for (const engine of engines) {
        const started = engine.start()
        await two.settle()
        await started
      }
      await two.pass(1)
      const states = engines.flatMap((engine) => [...engine.sessions.values()].map(({ id, state }) => `${id} ${state}`))
      expect(states).toEqual([
        'FIX.4.4:BROKER->BUYSIDE Active',
        'FIX.4.2:BROKER->OLDCLIENT AwaitingConnection',
        'FIX.4.4:BUYSIDE->BROKER Active'
      ])
      const stopped = Promise.all(engines.map((engine) => engine.stop()))
      await two.pass(5)
      await stopped
      expect(existsSync(join(folder, 'broker/store/gapfill.db'))).toBe(true)
      expect(existsSync(join(folder, 'client/store/gapfill.db'))).toBe(true)
    }))

  it('finds dictionaries beside the settings, and names them from where the config is', () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, 'own.xml'), '<fix/>')
      const settings = readFileSync(fixture('broker'), 'utf8').replace('spec/FIX44.xml', 'own.xml')
      writeFileSync(join(folder, 'quickfix.cfg'), settings)
      await gapfill(['import', 'quickfix.cfg', '--out', 'config/sessions.json'], { cwd: folder })
      const { sessions } = JSON.parse(readFileSync(join(folder, 'config/sessions.json'), 'utf8'))
      expect(sessions[0].dictionary).toBe('../own.xml')
    }))

  it('overwrites nothing', () =>
    inFolder(async (folder) => {
      const out = join(folder, 'sessions.json')
      writeFileSync(out, 'mine')
      const { status, stderr } = await gapfill(['import', fixture('gateway'), '--out', out])
      expect(status).toBe(1)
      expect(stderr).toContain(`gapfill import: ${out}: expected a file that is not there yet. Choose another --out.\n`)
      expect(readFileSync(out, 'utf8')).toBe('mine')
    }))

  it('writes nothing where the settings make no config', () =>
    inFolder(async (folder) => {
      const out = join(folder, 'sessions.json')
      const { status, stdout, stderr } = await gapfill(['import', fixture('mistakes'), '--out', out])
      expect([status, stdout, existsSync(out)]).toEqual([1, '', false])
      expect(stderr).toContain(
        'mistakes.cfg: [SESSION] in line 5: expected ConnectionType to be initiator or acceptor\n'
      )
    }))

  it('wants one file that can be read', async () => {
    for (const argv of [[], ['a.cfg', 'b.cfg']]) {
      const { status, stderr } = await gapfill(['import', ...argv])
      expect(status).toBe(2)
      expect(stderr).toMatch(/^gapfill import: expected the path of one settings file\nusage: gapfill import FILE/)
    }
    expect(await gapfill(['import', 'none.cfg'])).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'gapfill import: none.cfg: (file): expected a file that can be read, got ENOENT. Check the path and its permissions.\n'
    })
  })
})
