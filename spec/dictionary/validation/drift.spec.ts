import { describe, expect, it } from 'vitest'
import { Drift, type DriftKind } from '../../../lib/dictionary/validation/drift.js'
import { order, problemsOf } from '../wire.js'

describe('drift', () => {
  it('lets unknown tags, misplaced tags and unlisted values in, and reports each new kind once', () => {
    const reported: DriftKind[] = []
    const drift = new Drift((kind) => reported.push(kind))
    const options = { drift }
    for (let i = 0; i < 3; i++) {
      expect(problemsOf('FIX.4.4', `35=D|${order.replace('54=1', '54=x')}9001=${i}|112=A|777=y|`, options)).toEqual([])
    }
    expect(problemsOf('FIX.4.4', '35=0|9001=again|', options)).toEqual([])
    // Each message is validated twice: `problemsOf` asks for all problems and for the first one.
    expect(reported.map(({ msgType, tag, reason, firstValue }) => [msgType, tag, reason, firstValue])).toEqual([
      ['D', 54, 'unknownValue', 'x'],
      ['D', 9001, 'unknownTag', '0'],
      ['D', 112, 'tagNotDefinedForMessage', 'A'],
      ['D', 777, 'tagNotDefinedForMessage', 'y'],
      ['0', 9001, 'unknownTag', 'again']
    ])
    expect(drift.summary.map(({ msgType, tag, count }) => [msgType, tag, count])).toEqual([
      ['0', 9001, 2],
      ['D', 54, 6],
      ['D', 112, 6],
      ['D', 777, 6],
      ['D', 9001, 6]
    ])
  })

  it('still finds everything else wrong', () => {
    const drift = new Drift()
    expect(problemsOf('FIX.4.4', '35=1|9001=a|-1=x|', { drift })).toEqual([
      '1 112 TestReqID: Required tag missing',
      '0 -1 -1: Invalid tag number'
    ])
  })

  it('does not lose the entries behind an unknown tag in a group', () => {
    const drift = new Drift()
    const fields = `35=D|${order}453=2|448=A|9001=x|447=D|452=1|448=B|447=D|452=failboat|`
    expect(problemsOf('FIX.4.4', fields, { drift })).toEqual([
      '6 452 NoPartyIDs[1].PartyRole: Incorrect data format for value'
    ])
  })

  it('is bounded', () => {
    const reported: number[] = []
    const drift = new Drift((kind) => reported.push(kind.tag), { limit: 3 })
    for (let tag = 9001; tag <= 9010; tag++) problemsOf('FIX.4.4', `35=0|${tag}=${'v'.repeat(500)}|`, { drift })
    expect(reported).toEqual([9001, 9002, 9003])
    expect(drift.summary.every((kind) => kind.firstValue.length === 64)).toBe(true)
    expect(drift.beyondLimit).toBe(14)
  })
})
