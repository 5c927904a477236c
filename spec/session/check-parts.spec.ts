import { describe, expect, it } from 'vitest'
import { Codec, FixConfigError, FixEngine, FixSession, type SessionParts } from '../../lib/index.js'

/** Parts as plain JavaScript gives them, with nobody to check their names. */

const config = {
  role: 'initiator',
  beginString: 'FIX.4.4',
  senderCompId: 'A',
  targetCompId: 'B',
  host: '127.0.0.1',
  port: 9878,
  journal: { path: ':memory:' }
} as const

function refused(parts: unknown): string {
  try {
    new FixSession(config, parts as SessionParts)
  } catch (error) {
    expect(error).toBeInstanceOf(FixConfigError)
    return (error as Error).message
  }
  return ''
}

describe('parts', () => {
  it.each([
    [
      { shouldreplay: () => true },
      'parts: shouldreplay: expected a known part, got "shouldreplay". Did you mean "shouldReplay"?'
    ],
    [
      { authentcate: () => true },
      'parts: authentcate: expected a known part, got "authentcate". Did you mean "authenticate"?'
    ],
    [{ store: {} }, 'parts: store: expected a known part, got "store". Known are shouldReplay, '],
    [{ __proto__: null, constructor: 1 }, 'parts: constructor: expected a known part'],
    [
      { shouldReplay: true },
      'parts: shouldReplay: expected a function, got a boolean. Leave it out for the built-in one.'
    ],
    [{ signLogon: null }, 'parts: signLogon: expected a function, got null.'],
    [
      { journal: 'gapfill.db' },
      'parts: journal: expected an object with the methods load, commit, read, close, got a string.'
    ],
    [
      { journal: { load() {}, read() {} } },
      'parts: journal: expected an object with the methods load, commit, read, close, got one without commit, close.'
    ],
    [{ transport: () => ({}) }, 'parts: transport: expected an object with the methods dial, listen, got a function.'],
    [null, 'parts: parts: expected an object of parts, got null.'],
    ['tcp', 'parts: parts: expected an object of parts, got a string.']
  ])('%o is refused', (parts, message) => {
    expect(refused(parts)).toContain(message)
  })

  it('are refused all at once', () => {
    expect(refused({ shouldreplay: () => true, journl: {}, clock: 1 }).split('\n')).toHaveLength(3)
  })

  it('may be absent, undefined, or of a class of one’s own', () => {
    expect(refused({ journal: undefined, shouldReplay: undefined })).toBe('')
    expect(refused({ logger: console, codec: new Codec({ beginString: 'FIX.4.4' }) })).toBe('')
  })

  it('of an engine are checked before there is a session', () => {
    const engine = (parts: object) => () => new FixEngine({ sessions: [config] }, parts)
    expect(engine({ shouldreplay: () => true })).toThrow('Did you mean "shouldReplay"?')
    expect(engine({ codec: new Codec({ beginString: 'FIX.4.4' }) })).toThrow(
      'codec: expected a function, got an object'
    )
  })
})
