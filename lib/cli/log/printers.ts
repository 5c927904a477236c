import type { Dictionary } from '../../dictionary/dictionary.js'
import type { FixMessage } from '../../fix/message.js'
import { redactMessage } from '../../redact.js'
import type { Paint } from '../style.js'
import type { LogEntry } from './log-entry.js'
import type { FoundMessage } from './message-finder.js'
import type { LogTotals } from './totals.js'

/** Gives what is to be written of each entry of a log, and at the end of it. */
export interface Printer {
  entry(entry: LogEntry, dictionary: Dictionary | undefined): string
  summary(totals: LogTotals): string
}

/** A JSON object a line. */
export const jsonPrinter: Printer = {
  entry({ found, wire, message, fault }) {
    const raw = rawOf(found, wire)
    if (message !== undefined)
      return `${JSON.stringify({ msgType: message.msgType, fields: message.toJSON().fields, raw })}\n`
    return `${JSON.stringify({ kind: 'broken', ...fault, line: found.line, raw })}\n`
  },

  summary({ messages, broken, lines, bytes, msgTypes }) {
    const types = Object.fromEntries([...msgTypes].sort(([a], [b]) => (a < b ? -1 : 1)))
    return `${JSON.stringify({ kind: 'summary', messages, broken, lines, bytes, msgTypes: types })}\n`
  }
}

/** Trees with names. */
export function treePrinter(paint: Paint): Printer {
  return {
    entry({ found, wire, message, fault }, dictionary) {
      const where = `line ${found.line}${found.prefix === '' ? '' : `: ${readable(redactMessage(found.prefix))}`}`
      if (message === undefined) {
        const raw = readable(redactMessage(wire).replaceAll('\u0001', '|'))
        return `${paint('dim', where)}\n${paint('red', `broken, ${fault?.code}: ${fault?.text}`)}\n  ${raw}\n\n`
      }
      const tree = dictionary?.describe(message) ?? plainTree(message)
      return `${paint('dim', where)}\n${tree}\n\n`
    },

    summary({ messages, broken, lines, msgTypes }) {
      const byType = [...msgTypes].sort(([, a], [, b]) => b - a).slice(0, 20)
      const types = byType.map(([msgType, count]) => `${count} of ${msgType}`).join(', ')
      const counts = `${count(messages, 'message')}, ${broken} broken, in ${count(lines, 'line')}`
      return `${paint(broken === 0 ? 'green' : 'red', counts)}${types === '' ? '' : `: ${types}`}\n`
    }
  }
}

/** As it stands in the log, secrets masked. */
function rawOf({ raw, separator }: FoundMessage, wire: string): string {
  const redacted = redactMessage(wire)
  return redacted === wire ? raw : redacted.replaceAll('\u0001', separator)
}

/** Of a version that no dictionary is there for. */
function plainTree(message: FixMessage): string {
  const lines = message.toJSON().fields.map(([tag, value]) => `  ${tag} = ${readable(value)}`)
  return [`${message.msgType}`, ...lines].join('\n')
}

/** Control characters would tear the lines apart, and do worse on a terminal. */
function readable(text: string): string {
  return text.replaceAll(/[\p{Cc}]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
