import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gapfill } from './recording-io.js'

const fixture = (name: string) => `fixtures/config/${name}.json`

describe('gapfill check', () => {
  it('shows the sessions of a good file', async () => {
    expect(await gapfill(['check', '--file-only', fixture('two-sessions')])).toEqual({
      status: 0,
      stdout:
        'SESSION                  ROLE       ADDRESS         JOURNAL\n' +
        'FIX.4.4:BROKER->BUYSIDE  acceptor   127.0.0.1:9878  fixtures/config/gapfill.db\n' +
        'FIX.4.4:BUYSIDE->BROKER  initiator  127.0.0.1:9878  fixtures/config/gapfill.db\n',
      stderr: ''
    })
  })

  it('takes paths from the working directory and values from the environment', async () => {
    const env = { JOURNAL_FOLDER: '/var/fix', OUR_ID: 'US', PRIMARY_HOST: '::1', PRIMARY_PORT: '9000', RESET: 'false' }
    const { status, stdout } = await gapfill(['check', 'config/environment.json', '--file-only'], {
      env,
      cwd: join(process.cwd(), 'fixtures')
    })
    expect(status).toBe(0)
    expect(stdout).toContain('FIXT.1.1:US->VENUE  initiator  [::1]:9000, backup.example:9001  /var/fix/sessions.db\n')
  })

  it('says every mistake with its place, one a line', async () => {
    const { status, stdout, stderr } = await gapfill(['check', fixture('mistakes')])
    expect(status).toBe(1)
    expect(stderr).toBe('gapfill check: 10 mistakes in fixtures/config/mistakes.json\n')
    const lines = stdout.trimEnd().split('\n')
    expect(
      lines.map((line) => /^fixtures\/config\/mistakes\.json:(\d+:\d+: [^:]+): expected /.exec(line)?.[1])
    ).toEqual([
      '4:5: defaults.heartBeatInt',
      '5:40: defaults.journal.synchronous',
      '13:7: sessions[0].port',
      '15:5: sessions[1].targetCompId',
      '16:7: sessions[1].role',
      '22:7: sessions[2].targetCompId',
      '24:7: sessions[2].reconnectInterval',
      '26:5: sessions[3].port',
      '26:5: sessions[3]',
      '33:3: session'
    ])
    expect(lines[0]).toBe(
      'fixtures/config/mistakes.json:4:5: defaults.heartBeatInt: expected a known option, got "heartBeatInt". Did you mean "heartBtInt"?'
    )
  })

  it('says where a file stops being JSON', async () => {
    expect(await gapfill(['check', fixture('syntax')])).toEqual({
      status: 1,
      stdout:
        'fixtures/config/syntax.json:4:26: (syntax): expected "," or "}", got a double quote. Correct the JSON there.\n',
      stderr: 'gapfill check: 1 mistake in fixtures/config/syntax.json\n'
    })
  })

  it('says when there is no file', async () => {
    expect(await gapfill(['check', 'none.json'])).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'gapfill check: none.json: (file): expected a file that can be read, got ENOENT. Check the path and its permissions.\n'
    })
  })

  it('wants one file', async () => {
    for (const argv of [[], ['a.json', 'b.json']]) {
      const { status, stderr } = await gapfill(['check', ...argv])
      expect(status).toBe(2)
      expect(stderr).toMatch(
        /^gapfill check: expected the path of one config file\nusage: gapfill check FILE \[--file-only\]\n/
      )
    }
  })

  it('makes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gapfill-check-'))
    try {
      const session = { role: 'acceptor', beginString: 'FIX.4.4', senderCompId: 'A', targetCompId: 'B', port: 0 }
      writeFileSync(join(folder, 'a.json'), JSON.stringify({ sessions: [{ ...session, log: { file: 'logs/a.log' } }] }))
      expect((await gapfill(['check', 'a.json'], { cwd: folder })).status).toBe(0)
      expect(readdirSync(folder)).toEqual(['a.json'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is coloured on a terminal alone, and not where NO_COLOR is set', async () => {
    const run = async (isTTY: boolean, env: Record<string, string>) =>
      (await gapfill(['check', fixture('two-sessions')], { isTTY, env })).stdout.includes('\u001b[')
    expect(await run(true, {})).toBe(true)
    expect(await run(true, { NO_COLOR: '' })).toBe(true)
    expect(await run(true, { NO_COLOR: '1' })).toBe(false)
    expect(await run(true, { TERM: 'dumb' })).toBe(false)
    expect(await run(false, {})).toBe(false)
  })
})
