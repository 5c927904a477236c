import { expect, it } from 'vitest'
import { parseConfig } from '../../lib/config/config.js'
import { acceptor, initiator, problemsOf } from './problems.js'

const problems = (options: object, session: object = initiator) =>
  problemsOf(() => parseConfig({ ...session, ...options }))
const socks = { proxyType: 'socks5', proxyHost: 'proxy', proxyPort: 1080 }

it('a proxy has a type and an address, and a password a user', () => {
  expect(problems(socks)).toEqual([])
  expect(problems({ ...socks, proxyUser: 'u:v', proxyPassword: 'p' })).toEqual([])
  expect(problems({ proxyType: 'http' })).toEqual([
    expect.stringMatching(/^proxyHost: expected the address of the proxy/)
  ])
  expect(problems({ proxyType: 'http', proxyHost: 'x' })).toEqual([expect.stringMatching(/^proxyPort: expected/)])
  expect(problems({ proxyHost: 'x', proxyPort: 1 })).toEqual([
    expect.stringMatching(/^proxyType: expected "socks5" or "http", since there is proxyHost, got nothing/)
  ])
  expect(problems({ ...socks, proxyPassword: 'p' })).toEqual([expect.stringMatching(/^proxyUser: expected the user/)])
  expect(problems({ ...socks, proxyType: 'http', proxyUser: 'u:v' })).toEqual([
    expect.stringMatching(/^proxyUser: expected no colon/)
  ])
  expect(problems({ ...socks, proxyType: 'socks4' })).toEqual([
    'proxyType: expected one of "socks5", "http", got "socks4". Did you mean "socks5"?'
  ])
  expect(problems(socks, acceptor)[0]).toMatch(/^proxyType: expected an option of an acceptor/)
})

it('never shows a password that is wrong', () => {
  const found = problems({ ...socks, proxyUser: 'u', proxyPassword: 'open\nsesame' })
  expect(found).toEqual([expect.stringMatching(/^proxyPassword: expected text of 1 to 255 bytes/)])
  expect(found[0]).not.toContain('sesame')
  expect(problems({ ...socks, proxyUser: 'u', proxyPassword: 'é'.repeat(128) })).toHaveLength(1)
})
