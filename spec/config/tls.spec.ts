import { describe, expect, it } from 'vitest'
import { parseConfig, parseEngineConfig } from '../../lib/config/config.js'
import { acceptor, initiator, problemsOf } from './problems.js'

const own = { certificate: 'us.pem', key: 'us.key' }
const problems = (session: object, tls: object) => problemsOf(() => parseConfig({ ...session, tls }))

describe('tls', () => {
  it('is off where it is not written, and on with defaults where it is', () => {
    expect(parseConfig(initiator).tls).toBeUndefined()
    expect(parseConfig({ ...initiator, tls: {} }).tls).toMatchObject({
      enabled: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2'
    })
  })

  it('has paths that are relative to the config file', () => {
    const { tls } = parseConfig({ ...acceptor, tls: { ...own, ca: 'ca.pem' } }, { baseDir: '/etc/fix' })
    expect(tls).toMatchObject({ certificate: '/etc/fix/us.pem', key: '/etc/fix/us.key', ca: ['/etc/fix/ca.pem'] })
  })

  it('has a PKCS #12 file in place of certificate and key', () => {
    const { tls } = parseConfig({ ...acceptor, tls: { pfx: 'us.p12', crl: 'ca.crl' } }, { baseDir: '/etc/fix' })
    expect(tls).toMatchObject({ pfx: '/etc/fix/us.p12', crl: ['/etc/fix/ca.crl'] })
  })

  it('never shows a passphrase that is wrong', () => {
    const found = problems(initiator, { passphrase: 'open\u0000sesame' })
    expect(found).toHaveLength(1)
    expect(found[0]).not.toContain('sesame')
  })

  const mistakes: [string, object, object, RegExp][] = [
    ['an acceptor without a certificate', acceptor, {}, /^tls\.certificate: expected a certificate to show/],
    [
      'two certificates',
      acceptor,
      { ...own, pfx: 'us.p12' },
      /^tls\.pfx: expected nothing, since there is tls\.certificate/
    ],
    [
      'a key without a certificate',
      initiator,
      { key: 'us.key' },
      /^tls\.certificate: expected the certificate of tls\.key/
    ],
    ['clients that nobody vouches for', acceptor, { ...own, needClientAuth: true }, /^tls\.ca: expected the CA/],
    [
      'a counterparty that is not asked for its certificate',
      acceptor,
      { ...own, peerCertificate: { commonName: 'X' } },
      /^tls\.needClientAuth: expected true/
    ],
    [
      'a name that anybody can take',
      initiator,
      { rejectUnauthorized: false, peerCertificate: { commonName: 'X' } },
      /^tls\.rejectUnauthorized: expected true/
    ],
    [
      'no version at all',
      initiator,
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
      /^tls\.maxVersion: expected minVersion/
    ],
    ['versions that are broken', initiator, { minVersion: 'TLSv1.1' }, /^tls\.minVersion: expected one of "TLSv1\.2"/],
    [
      'a peerCertificate that says nothing',
      initiator,
      { peerCertificate: {} },
      /^tls\.peerCertificate: expected at least one/
    ]
  ]

  it.each(mistakes)('refuses %s', (_, session, tls, problem) => {
    expect(problems(session, tls)).toEqual([expect.stringMatching(problem)])
  })

  it('does not hold against options that are switched off', () => {
    expect(problems(acceptor, { enabled: false })).toEqual([])
  })

  it('is the same for sessions that share a listener, but for the certificates of their counterparties', () => {
    const two = (first: object | undefined, second: object | undefined, port: number = acceptor.port) =>
      problemsOf(() =>
        parseEngineConfig({
          sessions: [
            { ...acceptor, tls: first },
            { ...acceptor, targetCompId: 'OTHER', port, tls: second }
          ]
        })
      )
    const tls = { ...own, ca: 'ca.pem' }
    const different = [expect.stringMatching(/^sessions\[1\]\.tls: expected the same as that of sessions\[0\]/)]
    expect(two(tls, undefined)).toEqual(different)
    expect(two(tls, { ...tls, needClientAuth: false })).toEqual(different)
    expect(two(tls, undefined, 9879)).toEqual([])
    expect(
      two({ ...tls, peerCertificate: { commonName: 'A' } }, { ...tls, peerCertificate: { commonName: 'B' } })
    ).toEqual([])
  })
})
