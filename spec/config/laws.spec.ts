import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { optionRows, parseConfig, parseEngineConfig } from '../../lib/config/config.js'
import { FixConfigError } from '../../lib/errors.js'
import { acceptor, initiator } from './problems.js'

const env = { SECRET: 'correct-horse' }
const topLevelNames = [...new Set(optionRows().map((row) => row.name.split('.')[0] ?? ''))]

const anyText = fc.oneof(
  fc.string(),
  fc.constantFrom(`\${SECRET}`, `\${NONE}`, '${', '$${', 'FIX.4.4', '9', ':memory:')
)
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.dictionary(fc.constantFrom('path', 'host', 'port', 'level', 'retention', '9', '__proto__'), anyText)
)
const anyOptions = fc.dictionary(fc.oneof(fc.constantFrom(...topLevelNames), fc.string()), anyValue)
const anySession = fc
  .tuple(fc.constantFrom<object>(initiator, acceptor, {}), anyOptions)
  .map(([good, odd]) => ({ ...good, ...odd }))

/** True when it was a config; whatever else than a `FixConfigError` is thrown fails the spec. */
function isConfig(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch (error) {
    if (!(error instanceof FixConfigError)) throw error
    expect(error.problems.length).toBeGreaterThan(0)
    expect(error.message).not.toContain(env.SECRET)
    for (const problem of error.problems) {
      expect(problem.path).not.toBe('')
      expect(problem.expected).not.toBe('')
      expect(problem.got).not.toBe('')
    }
    return false
  }
}

describe('whatever the input', () => {
  it('parseConfig gives a config or a FixConfigError, and no value of the environment', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anySession), (input) => {
        isConfig(() => parseConfig(input, { env }))
      }),
      { numRuns: 3000 }
    )
  })

  it('parseEngineConfig gives a config or a FixConfigError, and no value of the environment', () => {
    const anyEngine = fc.record(
      { defaults: fc.oneof(anyOptions, fc.jsonValue()), sessions: fc.array(fc.oneof(anySession, fc.jsonValue())) },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyEngine), (input) => {
        isConfig(() => parseEngineConfig(input, { env }))
      }),
      { numRuns: 1500 }
    )
  })

  it('parseConfig takes values that are no JSON the same way', () => {
    const circular: Record<string, unknown> = { ...initiator }
    circular.journal = circular
    const deep = JSON.parse(`${'{"journal":'.repeat(50_000)}1${'}'.repeat(50_000)}`)
    const odd = [circular, deep, new Map(), new Date(), Symbol('x'), 1n, { ...initiator, port: 1n, log: () => 1 }]
    for (const input of odd) expect(isConfig(() => parseConfig(input, { env }))).toBe(false)
  })

  it('a session alone and the same one in an engine are one config', () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const alone = isConfig(() => parseConfig(session, { env }))
        expect(isConfig(() => parseEngineConfig({ sessions: [session] }, { env }))).toBe(alone)
        if (!alone) return
        expect(parseEngineConfig({ sessions: [session] }, { env }).sessions[0]).toEqual(parseConfig(session, { env }))
      }),
      { numRuns: 1000 }
    )
  })
})
