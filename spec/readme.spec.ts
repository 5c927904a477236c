import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

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

/** A free port of 127.0.0.1. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

it('has a session in ten lines, and a counterparty for it, that work', async () => {
  const port = await freePort()
  const here = (code: string | undefined): string =>
    (code ?? '')
      .replace('port: 9878', `port: ${port}`)
      .replace(/'(buyside|broker)\.db'/, (_, name: string) => JSON.stringify(join(folder, `${name}.db`)))
  const [order] = blocks('ts')
  const [broker] = blocks('js')
  // Both run for ever, as sessions do: the order ends when its report has come, the broker when its counterparty has gone.
  const brokerRuns = run(
    process.execPath,
    ['--input-type=module', '-e', `${here(broker)}broker.on('disconnect', () => broker.stop())\n`],
    { cwd: root }
  )
  const ending = "session.on('message', () => session.stop())\n"
  const quick = here(order).replace('heartBtInt: 30', 'heartBtInt: 30, reconnectInterval: 0.1')
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', quick + ending], { cwd: root })
  await brokerRuns
  expect(stdout).toMatch(/^2 8=FIX\.4\.4\|.*\|35=8\|.*11=A-1\|.*39=2\|/m)
  expect(stdout).toContain('LOGGED_OUT')
})

it('has a spec of sessions in memory that works', async () => {
  const [, testing] = blocks('js')
  const config = { beginString: 'FIX.4.4', senderCompId: 'A', targetCompId: 'B', port: 9878, log: { level: 'silent' } }
  const before = `const brokerConfig = ${JSON.stringify({ role: 'acceptor', ...config })}\n`
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '-e', `${before}${testing}console.log(broker.state, clock.monotonic())\n`],
    { cwd: root }
  )
  expect(stdout).toBe('AwaitingConnection 30000\n')
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
