import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { FixDictionaryError } from '../../../lib/errors.js'
import { describe as problems, received } from '../wire.js'

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-dictionary-'))
afterAll(() => rmSync(directory, { recursive: true }))

function write(name: string, text: string | Buffer): string {
  const file = path.join(directory, name)
  writeFileSync(file, text)
  return file
}

/** A broker's dictionary in few lines; `parts` replaces sections. */
function broker(parts: { messages?: string; components?: string; fields?: string } = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<fix major="4" minor="4" type="FIX" servicepack="0">
<header><field name="BeginString" required="Y"/><field name="BodyLength" required="Y"/><field name="MsgType" required="Y"/></header>
<messages>
${parts.messages ?? '<message name="Note" msgtype="U1" msgcat="app"><field name="Text" required="Y"/></message>'}
</messages>
<trailer><field name="CheckSum" required="Y"/></trailer>
<components>
${parts.components ?? ''}
</components>
<fields>
<field number="8" name="BeginString" type="STRING"/><field number="9" name="BodyLength" type="LENGTH"/>
<field number="35" name="MsgType" type="STRING"/><field number="10" name="CheckSum" type="STRING"/>
<field number="58" name="Text" type="STRING"/><field number="453" name="NoPartyIDs" type="NUMINGROUP"/>
<field number="448" name="PartyID" type="STRING"/><field number="452" name="PartyRole" type="INT"/>
${parts.fields ?? ''}
</fields>
</fix>`
}

async function errorOf(text: string | Buffer, name = 'broker.xml'): Promise<string> {
  const file = write(name, text)
  try {
    await Dictionary.load(file)
  } catch (error) {
    expect(error).toBeInstanceOf(FixDictionaryError)
    const { code, file: named, message } = error as FixDictionaryError
    expect([code, named]).toEqual(['DICTIONARY', file])
    expect(() => Dictionary.loadSync(file)).toThrow(message)
    return message.replace(`${directory}${path.sep}`, '')
  }
  return 'loaded'
}

describe('a QuickFIX XML file', () => {
  it('may use what it defines later, nest components and groups, and define fields and messages of its own', async () => {
    const file = write(
      'custom.xml',
      `<fix type='FIX' major='4' minor='4' servicepack='0'>
       <header><field name='MsgType' required='Y'/></header>
       <messages>
        <message name='VenueNote' msgcat='app' msgtype='UZZ'>
         <field name='VenueFlag' required='y'/>
         <component name='Outer' required='Y'/>
        </message>
       </messages>
       <components>
        <component name='Outer'><component name='Inner' required='Y'/><field name='Text' required='N'/></component>
        <component name='Inner'>
         <group name='NoVenueItems' required='N'>
          <component name='Item' required='Y'/>
          <group name='NoVenueParts' required='N'><field name='VenuePart' required='Y'/></group>
         </group>
        </component>
        <component name='Item'><field name='VenueItem' required='Y'/></component>
       </components>
       <trailer/>
       <fields>
        <field number='20001' name='VenueFlag' type='boolean'/>
        <field number='5001' name='NoVenueItems' type='NUMINGROUP'/>
        <field number='5002' name='VenueItem' type='STRING'><value enum='A' description='ALPHA'/><value enum='B'/></field>
        <field number='70000' name='NoVenueParts' type='INT'/>
        <field number='70001' name='VenuePart' type='QTY'/>
        <field number='58' name='Text' type='STRING'/>
        <field number='35' name='MsgType' type='STRING'/>
       </fields>
      </fix>`
    )
    const dictionary = await Dictionary.load(file)
    expect([dictionary.version, dictionary.beginString, dictionary.source]).toEqual(['FIX.4.4', 'FIX.4.4', file])
    expect(dictionary.field('VenueItem')).toEqual({
      tag: 5002,
      name: 'VenueItem',
      type: 'STRING',
      values: [
        { value: 'A', name: 'ALPHA' },
        { value: 'B', name: 'B' }
      ],
      union: undefined
    })
    expect(dictionary.message('VenueNote')?.required).toEqual([20001])
    const items = dictionary.structureOf('UZZ')?.groups.get(5001)
    expect([items?.delimiter, items?.members, items?.groups.get(70000)?.delimiter]).toEqual([
      5002,
      [5002, 70000],
      70001
    ])

    const good = received('35=UZZ|20001=Y|5001=2|5002=A|70000=2|70001=1|70001=2.5|5002=B|58=x|', dictionary, 'FIX.4.4')
    expect(good.groups(5001)[0]?.groups(70000)[1]?.get(70001)).toBe('2.5')
    expect(problems(dictionary, good, { validateFieldsOutOfOrder: false, allowUnknownMsgFields: true })).toEqual([])
    const bad = received('35=UZZ|20001=J|5001=1|5002=C|70000=1|70001=x|', dictionary, 'FIX.4.4')
    expect(problems(dictionary, bad, { allowUnknownMsgFields: true })).toEqual([
      '6 20001 VenueFlag: Incorrect data format for value',
      '5 5002 NoVenueItems[0].VenueItem: Value is incorrect (out of range) for this tag',
      '6 70001 NoVenueItems[0].NoVenueParts[0].VenuePart: Incorrect data format for value'
    ])
  })

  it('requires what a required component requires, and nothing of one that is not', async () => {
    const file = write(
      'components.xml',
      broker({
        messages: `<message name="A" msgtype="U1" msgcat="app"><component name="Parts" required="Y"/></message>
                   <message name="B" msgtype="U2" msgcat="app"><component name="Parts" required="N"/></message>`,
        components: '<component name="Parts"><field name="Text" required="Y"/></component>'
      })
    )
    const dictionary = await Dictionary.load(file)
    expect(dictionary.message('U1')?.required).toEqual([58])
    expect(dictionary.message('U2')?.required).toEqual([])
  })

  it('of FIX 5.0 takes header, trailer and session messages from FIXT.1.1', async () => {
    const text = broker()
      .replace('major="4" minor="4"', 'major="5" minor="0"')
      .replace('servicepack="0"', 'servicepack="2"')
    const file = write(
      'fix50.xml',
      text.replace(/<header>.*<\/header>/, '<header/>').replace(/<trailer>.*<\/trailer>/, '<trailer/>')
    )
    const dictionary = await Dictionary.load(file)
    expect([dictionary.version, dictionary.beginString]).toEqual(['FIX.5.0SP2', 'FIXT.1.1'])
    expect(dictionary.header.filter((field) => field.required).map((field) => field.tag)).toEqual([
      8, 9, 35, 49, 56, 34, 52
    ])
    expect(dictionary.message('Logon')?.required).toContain(1137)
    expect(dictionary.message('U1')?.name).toBe('Note')
  })

  it('of FIX 5.0 keeps a header and session messages of its own', async () => {
    const messages = '<message name="Logon" msgtype="A" msgcat="admin"><field name="Text" required="Y"/></message>'
    const text = broker({ messages }).replace('major="4" minor="4"', 'major="5" minor="0"')
    const dictionary = await Dictionary.load(write('own50.xml', text))
    expect(dictionary.header.map((field) => field.tag)).toEqual([8, 9, 35])
    expect(dictionary.message('A')?.required).toEqual([58])
    expect(dictionary.message('Heartbeat')?.category).toBe('admin')
  })

  it('may be of FIX Latest', async () => {
    const text = broker().replace('major="4" minor="4"', 'major="Latest" minor="0"')
    const dictionary = await Dictionary.load(write('latest.xml', text))
    expect([dictionary.version, dictionary.beginString]).toEqual(['FIX.Latest', 'FIXT.1.1'])
  })

  it("may list a group's count as a field too", async () => {
    const group = '<group name="NoPartyIDs" required="Y"><field name="PartyID" required="Y"/></group>'
    const messages = `<message name="N" msgtype="U1" msgcat="app"><field name="NoPartyIDs" required="N"/>${group}</message>`
    const dictionary = await Dictionary.load(write('both.xml', broker({ messages })))
    expect(dictionary.message('N')?.fields.map((field) => [field.tag, field.required, field.group?.delimiter])).toEqual(
      [[453, true, 448]]
    )
  })

  it('may let other values in, with allowOtherValues', async () => {
    const fields =
      '<field number="5001" name="Code" type="STRING" allowOtherValues="true"><value enum="A" description="A"/></field>'
    const dictionary = await Dictionary.load(
      write(
        'other.xml',
        broker({
          messages: '<message name="N" msgtype="U1" msgcat="app"><field name="Code" required="N"/></message>',
          fields
        })
      )
    )
    const message = received('35=U1|5001=anything|', dictionary, 'FIX.4.4')
    expect(problems(dictionary, message)).toEqual([])
  })

  it('may be in Latin-1, UTF-16 or UTF-8 with a byte order mark, and may have comments, CDATA and a plain DOCTYPE', async () => {
    const text = broker({ fields: '<!-- <field/> --><field number="5001" name="Größe" type="QTY"/>' })
    const encodings: [string, Buffer][] = [
      ['latin1.xml', Buffer.from(text.replace('UTF-8', 'ISO-8859-1'), 'latin1')],
      ['utf16.xml', Buffer.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, 'utf16le')],
      ['bom.xml', Buffer.from(`\ufeff${text}`, 'utf8')],
      ['doctype.xml', Buffer.from(text.replace('<fix ', '<!DOCTYPE fix>\n<fix '), 'utf8')]
    ]
    for (const [name, bytes] of encodings) {
      expect((await Dictionary.load(write(name, bytes))).field('Größe')?.tag).toBe(5001)
    }
  })

  it('warns of what is odd but usable', async () => {
    const text = broker({
      messages: `<message name="N" msgtype="U1" msgcat="app">
<field name="Text" required="N"/>
<field name="Text" required="Y"/>
<sideNote>for our own tools</sideNote>
</message>`,
      fields:
        '<field number="5001" name="Code" type="STRING"><value enum="A" description="ONE"/><value enum="A" description="TWO"/></field>'
    })
    const dictionary = await Dictionary.load(write('odd.xml', text))
    expect(dictionary.warnings.map((warning) => warning.replace(/^.*odd/, 'odd'))).toEqual([
      'odd.xml:20: <value>: field Code: value "A" is stated twice; the first counts.',
      'odd.xml:7: <field>: Text is listed twice here; the first place counts.'
    ])
    expect(dictionary.field('Code')?.values).toEqual([{ value: 'A', name: 'ONE' }])
    expect(dictionary.message('N')?.fields.map((field) => [field.tag, field.required])).toEqual([[58, true]])
  })

  it('is read again when it has changed, and only then', async () => {
    const file = write('changing.xml', broker())
    const first = await Dictionary.load(file)
    expect(Dictionary.loadSync(file)).toBe(first)
    write('changing.xml', broker({ fields: '<field number="5001" name="New" type="INT"/>' }))
    expect(Dictionary.loadSync(file).field(5001)?.name).toBe('New')
  })
})

describe('mistakes in a QuickFIX XML file name file, line and element', () => {
  it.each<[string, string]>([
    ['', 'broker.xml:1: <xml>: expected an XML document, got nothing.'],
    ['no XML', 'broker.xml:1: <xml>: not well-formed XML: Non-whitespace before first tag.'],
    ['<fix major="4"', 'broker.xml:1: <xml>: not well-formed XML: Unexpected end.'],
    ['<fix>\n<a></b></fix>', 'broker.xml:2: <a>: not well-formed XML: Unexpected close tag.'],
    ['<fix/><fix/>', 'broker.xml:1: <xml>: not well-formed XML: <fix> follows the end of the document.'],
    [
      '<fox major="4" minor="4"/>',
      'broker.xml:1: <fox>: expected <fix> (QuickFIX XML) or <repository> (FIX Orchestra XML) as root element, got <fox>.'
    ],
    ['<fix minor="4"/>', 'broker.xml:1: <fix>: attribute "major" is missing.'],
    [
      '<fix major="four" minor="4"/>',
      'broker.xml:1: <fix>: major, minor and servicepack: expected whole numbers, got "four".'
    ],
    ['<fix major="4" minor="4" type="FAST"/>', 'broker.xml:1: <fix>: expected type "FIX" or "FIXT", got "FAST".'],
    ['<fix major="4" minor="4"/>', 'broker.xml:1: <fix>: expected <fields>, found none.'],
    ['<fix major="4" minor="4">\n <feilds/>\n</fix>', 'broker.xml:2: <feilds>: unknown element; did you mean <fields>?']
  ])('%s', async (text, expected) => {
    expect(await errorOf(text)).toBe(expected)
  })

  it.each<[string, string, string]>([
    [
      'a duplicate tag',
      '<field number="58" name="Words" type="STRING"/>',
      'broker.xml:16: <field>: duplicate tag 58: Text has it on line 14, Words here too.'
    ],
    [
      'a duplicate name',
      '<field number="5058" name="Text" type="STRING"/>',
      'broker.xml:16: <field>: duplicate field name Text: it is tag 58 already, here 5058.'
    ],
    [
      'an unknown type',
      '<field number="5001" name="New" type="PRIZE"/>',
      'broker.xml:16: <field>: field New: unknown type "PRIZE"; did you mean "PRICE"?'
    ],
    ['a missing type', '<field number="5001" name="New"/>', 'broker.xml:16: <field>: attribute "type" is missing.'],
    ['a missing name', '<field number="5001" type="INT"/>', 'broker.xml:16: <field>: attribute "name" is missing.'],
    [
      'a tag that is no number',
      '<field number="5x" name="New" type="INT"/>',
      'broker.xml:16: <field>: field New: expected a number from 1 to 2147483647, got "5x".'
    ],
    [
      'a tag 0',
      '<field number="0" name="New" type="INT"/>',
      'broker.xml:16: <field>: field New: expected a number from 1 to 2147483647, got "0".'
    ],
    [
      'a value without text',
      '<field number="5001" name="New" type="INT">\n<value description="A"/></field>',
      'broker.xml:17: <value>: attribute "enum" is missing.'
    ],
    [
      'a misspelt element',
      '<feild number="5001" name="New" type="INT"/>',
      'broker.xml:16: <feild>: unknown element; did you mean <field>?'
    ]
  ])('%s', async (_, fields, expected) => {
    expect(await errorOf(broker({ fields }))).toBe(expected)
  })

  const message = (content: string) => `<message name="Note" msgtype="U1" msgcat="app">\n${content}\n</message>`

  it.each<[string, string, string]>([
    [
      'an undefined field',
      message('<field name="Txt" required="N"/>'),
      'broker.xml:6: <field>: undefined field Txt; did you mean Text?'
    ],
    [
      'an undefined component',
      message('<component name="Parties" required="N"/>'),
      'broker.xml:6: <component>: undefined component Parties; define it in <components>.'
    ],
    [
      'a group without members',
      message('<group name="NoPartyIDs" required="N"/>'),
      'broker.xml:6: <group>: group NoPartyIDs has no field, so it is without a delimiter: list the fields of an entry in it.'
    ],
    [
      'an undefined group',
      message('<group name="NoStrings" required="N"><field name="Text" required="N"/></group>'),
      'broker.xml:6: <group>: undefined field NoStrings; define it in <fields>.'
    ],
    [
      'a strange required',
      message('<field name="Text" required="maybe"/>'),
      'broker.xml:6: <field>: required: expected "Y" or "N", got "maybe".'
    ],
    [
      'a strange category',
      '<message name="Note" msgtype="U1" msgcat="other"/>',
      'broker.xml:5: <message>: msgcat: expected "admin" or "app", got "other".'
    ],
    [
      'a duplicate MsgType',
      `${message('')}<message name="Other" msgtype="U1"/>`,
      'broker.xml:7: <message>: duplicate msgtype "U1": it is on line 5 already.'
    ],
    [
      'a duplicate message name',
      `${message('')}<message name="Note" msgtype="U2"/>`,
      'broker.xml:7: <message>: duplicate message name Note: it is msgtype "U1" already.'
    ]
  ])('%s', async (_, messages, expected) => {
    expect(await errorOf(broker({ messages }))).toBe(expected)
  })

  it.each<[string, string, string]>([
    [
      'components in a circle',
      `<component name="A"><component name="B" required="N"/></component>
<component name="B"><group name="NoPartyIDs" required="N"><component name="C" required="N"/></group></component>
<component name="C"><field name="Text" required="N"/><component name="A" required="N"/></component>`,
      'broker.xml:9: <component>: circular components: A -> B -> C -> A. Take one of these references out.'
    ],
    [
      'a component in itself',
      '<component name="A"><component name="A" required="N"/></component>',
      'broker.xml:9: <component>: circular components: A -> A. Take one of these references out.'
    ],
    [
      'a duplicate component',
      '<component name="A"/>\n<component name="A"/>',
      'broker.xml:10: <component>: duplicate component A: it is on line 9 already.'
    ],
    [
      'a group with an empty component',
      '<component name="A"/><component name="B">\n<group name="NoPartyIDs" required="N"><component name="A" required="Y"/></group></component>',
      'broker.xml:10: <group>: group NoPartyIDs has no field, so it is without a delimiter: list the fields of an entry in it.'
    ]
  ])('%s', async (_, components, expected) => {
    expect(await errorOf(broker({ components }))).toBe(expected)
  })

  it('a file that is not there', async () => {
    await expect(Dictionary.load(path.join(directory, 'none.xml'))).rejects.toThrow(FixDictionaryError)
    expect(() => Dictionary.loadSync('FIX.4.5')).toThrow(
      /^FIX\.4\.5: expected a built-in version \(FIX\.4\.0, .*\) or the path of an XML file, got no such file\. Did you mean "FIX\.4\.0"\?$/
    )
    expect(() => Dictionary.loadSync('fix44')).toThrow(/Did you mean "FIX\.4\.4"\?$/)
    expect(() => Dictionary.loadSync(directory)).toThrow(/got a folder\.$/)
  })

  it('a file that this user may not read, or that is behind one', async () => {
    const file = path.join(directory, 'not-a-folder')
    writeFileSync(file, '')
    expect(() => Dictionary.loadSync(path.join(file, 'x.xml'))).toThrow(/got no such file\./)
  })
})

describe('XML that does harm', () => {
  it.each([
    [
      'an external entity',
      '<!DOCTYPE fix [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<fix major="4" minor="4">&x;</fix>'
    ],
    ['an internal entity', '<!DOCTYPE fix [<!ENTITY x "y">]>\n<fix major="4" minor="4"/>'],
    ['an external DTD', '<!DOCTYPE fix SYSTEM "http://127.0.0.1:1/fix.dtd">\n<fix major="4" minor="4"/>'],
    ['a public DTD', '<!DOCTYPE fix PUBLIC "-//X" "http://127.0.0.1:1/fix.dtd">\n<fix major="4" minor="4"/>']
  ])('%s is refused', async (_, text) => {
    expect(await errorOf(text)).toContain('<xml>: a DOCTYPE that declares or refers to anything is refused')
  })

  it('an undeclared entity is refused', async () => {
    expect(await errorOf(broker({ messages: '<message name="&x;" msgtype="1"/>' }))).toContain(
      'Invalid character entity'
    )
  })

  it('elements without end are refused', async () => {
    expect(await errorOf(`<fix major="4" minor="4">${'<a>'.repeat(100_000)}`)).toContain(
      'elements nest more than 64 deep'
    )
  })

  it('components that double their contents a hundred times cost nothing', async () => {
    const components = ['<component name="C0"><field name="Text" required="N"/></component>']
    for (let i = 1; i < 90; i++) {
      const inner = `<component name="C${i - 1}" required="N"/>`
      components.push(
        `<component name="C${i}">${inner}<group name="NoPartyIDs" required="N">${inner}</group>${inner}</component>`
      )
    }
    const messages = '<message name="Bomb" msgtype="U1" msgcat="app"><component name="C89" required="Y"/></message>'
    const dictionary = await Dictionary.load(write('bomb.xml', broker({ messages, components: components.join('\n') })))
    expect(dictionary.message('Bomb')?.fields.map((field) => field.tag)).toEqual([58, 453])
    expect(dictionary.structureOf('U1')?.groups.get(453)?.delimiter).toBe(58)
  })

  it('components nested without end are refused', async () => {
    const components = ['<component name="C0"/>']
    for (let i = 1; i < 5000; i++)
      components.push(`<component name="C${i}"><component name="C${i - 1}" required="N"/></component>`)
    expect(await errorOf(broker({ components: components.reverse().join('\n') }))).toContain(
      'components nest more than 100 deep'
    )
  })
})
