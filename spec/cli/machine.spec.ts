import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Ca, Certificates, type Issued } from '../support/certificates.js'
import { temporaryDirectory } from '../support/journal.js'
import { gapfill } from './recording-io.js'

/* `gapfill check` on the machine on which the sessions will run: what a config names has to be there. */

let folder: string
const servers: Server[] = []

beforeEach(() => {
  folder = temporaryDirectory()
})

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const base = { role: 'acceptor', beginString: 'FIX.4.4', senderCompId: 'A', targetCompId: 'B', port: 0 } as const

/** The answer to one session with these options on line 3; the first cut of each line is at its place. */
async function check(options: object, ...more: readonly string[]) {
  const lines = ['{', ' "sessions": [', JSON.stringify({ ...base, ...options }), ']}']
  writeFileSync(join(folder, 'a.json'), lines.join('\n'))
  const { status, stdout, stderr } = await gapfill(['check', 'a.json', ...more], { cwd: folder })
  const said = stdout.replaceAll(folder, 'FOLDER').replaceAll(/^a\.json:3:\d+: sessions\[0\]\./gm, '')
  return { status, said: status === 0 ? '' : said.trimEnd(), stderr }
}

describe('files and folders', () => {
  it.each([
    [
      'a journal that is a folder',
      { journal: { path: 'there' } },
      'journal.path: expected the path of a file, got a folder. Give a file in it, such as FOLDER/there/gapfill.'
    ],
    [
      'a journal in no folder',
      { journal: { path: 'none/a.db' } },
      'journal.path: expected a folder that can be written, got nothing at FOLDER/none. Make it: mkdir -p FOLDER/none'
    ],
    [
      'a journal behind a file',
      { journal: { path: 'file/a.db' } },
      'journal.path: expected a folder that can be written, got a file at FOLDER/file. Give another path.'
    ],
    [
      'a log that is a folder',
      { log: { file: 'there' } },
      'log.file: expected the path of a file, got a folder. Give a file in it, such as FOLDER/there/gapfill.'
    ],
    [
      'a log behind a file',
      { log: { file: 'file/logs/a.log' } },
      'log.file: expected a folder that can be written, got a file at FOLDER/file. Give another path.'
    ],
    ['a log whose folders are made when it begins', { log: { file: 'new/logs/a.log' } }, ''],
    ['a journal that is kept nowhere', { journal: { path: ':memory:' } }, ''],
    [
      'a dictionary',
      { dictionary: 'none.xml' },
      /^dictionary: FOLDER\/none\.xml: expected a built-in version \(.*got no such file\.$/
    ],
    ['a built-in one', { dictionary: 'FIX.4.4' }, ''],
    [
      'a certificate',
      { tls: { certificate: 'none.pem' } },
      /^tls\.certificate: expected a file that can be read, got .*FOLDER\/none\.pem.*Check the path/
    ],
    ['a certificate without TLS', { tls: { enabled: false, certificate: 'none.pem' } }, '']
  ] as const)('%s', async (_, options, said) => {
    mkdirSync(join(folder, 'there'))
    writeFileSync(join(folder, 'file'), '')
    const told = await check(options)
    expect(told.said).toEqual(typeof said === 'string' ? said : expect.stringMatching(said))
    expect(told.status).toBe(told.said === '' ? 0 : 1)
    expect(readdirSync(folder).sort()).toEqual(['a.json', 'file', 'there'])
    if (!('dictionary' in options)) expect((await check(options, '--file-only')).status).toBe(0)
  })

  it('are looked for where they stand: in defaults, once for all sessions', async () => {
    const sessions = ['B', 'C'].map((targetCompId) => ({ ...base, targetCompId }))
    const config = { defaults: { journal: { path: 'none/a.db' } }, sessions }
    writeFileSync(join(folder, 'a.json'), JSON.stringify(config))
    const { stdout, stderr } = await gapfill(['check', 'a.json'], { cwd: folder })
    expect(stdout).toMatch(/^a\.json:1:25: defaults\.journal\.path: expected a folder.*\n$/)
    expect(stderr).toBe('gapfill check: 1 mistake in a.json\n')
  })
})

describe('certificates', () => {
  let files: Certificates
  let ca: Ca
  let broker: Issued
  let other: Issued

  beforeAll(() => {
    files = new Certificates()
    ca = files.ca('CA')
    broker = files.issue(ca, 'broker', { commonName: 'broker' })
    other = files.issue(ca, 'other', { commonName: 'other' })
  })

  afterAll(() => files.remove())

  it('that fit are good', async () => {
    const { certificate, key, encryptedKey } = broker
    expect(await check({ tls: { certificate, key, ca: [ca.file] } })).toMatchObject({ status: 0 })
    expect(await check({ tls: { certificate, key: encryptedKey, passphrase: 'open sesame' } })).toMatchObject({
      status: 0
    })
  })

  it.each([
    ['a key that is another one’s', () => ({ certificate: broker.certificate, key: other.key })],
    ['a wrong passphrase', () => ({ certificate: broker.certificate, key: broker.encryptedKey, passphrase: 'x' })]
  ])('%s', async (_, tls) => {
    expect(await check({ tls: tls() })).toMatchObject({
      status: 1,
      said: expect.stringMatching(/^tls: expected a certificate, its key/)
    })
  })
})

describe('addresses', () => {
  it('of which the port is in use are noted', async () => {
    const server = createServer()
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await check({ port })).toEqual({
      status: 0,
      said: '',
      stderr: expect.stringMatching(
        /^note: a\.json:3:\d+: sessions\[0\]\.port: Cannot listen on .*: the port is in use\. .* It may be these sessions that use it\.\n$/
      )
    })
    expect(await check({ port }, '--file-only')).toEqual({ status: 0, said: '', stderr: '' })
  })

  it('that are none of this machine are a mistake', async () => {
    const { status, said } = await check({ host: '192.0.2.1', port: 19_877 })
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(/^port: Cannot listen on 192\.0\.2\.1:19877: .*host is an address of this machine/)
    ])
  })
})
