import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Codec } from '../../../lib/codec/codec.js'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { FixMessage } from '../../../lib/fix/message.js'
import { describe as problems, received } from '../wire.js'

/* Dictionaries as brokers ship them: what is odd in them but meant well. */

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-brokers-'))
afterAll(() => rmSync(directory, { recursive: true }))

function load(name: string, text: string | Buffer): Dictionary {
  const file = path.join(directory, name)
  writeFileSync(file, text)
  return Dictionary.loadSync(file)
}

const sessionFields = `
  <field number="8" name="BeginString" type="STRING"/><field number="9" name="BodyLength" type="LENGTH"/>
  <field number="35" name="MsgType" type="STRING"/><field number="34" name="MsgSeqNum" type="SEQNUM"/>
  <field number="49" name="SenderCompID" type="STRING"/><field number="56" name="TargetCompID" type="STRING"/>
  <field number="52" name="SendingTime" type="UTCTIMESTAMP"/><field number="10" name="CheckSum" type="STRING"/>`
const header = `
 <header>
  <field name="BeginString" required="Y"/><field name="BodyLength" required="Y"/><field name="MsgType" required="Y"/>
  <field name="SenderCompID" required="Y"/><field name="TargetCompID" required="Y"/><field name="MsgSeqNum" required="Y"/>
  <field name="SendingTime" required="Y"/>
 </header>`
const trailer = '<trailer><field name="CheckSum" required="Y"/></trailer>'

function broker(parts: {
  messages?: string
  components?: string
  fields?: string
  head?: string
  parts?: string
}): string {
  return `<?xml version="1.0"?>
<fix ${parts.head ?? 'major="4" minor="4"'}>${parts.parts ?? header + trailer}
 <messages>${parts.messages ?? ''}</messages>
 <components>${parts.components ?? ''}</components>
 <fields>${sessionFields}${parts.fields ?? ''}</fields>
</fix>`
}

function read(dictionary: Dictionary, fields: string): FixMessage {
  const whole = fields.replace('|', '|34=2|49=TW|52=20240102-10:11:12|56=ISLD|')
  return received(whole, dictionary, dictionary.beginString)
}

