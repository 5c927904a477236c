import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { FixMessage, FixSession } from '../lib/index.js'
import { silent } from './support/two-sessions.js'

/* What README shows is run here, as it stands there, with other ports and paths. Needs `npm run build`. */

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'gapfill-readme-'))
const run = promisify(execFile)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The code blocks of a language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '')
}

it('has a session in ten lines that works', async () => {
  const broker = new FixSession(
    {
      role: 'acceptor',
      beginString: 'FIX.4.4',
      senderCompId: 'BROKER',
      targetCompId: 'BUYSIDE',
      port: 0,
      journal: { path: ':memory:' }
    },
    { logger: silent }
  )
  broker.on('message', (order) => {
    broker.send(new FixMessage('8', { 11: order.get(11) ?? '', 39: '2' }))
  })
  // The example runs for ever, as a session does: it ends when the broker has logged out and it is told to.
  await broker.connect()
  const [example] = blocks('ts')
  const code = (example ?? '')
    .replace('port: 9878', `port: ${broker.listeningPort}`)
    .replace("'buyside.db'", JSON.stringify(join(folder, 'buyside.db')))
  const ending = "session.on('message', () => session.stop())\n"
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code + ending], { cwd: root })
  await broker.stop()
  expect(stdout).toMatch(/^2 8=FIX\.4\.4\|.*\|35=8\|.*11=A-1\|39=2\|/)
  expect(stdout).toContain('LOGGED_OUT')
})

it('has a config file that check accepts', async () => {
  const [json] = blocks('json')
  writeFileSync(join(folder, 'sessions.json'), json ?? '')
  const { stdout } = await run(process.execPath, ['dist/cli/main.js', 'check', join(folder, 'sessions.json')], {
    cwd: root
  })
  expect(stdout).toContain('FIX.4.4:BROKER->BUYSIDE')
  expect(stdout).toContain('FIX.4.4:BUYSIDE->BROKER')
})

it('names every runtime dependency, and no other', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }
  const section = readme.slice(readme.indexOf('## Runtime dependencies'))
  const named = [...section.matchAll(/^\| ([a-z][a-z0-9@/-]*) \|/gm)]
    .map((match) => match[1])
    .filter((name) => name !== 'package')
  expect(named.sort()).toEqual(Object.keys(dependencies).sort())
})

it('names commands that exist', async () => {
  const { stdout } = await run(process.execPath, ['dist/cli/main.js', '--help'], { cwd: root })
  const named = [...readme.matchAll(/npx gapfill ([a-z]+)/g)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(0)
  for (const name of named) expect(stdout).toMatch(new RegExp(`^ +${name} `, 'm'))
})
