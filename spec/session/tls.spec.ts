import { copyFileSync, readFileSync, utimesSync } from 'node:fs'
import { connect as connectNet } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FixMessage, FixSession, type Peer, type SessionConfig, type SessionParts } from '../../lib/index.js'
import { type Ca, Certificates, type Issued } from '../support/certificates.js'
import { WatchedJournal } from '../support/watched-journal.js'

type Tls = NonNullable<SessionConfig['tls']>

const base = { beginString: 'FIX.4.4', host: '127.0.0.1', heartBtInt: 30, journal: { path: ':memory:' } } as const
const logon = (() => {
  const body = '35=A|34=1|49=BUYSIDE|52=20240102-00:00:00|56=BROKER|98=0|108=30|'.replaceAll('|', '\x01')
  const text = `8=FIX.4.4\x019=${body.length}\x01${body}`
  const sum = [...text].reduce((total, character) => total + character.charCodeAt(0), 0) % 256
  return `${text}10=${String(sum).padStart(3, '0')}\x01`
})()

describe('TLS', () => {
  let files: Certificates
  let ca: Ca
  let otherCa: Ca
  let broker: Issued
  let buyside: Issued
  let mallory: Issued
  const sessions: FixSession[] = []
  const cleanUps: (() => void)[] = []

  beforeAll(() => {
    files = new Certificates()
    ca = files.ca('Exchange CA')
    otherCa = files.ca('Some other CA')
    broker = files.issue(ca, 'broker', { commonName: 'broker', dnsNames: ['broker.example'], addresses: ['127.0.0.1'] })
    buyside = files.issue(ca, 'buyside', { commonName: 'BUYSIDE', dnsNames: ['desk.example'] })
    mallory = files.issue(ca, 'mallory', { commonName: 'MALLORY' })
  })

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp()
    await Promise.all(sessions.splice(0).map((session) => session.stop()))
  })

  afterAll(() => files.remove())

  /** What a session logs at level "warn", and a promise of the first. */
  function watched() {
    const warnings: string[] = []
    let tell: (text: string) => void = () => {}
    const warned = new Promise<string>((resolve) => {
      tell = resolve
    })
    const warn = (...args: unknown[]): void => {
      warnings.push(String(args.at(-1)))
      tell(String(args.at(-1)))
    }
    return { warnings, warned, logger: { debug() {}, info() {}, warn, error() {} } }
  }

  function session(config: SessionConfig, parts: SessionParts = {}) {
    const log = watched()
    const made = new FixSession(config, { logger: log.logger, ...parts })
    made.on('error', () => {})
    sessions.push(made)
    return { ...log, session: made }
  }

  /** The acceptor listens; `port` is where. */
  async function listening(tls: Tls | undefined, parts: SessionParts = {}, config: Partial<SessionConfig> = {}) {
    const made = session(
      {
        ...base,
        role: 'acceptor',
        senderCompId: 'BROKER',
        targetCompId: 'BUYSIDE',
        port: 0,
        tls,
        ...config
      } as SessionConfig,
      parts
    )
    await made.session.connect()
    return { ...made, port: made.session.listeningPort ?? 0 }
  }

  function dialling(port: number, tls: Tls | undefined, config: Partial<SessionConfig> = {}) {
    const made = session({
      ...base,
      role: 'initiator',
      senderCompId: 'BUYSIDE',
      targetCompId: 'BROKER',
      port,
      reconnectInterval: 3600,
      tls,
      ...config
    } as SessionConfig)
    const ended = new Promise<{ code: string; text: string }>((resolve) => made.session.on('disconnect', resolve))
    return { ...made, loggedOn: made.session.connect(), ended }
  }

  const own = ({ certificate, key }: Issued) => ({ certificate, key })
  const server = (): Tls => own(broker)
  const mutual = (): Tls => ({ ...own(broker), ca: ca.file })

  /** An outside client, which Node's own TLS plays: what it is told. */
  function outsider(port: number, options: ConnectionOptions, say = logon): Promise<string> {
    return new Promise((resolve) => {
      let heard = ''
      const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
      cleanUps.push(() => socket.destroy())
      socket.on('secureConnect', () => socket.write(say))
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1')
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(heard))
    })
  }

  describe('between two sessions', () => {
    it('logs on and carries messages, both ways verified', async () => {
      const seen: Peer[] = []
      const authenticate = (_: FixMessage, peer: Peer) => seen.push(peer) > 0
      const us = await listening({ ...mutual(), peerCertificate: { commonName: 'BUYSIDE' } }, { authenticate })
      const got = new Promise<FixMessage>((resolve) => us.session.on('message', resolve))
      const them = dialling(us.port, {
        ...own(buyside),
        ca: [ca.file],
        peerCertificate: { commonName: 'broker', subjectAltName: 'DNS:broker.example' }
      })
      await them.loggedOn
      them.session.send(new FixMessage('D', { 11: 'A-1', 58: 'x'.repeat(200_000) }))
      expect((await got).get(11)).toBe('A-1')
      expect(seen[0]?.remoteAddress).toBe('127.0.0.1')
      expect(seen[0]?.certificate).toMatchObject({
        commonName: 'BUYSIDE',
        subjectAltNames: ['DNS:desk.example'],
        serialNumber: buyside.serialNumber,
        authorized: true
      })
      await them.session.logout('bye')
      expect((await them.ended).code).not.toBe('TLS_FAILED')
    })

    it('needs no client certificate where the acceptor has no ca', async () => {
      const us = await listening(server())
      await dialling(us.port, { ca: ca.file }).loggedOn
      expect(us.session.state).toBe('Active')
    })

    it('verifies the name that servername gives', async () => {
      const us = await listening(server())
      await dialling(us.port, { ca: ca.file, servername: 'broker.example' }).loggedOn
    })

    it('reads an encrypted key with its passphrase', async () => {
      const us = await listening({ ...server(), key: broker.encryptedKey, passphrase: 'open sesame' })
      await dialling(us.port, { ca: ca.file }).loggedOn
    })

    it('accepts anybody where rejectUnauthorized is false, and a pinned certificate alone where it is pinned', async () => {
      const us = await listening(server())
      await dialling(us.port, { rejectUnauthorized: false }).loggedOn
      await us.session.disconnect()
      const pinned = { rejectUnauthorized: false, peerCertificate: { fingerprint256: buyside.fingerprint256 } }
      expect(await dialling(us.port, pinned).ended).toMatchObject({
        code: 'TLS_FAILED',
        text: expect.stringContaining('expected tls.peerCertificate.fingerprint256')
      })
    })
  })

  describe('an initiator sends no byte of FIX to', () => {
    const refusals: [string, () => { server: Tls; client: Tls }, RegExp][] = [
      [
        'one whose CA is not trusted',
        () => ({ server: server(), client: { ca: otherCa.file } }),
        /no CA that is trusted here .* give its CA in tls\.ca/
      ],
      [
        'one whose CA is none of those that Node comes with',
        () => ({ server: server(), client: {} }),
        /no CA that is trusted/
      ],
      [
        'another host',
        () => ({ server: server(), client: { ca: ca.file, servername: 'venue.example' } }),
        /for another host.*tls\.servername.*venue\.example/
      ],
      [
        'one whose certificate has expired',
        () => {
          const old = { commonName: 'broker', addresses: ['127.0.0.1'], notAfter: new Date(Date.now() - 3_600_000) }
          return { server: own(files.issue(ca, 'expired', old)), client: { ca: ca.file } }
        },
        /has expired.*renewed/
      ],
      [
        'one whose certificate is not valid yet',
        () => {
          const young = { commonName: 'broker', addresses: ['127.0.0.1'], notBefore: new Date(Date.now() + 3_600_000) }
          return { server: own(files.issue(ca, 'young', young)), client: { ca: ca.file } }
        },
        /not valid yet/
      ],
      [
        'one with another certificate than peerCertificate says',
        () => ({ server: server(), client: { ca: ca.file, peerCertificate: { commonName: 'BROKER' } } }),
        /expected tls\.peerCertificate\.commonName "BROKER", got "broker"/
      ],
      [
        'one that speaks older versions alone',
        () => ({ server: { ...server(), maxVersion: 'TLSv1.2' }, client: { ca: ca.file, minVersion: 'TLSv1.3' } }),
        /no TLS version in common/
      ],
      [
        'one without a cipher in common',
        () => ({
          server: { ...server(), maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
          client: { ca: ca.file, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }
        }),
        /no cipher in common/
      ]
    ]

    it.each(refusals)('%s', async (_, tls, text) => {
      const { server: theirs, client } = tls()
      const us = await listening(theirs)
      const { code, text: said } = await dialling(us.port, client).ended
      expect(code).toBe('TLS_FAILED')
      expect(said).toMatch(text)
      expect(us.session.counters.received).toBe(0)
    })

    it('one that does not talk TLS', async () => {
      const us = await listening(undefined)
      expect((await dialling(us.port, { ca: ca.file }, { connectTimeout: 5 }).ended).code).toBe('TLS_FAILED')
      expect(await us.warned).toContain('expected a Logon first')
    })

    it('anybody where its own files cannot be read', async () => {
      const us = await listening(server())
      const { code, text } = await dialling(us.port, { ca: '/nowhere/ca.pem' }).ended
      expect(code).toBe('TLS_FAILED')
      expect(text).toContain('tls.ca: expected a file that can be read, got ENOENT')
    })
  })

  describe('an acceptor gives no byte of FIX to', () => {
    const strangers: [string, () => ConnectionOptions, RegExp][] = [
      ['a client without a certificate', () => ({}), /no client certificate/],
      [
        'a client of another CA',
        () => ({ ...pem(files.issue(otherCa, 'stranger', { commonName: 'BUYSIDE' })) }),
        /no CA that is trusted/
      ],
      [
        'a client whose certificate has expired',
        () => pem(files.issue(ca, 'late', { commonName: 'BUYSIDE', notAfter: new Date(Date.now() - 3_600_000) })),
        /has expired/
      ],
      [
        'the holder of the certificate of another CompID',
        () => pem(mallory),
        /expected tls\.peerCertificate\.commonName "BUYSIDE", got "MALLORY"/
      ],
      [
        'a client of TLS 1.1',
        () => ({ ...pem(buyside), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
        /no TLS version in common/
      ]
    ]

    it.each(strangers)('%s, changes nothing and says why in the log', async (_, options, why) => {
      const journal = new WatchedJournal()
      const us = await listening({ ...mutual(), peerCertificate: { commonName: 'BUYSIDE' } }, { journal })
      journal.commits.length = 0
      const states: string[] = []
      us.session.on('stateChange', (state) => states.push(state))
      expect(await outsider(us.port, options())).toBe('')
      expect(await us.warned).toMatch(why)
      expect(us.warnings).toHaveLength(1)
      expect(us.session.counters.received).toBe(0)
      expect(states).toEqual([])
      expect(journal.commits).toEqual([])
    })

    it('a client that does not talk TLS', async () => {
      const us = await listening(server())
      const socket = connectNet(us.port, '127.0.0.1', () => socket.write(logon))
      cleanUps.push(() => socket.destroy())
      let heard = ''
      socket.on('data', (bytes) => {
        heard += bytes.toString('latin1')
      })
      socket.on('error', () => {})
      await new Promise((resolve) => socket.on('close', resolve))
      expect(heard).not.toContain('8=FIX')
      expect(await us.warned).toMatch(/^Refused 127\.0\.0\.1:\d+: TLS failed: the other end does not talk TLS/)
    })

    it('a crowd that holds handshakes half done, nor does it keep others out', { timeout: 60_000 }, async () => {
      const us = await listening(server())
      const half = async (localAddress: string) => {
        const socket = connectNet({ port: us.port, host: '127.0.0.1', localAddress })
        cleanUps.push(() => socket.destroy())
        socket.on('error', () => {})
        await new Promise((resolve) => socket.once('connect', resolve))
        return socket
      }
      const honest = await half('127.0.0.1')
      let closed = 0
      const crowd = await Promise.all(Array.from({ length: 1100 }, () => half('127.0.0.2')))
      for (const socket of crowd) socket.resume().once('close', () => closed++)
      // 1024 may wait, the honest one among them.
      while (closed < 77) await new Promise((resolve) => setImmediate(resolve))
      await dialling(us.port, { ca: ca.file }).loggedOn
      // It has waited longest of all, and goes on with its handshake now.
      const secure = connectTls({ socket: honest, rejectUnauthorized: false })
      await new Promise((resolve) => secure.once('secureConnect', resolve))
      secure.destroy()
    })

    it('but tells the holder of the right certificate that it is logged on', async () => {
      const us = await listening(
        { ...mutual(), peerCertificate: { subjectAltName: 'DESK.example' } },
        {},
        { checkLatency: false }
      )
      const loggedOn = new Promise((resolve) => us.session.on('logon', resolve))
      void outsider(us.port, pem(buyside))
      await loggedOn
    })
  })

  it('tells an initiator without a certificate that it needs one', async () => {
    const us = await listening({ ...mutual(), maxVersion: 'TLSv1.2' })
    const { code } = await dialling(us.port, { ca: ca.file }).ended
    expect(code).toBe('TLS_FAILED')
    expect(await us.warned).toContain('no client certificate')
  })

  describe('certificates that are renewed', () => {
    /** Copies of a certificate and its key under names that stay, dated so that every one is another file. */
    function placed(name: string, issued: Issued, age: number) {
      const to = { certificate: `${files.folder}/${name}.pem`, key: `${files.folder}/${name}.key` }
      for (const part of ['certificate', 'key'] as const) {
        copyFileSync(issued[part], to[part])
        utimesSync(to[part], Date.now() / 1000 - age, Date.now() / 1000 - age)
      }
      return to
    }

    /** The serial number of the certificate that a listener shows now. */
    function shownAt(port: number): Promise<string> {
      return new Promise((resolve, reject) => {
        const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()?.serialNumber ?? 'none')
          socket.destroy()
        })
        socket.on('error', reject)
      })
    }

    it('are shown to the next connection, and the session that is there goes on', async () => {
      const first = files.issue(ca, 'first', { commonName: 'broker', addresses: ['127.0.0.1'] })
      const second = files.issue(ca, 'second', { commonName: 'broker', addresses: ['127.0.0.1'] })
      const us = await listening(placed('renewed', first, 1000))
      const them = dialling(us.port, { ca: ca.file })
      await them.loggedOn
      expect(await shownAt(us.port)).toBe(first.serialNumber)
      placed('renewed', second, 500)
      expect(await shownAt(us.port)).toBe(second.serialNumber)
      expect([us.session.state, them.session.state]).toEqual(['Active', 'Active'])
      const got = new Promise<FixMessage>((resolve) => us.session.on('message', resolve))
      them.session.send(new FixMessage('D', { 11: 'still here' }))
      expect((await got).get(11)).toBe('still here')
    })

    it('are refused from now on when they stand in a revocation list that was renewed', async () => {
      const crl = files.crl(ca, 'renewed.crl', [])
      const us = await listening({ ...mutual(), crl })
      const them = dialling(us.port, { ...own(buyside), ca: ca.file })
      await them.loggedOn
      files.crl(ca, 'renewed.crl', [buyside])
      utimesSync(crl, Date.now() / 1000 - 100, Date.now() / 1000 - 100)
      expect(await outsider(us.port, pem(buyside))).toBe('')
      expect(await us.warned).toMatch(/was revoked by its CA/)
      expect([us.session.state, them.session.state]).toEqual(['Active', 'Active'])
    })

    it('are not used while they are no good: those of before are, and the log says so once', async () => {
      const first = files.issue(ca, 'whole', { commonName: 'broker', addresses: ['127.0.0.1'] })
      const us = await listening(placed('broken', first, 1000))
      files.write('broken.pem', 'half a certif')
      expect(await shownAt(us.port)).toBe(first.serialNumber)
      expect(await shownAt(us.port)).toBe(first.serialNumber)
      const said = us.warnings.filter((text) => text.includes('tls.certificate: expected a PEM file'))
      expect(said).toEqual([expect.stringContaining('that were read before are used')])
    })
  })

  describe('that cannot begin', () => {
    it('rejects connect() when its certificate and key do not belong together, and when there is no such file', async () => {
      const mixed = { certificate: broker.certificate, key: buyside.key }
      await expect(listening(mixed)).rejects.toMatchObject({
        code: 'LISTEN_FAILED',
        message: expect.stringMatching(/tls\.certificate, tls\.key/)
      })
      await expect(listening({ ...server(), certificate: '/nowhere/x.pem' })).rejects.toMatchObject({
        code: 'LISTEN_FAILED',
        message: expect.stringContaining('ENOENT')
      })
    })

    it('shares no listener with a session that has other TLS', async () => {
      const before = await listening(server())
      await before.session.stop()
      const { port } = before
      await listening(server(), {}, { port })
      const other = { port, targetCompId: 'OTHER' }
      await expect(listening(undefined, {}, other)).rejects.toMatchObject({
        code: 'LISTEN_FAILED',
        message: expect.stringContaining('different tls')
      })
    })
  })

  const pem = ({ certificate, key }: Issued): ConnectionOptions => ({
    cert: readFileSync(certificate),
    key: readFileSync(key)
  })
})
