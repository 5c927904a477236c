import { expect, it } from 'vitest'
import { nearest } from '../../lib/config/nearest.js'

const names = ['heartBtInt', 'host', 'hosts', 'port', 'maxLatency']

it.each([
  ['heartbeatInt', 'heartBtInt'],
  ['HEARTBTINT', 'heartBtInt'],
  ['hots', 'host'],
  ['hostss', 'hosts'],
  ['prot', 'port'],
  ['maxLatancy', 'maxLatency']
])('%s was meant to be %s', (text, meant) => {
  expect(nearest(text, names)).toBe(meant)
})

it.each(['', 'x', 'schedule', 'latency', 'z'.repeat(10_000)])('%s was meant to be none of them', (text) => {
  expect(nearest(text, names)).toBeUndefined()
})

it('prefers the nearer one, then the earlier one', () => {
  expect(nearest('aac', ['abd', 'aab'])).toBe('aab')
  expect(nearest('aac', ['aab', 'aad'])).toBe('aab')
})
