import { runCli } from '../../lib/cli/cli.js'
import type { CommandIo } from '../../lib/cli/command.js'

/** A terminal or pipe that remembers. */
class Recorder {
  text = ''
  readonly isTTY: boolean

  constructor(isTTY: boolean) {
    this.isTTY = isTTY
  }

  write(text: string): void {
    this.text += text
  }
}

/** Runs one command line in this folder and answers all that came of it. */
export async function gapfill(argv: readonly string[], world: Partial<CommandIo> & { readonly isTTY?: boolean } = {}) {
  const { isTTY = false, ...more } = world
  const stdout = new Recorder(isTTY)
  const stderr = new Recorder(isTTY)
  const status = await runCli(argv, { stdout, stderr, env: {}, cwd: process.cwd(), ...more })
  return { status, stdout: stdout.text, stderr: stderr.text }
}
