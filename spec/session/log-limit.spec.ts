import { describe, expect, it } from 'vitest'
import type { SessionConfig } from '../../lib/index.js'
import { FixError, type Logger } from '../../lib/index.js'
import { MOST_LINES } from '../../lib/session/log-limit.js'
import { Counterparty } from '../support/counterparty.js'
import { TwoSessions } from '../support/two-sessions.js'

interface Line {
  readonly level: string
  readonly text: string
  readonly [field: string]: unknown
}

/** Our acceptor with the counterparty logged on, and what it logs from now on. */
async function accepted(config: Partial<SessionConfig> = {}) {
  const two = new TwoSessions()
  const lines: Line[] = []
  const at =
    (level: string) =>
    (fields: object | string, text?: string): void =>
      void lines.push(typeof fields === 'string' ? { level, text: fields } : { ...fields, level, text: text ?? '' })
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const us = two.acceptor(config, { logger })
  await us.connect()
  const them = await new Counterparty(two, us.config).dial()
  await them.say('35=A|34=1|98=0|108=30')
  lines.length = 0
  return { two, us, them, lines, withCode: (code: string) => lines.filter((line) => line.code === code) }
}

const rubbish = '8=FIX.4.4|9=5|35=0|10=000|'
const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text)

describe('lines that a counterparty can make us log as often as it likes', () => {
  it('are logged a few times a minute, then only counted', async () => {
    const { two, us, them, withCode } = await accepted({ disableHeartBeatCheck: true })
    await them.say(...times(1000, rubbish))
    expect(us.counters.garbled).toBe(1000)
    expect(withCode('GARBLED')).toHaveLength(MOST_LINES)
    await two.pass(95)
    const [summary, ...more] = withCode('GARBLED').slice(MOST_LINES)
    expect(more).toEqual([])
    expect(summary).toMatchObject({ level: 'warn', leftOut: 1000 - MOST_LINES })
    expect(summary?.text).toMatch(/^990 further lines GARBLED were left out in the last \d\d seconds\.$/)
  })

  it('are told again in the next minute', async () => {
    const { two, them, withCode } = await accepted({ disableHeartBeatCheck: true })
    for (let minute = 0; minute < 5; minute++) {
      await them.say(...times(MOST_LINES + 1, rubbish))
      await two.pass(60)
    }
    const lines = withCode('GARBLED')
    expect(lines.filter((line) => line.leftOut === undefined)).toHaveLength(5 * MOST_LINES)
    expect(lines.filter((line) => line.leftOut === 1)).toHaveLength(5)
  })

  it('are summed up when the link ends', async () => {
    const { two, them, lines } = await accepted()
    await them.say(...times(MOST_LINES + 3, rubbish))
    them.connections[0]?.end()
    await two.settle()
    expect(lines.filter(({ level }) => level === 'warn').slice(-2)).toMatchObject([
      { code: 'GARBLED', leftOut: 3 },
      { code: 'PEER_CLOSED', level: 'warn' }
    ])
  })

  it('of one kind do not keep those of another out of the log', async () => {
    const { them, withCode } = await accepted()
    await them.say(...times(100, rubbish))
    for (let msgSeqNum = 2; msgSeqNum < 102; msgSeqNum++) await them.say(`35=1|34=${msgSeqNum}`)
    expect(withCode('GARBLED')).toHaveLength(MOST_LINES)
    expect(withCode('MESSAGE_REJECTED')).toHaveLength(MOST_LINES)
    expect(withCode('MESSAGE_REJECTED')[0]?.text).toBe(
      'Rejected MsgType(35)=1 MsgSeqNum(34)=2: Required tag missing (tag 112)'
    )
  })

  it('are cut where they quote as much as a message', async () => {
    const { them, withCode } = await accepted()
    await them.say(`35=3|34=2|45=1|58=${'x'.repeat(100_000)}`, `35=${'z'.repeat(100_000)}|34=3|49=WHO`)
    for (const code of ['REJECT_RECEIVED', 'MESSAGE_REJECTED'])
      expect(JSON.stringify(withCode(code)).length).toBeLessThan(2500)
  })
})

describe('a reject that came', () => {
  it.each<[string, string, object, string]>([
    [
      'Reject(3)',
      '35=3|34=2|45=7|371=55|372=D|373=1|58=Symbol please',
      { refSeqNum: '7', refTagId: '55', refMsgType: 'D', reason: '1', reasonText: 'Symbol please' },
      'Reject(3) came of MsgType(35)=D, RefSeqNum(45)=7, SessionRejectReason(373)=1, RefTagID(371)=55: Symbol please'
    ],
    [
      'BusinessMessageReject(j)',
      '35=j|34=2|45=7|372=D|380=4',
      { refSeqNum: '7', refMsgType: 'D', reason: '4', reasonText: undefined },
      'BusinessMessageReject(j) came of MsgType(35)=D, RefSeqNum(45)=7, BusinessRejectReason(380)=4: no Text(58) was given'
    ],
    ['Reject(3) that says nothing', '35=3|34=2', {}, 'Reject(3) came, RefSeqNum(45)=none: no Text(58) was given']
  ])('%s, is a warning with its reason', async (_, text, fields, line) => {
    const { us, them, lines } = await accepted()
    let rejects = 0
    us.on('reject', () => rejects++)
    await them.say(text)
    expect(rejects).toBe(1)
    expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { code: 'REJECT_RECEIVED', ...fields, text: line }
    ])
  })
})

it('a line that stems from a FixError has its code', async () => {
  const { us, them, lines } = await accepted()
  us.removeAllListeners('error')
  us.on('message', () => {
    throw new FixError('OURS', 'no')
  })
  await them.say('35=D|34=2|11=A')
  expect(lines).toMatchObject([{ level: 'error', code: 'LISTENER_FAILED', err: { cause: { code: 'OURS' } } }])
})
