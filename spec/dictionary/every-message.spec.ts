import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec } from '../../lib/codec/codec.js'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { builtInVersions } from '../../lib/dictionary/facts.js'
import type { FieldSet } from '../../lib/fix/field-set.js'
import { randomMessage } from './random-message.js'

/** Tags and texts, entries of groups nested, the order of tags left out. */
function contents(fields: FieldSet, only?: readonly number[]): Record<number, unknown> {
  const plain: Record<number, unknown> = {}
  for (const tag of only ?? fields.tags()) {
    plain[tag] = fields.isGroup(tag) ? fields.groups(tag).map((entry) => contents(entry)) : fields.get(tag)
  }
  return plain
}

describe.each(builtInVersions)('every message of %s, generated from its dictionary', (version) => {
  const dictionary = Dictionary.loadSync(version)
  const codec = new Codec({ beginString: dictionary.beginString, dictionary })
  const sendingTime = new Date('2024-01-02T10:11:12.123Z')
  const header = { senderCompId: 'A', targetCompId: 'B', msgSeqNum: 1, sendingTime }

  it.each(dictionary.msgTypes)('%s is good as built, and as encoded and decoded, and the same', (msgType) => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const built = randomMessage(dictionary, msgType, gen)
        expect(dictionary.validate(built)).toEqual([])
        const [decoded] = codec.push(codec.encode(built, header))
        if (decoded === undefined || decoded.garbled) throw new Error(`garbled: ${decoded?.text}`)
        expect(dictionary.validate(decoded)).toEqual([])
        expect(contents(decoded, built.tags())).toEqual(contents(built))
        const json: unknown = JSON.parse(JSON.stringify(dictionary.toJson(decoded)))
        expect(contents(dictionary.fromJson(json))).toEqual(contents(decoded))
        expect(dictionary.describe(decoded).split('\n').length).toBeGreaterThanOrEqual(decoded.fieldCount)
      }),
      // What shrinks a failure of `fc.gen` on messages of this size takes all memory there is.
      { numRuns: 8, endOnFailure: true }
    )
  })
})
