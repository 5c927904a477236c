import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from '../clock.js'
import type { ParsedSessionConfig } from '../config/config.js'
import { FixConnectionError } from '../errors.js'
import { tcpOptions } from '../session/tcp-options.js'
import { TcpTransport } from '../transport/tcp-transport.js'
import { TlsFiles } from '../transport/tls-files.js'

/** What this machine lacks of what an option names; `path` is the option's within its session. */
export interface Lack {
  readonly path: string
  readonly text: string
}

/** Files, folders and certificates that are not as a session needs them. Nothing is made, and nothing written. */
export function lackingFiles(session: ParsedSessionConfig): Lack[] {
  const { journal, log } = session
  return [
    ...(journal.path === ':memory:' ? [] : fileToWrite('journal.path', journal.path, dirname(journal.path))),
    ...(log.file === undefined ? [] : fileToWrite('log.file', log.file, firstFolder(dirname(log.file)))),
    ...certificates(session)
  ]
}

/**
 * The addresses of acceptors that cannot be listened on, by the index of the first session with each: `busy` where something
 * listens there already, which may be these very sessions.
 */
export async function lackingAddresses(sessions: readonly ParsedSessionConfig[]) {
  const lacks: { readonly index: number; readonly busy: boolean; readonly text: string }[] = []
  const tried = new Set<string>()
  for (const [index, session] of sessions.entries()) {
    const { host, port } = session
    if (session.role !== 'acceptor' || port === 0 || tried.has(`${host} ${port}`)) continue
    tried.add(`${host} ${port}`)
    try {
      const transport = new TcpTransport({ clock: systemClock })
      const listener = await transport.listen({ host, port }, (connection) => connection.destroy())
      await listener.close()
    } catch (error) {
      if (!(error instanceof FixConnectionError)) throw error
      lacks.push({ index, busy: error.code === 'PORT_IN_USE', text: error.message })
    }
  }
  return lacks
}

function fileToWrite(path: string, file: string, folder: string): Lack[] {
  const got = faultOfFile(file, constants.R_OK | constants.W_OK)
  if (got === 'a folder')
    return [
      { path, text: `expected the path of a file, got a folder. Give a file in it, such as ${join(file, 'gapfill')}.` }
    ]
  if (got !== undefined && got !== 'nothing')
    return [{ path, text: `expected a file that can be written, got ${got} at ${file}. Check its permissions.` }]
  const place = faultOfFolder(folder)
  return place === undefined ? [] : [{ path, text: `expected a folder that can be written, got ${place}` }]
}

/** What a path has in place of a file that may be used as `mode` says. */
function faultOfFile(file: string, mode: number): string | undefined {
  const found = statusOf(file)
  if (found === undefined) return 'nothing'
  if (found.isDirectory()) return 'a folder'
  return mayUse(file, mode) ? undefined : 'one that this user may not use'
}

function faultOfFolder(folder: string): string | undefined {
  const found = statusOf(folder)
  if (found === undefined) return `nothing at ${folder}. Make it: mkdir -p ${folder}`
  if (!found.isDirectory()) return `a file at ${folder}. Give another path.`
  return mayUse(folder, constants.W_OK | constants.X_OK)
    ? undefined
    : `${folder}, in which this user may not write. Check its permissions.`
}

/** The folder itself, or the nearest one above that is there: a log makes those that are missing. */
function firstFolder(folder: string): string {
  const above = dirname(folder)
  return statusOf(folder) !== undefined || above === folder ? folder : firstFolder(above)
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** As they are when a connection is made: read, decrypted, put together. */
function certificates(session: ParsedSessionConfig): Lack[] {
  const { tls } = tcpOptions(session, systemClock)
  if (tls === undefined) return []
  try {
    new TlsFiles(tls, () => {}).current()
    return []
  } catch (error) {
    if (!(error instanceof FixConnectionError)) throw error
    const [, path = 'tls', text = error.message] = /^(tls[.\w]*): (.*)$/s.exec(error.message) ?? []
    return [{ path, text }]
  }
}
