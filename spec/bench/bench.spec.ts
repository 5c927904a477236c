import { describe, expect, it } from 'vitest'

// The benchmark is plain JavaScript, so that it runs as it stands.
const of = (path: string) => import(new URL(path, import.meta.url).href)
const { messages, textsOf } = await of('./corpus/corpus.js')
const { fieldsOf } = await of('./corpus/wire.js')
const { underFloors } = await of('./floors.js')
const { requireEqual, summary } = await of('./measure.js')
const { outcome } = await of('./report/results.js')

interface Row {
  readonly engine: string
  readonly ratio: number | undefined
}

describe('the corpus of the benchmark', () => {
  it.each(Object.keys(messages))('%s is the same each time, and its messages differ from each other', (name) => {
    const texts = textsOf(name, 50)
    expect(textsOf(name, 50)).toEqual(texts)
    expect(new Set(texts).size).toBe(50)
  })

  it.each(Object.keys(messages))('%s has the length and the checksum that it says', (name) => {
    for (const text of textsOf(name, 20)) {
      const length = Number(fieldsOf(text)[1]?.[1])
      const body = text.slice(text.indexOf('\u000135=') + 1, text.lastIndexOf('10='))
      expect(body.length).toBe(length)
      const sum = [...text.slice(0, text.lastIndexOf('10='))].reduce((total, letter) => total + letter.charCodeAt(0), 0)
      expect(text.endsWith(`10=${String(sum % 256).padStart(3, '0')}\u0001`)).toBe(true)
    }
  })
})

describe('what the benchmark makes of its samples', () => {
  const measured = new Map([
    ['gapfill', { rate: summary([30, 10, 20]), held: summary([5]) }],
    ['other', { rate: summary([4, 6]) }]
  ])
  const result = (goals: object[]) =>
    outcome({ name: 'work', unit: '/s', number: 'rate', higherIsBetter: true, goals, measured })

  it('is the median with the least and the most', () => {
    expect(summary([30, 10, 20])).toMatchObject({ median: 20, min: 10, max: 30 })
    expect(summary([4, 6])).toMatchObject({ median: 5, min: 4, max: 6 })
  })

  it('is how many times better gapfill is', () => {
    expect(result([]).rows.map(({ engine, ratio }: Row) => [engine, ratio])).toEqual([
      ['gapfill', undefined],
      ['other', 4]
    ])
  })

  it('says which goals are reached, and nothing of those whose engine is not there', () => {
    const goals = [
      { against: 'other', ratio: 4 },
      { against: 'other', ratio: 5 },
      { against: 'absent', ratio: 1 },
      { number: 'held', most: 4 }
    ]
    expect(result(goals).goals.map(({ reached }: { reached: boolean }) => reached)).toEqual([true, false, false])
  })

  it('fails under a floor, and where a floor has nothing to be held against', () => {
    const outcomes = [result([])]
    expect(underFloors(outcomes, { work: { other: 4 } })).toEqual([])
    expect(underFloors(outcomes, { work: { other: 4.1 } })).toHaveLength(1)
    expect(underFloors(outcomes, { work: { absent: 1 }, 'no work': { other: 1 } })).toHaveLength(2)
  })

  it('is refused when two engines did not come to the same', () => {
    expect(() => requireEqual('texts', { a: '1:x', b: '1:x' })).not.toThrow()
    expect(() => requireEqual('texts', { a: '1:x', b: '1:y' })).toThrow('texts: a has 1:x, b has 1:y')
  })
})
