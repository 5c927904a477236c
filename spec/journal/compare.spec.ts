import { describe, expect, it } from 'vitest'
import { compareJournals } from '../../lib/journal/compare.js'
import { MemoryJournal } from '../../lib/journal/memory-journal.js'
import { SqliteJournal } from '../../lib/journal/sqlite-journal.js'
import { openJournalForReading } from '../../lib/journal/sqlite-reader.js'
import { batch, message, range, temporaryPath } from '../support/journal.js'

type Lines = Readonly<Record<number, string>>

/** A journal of session `S` with this wire text, by MsgSeqNum(34). */
function journal(lists: { readonly in?: Lines; readonly out?: Lines }): MemoryJournal {
  const made = new MemoryJournal()
  made.load('S', 0)
  const listed = (lines: Lines = {}) => Object.entries(lines).map(([number, text]) => message(Number(number), text))
  made.commit([batch('S', { in: listed(lists.in), out: listed(lists.out) })])
  return made
}

/** What A sent against what B received; the way back is empty. */
function compare(out: Lines, received: Lines, options: Parameters<typeof compareJournals>[4] = {}) {
  return compareJournals(journal({ out }), journal({ in: received }), 'S', 'S', options)
}

const logon = '8=FIX.4.4|9=5|35=A|34=1|10=001|'

