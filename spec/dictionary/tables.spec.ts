import { readdirSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareFacts } from '../../lib/dictionary/build/compare.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { builtInVersions } from '../../lib/dictionary/facts.js'
import { builtInFacts } from '../../lib/dictionary/files.js'
import { readRecords, recordsOf, TableFacts, tableHead, writeTable } from '../../lib/dictionary/table.js'

describe('the built-in dictionaries', () => {
  it.each([
    ['FIX.4.0', 138, 27],
    ['FIX.4.1', 206, 28],
    ['FIX.4.2', 405, 46],
    ['FIX.4.3', 635, 68],
    ['FIX.4.4', 912, 93],
    ['FIXT.1.1', 71, 8],
    ['FIX.5.0', 1090, 93],
    ['FIX.5.0SP1', 1373, 105],
    ['FIX.5.0SP2', 6028, 156]
  ] as const)('%s states %i fields and %i messages', (version, fields, messages) => {
    const facts = builtInFacts(version)
    expect([facts.tags().length, facts.msgTypes().length]).toEqual([fields, messages])
  })

  it.each(builtInVersions)('%s refers to nothing that it does not state', (version) => {
    const dictionary = Dictionary.loadSync(version)
    for (const msgType of dictionary.msgTypes) {
      const message = dictionary.message(msgType)
      for (const field of message?.fields ?? []) expect(dictionary.field(field.tag)?.name).toBe(field.name)
      expect(dictionary.message(message?.name ?? '')).toBe(message)
    }
    for (const tag of dictionary.tags) expect(dictionary.field(dictionary.field(tag)?.name ?? '')?.tag).toBe(tag)
  })

  it('are found by name and by number, and once for all', async () => {
    const dictionary = await Dictionary.load('FIX.4.4')
    expect(dictionary.field(55)).toEqual({ tag: 55, name: 'Symbol', type: 'STRING', values: [], union: undefined })
    expect(dictionary.field('Symbol')).toBe(dictionary.field(55))
    expect(dictionary.field('55')).toBe(dictionary.field(55))
    expect(dictionary.field('54')?.values[0]).toEqual({ value: '1', name: 'BUY' })
    expect(dictionary.message('D')).toMatchObject({
      msgType: 'D',
      name: 'NewOrderSingle',
      category: 'app',
      required: [11, 54, 60, 40]
    })
    expect(dictionary.message('NewOrderSingle')).toBe(dictionary.message('D'))
    expect([
      dictionary.field(99_999),
      dictionary.field('Nothing'),
      dictionary.message('Nothing'),
      dictionary.structureOf('Nothing')
    ]).toEqual([undefined, undefined, undefined, undefined])
    expect(Dictionary.loadSync('FIX.4.4')).toBe(dictionary)
  })

  it('tell a decoder the groups of a message, those of the header among them', () => {
    const groups = Dictionary.loadSync('FIX.4.4').structureOf('D')?.groups
    expect(groups?.get(453)).toMatchObject({ countTag: 453, delimiter: 448, members: [448, 447, 452, 802] })
    expect(groups?.get(453)?.order.get(447)).toBe(1)
    expect(groups?.get(453)?.groups.get(802)?.members).toEqual([523, 803])
    expect(groups?.get(627)?.delimiter).toBe(628)
    expect(Dictionary.loadSync('FIX.4.4').structureOf('D')).toBe(Dictionary.loadSync('FIX.4.4').structureOf('D'))
  })

  it('carry FIX 5.0 by FIXT.1.1', () => {
    const dictionary = Dictionary.loadSync('FIX.5.0SP2')
    expect([dictionary.beginString, dictionary.header[0]?.name, dictionary.trailer.at(-1)?.name]).toEqual([
      'FIXT.1.1',
      'BeginString',
      'CheckSum'
    ])
    expect(dictionary.message('Logon')?.category).toBe('admin')
    expect(dictionary.message('NewOrderSingle')?.category).toBe('app')
  })

  it('take little room', () => {
    const directory = new URL('../../lib/dictionary/tables/', import.meta.url)
    const sizes = readdirSync(directory).map((name) => statSync(new URL(name, directory)).size)
    expect(sizes).toHaveLength(9)
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(700_000)
  })
})

describe('a table', () => {
  const base = recordsOf(builtInFacts('FIX.4.3'))
  const facts = builtInFacts('FIX.4.4')
  const records = recordsOf(facts)

  it('holds what is different from the one that it stands on, and gives all of it back', () => {
    const text = writeTable('FIX.4.4', records, { version: 'FIX.4.3', records: base })
    expect(tableHead(text)).toEqual({ version: 'FIX.4.4', base: 'FIX.4.3' })
    expect(text.length).toBeLessThan(writeTable('FIX.4.4', records).length)
    expect(compareFacts(facts, new TableFacts('FIX.4.4', readRecords(text, base)))).toEqual([])
    expect(
      compareFacts(facts, new TableFacts('FIX.4.4', readRecords(writeTable('FIX.4.4', records), undefined)))
    ).toEqual([])
  })

  it.each([
    ['a field that is gone', 'f55', undefined, ['field 55: expected Symbol STRING, got none']],
    ['a field too many', 'f9999', 'Extra INT', ['field 9999: expected none, got Extra INT']],
    ['another type', 'f55', 'Symbol INT', ['field 55: expected Symbol STRING, got Symbol INT']],
    ['another name', 'f55', 'Ticker STRING', ['field 55: expected Symbol STRING, got Ticker STRING']],
    [
      'another value',
      'v43',
      'N=NO\tY=JA',
      [expect.stringMatching(/^field 43: expected PossDupFlag .*, got PossDupFlag BOOLEAN N=NO Y=JA$/)]
    ],
    [
      'a field that is not required',
      'm1',
      'TestRequest admin 112',
      ['message 1, 112: expected field, required, got field, optional']
    ],
    [
      'another category',
      'm1',
      'TestRequest app 112!',
      ['message 1: expected TestRequest (admin), got TestRequest (app)']
    ],
    ['a message that is gone', 'm1', undefined, ['message 1: expected TestRequest (admin), got none']],
    [
      'another order',
      'cCommissionData',
      '13 12 479 497',
      ['component CommissionData, order: expected 12 13 479 497, got 13 12 479 497']
    ],
    [
      'a group without a member',
      'cParties',
      '453(448 447 @PtysSubGrp)',
      ['component Parties, 453/452: expected field, optional, got none']
    ],
    [
      'a component for a field',
      'm1',
      'TestRequest admin @Parties',
      [
        'message 1, 112: expected field, required, got none',
        'message 1, Parties: expected none, got component, optional'
      ]
    ],
    ['a longer trailer', 't', '93 89 58 10!', ['trailer, 58: expected none, got field, optional']]
  ])('that was broken is found out: %s', (_, key, content, expected) => {
    const broken = new Map(records)
    if (content === undefined) broken.delete(key)
    else broken.set(key, content)
    const differences = compareFacts(facts, new TableFacts('FIX.4.4', broken))
    expect(differences.map((difference) => difference.replace('FIX.4.4 ', ''))).toEqual(expected)
  })

  it('is not read from anything else', () => {
    expect(() => tableHead('something\nelse')).toThrow('not a dictionary table')
  })
})
