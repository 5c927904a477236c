import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { Codec } from '../../../lib/codec/codec.js'
import { dataTypes } from '../../../lib/dictionary/data-types.js'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import type { FixMessage } from '../../../lib/fix/message.js'
import { type Change, change, changed, fieldsOf } from '../changed-fields.js'
import { randomMessage } from '../random-message.js'
import { framed } from '../wire.js'

/* Dictionaries that nobody wrote: whatever they nest, messages made by them are read, validated and told as they were made. */

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-any-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** A field, a group or a component with what is in it, before it has a name. */
type Shape =
  | { readonly kind: 'field'; readonly type: string; readonly values: readonly string[]; readonly required: boolean }
  | { readonly kind: 'group' | 'component'; readonly members: readonly Shape[]; readonly required: boolean }

// A data field needs its Length field, which a spec of its own is about.
const types = [...dataTypes.keys()].filter((type) => !['DATA', 'XMLDATA', 'LENGTH', 'NUMINGROUP'].includes(type))

const shapes = fc.letrec<{ shape: Shape; members: Shape[] }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant('field' as const),
      type: fc.constantFrom(...types),
      values: fc.constant([]),
      required: fc.boolean()
    }),
    fc.record({
      kind: fc.constant('field' as const),
      type: fc.constantFrom('STRING', 'MULTIPLESTRINGVALUE'),
      values: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9]{1,6}$/), { minLength: 1, maxLength: 4 }),
      required: fc.boolean()
    }),
    fc.record({
      kind: fc.constantFrom('group' as const, 'component' as const),
      members: tie('members'),
      required: fc.boolean()
    })
  ),
  members: fc.array(tie('shape'), { minLength: 1, maxLength: 5 })
}))

/** Writes dictionaries, giving every field a tag and every component a name of its own. */
class Writer {
  readonly fields: string[] = []
  readonly components: string[] = []
  #tag = 5000

  members(shapes: readonly Shape[]): string {
    return shapes.map((shape) => this.#member(shape)).join('\n')
  }

  #member(shape: Shape): string {
    const required = `required="${shape.required ? 'Y' : 'N'}"`
    if (shape.kind === 'field') {
      const values = shape.values.map((value) => `<value enum="${value}" description="V_${value}"/>`).join('')
      return `<field name="${this.#field('F', shape.type, values)}" ${required}/>`
    }
    if (shape.kind === 'component') {
      const name = `C${this.components.length}`
      const place = this.components.push('') - 1
      this.components[place] = `<component name="${name}">${this.members(shape.members)}</component>`
      return `<component name="${name}" ${required}/>`
    }
    const name = this.#field('No', 'NUMINGROUP', '')
    return `<group name="${name}" ${required}>${this.members(shape.members)}</group>`
  }

  #field(prefix: string, type: string, values: string): string {
    // Tags of other digits too, and beyond what tables are made for.
    const tag = this.#tag++ * (this.#tag % 7 === 0 ? 1009 : 1)
    this.fields.push(`<field number="${tag}" name="${prefix}${tag}" type="${type}">${values}</field>`)
    return `${prefix}${tag}`
  }
}

const header = { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime: new Date('2024-01-02T10:11:12.123Z') }
let files = 0

/** What is sound of a good message, changed, is good by the plain rules too, however it was read. */
function checkSoundness(dictionary: Dictionary, good: FixMessage, changes: readonly Change[]): void {
  const { beginString } = dictionary
  const fields = fieldsOf(good)
  const options = { validateUserDefinedFields: false, allowUnknownMsgFields: true, validateUnorderedGroupFields: false }
  for (const validator of [dictionary.validator(), dictionary.validator(options)]) {
    for (const one of changes) {
      const body = changed(fields, one, dictionary.tags).map(([tag, value]) => `${tag}=${value}\u0001`)
      const bytes = framed(body.join(''), beginString)
      const codec = new Codec({ beginString, dictionary })
      const [before, message] = codec.push(Buffer.concat([Buffer.from(good.toBytes()), bytes]))
      const [plain] = new Codec({ beginString, dictionary, plain: true }).push(bytes)
      if (before?.garbled !== false || message?.garbled !== false || plain?.garbled !== false) continue
      validator.isSound(before)
      const isSound = validator.isSound(message)
      expect([message.toString(), validator.isSound(plain)]).toEqual([message.toString(), isSound])
      if (isSound) expect([message.toString(), validator.explain(message)]).toEqual([message.toString(), []])
    }
  }
}

it('messages of any dictionary are good as built, and as encoded and decoded, and the same', () => {
  fc.assert(
    fc.property(
      fc.array(shapes.members, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('FIX.4.2', 'FIX.4.4', 'FIX.5.0SP2'),
      fc.gen(),
      fc.array(change, { minLength: 10, maxLength: 10 }),
      (messages, version, gen, changes) => {
        const writer = new Writer()
        const bodies = messages.map(
          (members, at) => `<message name="M${at}" msgtype="U${at}" msgcat="app">${writer.members(members)}</message>`
        )
        files += 1
        const file = path.join(directory, `${files}.xml`)
        writeFileSync(
          file,
          `<fix extends="${version}"><messages>${bodies.join('\n')}</messages><components>${writer.components.join('\n')}</components><fields>${writer.fields.join('\n')}</fields></fix>`
        )
        const dictionary = Dictionary.loadSync(file)
        const codec = new Codec({ beginString: dictionary.beginString, dictionary })
        for (const at of messages.keys()) {
          const built = randomMessage(dictionary, `U${at}`, gen)
          expect(dictionary.validate(built)).toEqual([])
          const [decoded] = codec.push(codec.encode(built, header))
          if (decoded === undefined || decoded.garbled) throw new Error(`garbled: ${decoded?.text}`)
          expect(dictionary.validate(decoded)).toEqual([])
          expect(dictionary.toJson(decoded).Body).toEqual(dictionary.toJson(built).Body)
          const json: unknown = JSON.parse(JSON.stringify(dictionary.toJson(decoded)))
          expect(dictionary.toJson(dictionary.fromJson(json)).Body).toEqual(dictionary.toJson(built).Body)
          checkSoundness(dictionary, decoded, changes)
        }
      }
    ),
    { numRuns: 150, endOnFailure: true }
  )
})
