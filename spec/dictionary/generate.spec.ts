import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { commands } from '../../lib/cli/commands.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { generate } from '../../lib/dictionary/generate/generate.js'
import { key, Names, quoted, toIdentifier, valueName } from '../../lib/dictionary/generate/identifiers.js'
import { groupPropertyName, propertyName } from '../../lib/dictionary/typed/property-name.js'

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-generate-'))
afterAll(() => rmSync(directory, { recursive: true }))

const root = fileURLToPath(new URL('../..', import.meta.url))
const typed = path.join(root, 'lib/dictionary/typed/index.js')

let dictionaries = 0

function dictionaryOf(content: string): Dictionary {
  dictionaries += 1
  const file = path.join(directory, `venue${dictionaries}.xml`)
  writeFileSync(file, `<fix major="4" minor="4">${content}</fix>`)
  return Dictionary.loadSync(file)
}

/** What the compiler says of the files, under the strictest of its rules. */
function compile(name: string, files: ReadonlyMap<string, string>, use = ''): string {
  const target = path.join(directory, name)
  mkdirSync(target)
  for (const [file, text] of files) writeFileSync(path.join(target, file), text)
  writeFileSync(path.join(target, 'use.ts'), use)
  writeFileSync(path.join(target, 'package.json'), '{ "type": "module" }')
  const strict =
    '--strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noUnusedLocals --noUnusedParameters'
  const modules = '--verbatimModuleSyntax --isolatedModules --target es2023 --module nodenext --types node'
  const roots = ['--typeRoots', path.join(root, 'node_modules/@types')]
  const args = [path.join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--ignoreConfig', '--skipLibCheck']
  try {
    const all = [...args, ...strict.split(' '), ...modules.split(' '), ...roots, 'index.ts', 'use.ts']
    return execFileSync(process.execPath, all, { cwd: target, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    return String((error as { stdout: unknown }).stdout)
  }
}

describe('names in generated code', () => {
  it.each([
    ['ClOrdID', 'clOrdId'],
    ['SecurityIDSource', 'securityIdSource'],
    ['NoPartyIDs', 'noPartyIds'],
    ['MDEntryPx', 'mdEntryPx'],
    ['CFICode', 'cfiCode'],
    ['SettlDate2', 'settlDate2'],
    ['IOIQty', 'ioiQty'],
    ['URLLink', 'urlLink'],
    ['XmlData', 'xmlData'],
    ['AsOfIndicator', 'asOfIndicator'],
    ['Symbol', 'symbol'],
    ['DKReason', 'dkReason'],
    ['OnBehalfOfCompID', 'onBehalfOfCompId']
  ])('%s is the property %s', (field, property) => {
    expect(propertyName(field)).toBe(property)
  })

  it('of groups are without No', () => {
    expect(['NoPartyIDs', 'NoMDEntries', 'NoLegs', 'NotAGroup', 'LegsCount'].map(groupPropertyName)).toEqual([
      'partyIds',
      'mdEntries',
      'legs',
      'notAGroup',
      'legsCount'
    ])
  })

  it.each([
    ['BUY_MINUS', 'BuyMinus'],
    ['T_PLUS2', 'TPlus2'],
    ['BuyMinus', 'BuyMinus'],
    ['1ST', '_1st'],
    ['', '_'],
    ['a-b', 'a_b'],
    ['N/A', 'NA']
  ])('of the value %s are %s', (text, name) => {
    expect(valueName(text)).toBe(name)
  })

  it('are taken once', () => {
    const names = new Names()
    expect([
      names.take('Quote'),
      names.take('Quote', 'QuoteValue'),
      names.take('Quote', 'QuoteValue'),
      names.take('Tag'),
      names.take('class')
    ]).toEqual(['Quote', 'QuoteValue', 'QuoteValue2', 'Tag2', 'class2'])
  })

  it('and texts are valid TypeScript whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(new Function(`return ${quoted(text)}`)()).toBe(text)
        expect(new Function(`return { ${key(text)}: 1 }`)()).toHaveProperty([text], 1)
        expect(() => new Function(`const ${toIdentifier(text)}_ = 1`)).not.toThrow()
      }),
      { examples: [['__proto__']] }
    )
  })
})

