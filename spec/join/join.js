// The last step of `npm run build`: puts the modules in dist into a few files.
//
// Node spends a third of a millisecond on each file it imports, and gapfill has some two hundred: joined, `import 'gapfill'` takes
// a third of the time. All that somebody may import or run is made in one go, so that a class is the same one whoever imports it.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = join(root, 'dist')
const { exports, bin, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Beside the public doors: scripts of package.json, and what specs and benchmarks that run as processes look into. */
const inner = [
  'config/build/write-readme',
  'demo/broker',
  'dictionary/build/check-tables',
  'dictionary/build/write-tables',
  'dictionary/generate/built-in',
  'journal/compare',
  'journal/sqlite-journal',
  'journal/sqlite-reader'
]
const doors = [...Object.values(exports).map((door) => door.default), ...Object.values(bin)]
  .filter((path) => path !== undefined)
  .map((path) => relative('dist', path).replace(/\.js$/, ''))

const bundle = await rolldown({
  input: Object.fromEntries([...doors, ...inner].map((name) => [name, join(root, 'lib', `${name}.ts`)])),
  cwd: root,
  platform: 'node',
  tsconfig: join(root, 'tsconfig.json'),
  external: [/^node:/, ...Object.keys(dependencies)],
  treeshake: false
})
const joined = join(dist, '.joined')
await bundle.write({
  dir: joined,
  format: 'esm',
  sourcemap: true,
  // One level deep, as most modules in lib are: some find files of the package from where they stand.
  chunkFileNames: 'joined/[name].js'
})
await bundle.close()

// The modules themselves are gone from dist, so that nobody imports a class that is another one; their types stay.
for (const path of scriptsIn(dist)) if (!path.startsWith(joined)) rmSync(path)
for (const path of scriptsIn(joined)) {
  const place = join(dist, relative(joined, path))
  mkdirSync(dirname(place), { recursive: true })
  renameSync(path, place)
}
rmSync(joined, { recursive: true })

function scriptsIn(directory) {
  return readdirSync(directory, { recursive: true })
    .map((path) => join(directory, path))
    .filter((path) => /\.js(\.map)?$/.test(path))
}
