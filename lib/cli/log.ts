import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Dictionary } from '../dictionary/dictionary.js'
import { isBuiltInVersion } from '../dictionary/facts.js'
import { FixError } from '../errors.js'
import { type Command, type CommandIo, UsageError } from './command.js'
import { readEntry } from './log/log-entry.js'
import { type FoundMessage, MessageFinder } from './log/message-finder.js'
import { jsonPrinter, treePrinter } from './log/printers.js'
import { Totals } from './log/totals.js'
import { Vocabularies } from './log/vocabularies.js'
import { say } from './say.js'
import { paintFor } from './style.js'

export const log: Command = {
  name: 'log',
  summary: 'show the messages in a log file, with names or as JSON',
  usage: `gapfill log [--json] [--dictionary NAME|FILE] FILE|-

Finds FIX messages in any log: SOH or | between fields (or ^A, \\u0001, <SOH> and the like), and whatever else in the lines, such
as timestamps before them. A message that is broken is shown with what is wrong with it. Passwords and signatures are masked.
  -             reads standard input
  --json        one object a line: { "msgType", "fields": [[tag, value], ...], "raw" }, values one character a byte; for a broken
                one { "kind": "broken", "code", "text", "line", "raw" }; last { "kind": "summary", "messages", "broken", ... }
  --dictionary  names and groups as this built-in version or XML file has them; default: the built-in one of each message's version`,

  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, dictionary: { type: 'string' } }
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0)
      throw new UsageError('expected the path of one file, or - for standard input')
    const named = values.dictionary === undefined ? undefined : await load(values.dictionary, io)
    const printer = values.json ? jsonPrinter : treePrinter(paintFor(io.stdout, io.env))
    // JSON has flat fields: only a counterparty's own dictionary could tell more, its data fields.
    const vocabularies = values.json && named === undefined ? undefined : new Vocabularies(named)
    const finder = new MessageFinder()
    const totals = new Totals()
    const text = (found: readonly FoundMessage[]): string =>
      found
        .map((each) => {
          const entry = readEntry(each, vocabularies?.of(each.beginString))
          totals.count(entry.message?.msgType)
          const names = entry.message && vocabularies?.forNames(entry.message, each.beginString)
          return printer.entry(entry, names)
        })
        .join('')
    for await (const bytes of source(file, io)) {
      totals.bytes += bytes.length
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      if (!(await say(io.stdout, text(finder.push(piece))))) return 0
    }
    const last = text(finder.end())
    totals.lines = finder.lines
    await say(io.stdout, last + printer.summary(totals))
    return 0
  }
}

async function load(name: string, io: CommandIo): Promise<Dictionary> {
  const dictionary = await Dictionary.load(isBuiltInVersion(name) ? name : resolve(io.cwd, name))
  for (const warning of dictionary.warnings) io.stderr.write(`gapfill log: ${warning}\n`)
  return dictionary
}

async function* source(file: string, io: CommandIo): AsyncIterable<Uint8Array> {
  if (file === '-') {
    yield* io.stdin ?? []
    return
  }
  let begun = false
  try {
    for await (const bytes of createReadStream(resolve(io.cwd, file)) as AsyncIterable<Buffer>) {
      if (!begun && bytes.subarray(0, database.length).equals(database)) throw isDatabase(file)
      begun = true
      yield bytes
    }
  } catch (error) {
    if (error instanceof FixError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new FixError('FILE_UNREADABLE', `${file}: expected a file that can be read: ${reason}.`, { cause: error })
  }
}

/** What a SQLite file begins with. */
const database = Buffer.from('SQLite format 3\0')

function isDatabase(file: string): FixError {
  const advice = `Of a journal, "gapfill journal export ${file} | gapfill log -" shows them.`
  return new FixError('FILE_UNREADABLE', `${file}: expected a log with messages, got a database. ${advice}`)
}
