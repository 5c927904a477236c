import { versionRules } from '../../lib/core/version.js'
import { formatUtcTimestamp, parseUtcTimestamp } from '../../lib/fix/timestamp.js'

/** Who speaks to whom. */
export interface Parties {
  readonly beginString: string
  readonly senderCompId: string
  readonly targetCompId: string
}

/**
 * Messages as people write them, `|` for SOH, between a session of ours and its counterparty: without the header fields that
 * are always the same, which are added to what the counterparty sends and left out of what we send.
 */
export class WireText {
  private readonly parties: Parties

  constructor(parties: Parties) {
    this.parties = parties
  }

  /** What the counterparty sends. Text that does not begin with 35= is taken as it stands. */
  bytes(text: string, wall: number): Buffer {
    if (!text.startsWith('35=')) return Buffer.from(text.replaceAll('|', '\x01'), 'latin1')
    const { beginString, senderCompId, targetCompId } = this.parties
    const [msgType = '', ...fields] = text.split('|')
    const has = (tag: number) => fields.some((field) => field.startsWith(`${tag}=`))
    const isFirst = (field: string) => /^(34|43|122)=/.test(field)
    const header = [msgType, ...fields.filter(isFirst)]
    if (!has(49)) header.push(`49=${targetCompId}`)
    if (!has(52)) header.push(`52=${formatUtcTimestamp(wall, versionRules(beginString).timestampPrecision)}`)
    if (!has(56)) header.push(`56=${senderCompId}`)
    return framed(beginString, [...header, ...fields.filter((field) => !isFirst(field))])
  }

  /**
   * What we sent: without 8, 9, 49, 52, 56 and 10 where they are as they have to be, and with OrigSendingTime(122) as
   * `122=*` where it is no later than SendingTime(52).
   */
  brief(text: string): string {
    const { beginString, senderCompId, targetCompId } = this.parties
    const match = /^8=([^|]*)\|9=(\d+)\|(.*\|)10=(\d{3})\|$/.exec(text)
    if (match === null) return text
    const [, begin, length, body = '', sum] = match
    const whole = framed(begin ?? '', body.slice(0, -1).split('|'))
    if (begin !== beginString || !whole.includes(`\x019=${length}\x01`) || !whole.includes(`\x0110=${sum}\x01`))
      return text
    const usual = [`49=${senderCompId}`, `56=${targetCompId}`]
    const sent = timeIn(body, 52)
    const original = timeIn(body, 122)
    return body
      .slice(0, -1)
      .split('|')
      .filter((field) => !usual.includes(field) && !(field.startsWith('52=') && sent !== undefined))
      .map((field) => (field.startsWith('122=') && original !== undefined && original <= (sent ?? 0) ? '122=*' : field))
      .join('|')
  }
}

/** With BodyLength(9) and CheckSum(10). */
export function framed(beginString: string, fields: readonly string[]): Buffer {
  const body = `${fields.join('\x01')}\x01`
  const text = `8=${beginString}\x019=${body.length}\x01${body}`
  const sum = [...text].reduce((total, char) => total + char.charCodeAt(0), 0) & 255
  return Buffer.from(`${text}10=${String(sum).padStart(3, '0')}\x01`, 'latin1')
}

export function show(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\x01', '|')
}

function timeIn(body: string, tag: number): number | undefined {
  const text = new RegExp(`\\|${tag}=([^|]*)\\|`).exec(body)?.[1]
  return text === undefined ? undefined : parseUtcTimestamp(text)?.epochMs
}
