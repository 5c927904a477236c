import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { order, describe as problems, received } from '../wire.js'

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-extension-'))
afterAll(() => rmSync(directory, { recursive: true }))

function extension(name: string, base: string, content: string): Dictionary {
  const file = path.join(directory, name)
  writeFileSync(file, `<fix extends="${base}">\n${content}\n</fix>`)
  return Dictionary.loadSync(file)
}

describe('an extension file', () => {
  const venue = extension(
    'venue.xml',
    'FIX.4.4',
    `<header><field name="VenueHop" required="N"/></header>
     <messages>
      <message name="NewOrderSingle" msgtype="D"><field name="VenueFlag" required="Y"/><field name="Account" required="Y"/></message>
      <message name="VenueNote" msgtype="UVN" msgcat="app"><component name="Parties" required="Y"/></message>
     </messages>
     <components>
      <component name="Parties"><group name="NoPartyIDs" required="N"><field name="VenueParty" required="N"/></group></component>
     </components>
     <fields>
      <field number="20001" name="VenueFlag" type="BOOLEAN"/>
      <field number="20002" name="VenueHop" type="STRING"/>
      <field number="20003" name="VenueParty" type="STRING"/>
      <field number="54" name="Side"><value enum="z" description="SIDEWAYS"/></field>
     </fields>`
  )

  it('adds fields, values, messages and members to a built-in version', () => {
    expect([venue.version, venue.message('UVN')?.name, venue.field(20001)?.type]).toEqual([
      'FIX.4.4',
      'VenueNote',
      'BOOLEAN'
    ])
    expect(venue.field('Side')?.values.at(-1)).toEqual({ value: 'z', name: 'SIDEWAYS' })
    expect(venue.field('Side')?.values).toHaveLength((Dictionary.loadSync('FIX.4.4').field(54)?.values.length ?? 0) + 1)
    expect(venue.structureOf('D')?.groups.get(453)?.members).toEqual([448, 447, 452, 802, 20003])
    expect(venue.message('ExecutionReport')?.name).toBe('ExecutionReport')
  })

  it('is held in validation', () => {
    const good = `35=D|49=TW|20002=x|34=2|52=20240102-10:11:12|56=ISLD|${order.replace('54=1', '54=z')}1=A|20001=Y|453=1|448=P|20003=V|`
    expect(problems(venue, received(good, venue, 'FIX.4.4'))).toEqual([])
    expect(problems(venue, received(good.replace('1=A|20001=Y|', ''), venue, 'FIX.4.4'))).toEqual([
      '1 1 Account: Required tag missing',
      '1 20001 VenueFlag: Required tag missing'
    ])
  })

  it('leaves what it extends as it was', () => {
    expect(Dictionary.loadSync('FIX.4.4').field(20001)).toBeUndefined()
    expect(Dictionary.loadSync('FIX.4.4').message('UVN')).toBeUndefined()
  })

  it('may extend another file, and FIX 5.0', () => {
    const second = extension(
      'second.xml',
      './venue.xml',
      '<fields><field number="20009" name="More" type="INT"/></fields>'
    )
    expect([second.field('More')?.tag, second.field('VenueFlag')?.tag, second.field('Symbol')?.tag]).toEqual([
      20009, 20001, 55
    ])
    const fixt = extension('fixt.xml', 'FIX.5.0SP2', '<fields><field number="20009" name="More" type="INT"/></fields>')
    expect([fixt.version, fixt.beginString, fixt.message('Logon')?.msgType, fixt.field('More')?.tag]).toEqual([
      'FIX.5.0SP2',
      'FIXT.1.1',
      'A',
      20009
    ])
  })

  it.each([
    ['itself', './circle.xml', '', /extends: .*circle\.xml -> .*circle\.xml never ends/],
    [
      'what is not there',
      './nothing.xml',
      '',
      /nothing\.xml: expected a built-in version .* got no such file\. \S*circle\.xml extends it\./
    ],
    [
      'a field under another name',
      'FIX.4.4',
      '<fields><field number="55" name="Ticker" type="STRING"/></fields>',
      /circle\.xml:2: <field>: tag 55 is Symbol in FIX\.4\.4: use that name, not Ticker/
    ],
    [
      'a name with another tag',
      'FIX.4.4',
      '<fields><field number="20055" name="Symbol" type="STRING"/></fields>',
      /circle\.xml:2: <field>: duplicate field name Symbol: it is tag 55 already, here 20055/
    ],
    [
      'a component that then contains itself',
      'FIX.4.4',
      '<components><component name="Instrument"><component name="UndInstrmtGrp" required="N"/></component><component name="UnderlyingInstrument"><component name="Instrument" required="N"/></component></components>',
      /circular components/
    ]
  ])('cannot extend %s', (_, base, content, expected) => {
    expect(() => extension('circle.xml', base, content)).toThrow(expected)
  })
})
