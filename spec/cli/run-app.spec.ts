import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../support/journal.js'

/** What loads the app is Node itself, not what runs specs. */
const main = join(import.meta.dirname, '../../dist/cli/main.js')

let folder: string

beforeEach(() => {
  folder = temporaryDirectory()
  const session = { role: 'acceptor', beginString: 'FIX.4.4', senderCompId: 'A', targetCompId: 'B', port: 0 }
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
  writeFileSync(join(folder, 'a.json'), JSON.stringify({ sessions: [{ ...session, journal: { path: ':memory:' } }] }))
})

function run(app: string, text?: string) {
  if (text !== undefined) writeFileSync(join(folder, app), text)
  const { status, stderr } = spawnSync(process.execPath, [main, 'run', 'a.json', '--app', app], {
    cwd: folder,
    encoding: 'utf8'
  })
  return { status, told: stderr.replaceAll(folder, 'FOLDER') }
}

/* Nothing is opened when the app cannot be used: the command ends by itself. */
describe('an app that cannot be used is told with its place', () => {
  it.each([
    [
      'a syntax error',
      'bad.mjs',
      'export default () => {}\nconst x = = 1\n',
      /^gapfill run: cannot load FOLDER\/bad\.mjs: FOLDER\/bad\.mjs:2: SyntaxError: Unexpected token '='\n {2}const x = = 1\n$/
    ],
    [
      'a syntax error in what it imports',
      'outer.mjs',
      "import './bad-inner.mjs'\n",
      /SyntaxError: Unexpected token '='/
    ],
    [
      'a module that Node takes for CommonJS',
      'common.js',
      "import { Tag } from 'gapfill'\nexport default () => {}\n",
      /common\.js:1: SyntaxError: Cannot use import statement outside a module\n.*\nName it \.mjs, or set "type": "module"/
    ],
    [
      'an import of nothing',
      'import.mjs',
      "import './nothing.js'\n",
      /^gapfill run: cannot load FOLDER\/import\.mjs: Cannot find module 'FOLDER\/nothing\.js' imported from FOLDER\/import\.mjs\.\n$/
    ],
    [
      'an error while it loads',
      'throws.mjs',
      '\nthrow new TypeError("no desk")\n',
      /^gapfill run: cannot load FOLDER\/throws\.mjs: TypeError: no desk\n {4}at file:\/\/FOLDER\/throws\.mjs:2:7\n$/
    ],
    [
      'an error when it is called',
      'called.mjs',
      'export default async () => {\n  throw new Error("no desk")\n}\n',
      /^gapfill run: the app failed for FIX\.4\.4:A->B: Error: no desk\n {4}at \S+ \(?file:\/\/FOLDER\/called\.mjs:2:9\)?\n$/
    ],
    [
      'TypeScript',
      'app.cts',
      'export default () => {}',
      /expected JavaScript \(\.js, \.mjs\), got FOLDER\/app\.cts\. Compile it first|SyntaxError/
    ]
  ])('%s', (_, name, text, told) => {
    writeFileSync(join(folder, 'bad-inner.mjs'), 'const x = = 1')
    expect(run(name, text)).toEqual({ status: 1, told: expect.stringMatching(told) })
  })

  it.each([
    [
      'no file',
      'none.mjs',
      undefined,
      /^gapfill run: expected --app to name a JavaScript module, got no such file: FOLDER\/none\.mjs\nusage: /
    ],
    [
      'no default export',
      'named.mjs',
      'export const app = () => {}',
      /but it has no default export: export default \(session\) => \{ \.\.\. \}\nusage: /
    ],
    ['another default export', 'five.mjs', 'export default 5', /but its default export is a number: /]
  ])('%s', (_, name, text, told) => {
    expect(run(name, text)).toEqual({ status: 2, told: expect.stringMatching(told) })
  })
})
