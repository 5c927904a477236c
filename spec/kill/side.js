import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const gapfill = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const chat = fileURLToPath(new URL('app.js', import.meta.url))

/** One firm: a `gapfill run` of a config file, started again after every kill. */
export class Side {
  name
  /** The name of its session in its journal. */
  sessionId
  journal
  deliveries
  lives = 0
  #folder
  #app
  #config
  #process
  #said = ''

  /** `app`: what `gapfill run` is given; `settings`: options of its session beside those that the trial needs. */
  constructor(folder, role, port, { app = chat, settings = {} } = {}) {
    const [us, them] = role === 'acceptor' ? ['BROKER', 'BUYSIDE'] : ['BUYSIDE', 'BROKER']
    this.name = us
    this.sessionId = `FIX.4.4:${us}->${them}`
    this.journal = join(folder, `${us}.db`)
    this.deliveries = join(folder, `${role}.deliveries`)
    this.#folder = folder
    this.#app = app
    this.#config = join(folder, `${us}.json`)
    const session = { role, senderCompId: us, targetCompId: them, host: '127.0.0.1', port }
    const initiator = role === 'initiator' ? { heartBtInt: 5, reconnectInterval: 0.1 } : {}
    const defaults = { beginString: 'FIX.4.4', journal: { path: `${us}.db` }, log: { level: 'warn' } }
    writeFileSync(
      this.#config,
      JSON.stringify({ defaults, sessions: [{ ...session, ...initiator, ...settings }] }, null, 2)
    )
    writeFileSync(this.deliveries, '')
  }

  start() {
    this.lives++
    const child = spawn(process.execPath, [gapfill, 'run', this.#config, '--app', this.#app], {
      env: { ...process.env, KILL_FOLDER: this.#folder },
      stdio: ['pipe', 'pipe', 'pipe']
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        this.#said = (this.#said + data).slice(-20_000)
      })
    }
    // What it is told while it dies is lost, which is what happens to a process.
    child.stdin.on('error', () => {})
    this.#process = child
  }

  /** A line for its app. */
  tell(line) {
    this.#process.stdin.write(`${line}\n`)
  }

  /** SIGSTOP or SIGCONT. */
  signal(name) {
    this.#process.kill(name)
  }

  /** SIGKILL, and gone; throws when it had ended by itself. */
  async kill() {
    const status = await this.#end('SIGKILL')
    if (status !== 'SIGKILL')
      throw new Error(`${this.name} had ended with ${status} before it was killed:\n${this.#said}`)
  }

  /** SIGTERM: logs out and ends with status 0. */
  async stop() {
    const status = await this.#end('SIGTERM')
    if (status !== 0) throw new Error(`${this.name} ended with ${status}:\n${this.#said}`)
  }

  /** Whatever it takes; never throws. */
  async clear() {
    if (this.#process !== undefined) await this.#end('SIGKILL')
  }

  get said() {
    return this.#said
  }

  async #end(signal) {
    const child = this.#process
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    }
    return child.signalCode ?? child.exitCode
  }
}