describe("a broker's dictionary", () => {
  it('without type, service pack, categories and descriptions, with numbers in blanks and requirements in small letters', () => {
    const dictionary = load(
      'bare.xml',
      broker({
        messages: `<message name="Logon" msgtype="A"><field name="Note" required="y"/></message>
          <message name="Custom" msgtype="U1"><field name="Note" required="n"/><field name="Kind" required=" Y "/></message>`,
        fields: `<field number=" 5001 " name=" Note " type=" string "/><field number="5002" name="Kind" type="Char"><value enum="A"/><value enum="B" description=""/></field>`
      })
    )
    expect([dictionary.version, dictionary.warnings]).toEqual(['FIX.4.4', []])
    expect([dictionary.message('A')?.category, dictionary.message('U1')?.category]).toEqual(['admin', 'app'])
    expect(dictionary.field('Kind')).toMatchObject({
      tag: 5002,
      type: 'CHAR',
      values: [
        { value: 'A', name: 'A' },
        { value: 'B', name: 'B' }
      ]
    })
    expect(problems(dictionary, read(dictionary, '35=U1|5002=A|'))).toEqual([])
    expect(problems(dictionary, read(dictionary, '35=U1|5001=x|5002=C|'))).toEqual([
      '5 5002 Kind: Value is incorrect (out of range) for this tag'
    ])
  })

  it('with a byte order mark, CRLF, comments anywhere, stylesheets and attributes of other tools', () => {
    const text = `\ufeff<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<?xml-stylesheet type="text/xsl" href="dictionary.xsl"?>
<!-- (c) a broker -->
<fix xmlns="http://127.0.0.1/fix" major="4" minor="4" owner="us"><!-- header -->${header}${trailer}
 <messages><message name="Note" msgtype="U1" msgcat="app" section="x"><!-- <field name="None"/> --><field name="Text" required="N" comment="free &amp; easy"/></message></messages>
 <!-- nothing here --><components/>
 <fields>${sessionFields}<field number="58" name="Text" type="STRING" group="free"><!-- none --></field></fields>
</fix>
<!-- end -->`
    const dictionary = load('crlf.xml', text.replaceAll('\n', '\r\n'))
    expect(problems(dictionary, read(dictionary, '35=U1|58=x|'))).toEqual([])
    expect(() =>
      load('bad.xml', text.replace('name="Text" required', 'name="Txt" required').replaceAll('\n', '\r\n'))
    ).toThrow(/bad\.xml:10: <field>: undefined field Txt; did you mean Text\?/)
  })

  it('with values in an element of their own, blank ones and such with attributes of other tools', () => {
    const dictionary = load(
      'values.xml',
      broker({
        fields: `<field number="5001" name="Kind" type="STRING"><values>
          <value enum="A" description="One" group="x" sort="1"/><value enum="" description="NONE"/><value enum="B B" description="Two"/></values></field>`
      })
    )
    expect(dictionary.field(5001)?.values.map(({ value }) => value)).toEqual(['A', 'B B'])
    expect(dictionary.warnings).toEqual([expect.stringContaining('field Kind: a value without text')])
  })

  it('with attributes in other letters', () => {
    const dictionary = load(
      'letters.xml',
      broker({
        messages: '<message Name="Custom" msgType="U1" msgCat="app"><field name="Text" Required="Y"/></message>',
        fields: '<field Number="58" name="Text" Type="String"/>'
      })
    )
    expect([dictionary.message('U1')?.name, dictionary.message('U1')?.required]).toEqual(['Custom', [58]])
  })

  it.each(['4.4', '4.2'])(
    'of FIX %s without header and trailer has those of the standard, and nothing else of it',
    (version) => {
      const [major, minor] = version.split('.')
      const dictionary = load(
        `headless${version}.xml`,
        broker({
          head: `major="${major}" minor="${minor}"`,
          parts: '<trailer/>',
          messages: '<message name="Note" msgtype="U1"><field name="Text" required="Y"/></message>',
          fields: '<field number="58" name="Text" type="STRING"/>'
        })
      )
      expect(dictionary.warnings.map((text) => text.replace(/^.*xml:/, ''))).toEqual([
        `1: <fix>: it has no <header>; that of FIX.${version} counts.`,
        `1: <fix>: it has no <trailer>; that of FIX.${version} counts.`
      ])
      expect(problems(dictionary, read(dictionary, '35=U1|50=DESK|58=x|'))).toEqual([])
      expect(problems(dictionary, read(dictionary, '35=U1|50=DESK|'))).toEqual(['1 58 Text: Required tag missing'])
      expect([dictionary.field('SenderSubID')?.tag, dictionary.field(55), dictionary.message('D')]).toEqual([
        50,
        undefined,
        undefined
      ])
      expect(dictionary.structureOf('U1')?.groups.has(627)).toBe(version === '4.4')
    }
  )

  it('with a group in a component in a group, counted by INT, and one whose first member is a group', () => {
    const dictionary = load(
      'groups.xml',
      broker({
        messages: `<message name="Deep" msgtype="U1"><group name="NoA" required="Y"><field name="A" required="Y"/><component name="Outer" required="N"/></group></message>
          <message name="First" msgtype="U2"><group name="NoB" required="N"><group name="NoC" required="Y"><field name="C" required="Y"/></group><field name="B" required="N"/></group></message>`,
        components: `<component name="Outer"><component name="Inner" required="Y"/><field name="OuterText" required="N"/></component>
          <component name="Inner"><group name="NoB" required="N"><component name="Innermost" required="Y"/><field name="B2" required="N"/></group></component>
          <component name="Innermost"><component name="Empty" required="N"/><field name="B" required="Y"/><group name="NoC" required="N"><field name="C" required="Y"/></group></component>
          <component name="Empty"/>`,
        fields: `<field number="5001" name="NoA" type="INT"/><field number="5002" name="A" type="STRING"/><field number="5003" name="NoB" type="NUMINGROUP"/>
          <field number="5004" name="B" type="STRING"/><field number="5005" name="B2" type="PRICE"/><field number="5006" name="NoC" type="INT"/>
          <field number="5007" name="C" type="QTY"/><field number="5008" name="OuterText" type="STRING"/>`
      })
    )
    const deep = read(dictionary, '35=U1|5001=2|5002=a|5003=2|5004=x|5006=2|5007=1|5007=2|5005=9|5004=y|5008=t|5002=b|')
    expect(problems(dictionary, deep)).toEqual([])
    const [first, second] = deep.groups(5001)
    expect(first?.groups(5003).map((entry) => [entry.get(5004), entry.groups(5006).length, entry.get(5005)])).toEqual([
      ['x', 2, '9'],
      ['y', 0, undefined]
    ])
    expect([first?.get(5008), second?.get(5002), second?.groups(5003)]).toEqual(['t', 'b', []])
    expect(problems(dictionary, read(dictionary, '35=U1|5001=1|5002=a|5003=1|5004=x|5006=1|5007=z|'))).toEqual([
      '6 5007 NoA[0].NoB[0].NoC[0].C: Incorrect data format for value'
    ])
    const nested = read(dictionary, '35=U2|5003=2|5006=2|5007=1|5007=2|5004=x|5006=1|5007=3|')
    expect(problems(dictionary, nested)).toEqual([])
    expect(nested.groups(5003).map((entry) => entry.groups(5006).length)).toEqual([2, 1])
  })

  it('with header fields of its own: they are written there, and read from there', () => {
    const dictionary = load(
      'header.xml',
      '<fix extends="FIX.4.4"><header><field name="VenueHop" required="Y"/></header><fields><field number="20001" name="VenueHop" type="STRING"/></fields></fix>'
    )
    const codec = new Codec({ beginString: 'FIX.4.4', dictionary })
    const note = new FixMessage('0', [
      [112, 'a'],
      [20001, 'h'],
      [50, 'DESK']
    ])
    expect(dictionary.validate(note)).toEqual([])
    const encode = (message: FixMessage) =>
      codec.encode(message, { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: new Date(0) })
    const [message] = codec.push(encode(note))
    if (message === undefined || message.garbled) throw new Error('garbled')
    expect(message.tags()).toEqual([8, 9, 35, 34, 49, 50, 52, 56, 20001, 112, 10])
    expect(dictionary.validate(message)).toEqual([])
    expect(dictionary.toJson(message).Header.VenueHop).toBe('h')
    // As it came, it goes again; wherever in the header the other side has put it.
    expect(encode(message)).toEqual(encode(note))
    const [early] = codec.push(
      Buffer.from(
        String(
          received('35=0|20001=h|34=1|49=A|50=DESK|52=19700101-00:00:00.000|56=B|112=a|', dictionary, 'FIX.4.4')
        ).replaceAll('|', '\u0001')
      )
    )
    expect(early?.garbled === false && encode(early)).toEqual(encode(note))
    expect(problems(dictionary, read(dictionary, '35=0|112=a|'))).toEqual(['1 20001 VenueHop: Required tag missing'])
  })

  it("with the standard's header groups", () => {
    const dictionary = load(
      'hops.xml',
      '<fix extends="FIX.4.4"><fields><field number="20001" name="Own" type="STRING"/></fields></fix>'
    )
    const hops = read(dictionary, '35=0|627=2|628=A|629=20240102-10:11:12|628=B|112=x|')
    expect(problems(dictionary, hops)).toEqual([])
    expect(hops.groups(627).map((hop) => hop.get(628))).toEqual(['A', 'B'])
  })

  it('that allows other values, and lists a field twice', () => {
    const dictionary = load(
      'other.xml',
      broker({
        messages: `<message name="Note" msgtype="U1"><field name="Code" required="N"/><field name="Code" required="N"/><group name="NoPieces" required="N"><field name="Piece" required="Y"/><field name="Piece" required="N"/></group></message>`,
        fields: `<field number="5001" name="Code" type="CHAR" allowOtherValues="Y"><value enum="1" description="ONE"/></field>
          <field number="5002" name="NoPieces" type="NUMINGROUP"/><field number="5003" name="Piece" type="STRING"/>`
      })
    )
    expect(dictionary.warnings).toHaveLength(2)
    expect(problems(dictionary, read(dictionary, '35=U1|5001=9|5002=2|5003=a|5003=b|'))).toEqual([])
    expect(problems(dictionary, read(dictionary, '35=U1|5001=99|'))).toEqual([
      '6 5001 Code: Incorrect data format for value'
    ])
    expect(problems(dictionary, read(dictionary, '35=U1|5001=9|5001=9|'))).toEqual([
      '13 5001 Code: Tag appears more than once'
    ])
  })
})
