import { expect } from 'vitest'
import { parseConfig, systemClock, TcpTransport } from '../../../lib/index.js'
import { tcpOptions } from '../../../lib/session/tcp-options.js'
import { type Ca, Certificates, type Issued } from '../../support/certificates.js'
import { acceptor, initiator } from '../problems.js'
import type { Effect, Effects } from './world.js'

interface Files {
  readonly ca: Ca
  readonly otherCa: Ca
  readonly broker: Issued
  readonly buyside: Issued
}

/** Runs with certificates for a broker at 127.0.0.1 and broker.example, and for its counterparty. */
function withFiles(show: (files: Files) => Promise<void>): Effect {
  return async () => {
    const certificates = new Certificates()
    try {
      const ca = certificates.ca('Exchange CA')
      const names = { dnsNames: ['broker.example'], addresses: ['127.0.0.1'] }
      await show({
        ca,
        otherCa: certificates.ca('Other CA'),
        broker: certificates.issue(ca, 'broker', { commonName: 'broker', ...names }),
        buyside: certificates.issue(ca, 'buyside', { commonName: 'BUYSIDE' })
      })
    } finally {
      certificates.remove()
    }
  }
}

/** How a dial to a listener of this machine ends, or why there is no listener; what each side is told. */
async function handshake(listening: object | undefined, dialling: object | undefined): Promise<string> {
  const transport = (session: object, tls: object | undefined, warn: (text: string) => void) =>
    new TcpTransport(tcpOptions(parseConfig({ ...session, tls }), systemClock, warn))
  return new Promise<string>((resolve, reject) => {
    const told = (text: string) => finish(text)
    let finish = (text: string): void => resolve(text)
    const listens = transport(acceptor, listening, told).listen({ host: '127.0.0.1', port: 0 }, (connection) => {
      const { certificate } = connection
      // What is sent first shows that both sides have come through the handshake.
      connection.start({ data: () => finish(`talks to ${certificate?.commonName}`), drain() {}, close() {} })
    })
    listens.then((listener) => {
      let close = (): void => {}
      finish = (text) => {
        close()
        void listener.close().then(() => resolve(text))
      }
      transport({ ...initiator }, dialling, told).dial(
        { host: '127.0.0.1', port: listener.port },
        {
          connected: (connection) => {
            close = () => connection.destroy()
            connection.start({ data() {}, drain() {}, close() {} })
            connection.write(Buffer.from('hello'))
          },
          failed: ({ text }) => finish(text)
        }
      )
    }, reject)
  })
}

const own = ({ certificate, key }: Issued) => ({ certificate, key })

