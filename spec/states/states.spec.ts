import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { SessionState } from '../../lib/fix/session-state.js'
import { picture } from './picture.js'
import { seenTransitions } from './transitions.js'

const transitions = await seenTransitions()

it('is seen in every state of the matrix', () => {
  const seen = new Set(transitions.flatMap(({ from, to }) => [from, to]))
  expect([...seen].sort()).toEqual(Object.values(SessionState).sort())
})

it('comes to no state that it cannot leave', () => {
  const left = new Set(transitions.map(({ from }) => from))
  expect(Object.values(SessionState).filter((state) => !left.has(state))).toEqual([])
})

it('is active only after the counterparty was heard: no way leads around the Logons', () => {
  const before = transitions.filter(({ to }) => to === SessionState.Active).map(({ from }) => from)
  const early = before.filter((state) => state.startsWith('Disconnected') || /Connection|Established/.test(state))
  expect(early).toEqual([])
})

/** `npx vitest run --config spec/vitest.config.ts spec/states -u` draws it anew; say in the commit why a line came or went. */
it('is what the picture shows', async () => {
  await expect(picture(transitions)).toMatchFileSnapshot(fileURLToPath(new URL('states.svg', import.meta.url)))
})
