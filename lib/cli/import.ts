import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { importSettings, type Places } from '../config/quickfix/import-settings.js'
import { readConfigText } from '../config/read.js'
import { FixError } from '../errors.js'
import { type Command, type CommandIo, UsageError } from './command.js'

export const importCommand: Command = {
  name: 'import',
  summary: 'turn a QuickFIX settings file into a config file',
  usage: `gapfill import FILE [--out OUT]

Reads a settings file of QuickFIX (C++, QuickFIX/J, QuickFIX/n, QuickFIX/Go) and writes the JSON that "gapfill run" takes,
to standard output or to OUT, which must not exist. With --out the folders of journal and log are made too.
What could not be carried over is told on standard error, one line each:
  FILE:LINE: KEY: why
Passwords do not come along: variables of the environment take their place, which those lines name.
Exit status 1 when the settings make no config; nothing is written then.`,

  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { out: { type: 'string' } }
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new UsageError('expected the path of one settings file')
    const path = resolve(io.cwd, file)
    const out = values.out === undefined ? undefined : resolve(io.cwd, values.out)
    const folder = out === undefined ? io.cwd : dirname(out)
    const { config, notes, files, mistakes } = importSettings(readConfigText(path, file), placesFor(path, folder, io))
    for (const { line, key, text } of notes)
      io.stderr.write(`${file}:${line}: ${key === undefined ? '' : `${key}: `}${text}\n`)
    if (config === undefined) {
      for (const mistake of mistakes) io.stderr.write(`${file}: ${mistake}\n`)
      return 1
    }
    const json = `${JSON.stringify(config, undefined, 2)}\n`
    if (out === undefined) io.stdout.write(json)
    else write(out, json, files)
    return 0
  }
}

/** Engines look for relative paths from where they are started, which is most often beside the file, or here. */
function placesFor(settings: string, folder: string, io: CommandIo): Places {
  return {
    find(path) {
      const found = [dirname(settings), io.cwd].map((base) => resolve(base, path)).find((place) => existsSync(place))
      if (found === undefined) return undefined
      return isAbsolute(path) ? path : relative(folder, found).replaceAll('\\', '/')
    }
  }
}

function write(out: string, json: string, files: readonly string[]): void {
  try {
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, json, { flag: 'wx' })
    for (const file of files) mkdirSync(dirname(resolve(dirname(out), file)), { recursive: true })
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const text = exists ? 'expected a file that is not there yet. Choose another --out.' : String(error)
    throw new FixError(exists ? 'FILE_EXISTS' : 'FILE_WRITE', `${out}: ${text}`, { cause: error })
  }
}
