import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { sessionDictionary } from '../../lib/dictionary/session-dictionary.js'
import { FieldValueError } from '../../lib/fix/errors.js'
import { FixMessage } from '../../lib/fix/message.js'
import { framed, describe as problems, received } from './wire.js'

/* Data fields that only a counterparty's dictionary knows. */

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-data-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, base: string): string {
  const target = path.join(directory, name)
  writeFileSync(
    target,
    `<fix extends="${base}">
      <messages><message name="News" msgtype="B">
       <field name="VenueBlobLen" required="N"/><field name="VenueBlob" required="N"/>
       <group name="NoParts" required="N"><field name="PartName" required="N"/><field name="PartSize" required="N"/><field name="PartBytes" required="N"/></group>
       <field name="LooseText" required="N"/>
      </message></messages>
      <fields>
       <field number="20001" name="VenueBlobLen" type="INT"/><field number="20002" name="VenueBlob" type="DATA"/>
       <field number="20003" name="NoParts" type="NUMINGROUP"/><field number="20004" name="PartName" type="STRING"/>
       <field number="900001" name="PartSize" type="LENGTH"/><field number="20006" name="PartBytes" type="XMLDATA"/>
       <field number="20007" name="LooseText" type="DATA"/>
      </fields></fix>`
  )
  return target
}

const venue = Dictionary.loadSync(file('venue.xml', 'FIX.4.4'))
const header = '34=2|49=TW|52=20240102-10:11:12.123|56=ISLD|'
const soh = '\u0001'

describe("a counterparty's own data fields", () => {
  it('are found by the name of their Length field, or by the one that stands before them', () => {
    const { dataFields } = venue
    expect([20001, 900_001, 95, 20002, 20006].map((tag) => dataFields.dataTagOf(tag))).toEqual([20002, 20006, 96, 0, 0])
  })

  it('are taken by their length, in groups too', () => {
    const blob = `a${soh}10=1${soh}`
    const fields = `20001=${blob.length}|20002=${blob}|20003=2|20004=x|900001=3|20006=1${soh}2|20004=y|`
    const message = received(`35=B|${header}148=h|33=1|58=t|${fields}`, venue, 'FIX.4.4')
    expect(message.get(20002)).toBe(blob)
    expect(message.groups(20003).map((part) => part.get(20006))).toEqual([`1${soh}2`, undefined])
    expect(problems(venue, message)).toEqual([])
    const [other] = new Codec({ beginString: 'FIX.4.4', dictionary: Dictionary.loadSync('FIX.4.4') }).push(
      framed(
        message.source.slice(message.source.indexOf('35='), message.source.indexOf(`${soh}10=`, 300) + 1),
        'FIX.4.4'
      )
    )
    expect(other?.garbled).toBe(true)
  })

  it('are found again when the index of the message was lost', () => {
    const codec = new Codec({ beginString: 'FIX.4.4', dictionary: venue })
    const blob = `a${soh}b`
    const [first] = codec.push(framed(`35=B${soh}20001=3${soh}20002=${blob}${soh}`, 'FIX.4.4'))
    const filler = framed(`35=0${soh}${`58=x${soh}`.repeat(5000)}`, 'FIX.4.4')
    for (let i = 0; i < 50; i++) codec.push(filler)
    expect(first?.garbled === false && first.get(20002)).toBe(blob)
  })

  it('are written behind their Length field, whatever they hold', () => {
    const codec = new Codec({ beginString: 'FIX.4.4', dictionary: venue })
    const bytes = Buffer.from(`a${soh}=\xff`, 'latin1')
    const message = new FixMessage('B', { 148: 'h' }).set(20001, bytes.length).set(20002, bytes)
    const sent = codec.encode(message, { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: new Date(0) })
    const [again] = codec.push(sent)
    expect(again?.garbled === false && again.getData(20002)).toEqual(bytes)
    expect(() => new FixMessage('B').set(20001, 3).set(20002, bytes)).toThrow(FieldValueError)
    expect(() => new FixMessage('B').set(38, bytes.length).set(58, bytes)).toThrow(FieldValueError)
    expect(() => new FixMessage('B').set(20002, bytes)).toThrow(FieldValueError)
  })

  it('of an application dictionary are known in a FIXT.1.1 session', () => {
    const session = sessionDictionary({
      beginString: 'FIXT.1.1',
      appDictionaries: { 9: file('sp2.xml', 'FIX.5.0SP2'), 7: 'FIX.5.0' },
      defaultApplVerId: '9'
    })
    const message = received(`35=B|${header}20001=3|20002=a${soh}b|`, session, 'FIXT.1.1')
    expect(message.get(20002)).toBe(`a${soh}b`)
  })

  it('are known to one codec and not to another, also where messages come in runs', () => {
    const low = path.join(directory, 'low.xml')
    writeFileSync(
      low,
      `<fix extends="FIX.4.4"><fields><field number="20001" name="VenueBlobLen" type="LENGTH"/><field number="20002" name="VenueBlob" type="DATA"/></fields></fix>`
    )
    const run = Buffer.concat(
      [`20002=a${soh}20001=4${soh}`, `20001=3${soh}20002=a${soh}5${soh}`, `58=x${soh}`].map((text) =>
        framed(`35=0${soh}${text}`, 'FIX.4.4')
      )
    )
    const blobs = (dictionary: Dictionary) =>
      new Codec({ beginString: 'FIX.4.4', dictionary })
        .push(Buffer.concat([run, run]))
        .map((message) => (message.garbled ? message.code : message.get(20002)))
    const own = ['a', `a${soh}5`, undefined]
    const plain = ['a', 'TAG', undefined]
    for (const dictionary of [Dictionary.loadSync(low), venue]) {
      expect(blobs(dictionary)).toEqual([...own, ...own])
      expect(blobs(Dictionary.loadSync('FIX.4.4'))).toEqual([...plain, ...plain])
    }
  })

  it('cost nothing where there are none', () => {
    const { dataFields } = Dictionary.loadSync('FIX.4.4')
    expect(Dictionary.loadSync('FIX.5.0SP2').dataFields).toBe(dataFields)
  })
})
