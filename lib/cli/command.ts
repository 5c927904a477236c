/** Where a command writes; `process.stdout` is one. */
export interface Output {
  /** False: wait for `drain`. */
  write(text: string): unknown
  once?(event: 'drain' | 'close' | 'error', listener: () => void): unknown
  readonly isTTY?: boolean | undefined
}

/** All that a command knows of the world around it, so that a spec can be that world. */
export interface CommandIo {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin?: AsyncIterable<Uint8Array> | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths of arguments start here. */
  readonly cwd: string
}

/** One word after `gapfill`. Each has a file of its own. */
export interface Command {
  readonly name: string
  /** One line for `gapfill --help`. */
  readonly summary: string
  /** What `gapfill NAME --help` prints: first line the synopsis, last line without a line break. */
  readonly usage: string
  /**
   * Resolves to the exit status: 0, or 1 when what was asked for failed. May throw: `UsageError` and what `parseArgs` of
   * node:util throws (told with the usage, exit status 2), `FixError` (its message is told, 1).
   */
  run(argv: readonly string[], io: CommandIo): Promise<number>
}

/** The command line itself is wrong; the message says what was expected. */
export class UsageError extends Error {}
