import { describe, expect, it } from 'vitest'
import { optionRows } from '../../lib/config/config.js'
import { connection } from './effects/connection.js'
import { heartbeat } from './effects/heartbeat.js'
import { identity } from './effects/identity.js'
import { listener } from './effects/listener.js'
import { proxy } from './effects/proxy.js'
import { receiving } from './effects/receiving.js'
import { schedule } from './effects/schedule.js'
import { checks, resend, sending, sequence } from './effects/sequence.js'
import { limits, storage } from './effects/storage.js'
import { tls } from './effects/tls.js'
import { validation } from './effects/validation.js'

const effects = {
  ...identity,
  ...connection,
  ...listener,
  ...proxy,
  ...tls,
  ...schedule,
  ...heartbeat,
  ...sequence,
  ...resend,
  ...sending,
  ...receiving,
  ...checks,
  ...validation,
  ...limits,
  ...storage
}

describe('every option does something', () => {
  it.each(Object.entries(effects))('%s', (_, show) => show())

  it('and none is left without a spec that shows it', () => {
    const options = optionRows().map(({ name, role }) => (role === undefined ? name : `${role}'s ${name}`))
    expect(Object.keys(effects).sort()).toEqual(options.sort())
  })
})
