import { describe, expect, it } from 'vitest'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { readDictionaryXml } from '../../../lib/dictionary/xml/dictionary-xml.js'
import { describe as problems, received } from '../wire.js'

interface Parts {
  version?: string
  fields?: string
  components?: string
  groups?: string
  messages?: string
}

/** A repository in few lines; `parts` adds to its sections. */
function repository(parts: Parts = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<fixr:repository xmlns:fixr="http://fixprotocol.io/2020/orchestra/repository" name="Venue" ${parts.version ?? 'version="FIX.4.4"'}>
<fixr:datatypes><fixr:datatype name="float"/><fixr:datatype name="Price" baseType="float"/><fixr:datatype name="VenuePrice" baseType="Price"/></fixr:datatypes>
<fixr:codeSets>
 <fixr:codeSet name="SideCodeSet" id="54" type="char"><fixr:code name="Buy" id="1" value="1"/><fixr:code name="Sell" id="2" value="2"/></fixr:codeSet>
 <fixr:codeSet name="OrdTypeCodeSet" id="40" type="char"><fixr:code name="Market" id="3" value="1"/><fixr:code name="Limit" id="4" value="2"/></fixr:codeSet>
 <fixr:codeSet name="SizeCodeSet" id="27" type="String"><fixr:code name="Small" id="5" value="S"/></fixr:codeSet>
</fixr:codeSets>
<fixr:fields>
 <fixr:field id="8" name="BeginString" type="String"/><fixr:field id="9" name="BodyLength" type="Length"/>
 <fixr:field id="35" name="MsgType" type="String"/><fixr:field id="10" name="CheckSum" type="String"/>
 <fixr:field id="54" name="Side" type="SideCodeSet"/><fixr:field id="40" name="OrdType" type="OrdTypeCodeSet"/>
 <fixr:field id="44" name="Price" type="VenuePrice"/><fixr:field id="27" name="IOIQty" type="SizeCodeSet" unionDataType="Qty"/>
 <fixr:field id="453" name="NoPartyIDs" type="NumInGroup"/><fixr:field id="448" name="PartyID" type="String"/>
 ${parts.fields ?? ''}
</fixr:fields>
<fixr:components>
 <fixr:component name="StandardHeader" id="1024"><fixr:fieldRef id="8" presence="required"/><fixr:fieldRef id="9" presence="required"/><fixr:fieldRef id="35" presence="required"/></fixr:component>
 <fixr:component name="StandardTrailer" id="1025"><fixr:fieldRef id="10" presence="required"/></fixr:component>
 ${parts.components ?? ''}
</fixr:components>
<fixr:groups>
 <fixr:group name="Parties" id="1012"><fixr:numInGroup id="453"/><fixr:fieldRef id="448" presence="required"/></fixr:group>
 ${parts.groups ?? ''}
</fixr:groups>
<fixr:messages>
 <fixr:message name="NewOrderSingle" msgType="D" category="SingleGeneralOrderHandling">
  <fixr:structure>
   <fixr:componentRef id="1024" presence="required"/>
   <fixr:fieldRef id="54" presence="required"/>
   <fixr:fieldRef id="40" presence="required"/>
   <fixr:fieldRef id="44"><fixr:rule name="PriceOfLimit" presence="required"><fixr:when>OrdType == ^Limit</fixr:when></fixr:rule></fixr:fieldRef>
   <fixr:fieldRef id="27"/>
   <fixr:groupRef id="1012"/>
   <fixr:componentRef id="1025" presence="required"/>
  </fixr:structure>
 </fixr:message>
 ${parts.messages ?? ''}
</fixr:messages>
</fixr:repository>`
}

function dictionaryOf(text: string): Dictionary {
  const { facts, warnings } = readDictionaryXml(Buffer.from(text), 'venue.xml', () => {
    throw new Error('nothing is extended')
  })
  return new Dictionary({ facts, ownFacts: facts, warnings })
}

describe('a FIX Orchestra file', () => {
  const dictionary = dictionaryOf(repository())

  it('gives fields with code sets and the standard data types under its own', () => {
    expect(dictionary.version).toBe('FIX.4.4')
    expect(dictionary.field('Side')).toMatchObject({
      tag: 54,
      type: 'CHAR',
      values: [
        { value: '1', name: 'Buy' },
        { value: '2', name: 'Sell' }
      ]
    })
    expect(dictionary.field('Price')?.type).toBe('PRICE')
    expect(dictionary.field(27)).toMatchObject({ type: 'STRING', union: 'QTY' })
  })

  it('gives messages without header and trailer in them, and groups by reference', () => {
    const order = dictionary.message('NewOrderSingle')
    expect([order?.category, order?.fields.map((field) => field.tag), order?.required]).toEqual([
      'app',
      [54, 40, 44, 27, 453],
      [54, 40]
    ])
    expect(order?.groups.get(453)?.members).toEqual([448])
    expect(dictionary.header.map((field) => field.tag)).toEqual([8, 9, 35])
    expect(dictionary.trailer.map((field) => field.tag)).toEqual([10])
  })

  it('states conditions, which hold in validation and can be switched off', () => {
    const limit = received('35=D|54=1|40=2|', dictionary, 'FIX.4.4')
    expect(problems(dictionary, limit)).toEqual(['1 44 Price: Required tag missing'])
    expect(problems(dictionary, limit, { validateConditionalFields: false })).toEqual([])
    expect(problems(dictionary, received('35=D|54=1|40=1|', dictionary, 'FIX.4.4'))).toEqual([])
    expect(problems(dictionary, received('35=D|54=1|40=2|44=10|', dictionary, 'FIX.4.4'))).toEqual([])
  })

  it('states conditions in groups, on fields of the entry before those of the message', () => {
    const inGroups = dictionaryOf(
      repository({
        fields:
          '<fixr:field id="73" name="NoOrders" type="NumInGroup"/><fixr:field id="11" name="ClOrdID" type="String"/>',
        groups: `<fixr:group name="Orders" id="1013"><fixr:numInGroup id="73"/><fixr:fieldRef id="11"/><fixr:fieldRef id="40"/>
          <fixr:fieldRef id="44"><fixr:rule name="r" presence="required"><fixr:when>OrdType == "2"</fixr:when></fixr:rule></fixr:fieldRef></fixr:group>`,
        messages:
          '<fixr:message name="List" msgType="E"><fixr:structure><fixr:groupRef id="1013"/></fixr:structure></fixr:message>'
      })
    )
    const message = received('35=E|73=3|11=A|40=2|11=B|40=1|11=C|40=2|44=1|', inGroups, 'FIX.4.4')
    expect(problems(inGroups, message)).toEqual(['1 44 NoOrders[0].Price: Required tag missing'])
  })

  it('reads the base of several scenarios', () => {
    const two = dictionaryOf(
      repository({
        messages: '<fixr:message name="NewOrderSingle" msgType="D" scenario="Algo"><fixr:structure/></fixr:message>',
        components: '<fixr:component name="StandardHeader" id="1024" scenario="Short"/>'
      })
    )
    expect(two.message('D')?.required).toEqual([54, 40])
    expect(two.header).toHaveLength(3)
    expect(two.warnings).toEqual(['venue.xml:38: <message>: message NewOrderSingle: only the base scenario counts.'])
  })

  it('of FIX 5.0 knows its version', () => {
    expect(dictionaryOf(repository({ version: 'version="FIX.5.0SP2_EP247"' })).version).toBe('FIX.5.0SP2')
    expect(dictionaryOf(repository({ version: 'version="FIX.Latest_EP290"' })).beginString).toBe('FIXT.1.1')
    expect(dictionaryOf(repository({ version: 'version="FIXT.1.1"' })).version).toBe('FIXT.1.1')
  })

  it.each<[string, Parts, string]>([
    [
      'a duplicate tag',
      { fields: '<fixr:field id="54" name="Way" type="char"/>' },
      'venue.xml:15: <field>: duplicate tag 54 (Way): it is on line 12 already.'
    ],
    [
      'a duplicate name',
      { fields: '<fixr:field id="5054" name="Side" type="char"/>' },
      'venue.xml:15: <field>: duplicate field name Side: it is on line 12 already.'
    ],
    [
      'an unknown type',
      { fields: '<fixr:field id="5001" name="New" type="Prize"/>' },
      'venue.xml:15: <field>: field New: unknown type "Prize"; did you mean "PRICE"?'
    ],
    [
      'a tag that is none',
      { fields: '<fixr:field id="0" name="New" type="int"/>' },
      'venue.xml:15: <field>: field New: expected a positive number as id, got "0".'
    ],
    [
      'components in a circle',
      {
        components:
          '<fixr:component name="A" id="1"><fixr:componentRef id="2"/></fixr:component><fixr:component name="B" id="2"><fixr:componentRef id="1"/></fixr:component>'
      },
      'venue.xml:20: <component>: circular components: A -> B -> A. Take one of these references out.'
    ],
    [
      'an undefined component',
      { components: '<fixr:component name="A" id="1"><fixr:componentRef id="7"/></fixr:component>' },
      'venue.xml:20: <componentRef>: undefined id 7.'
    ],
    [
      'an undefined field',
      { components: '<fixr:component name="A" id="1"><fixr:fieldRef id="7"/></fixr:component>' },
      'venue.xml:20: <fieldRef>: undefined field 7. Define it in <fields>.'
    ],
    [
      'a group without a delimiter',
      { groups: '<fixr:group name="G" id="1"><fixr:numInGroup id="453"/></fixr:group>' },
      'venue.xml:24: <group>: group G has no field, so it is without a delimiter.'
    ],
    [
      'a group without a count',
      { groups: '<fixr:group name="G" id="1"><fixr:fieldRef id="448"/></fixr:group>' },
      'venue.xml:24: <group>: group G: expected a <numInGroup>, found none.'
    ],
    [
      'a duplicate group',
      { groups: '<fixr:group name="G" id="1012"><fixr:numInGroup id="453"/><fixr:fieldRef id="448"/></fixr:group>' },
      'venue.xml:24: <group>: group id 1012: it is on line 23 already.'
    ],
    [
      'a duplicate MsgType',
      { messages: '<fixr:message name="Again" msgType="D"/>' },
      'venue.xml:38: <message>: duplicate msgType "D": it is on line 27 already.'
    ],
    [
      'an unknown version',
      { version: 'version="4.4"' },
      'venue.xml:2: <repository>: version: expected one like "FIX.4.4" or "FIX.5.0SP2_EP247", got "4.4".'
    ]
  ])('names file, line and element of %s', (_, parts, expected) => {
    expect(() => dictionaryOf(repository(parts))).toThrow(
      new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
    )
  })
})
