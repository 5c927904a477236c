import { createRequire } from 'node:module'
import type * as Luxon from 'luxon'
import type Pino from 'pino'
import type Sax from 'sax'
import type { z } from 'zod'

const require = createRequire(import.meta.url)

/*
 * The packages that take longest to load, each loaded when it is first needed: most programs that import gapfill read no
 * XML, and a log tool reads no config. `require`, since those who need them cannot wait for a promise.
 */

/** @internal */
export const zod = once((): typeof z => require('zod').z)
/** @internal */
export const pino = once((): typeof Pino => require('pino'))
/** @internal */
export const sax = once((): typeof Sax => require('sax'))
/** @internal */
export const luxon = once((): typeof Luxon => require('luxon'))

/** Makes it when it is first asked for, and then answers the same. */
export function once<Thing>(make: () => Thing): () => Thing {
  let made: Thing | undefined
  return () => {
    made ??= make()
    return made
  }
}
