import { describe, expect, it } from 'vitest'
import { Dictionary } from '../../lib/dictionary/dictionary.js'
import { builtInVersions } from '../../lib/dictionary/facts.js'
import { dataFields } from '../../lib/fix/data-fields.js'

describe.each(builtInVersions)('data fields of %s', (version) => {
  const dictionary = Dictionary.loadSync(version)
  const pairs = new Map(dataFields.map(([lengthTag, dataTag]) => [dataTag, lengthTag]))
  const isData = (tag: number) => /^(?:XML)?DATA$/.test(dictionary.field(tag)?.type ?? '')

  it('all have a Length field that the decoder knows', () => {
    const unknown = dictionary.tags.filter(
      (tag) => isData(tag) && dictionary.field(pairs.get(tag) ?? 0)?.type !== 'LENGTH'
    )
    expect(unknown).toEqual([])
  })

  it('are all that the decoder takes for data', () => {
    const mistaken = dictionary.tags.filter((tag) => pairs.has(tag) && !isData(tag))
    expect(mistaken).toEqual([])
  })
})
