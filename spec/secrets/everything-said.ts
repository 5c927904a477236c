import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { FixSession, Logger } from '../../lib/index.js'

/** Stands in every secret of these specs, and in nothing else. */
export const HUSH = 'hush'
/** Of the keys that `Certificates` makes. */
export const PASSPHRASE = 'open sesame'

/** The marker as it is, and as bytes are printed. */
const shapes = [HUSH, PASSPHRASE, '68757368', '68 75 73 68', '104,117,115,104']

/** All that sessions log, tell and keep, as text. */
export class EverythingSaid {
  readonly said: string[] = []
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** As a logger, a console or an exception tracker would print it. */
  hear(...values: readonly unknown[]): void {
    for (const value of values) {
      this.said.push(typeof value === 'string' ? value : inspect(value, { depth: 20, maxStringLength: null }))
      this.said.push(jsonOf(value))
      for (let error = value; error instanceof Error; error = error.cause)
        this.said.push(`${error.message}\n${error.stack}\n${inspect(error, { depth: 20, showHidden: true })}`)
    }
  }

  /** All that a session tells its listeners, and the session itself. */
  follow(session: FixSession): void {
    session.on('logon', (logon, healthy) => this.hear(logon, healthy))
    session.on('logout', (logout) => this.hear(logout))
    session.on('reject', (reject) => this.hear(reject))
    session.on('message', (message) => this.hear(message))
    session.on('disconnect', (reason) => this.hear(reason))
    session.on('dropped', (message, reason) => this.hear(message, reason))
    session.on('error', (error) => this.hear(error))
    session.on('drift', (drift) => this.hear(drift))
    session.on('stateChange', () => this.hear(session, session.config, { session, config: session.config }))
  }

  get logger(): Logger {
    const take = (...values: unknown[]): void => this.hear(...values)
    return { debug: take, info: take, warn: take, error: take, child: () => this.logger, isLevelEnabled: () => true }
  }

  /** The files in the folder, by name. */
  written(): Record<string, string> {
    const files = readdirSync(this.folder, { withFileTypes: true }).filter((entry) => entry.isFile())
    return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(this.folder, name), 'latin1')]))
  }

  /** Where a secret shows: in what was said, or in a file that is none of `but`. */
  leaks(...but: readonly string[]): string[] {
    const files = Object.entries(this.written()).filter(([name]) => !but.includes(name))
    const said = this.said.map((text) => ['said', text] as const)
    return [...said, ...files].flatMap(([where, text]) =>
      shapes.filter((shape) => text.includes(shape)).map((shape) => `${where}: ${around(text, shape)}`)
    )
  }
}

function around(text: string, part: string): string {
  const at = text.indexOf(part)
  return text.slice(Math.max(0, at - 120), at + 60)
}

function jsonOf(value: unknown): string {
  const seen = new Set<unknown>()
  const once = (_: string, item: unknown): unknown => {
    if (typeof item === 'bigint') return String(item)
    if (typeof item !== 'object' || item === null) return item
    if (seen.has(item)) return undefined
    seen.add(item)
    return item
  }
  return JSON.stringify(value, once) ?? ''
}
