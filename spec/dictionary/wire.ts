import { Codec } from '../../lib/codec/codec.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import type { SessionDictionary } from '../../lib/dictionary/session-dictionary.js'
import type { ValidationOptions } from '../../lib/dictionary/validation/options.js'
import type { FixMessage } from '../../lib/fix/message.js'

/** Bytes of a message whose fields after BodyLength(9) are given with | for SOH. */
export function bytesOf(fields: string, beginString: string): Buffer {
  return framed(fields.replaceAll('|', '\u0001'), beginString)
}

/** Bytes of a message whose fields after BodyLength(9) are given as they are. */
export function framed(body: string, beginString: string): Buffer {
  const head = `8=${beginString}\u00019=${body.length}\u0001${body}`
  let sum = 0
  for (const byte of Buffer.from(head, 'latin1')) sum += byte
  return Buffer.from(`${head}10=${String(sum % 256).padStart(3, '0')}\u0001`, 'latin1')
}

/** A received message, as the codec hands it out. */
export function received(fields: string, dictionary: SessionDictionary | undefined, beginString: string): FixMessage {
  const [message, ...more] = new Codec({ beginString, dictionary }).push(bytesOf(fields, beginString))
  if (message === undefined || message.garbled || more.length > 0) throw new Error(`no message: ${fields}`)
  return message
}

const header = '34=2|49=TW|52=20240102-10:11:12.123|56=ISLD|'
const header40 = '34=2|49=TW|52=20240102-10:11:12|56=ISLD|'

/**
 * What is wrong with a message, one text a problem: `373 371 path: text`. `fields` begins with 35; where it has no 49, the
 * header follows it.
 */
export function problemsOf(version: string, fields: string, options?: ValidationOptions): string[] {
  const dictionary = Dictionary.loadSync(version)
  const plain = version === 'FIX.4.0' || version === 'FIX.4.1' ? header40 : header
  const whole = /\|49=/.test(fields) ? fields : fields.replace('|', `|${plain}`)
  return describe(dictionary, received(whole, dictionary, dictionary.beginString), options)
}

export function describe(dictionary: SessionDictionary, message: FixMessage, options?: ValidationOptions): string[] {
  const problems = dictionary.validate(message, options)
  const first = dictionary.firstProblem(message, options)
  if (JSON.stringify(first) !== JSON.stringify(problems[0])) throw new Error('firstProblem is not the first of them')
  return problems.map((p) => `${p.sessionRejectReason} ${p.refTagId ?? '-'} ${p.path}: ${p.text}`)
}

/** The body of a NewOrderSingle that is good in every version that has these fields. */
export const order = '11=ID|21=1|55=INTC|54=1|60=20240102-10:11:12|38=002000.00|40=1|'
