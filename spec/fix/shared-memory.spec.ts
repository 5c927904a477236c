import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** What a process makes of an order, decoded and held against its dictionary, with that instead of WebAssembly. */
async function verdict(webAssembly: unknown): Promise<unknown> {
  vi.resetModules()
  vi.stubGlobal('WebAssembly', webAssembly)
  const { Dictionary } = await import('../../lib/dictionary/dictionary.js')
  const { order, received } = await import('../dictionary/wire.js')
  const dictionary = Dictionary.loadSync('FIX.4.4')
  const header = '35=D|34=2|49=TW|52=20240102-10:11:12.123|56=ISLD|'
  return [header + order, `${header}${order}40=no|`].map((fields) =>
    dictionary.validate(received(fields, dictionary, 'FIX.4.4')).map((problem) => problem.sessionRejectReason)
  )
}

describe('decoding and validation', () => {
  it('are the same where there is no WebAssembly, or no memory for it', async () => {
    class NoMemory {
      constructor() {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory')
      }
    }
    const own = WebAssembly
    const withoutMemory = { validate: own.validate, Module: own.Module, Instance: own.Instance, Memory: NoMemory }
    const expected = await verdict(own)
    expect(expected).toEqual([[], [13, 6]])
    expect(await verdict(undefined)).toEqual(expected)
    expect(await verdict(withoutMemory)).toEqual(expected)
  })
})
