import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const ANSWER_TIMEOUT = 300_000 // milliseconds

/** An engine in a process of its own, steered as `serve.js` says. */
export class Peer {
  #child
  #waiting = []
  #ended

  /** Resolves when it is ready. */
  static async start(name, command, args) {
    const peer = new Peer(name, command, args)
    await peer.#answer()
    return peer
  }

  constructor(name, command, args) {
    this.name = name
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve))
    createInterface({ input: this.#child.stdout }).on('line', (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line))
    )
    this.#ended.then(() => this.#fail(new Error(`${name} has ended`)))
    this.#child.once('error', (error) => this.#fail(error))
    this.#child.stdin.on('error', () => {})
  }

  get pid() {
    return this.#child.pid
  }

  /** Sends one line, resolves with the answer. Rejects where that is an error, or does not come. */
  ask(...words) {
    this.#child.stdin.write(`${words.join(' ')}\n`)
    return this.#answer()
  }

  async stop() {
    this.#child.stdin.end()
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await this.#ended
    clearTimeout(kill)
  }

  async #answer() {
    let timer
    const line = await new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      timer = setTimeout(() => reject(new Error(`${this.name} does not answer`)), ANSWER_TIMEOUT)
    }).finally(() => clearTimeout(timer))
    if (line.error !== undefined) throw new Error(`${this.name}: ${line.error}`)
    return line
  }

  #fail(error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}
