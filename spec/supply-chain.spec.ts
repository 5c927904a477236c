import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** What comes along with gapfill (README, "Runtime dependencies, and why"; that the two lists agree is in readme.spec.ts). */

interface Locked {
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly integrity?: string
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8')) as T
}

const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json')
const manifest = read<{
  dependencies: Record<string, string>
  scripts: Record<string, string>
  allowScripts: Record<string, boolean>
}>('package.json')
const locked = Object.entries(packages).filter(([path]) => path !== '')
const runtime = locked.filter(([, { dev }]) => dev !== true)
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '')

it('runs no install script but that of better-sqlite3', () => {
  const withScript = runtime.filter(([, { hasInstallScript }]) => hasInstallScript === true)
  expect(withScript.map(([path]) => nameOf(path))).toEqual(['better-sqlite3'])
  expect(manifest.allowScripts).toEqual({ 'better-sqlite3': true })
})

it('has no install script of its own', () => {
  const names = ['preinstall', 'install', 'postinstall', 'prepare']
  expect(Object.keys(manifest.scripts).filter((name) => names.includes(name))).toEqual([])
})

it('takes every package by its hash', () => {
  for (const [path, { integrity }] of locked) expect(integrity, path).toMatch(/^sha512-/)
})

it('has few runtime dependencies, each of them there', () => {
  const names = runtime.map(([path]) => nameOf(path))
  for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name)
  expect(Object.keys(manifest.dependencies).length).toBeLessThan(10)
})
