/**
 * A recorded conversation: everything that came to a session from outside, and what it sent, each with its moment.
 *
 *     # comments
 *     config {"role":"initiator",...}
 *     start 2026-11-22T03:00:00.000Z
 *     0 app connect
 *     3 linked
 *     3 out 8=FIX.4.4|9=...|
 *     5 in 8=FIX.4.4|9=...|
 *     5 turn
 *     900 cut
 *     950 app send D 11=r-1|55=MSFT|
 *
 * Moments are milliseconds since the start. `turn` is the end of a turn of the event loop, `timer` a timer that fired. `|` stands for SOH; the texts have none of their own.
 */
export interface RecordedEvent {
  readonly at: number
  readonly kind: 'app' | 'linked' | 'in' | 'out' | 'cut' | 'turn' | 'timer'
  readonly text: string
}

export interface RecordedConversation {
  readonly config: Record<string, unknown>
  readonly start: string
  readonly events: readonly RecordedEvent[]
}

export function formatConversation(conversation: RecordedConversation, comments: readonly string[]): string {
  const lines = comments.map((comment) => `# ${comment}`)
  lines.push(`config ${JSON.stringify(conversation.config)}`, `start ${conversation.start}`)
  for (const { at, kind, text } of conversation.events) lines.push(`${at} ${kind}${text === '' ? '' : ` ${text}`}`)
  return `${lines.join('\n')}\n`
}

export function parseConversation(text: string): RecordedConversation {
  let config: Record<string, unknown> = {}
  let start = ''
  const events: RecordedEvent[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [first = '', second = ''] = line.split(' ', 2)
    const rest = line.slice(first.length + 1)
    if (first === 'config') config = JSON.parse(rest) as Record<string, unknown>
    else if (first === 'start') start = rest
    else events.push({ at: Number(first), kind: second as RecordedEvent['kind'], text: rest.slice(second.length + 1) })
  }
  return { config, start, events }
}

export const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replaceAll('\u0001', '|')
export const toBytes = (text: string): Buffer => Buffer.from(text.replaceAll('|', '\u0001'), 'latin1')