describe('gapfill generate', () => {
  const venue = dictionaryOf(`
    <header><field name="MsgType" required="Y"/></header><trailer><field name="CheckSum" required="Y"/></trailer>
    <messages>
     <message name="Quote" msgtype="S" msgcat="app">
      <field name="QuoteID" required="Y"/><field name="Side" required="N"/><component name="Legs" required="N"/>
     </message>
    </messages>
    <components>
     <component name="Legs"><group name="NoLegs" required="N"><component name="Leg" required="N"/><field name="LegQty" required="N"/></group></component>
     <component name="Leg"><field name="LegSymbol" required="N"/></component>
    </components>
    <fields>
     <field number="35" name="MsgType" type="STRING"/><field number="10" name="CheckSum" type="STRING"/>
     <field number="117" name="QuoteID" type="STRING"/><field number="555" name="NoLegs" type="NUMINGROUP"/>
     <field number="600" name="LegSymbol" type="STRING"/><field number="687" name="LegQty" type="QTY"/>
     <field number="54" name="Side" type="CHAR"><value enum="1" description="BUY"/><value enum="2" description="SELL"/></field>
    </fields>`)

  it('writes code that reads like this', () => {
    const files = generate(venue)
    const head =
      /^\/\/ Generated by "gapfill generate" from .*\.xml \(FIX\.4\.4\)\. Do not edit: generate it anew\.\n\n/
    const text = (name: string) => files.get(name)?.replace(head, '')
    expect([...files.keys()]).toEqual(['tags.ts', 'values.ts', 'components.ts', 'messages.ts', 'index.ts'])
    expect(text('values.ts')).toBe(`/** MsgType(35). */
export const MsgType = {
  Quote: 'S'
} as const
export type MsgType = (typeof MsgType)[keyof typeof MsgType]

/** Side(54) */
export const Side = {
  Buy: '1',
  Sell: '2'
} as const
export type Side = (typeof Side)[keyof typeof Side]
`)
    expect(text('components.ts')).toBe(`import type { Decimal, Entries } from 'gapfill/typed'

/** The component Leg */
export interface Leg {
  /** LegSymbol(600) */
  legSymbol?: string | undefined
}

/** The component Legs */
export interface Legs {
  /** NoLegs(555) */
  legs?: Entries<LegsEntry> | undefined
}

/** An entry of NoLegs(555) */
export interface LegsEntry extends Partial<Omit<Leg, 'legSymbol'>> {
  /** LegQty(687) */
  legQty?: Decimal | undefined
  /** LegSymbol(600) */
  legSymbol: string
}
`)
    expect(text('messages.ts')).toBe(`import { messageType, type MessageType, type TypedMessage } from 'gapfill/typed'
import type { Legs } from './components.js'
import { type FieldTags, GroupDelimiters, Tag } from './tags.js'
import type { Side } from './values.js'

/** Quote, MsgType(35)=S */
export interface QuoteFields extends Partial<Legs> {
  /** QuoteID(117) */
  quoteId: string
  /** Side(54) */
  side?: Side | undefined
}

/** Quote, MsgType(35)=S */
export type Quote = TypedMessage<'S', QuoteFields, FieldTags>
export const Quote: MessageType<'S', QuoteFields, FieldTags> = messageType('S', Tag, GroupDelimiters)

/** Any message of this dictionary, told by its \`msgType\`. */
export type Message =
  | Quote
`)
  })

  it('writes the same each time', () => {
    const dictionary = Dictionary.loadSync('FIX.4.3')
    expect(generate(dictionary)).toEqual(generate(dictionary))
  })

  it('writes code that compiles under strict rules, and refuses what is wrong', () => {
    const use = `import { Quote, Side } from './index.js'
export const quote = new Quote({ quoteId: 'A', side: Side.Buy, legs: [{ legSymbol: 'X', legQty: '1' }] })
// @ts-expect-error
export const bad = new Quote({ quoteId: 'A', side: '3' })
`
    expect(compile('plain', generate(venue, typed), use)).toBe('')
  })

  it('copes with names that clash with each other or with TypeScript', () => {
    const awkward = dictionaryOf(`
      <header><field name="MsgType" required="Y"/><field name="SenderSubID" required="N"/></header><trailer/>
      <messages>
       <message name="Side" msgtype="U1"><field name="Side" required="Y"/><component name="Side" required="Y"/></message>
       <message name="class" msgtype="U'2"><field name="3rd Party" required="Y"/><field name="Größe" required="N"/></message>
       <message name="Tag" msgtype="U3"><component name="A" required="Y"/><component name="B" required="N"/><field name="Text" required="Y"/></message>
       <message name="Date" msgtype="U4"><group name="NoThings" required="Y"><field name="Thing" required="N"/></group></message>
       <message name="Empty" msgtype="U5"/>
      </messages>
      <components>
       <component name="Side"><field name="side" required="N"/></component>
       <component name="A"><field name="Text" required="N"/><group name="NoThings" required="N"><field name="Things" required="Y"/></group></component>
       <component name="B"><field name="Text" required="Y"/><field name="Thing" required="N"/></component>
       <component name="Nothing"/>
      </components>
      <fields>
       <field number="35" name="MsgType" type="STRING"/><field number="50" name="SenderSubID" type="STRING"/><field number="58" name="Text" type="STRING"/>
       <field number="54" name="Side" type="CHAR"><value enum="1" description="N/A"/><value enum="2" description="N_A"/><value enum="'" description="it's */ odd"/></field>
       <field number="5054" name="side" type="INT"/><field number="5003" name="3rd Party" type="STRING"/><field number="5004" name="Größe" type="QTY"/>
       <field number="5005" name="NoThings" type="NUMINGROUP"/><field number="5006" name="Thing" type="MULTIPLESTRINGVALUE"/><field number="5007" name="Things" type="UTCTIMESTAMP"/>
      </fields>`)
    expect(compile('awkward', generate(awkward, typed))).toBe('')
  })

  it('is a command', async () => {
    const said: string[] = []
    const output = { write: (text: string) => said.push(text) }
    const io = { stdout: output, stderr: output, env: {}, cwd: directory }
    const command = commands.find((candidate) => candidate.name === 'generate')
    const args = ['--dictionary', 'FIX.4.0', '--out', 'fix40']
    expect(await command?.run(args, io)).toBe(0)
    expect(await command?.run(args, io)).toBe(0)
    expect(said[0]).toBe('tags.ts, values.ts, components.ts, messages.ts, index.ts for FIX.4.0 written to fix40\n')
    writeFileSync(path.join(directory, 'fix40/index.ts'), 'my own work')
    await expect(command?.run(args, io)).rejects.toThrow(
      /index\.ts: expected a file written by "gapfill generate" or none/
    )
    await expect(command?.run(['--dictionary', 'FIX.4.0', '--out', 'fix40/index.ts/x'], io)).rejects.toThrow(
      /index\.ts\/x: expected a folder that can be written, got ENOTDIR/
    )
    await expect(command?.run(['--out', 'x'], io)).rejects.toThrow('expected --dictionary and --out')
    await expect(command?.run(['--dictionary', 'none.xml', '--out', 'x'], io)).rejects.toThrow(
      /none\.xml: expected a built-in version .* got no such file/
    )
  })
})