describe('compareJournals', () => {
  it('finds two journals equal when what each sent is what the other received', () => {
    const order = '8=FIX.4.4|9=50|35=D|49=A|56=B|34=2|52=20260101-00:00:00|11=1|10=123|'
    const report = '8=FIX.4.4|9=50|35=8|49=B|56=A|34=2|52=20260101-00:00:01|37=1|10=124|'
    const a = journal({ out: { 1: logon, 2: order }, in: { 1: logon, 2: report } })
    const b = journal({ in: { 1: logon, 2: order }, out: { 1: logon, 2: report } })
    const way = { sent: 1, received: 1, equal: 1, gapFilled: 0, missing: 0, unexpected: 0, different: 0 }
    expect(compareJournals(a, b, 'S', 'S')).toEqual({
      equal: true,
      aToB: { ...way, highestSent: 2, highestReceived: 2 },
      bToA: { ...way, highestSent: 2, highestReceived: 2 },
      differences: []
    })
  })

  it('does not mind what a resend changes: 8, 9, 10, 43, 52, 122 and 369', () => {
    const sent = '8=FIX.4.4|9=50|35=D|34=2|52=20260101-00:00:00|369=5|11=1|10=123|'
    const resent = '8=FIX.4.4|9=88|35=D|34=2|43=Y|52=20260101-00:09:00|122=20260101-00:00:00|11=1|10=222|'
    expect(compare({ 2: sent }, { 2: resent })).toMatchObject({ equal: true, aToB: { equal: 1 } })
  })

  it.each([
    ['another value', '8=FIX.4.4|35=D|34=2|11=2|'],
    ['a field more', '8=FIX.4.4|35=D|34=2|11=1|58=x|'],
    ['a field less', '8=FIX.4.4|35=D|34=2|'],
    ['another order of fields', '8=FIX.4.4|35=D|11=1|34=2|'],
    ['a tag that only begins like one that does not matter', '8=FIX.4.4|35=D|34=2|11=1|430=1|']
  ])('reports a content that differs: %s', (_, received) => {
    const sent = '8=FIX.4.4|35=D|34=2|11=1|'
    const result = compare({ 2: sent }, { 2: received })
    expect(result).toMatchObject({ equal: false, aToB: { different: 1, equal: 0 } })
    expect(result.differences).toEqual([
      {
        kind: 'different',
        sender: 'a',
        msgSeqNum: 2,
        sent,
        received,
        text: `MsgSeqNum(34)=2 from a is different: sent ${sent}, received ${received}`
      }
    ])
  })

  it('reports a number that was sent and not received, and the other way round', () => {
    const result = compare({ 1: logon, 2: '8=FIX.4.4|35=D|11=1|' }, { 1: logon, 3: '8=FIX.4.4|35=D|11=2|' })
    expect(result.aToB).toMatchObject({ sent: 1, received: 1, equal: 0, missing: 1, unexpected: 1, highestReceived: 3 })
    expect(result.differences.map(({ kind, msgSeqNum }) => [kind, msgSeqNum])).toEqual([
      ['missing', 2],
      ['unexpected', 3]
    ])
  })

  it('does not compare administrative messages', () => {
    const out = Object.fromEntries(
      ['0', '1', '2', '3', '4', '5', 'A'].map((type, index) => [index + 1, `8=F|35=${type}|58=a|`])
    )
    const received = { 3: '8=F|35=0|58=b|', 9: '8=F|35=5|' }
    expect(compare(out, received)).toMatchObject({
      equal: true,
      aToB: { sent: 0, received: 0, highestSent: 7, highestReceived: 9 }
    })
  })

  it('finds an application message where the other has an administrative one', () => {
    const result = compare({ 2: '8=F|35=D|11=1|' }, { 2: '8=F|35=0|' })
    expect(result.differences).toMatchObject([{ kind: 'missing', msgSeqNum: 2, received: '8=F|35=0|' }])
  })

  describe('gap fills', () => {
    const out = Object.fromEntries(range(2, 6).map((number) => [number, `8=F|35=D|34=${number}|`]))

    it('takes the sender at its word: numbers that the other saw gap-filled are not missing', () => {
      const received = { 2: '8=F|35=D|34=2|', 3: '8=F|35=4|34=3|123=Y|36=6|', 6: '8=F|35=D|34=6|' }
      expect(compare(out, received)).toMatchObject({
        equal: true,
        aToB: { sent: 5, equal: 2, gapFilled: 3, missing: 0 }
      })
    })

    it('does not take a reset for a gap fill, nor one that says nothing sensible', () => {
      for (const fill of ['8=F|35=4|34=3|36=6|', '8=F|35=4|34=3|123=N|36=6|', '8=F|35=4|34=3|123=Y|36=many|']) {
        const result = compare(out, { 2: '8=F|35=D|34=2|', 3: fill, 6: '8=F|35=D|34=6|' })
        expect(result.aToB).toMatchObject({ missing: 3, gapFilled: 0 })
      }
    })

    it('believes the caller too', () => {
      const result = compare(out, { 2: '8=F|35=D|34=2|', 5: '8=F|35=D|34=5|' }, { gapFilledByA: new Set([3, 4]) })
      expect(result.aToB).toMatchObject({ gapFilled: 2, missing: 1 })
      expect(result.differences.map((difference) => difference.msgSeqNum)).toEqual([6])
    })
  })

  it('begins where the caller says', () => {
    expect(compare({ 2: '8=F|35=D|', 9: '8=F|35=D|' }, { 9: '8=F|35=D|' }, { from: 5 })).toMatchObject({
      equal: true,
      aToB: { sent: 1 }
    })
  })

  it('counts all differences and lists the first', () => {
    const out = Object.fromEntries(range(1, 500).map((number) => [number, '8=F|35=D|']))
    const result = compare(out, {}, { maxDifferences: 3 })
    expect(result.aToB.missing).toBe(500)
    expect(result.differences.map((difference) => difference.msgSeqNum)).toEqual([1, 2, 3])
  })

  it('tells the way that a difference goes', () => {
    const result = compareJournals(journal({}), journal({ out: { 4: '8=F|35=8|' } }), 'S', 'S')
    expect(result).toMatchObject({ equal: false, bToA: { missing: 1 }, differences: [{ sender: 'b', msgSeqNum: 4 }] })
  })

  it('compares files, with any bytes', () => {
    const text = (number: number) => `8=FIX.4.4|35=D|34=${number}|58=caf\u00e9 ${'\u00ff\u0000'}|10=000|`
    const paths = [temporaryPath(), temporaryPath()] as const
    for (const [path, direction] of [[paths[0], 'out'] as const, [paths[1], 'in'] as const]) {
      const file = new SqliteJournal(path)
      file.load(`S ${direction}`, 0)
      file.commit([
        batch(`S ${direction}`, { [direction]: range(1, 1_000).map((number) => message(number, text(number))) })
      ])
      file.close()
    }
    const a = openJournalForReading(paths[0])
    const b = openJournalForReading(paths[1])
    expect(compareJournals(a, b, 'S out', 'S in')).toMatchObject({ equal: true, aToB: { equal: 1_000 } })
    a.close()
    b.close()
  })
})