export const tls: Effects = {
  'tls.enabled': withFiles(async ({ ca, broker }) => {
    expect(await handshake(own(broker), { ca: ca.file })).toBe('talks to undefined')
    expect(await handshake({ ...own(broker), enabled: false }, { ca: ca.file, enabled: false })).toBe(
      'talks to undefined'
    )
    expect(await handshake({ ...own(broker), enabled: false }, undefined)).toBe('talks to undefined')
    expect(await handshake(own(broker), { ca: ca.file, enabled: false })).toMatch(/does not talk TLS/)
  }),
  'tls.certificate': withFiles(async ({ ca, broker, buyside }) => {
    expect(await handshake(own(broker), { ca: ca.file })).toBe('talks to undefined')
    expect(await handshake(own(buyside), { ca: ca.file })).toMatch(/for another host/)
  }),
  'tls.key': withFiles(async ({ ca, broker, buyside }) => {
    expect(await handshake(own(broker), { ca: ca.file })).toBe('talks to undefined')
    await expect(handshake({ ...own(broker), key: buyside.key }, {})).rejects.toThrow(/tls\.key/)
    await expect(handshake({ certificate: broker.certificate }, {})).rejects.toThrow(/tls\.key/)
  }),
  'tls.passphrase': withFiles(async ({ ca, broker }) => {
    const { certificate, encryptedKey: key } = broker
    expect(await handshake({ certificate, key, passphrase: 'open sesame' }, { ca: ca.file })).toBe('talks to undefined')
    await expect(handshake({ certificate, key, passphrase: 'open' }, {})).rejects.toThrow(/tls\.passphrase/)
    await expect(handshake({ certificate, key }, {})).rejects.toThrow(/tls\.passphrase/)
  }),
  'tls.pfx': async () => {
    const pfx = 'fixtures/tls/broker.p12'
    const client = { ca: 'fixtures/tls/ca.pem', peerCertificate: { commonName: 'broker' } }
    expect(await handshake({ pfx, passphrase: 'open sesame' }, client)).toBe('talks to undefined')
    await expect(handshake({ pfx, passphrase: 'open' }, {})).rejects.toThrow(
      /tls\.passphrase is not the one of tls\.pfx/
    )
    await expect(handshake({ pfx: client.ca, passphrase: 'x' }, {})).rejects.toThrow(/tls\.pfx is no PKCS #12 file/)
  },
  'tls.crl': async () => {
    const certificates = new Certificates()
    try {
      const [ca, otherCa] = [certificates.ca('CA'), certificates.ca('Other CA')]
      const [good, bad] = ['good', 'bad'].map((commonName) =>
        certificates.issue(ca, commonName, { commonName, addresses: ['127.0.0.1'] })
      ) as [Issued, Issued]
      const crl = certificates.crl(ca, 'ca.crl', [bad])
      const yesterday = new Date(Date.now() - 86_400_000)
      const client = { ca: ca.file, crl }
      expect(await handshake(own(bad), { ca: ca.file })).toBe('talks to undefined')
      expect(await handshake(own(good), client)).toBe('talks to undefined')
      expect(await handshake(own(bad), client)).toMatch(/was revoked by its CA/)
      const other = { ...client, crl: [certificates.crl(otherCa, 'other.crl', [])] }
      expect(await handshake(own(good), other)).toMatch(/give the lists of all CAs/)
      const old = { ...client, crl: [certificates.crl(ca, 'old.crl', [bad], yesterday)] }
      expect(await handshake(own(good), old)).toMatch(/has expired: fetch a new one/)
      await expect(handshake({ ...own(good), crl: certificates.write('x.crl', 'x') }, {})).rejects.toThrow(
        /tls\.crl: expected a PEM/
      )
      // And the other way round: clients are held against it, too.
      const server = { ...own(good), ...client }
      expect(await handshake(server, { ca: ca.file, ...own(good) })).toBe('talks to good')
      expect(await handshake(server, { ca: ca.file, ...own(bad) })).toMatch(/revoked/)
    } finally {
      certificates.remove()
    }
  },
  'tls.ca': withFiles(async ({ ca, otherCa, broker }) => {
    expect(await handshake(own(broker), { ca: [otherCa.file, ca.file] })).toBe('talks to undefined')
    expect(await handshake(own(broker), { ca: otherCa.file })).toMatch(/no CA that is trusted/)
    expect(await handshake(own(broker), {})).toMatch(/no CA that is trusted/)
  }),
  'tls.servername': withFiles(async ({ ca, broker }) => {
    expect(await handshake(own(broker), { ca: ca.file, servername: 'broker.example' })).toBe('talks to undefined')
    expect(await handshake(own(broker), { ca: ca.file, servername: 'venue.example' })).toMatch(/for another host/)
  }),
  'tls.rejectUnauthorized': withFiles(async ({ broker }) => {
    expect(await handshake(own(broker), { rejectUnauthorized: false })).toBe('talks to undefined')
    expect(await handshake(own(broker), { rejectUnauthorized: true })).toMatch(/no CA that is trusted/)
  }),
  'tls.needClientAuth': withFiles(async ({ ca, broker, buyside }) => {
    const server = { ...own(broker), ca: ca.file }
    const client = { ca: ca.file }
    expect(await handshake({ ...server, needClientAuth: false }, client)).toBe('talks to undefined')
    expect(await handshake({ ...server, needClientAuth: true }, client)).toMatch(/certificate/)
    expect(await handshake(server, client)).toMatch(/certificate/)
    expect(await handshake(server, { ...client, ...own(buyside) })).toBe('talks to BUYSIDE')
  }),
  'tls.minVersion': withFiles(async ({ ca, broker }) => {
    const older = { ca: ca.file, maxVersion: 'TLSv1.2' }
    expect(await handshake(own(broker), older)).toBe('talks to undefined')
    expect(await handshake({ ...own(broker), minVersion: 'TLSv1.3' }, older)).toMatch(/no TLS version in common/)
  }),
  'tls.maxVersion': withFiles(async ({ ca, broker }) => {
    const newer = { ca: ca.file, minVersion: 'TLSv1.3' }
    expect(await handshake(own(broker), newer)).toBe('talks to undefined')
    expect(await handshake({ ...own(broker), maxVersion: 'TLSv1.2' }, newer)).toMatch(/no TLS version in common/)
  }),
  'tls.ciphers': withFiles(async ({ ca, broker }) => {
    const server = { ...own(broker), maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }
    expect(await handshake(server, { ca: ca.file })).toBe('talks to undefined')
    expect(await handshake(server, { ca: ca.file, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).toMatch(
      /no cipher in common/
    )
    // A listener does not take what has no forward secrecy, or no authenticated encryption, unless it is told to.
    const older = { ca: ca.file, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }
    expect(await handshake(own(broker), older)).toMatch(/no cipher in common/)
    expect(await handshake({ ...own(broker), ciphers: 'ECDHE-ECDSA-AES128-SHA' }, older)).toBe('talks to undefined')
  }),
  'tls.peerCertificate.commonName': withFiles(async ({ ca, broker }) => {
    expect(await pinned(broker, ca, { commonName: 'broker' })).toBe('talks to undefined')
    expect(await pinned(broker, ca, { commonName: 'BROKER' })).toMatch(/peerCertificate\.commonName/)
  }),
  'tls.peerCertificate.subjectAltName': withFiles(async ({ ca, broker }) => {
    expect(await pinned(broker, ca, { subjectAltName: 'broker.example' })).toBe('talks to undefined')
    expect(await pinned(broker, ca, { subjectAltName: 'IP Address:127.0.0.1' })).toBe('talks to undefined')
    expect(await pinned(broker, ca, { subjectAltName: 'example' })).toMatch(/peerCertificate\.subjectAltName/)
  }),
  'tls.peerCertificate.fingerprint256': withFiles(async ({ ca, broker, buyside }) => {
    expect(await pinned(broker, ca, { fingerprint256: broker.fingerprint256 })).toBe('talks to undefined')
    expect(await pinned(broker, ca, { fingerprint256: buyside.fingerprint256 })).toMatch(/fingerprint256/)
  })
}

const pinned = (broker: Issued, ca: Ca, peerCertificate: object): Promise<string> =>
  handshake(own(broker), { ca: ca.file, peerCertificate })
