import { expect, it } from 'vitest'
import { sessionId, wireIdentity } from '../../lib/config/config.js'

const identity = { beginString: 'FIX.4.4', senderCompId: 'BUYSIDE', targetCompId: 'BROKER' }
const everything = {
  ...identity,
  senderSubId: 'DESK',
  senderLocationId: 'LDN',
  targetSubId: 'ALGO',
  targetLocationId: 'NY',
  sessionQualifier: '2'
}

it('is BeginString and both CompIDs', () => {
  expect(sessionId(identity)).toBe('FIX.4.4:BUYSIDE->BROKER')
})

it('adds sub and location ids and the qualifier where they are set', () => {
  expect(sessionId(everything)).toBe('FIX.4.4:BUYSIDE/DESK/LDN->BROKER/ALGO/NY:2')
  expect(sessionId({ ...identity, targetLocationId: 'NY' })).toBe('FIX.4.4:BUYSIDE->BROKER/NY')
})

it('is without the qualifier what a Logon can tell', () => {
  expect(wireIdentity(everything)).toBe('FIX.4.4:BUYSIDE/DESK/LDN->BROKER/ALGO/NY')
})
