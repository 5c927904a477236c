import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Direction, JournalMessage } from '../../journal/journal.js'
import { ReadableParts } from '../../journal/salvage/readable-parts.js'
import { redactMessage } from '../../redact.js'
import { type CommandIo, UsageError } from '../command.js'
import { say } from '../say.js'
import { tellDamage } from './tell-damage.js'
import { timeText } from './time-text.js'

/** How a message is written. */
type Line = (session: string, direction: Direction, message: JournalMessage) => string

const piece = 64 * 1024

export async function exportMessages(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      secrets: { type: 'boolean', default: false },
      session: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' }
    }
  })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('expected the path of one journal')
  const from = numberOf('--from', values.from) ?? 1
  const to = numberOf('--to', values.to) ?? Number.MAX_SAFE_INTEGER
  const line = lineOf(values.json, values.secrets)
  const parts = new ReadableParts(resolve(io.cwd, file))
  try {
    const ids = parts.sessions().map(({ sessionId }) => sessionId)
    const sessions = chosen(ids, values.session)
    for (const session of sessions) {
      for (const direction of ['in', 'out'] as const) {
        let text = ''
        for (const message of parts.messages(session, direction, from, to)) {
          text += line(session, direction, message)
          if (text.length < piece) continue
          if (!(await say(io.stdout, text))) return 0
          text = ''
        }
        if (!(await say(io.stdout, text))) return 0
      }
    }
    return tellDamage(parts, io)
  } finally {
    parts.close()
  }
}

function chosen(sessions: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return sessions
  if (sessions.includes(wanted)) return [wanted]
  throw new UsageError(
    `expected a session of the journal, got ${JSON.stringify(wanted)}. It has ${sessions.join(', ')}`
  )
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number
  throw new UsageError(`${name}: expected a MsgSeqNum(34), got ${JSON.stringify(text)}`)
}

function lineOf(json: boolean, secrets: boolean): Line {
  const textOf = (bytes: Uint8Array): string => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    return secrets ? text : redactMessage(text)
  }
  if (json) {
    return (session, direction, { msgSeqNum, time, bytes }) => {
      const raw = textOf(bytes)
      const msgType = raw
        .split('\u0001', 4)
        .find((field) => field.startsWith('35='))
        ?.slice(3)
      return `${JSON.stringify({ session, direction, msgSeqNum, time: timeText(time), msgType, raw })}\n`
    }
  }
  return (session, direction, { msgSeqNum, time, bytes }) =>
    `${timeText(time)} ${session} ${direction} ${msgSeqNum} ${readable(textOf(bytes))}\n`
}

/** Control characters would tear the lines apart, and do worse on a terminal. */
function readable(text: string): string {
  return text
    .replaceAll('\u0001', '|')
    .replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
