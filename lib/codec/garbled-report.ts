import { readSeqNum } from '../fix/field-value.js'
import type { Garbled, GarbledCode } from '../fix/garbled.js'

/** Bytes of a garbled message that its report shows. */
const SHOWN = 512

/** Reports that `bytes[start, end)` is no message; `fatal` for what ends the whole stream. */
export function garbled(
  code: GarbledCode,
  text: string,
  bytes: Buffer,
  start: number,
  end: number,
  fatal = false
): Garbled {
  const raw = bytes.toString('latin1', start, Math.min(end, start + SHOWN))
  return {
    garbled: true,
    code,
    text,
    raw,
    fatal,
    msgSeqNum: fatal ? undefined : msgSeqNumIn(raw),
    msgType: fatal ? undefined : valueIn(raw, 35)
  }
}

function msgSeqNumIn(raw: string): number | undefined {
  const text = valueIn(raw, 34)
  return text === undefined ? undefined : readSeqNum(text)
}

/** The value of the first field with this tag, as well as that can be said of a garbled message. */
function valueIn(raw: string, tag: number): string | undefined {
  const name = `\u0001${tag}=`
  const at = raw.indexOf(name)
  if (at < 0) return undefined
  const end = raw.indexOf('\u0001', at + name.length)
  return end < 0 ? undefined : raw.slice(at + name.length, end)
}
