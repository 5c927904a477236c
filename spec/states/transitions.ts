import { SessionState } from '../../lib/fix/session-state.js'
import { CoreSubject } from '../conformance/core-subject.js'
import { Player } from '../conformance/player.js'
import type { Role } from '../conformance/script.js'
import { sessionScripts } from '../conformance/session-scripts.js'

/** A change of `SessionState` that the core was seen to make. */
export interface Transition {
  readonly from: SessionState
  readonly to: SessionState
  readonly roles: ReadonlySet<Role>
}

/** What the core does in all session scripts, in both roles. */
export async function seenTransitions(): Promise<Transition[]> {
  const seen = new Map<string, { from: SessionState; to: SessionState; roles: Set<Role> }>()
  const note = (from: SessionState, to: SessionState, role: Role): void => {
    const name = `${from} ${to}`
    const transition = seen.get(name) ?? { from, to, roles: new Set<Role>() }
    transition.roles.add(role)
    seen.set(name, transition)
  }
  for (const script of sessionScripts) {
    if (script.overTcp) continue
    for (const role of script.roles) {
      const beginString = script.versions.includes('FIX.4.4') ? 'FIX.4.4' : (script.versions[0] ?? '')
      const subject = new CoreSubject(script, role, beginString)
      note(SessionState.Unknown, subject.session.core.state, role)
      subject.session.watch = (effects) => {
        for (const effect of effects) if (effect.kind === 'stateChange') note(effect.previous, effect.state, role)
      }
      await new Player(script, subject, role, beginString).play()
    }
  }
  return [...seen.values()].sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1))
}
