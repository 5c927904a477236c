import { readdirSync, readFileSync } from 'node:fs'
import { parseScript, type Script } from './script.js'

const folder = new URL('../../fixtures/session/', import.meta.url)

export const sessionScripts: readonly Script[] = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .map((name) => parseScript(name, readFileSync(new URL(name, folder), 'utf8')))
