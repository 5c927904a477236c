import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { secretTextsOf } from '../config/config.js'
import { FixEngine } from '../engine.js'
import { FixError } from '../errors.js'
import { redactText } from '../redact.js'
import type { FixSession } from '../session.js'
import { callApp, loadApp } from './app.js'
import { type Command, type CommandIo, UsageError } from './command.js'
import { paintFor } from './style.js'

export const run: Command = {
  name: 'run',
  summary: 'run the sessions of a config file',
  usage: `gapfill run FILE [--app MODULE]

Starts every session of a config file and keeps them up until SIGINT or SIGTERM, which log out and end.
  --app MODULE   a JavaScript module whose default export is called as (session, engine) for each session before it starts,
                 and attaches listeners: export default (session) => session.on('message', (message) => { ... })
Sessions coming and going are told on standard output; the log goes where the config says. Exit status 1 when a
session cannot start or its journal fails.`,

  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { app: { type: 'string' } }
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('expected the path of one config file')
    const engine = new FixEngine(resolve(io.cwd, file))
    const app = values.app === undefined ? undefined : await loadApp(resolve(io.cwd, values.app))
    let failed = false
    const ended = new Promise<void>((resolveEnded) => {
      const follow = (session: FixSession): void => {
        tell(session, io)
        session.on('error', (error) => {
          if (!(error instanceof FixError) || !error.code.startsWith('JOURNAL_')) return
          failed = true
          resolveEnded()
        })
      }
      for (const session of engine.sessions.values()) follow(session)
      engine.on('session', follow)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolveEnded())
    })
    if (app !== undefined) {
      for (const session of engine.sessions.values()) await callApp(app, session, engine)
      engine.on('session', (session) => callApp(app, session, engine))
    }
    await engine.start()
    await ended
    await engine.stop()
    return failed ? 1 : 0
  }
}

/** What an operator wants to see of a session, and nothing of its messages. */
function tell(session: FixSession, io: CommandIo): void {
  const paint = paintFor(io.stdout, io.env)
  const secrets = secretTextsOf(session.config)
  const say = (text: string): void => {
    io.stdout.write(`${new Date().toISOString()} ${session.id} ${redactText(text, secrets)}\n`)
  }
  session.on('logon', (_, healthy) => say(paint('green', healthy ? 'logged on' : 'logged on, filling a gap')))
  session.on('logout', (message) => say(`logout received${message.has(58) ? `: ${message.get(58)}` : ''}`))
  session.on('disconnect', ({ code, text }) => say(paint('yellow', `disconnected, ${code}: ${text}`)))
  session.on('error', (error) => say(paint('red', `error: ${error.message}`)))
}
