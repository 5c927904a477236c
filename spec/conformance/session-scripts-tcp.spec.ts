import { describe, it } from 'vitest'
import { Player } from './player.js'
import { sessionScripts } from './session-scripts.js'
import { TcpSubject } from './tcp-subject.js'

/** The core has played every version; what the wire adds is the same in all. */
describe.each(sessionScripts.map((script) => [script.name, script] as const))('%s over TCP', (_, script) => {
  it.each(script.roles)('as %s', async (role) => {
    const beginString = script.versions.includes('FIX.4.4') ? 'FIX.4.4' : (script.versions[0] ?? '')
    const subject = await TcpSubject.open(script, role, beginString)
    try {
      await new Player(script, subject, role, beginString).play()
    } finally {
      await subject.end()
    }
  })
})
