import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Dictionary } from '../../../lib/dictionary/dictionary.js'
import { Drift } from '../../../lib/dictionary/validation/drift.js'
import type { ValidationOptions } from '../../../lib/dictionary/validation/options.js'
import { randomMessage } from '../random-message.js'
import { received } from '../wire.js'

const dictionary = Dictionary.loadSync('FIX.4.4')
const msgType = fc.constantFrom(...dictionary.msgTypes)

const options: fc.Arbitrary<ValidationOptions> = fc.record(
  {
    validateFieldsOutOfOrder: fc.boolean(),
    validateMsgType: fc.boolean(),
    validateRequiredFields: fc.boolean(),
    validateConditionalFields: fc.boolean(),
    validateFieldsHaveValues: fc.boolean(),
    validateRepeatedTags: fc.boolean(),
    validateFieldTypes: fc.boolean(),
    allowUnknownEnumValues: fc.boolean(),
    validateUserDefinedFields: fc.boolean(),
    allowUnknownMsgFields: fc.boolean(),
    validateGroupCounts: fc.boolean(),
    validateGroupDelimiters: fc.boolean(),
    validateUnorderedGroupFields: fc.boolean(),
    firstFieldInGroupIsDelimiter: fc.boolean(),
    missingDelimiterReason: fc.constantFrom(15, 99)
  },
  { requiredKeys: [] }
)

const anyTag = fc.oneof(fc.constantFrom(...dictionary.tags), fc.integer({ min: -5, max: 99_999 }))
const anyFields = fc
  .array(fc.tuple(anyTag, fc.stringMatching(/^[0-9A-Z:. -]{0,8}$/)), { maxLength: 40 })
  .map((fields) => fields.filter(([tag]) => tag !== 8 && tag !== 9 && tag !== 10 && tag !== 35))

describe('validation', () => {
  it('answers for any fields in any order, and says first what is first of all', () => {
    fc.assert(
      fc.property(msgType, anyFields, options, fc.boolean(), (type, fields, switches, drifting) => {
        const wire = fields.map(([tag, value]) => `${tag}=${value}|`).join('')
        const message = received(`35=${type}|${wire}`, dictionary, 'FIX.4.4')
        const settings = drifting ? { ...switches, drift: new Drift() } : switches
        const problems = dictionary.validate(message, settings)
        expect(dictionary.firstProblem(message, settings)).toEqual(problems[0])
        expect(dictionary.validate(message, settings)).toEqual(problems)
      }),
      { numRuns: 500 }
    )
  })

  it('finds nothing when all of its rules are off', () => {
    const off: ValidationOptions = {
      validateFieldsOutOfOrder: false,
      validateMsgType: false,
      validateRequiredFields: false,
      validateConditionalFields: false,
      validateFieldsHaveValues: false,
      validateRepeatedTags: false,
      validateFieldTypes: false,
      allowUnknownEnumValues: true,
      validateUserDefinedFields: false,
      allowUnknownMsgFields: true,
      validateGroupCounts: false,
      validateGroupDelimiters: false,
      validateUnorderedGroupFields: false
    }
    fc.assert(
      fc.property(msgType, anyFields, (type, fields) => {
        const wire = fields.filter(([tag]) => tag > 0).map(([tag, value]) => `${tag}=${value}|`)
        expect(dictionary.validate(received(`35=${type}|${wire.join('')}`, dictionary, 'FIX.4.4'), off)).toEqual([])
      })
    )
  })

  it('misses each required field that is taken away', () => {
    fc.assert(
      fc.property(msgType, fc.gen(), fc.nat(), (type, gen, choice) => {
        const required = dictionary.message(type)?.required ?? []
        fc.pre(required.length > 0)
        const tag = required[choice % required.length] ?? 0
        const message = randomMessage(dictionary, type, gen)
        message.delete(tag)
        const missing = dictionary.validate(message).filter((problem) => problem.refTagId === tag)
        expect(missing.map((problem) => problem.sessionRejectReason)).toContain(1)
      }),
      { endOnFailure: true }
    )
  })
})
