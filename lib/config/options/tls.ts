import { zod } from '../../packages.js'
import { defaulted, optional, optionalGroup } from '../option.js'
import { choice, filePath, flag, host } from '../values.js'

const version = () => choice('TLSv1.2', 'TLSv1.3')

const text = (error: string) =>
  zod()
    .string({ error })
    .regex(/^[^\p{Cc}]+$/u, { error })

const name = () => text('text of at least 1 character')

/** One file, or several. */
const files = () => {
  const error = 'the path of a PEM file, or a list of 1 to 100 of them'
  return zod()
    .union([filePath(), zod().array(filePath()).min(1).max(100)], { error })
    .transform((value) => (typeof value === 'string' ? [value] : value))
}

const fingerprint = () => {
  const error = 'a SHA-256 fingerprint: 64 hex digits, with or without colons'
  return zod()
    .string({ error })
    .regex(/^[\da-f]{2}(:?[\da-f]{2}){31}$/i, { error })
}

/** TLS of every connection of the session, whichever side dials. */
export const tlsOptions = {
  tls: optionalGroup({
    enabled: defaulted(true, {
      type: flag,
      meaning: 'False: in the clear, whatever else "tls" says. Without "tls" at all it is in the clear, too.',
      quickfix: ['SocketUseSSL', 'SSLEnable']
    }),
    certificate: optional({
      type: filePath,
      meaning:
        'PEM file of our certificate, followed by those of the CAs between it and the root; relative to the config file, as are the others. Acceptors need one. Renewed files are read for the next connection; those that are there stay.',
      quickfix: ['ServerCertificateFile', 'ClientCertificateFile', 'SocketCertificateFile']
    }),
    key: optional({
      type: filePath,
      meaning: 'PEM file of its private key; unset: it is in the file of the certificate.',
      quickfix: ['ServerCertificateKeyFile', 'ClientCertificateKeyFile', 'SocketPrivateKeyFile']
    }),
    pfx: optional({
      type: filePath,
      meaning: 'PKCS #12 file (.pfx, .p12) with certificate and key, in place of the two.',
      quickfix: ['SSLCertificate']
    }),
    passphrase: optional({
      type: name,
      secret: true,
      meaning: `Of the private key or the PKCS #12 file, where that is encrypted: "\${NAME}" takes it from the environment.`,
      quickfix: ['SSLCertificatePassword']
    }),
    ca: optional({
      type: files,
      meaning: 'PEM files of the CAs that are trusted; unset: those that Node comes with.',
      quickfix: ['CertificationAuthoritiesFile', 'SocketCAFile']
    }),
    crl: optional({
      type: files,
      meaning:
        'PEM files of revocation lists: certificates in them are refused, and so is everybody whose CA, or a CA above it, has no valid list there. Renewed files are read for the next connection. Unset: no list is looked at.',
      quickfix: ['CertificateRevocationListFile']
    }),
    servername: optional({
      type: host,
      meaning:
        "Initiator: the name to ask for (SNI), for which the acceptor's certificate must be; unset: the host that is dialled.",
      quickfix: ['SNIHostName', 'SSLServerName', 'SocketServerName']
    }),
    rejectUnauthorized: defaulted(true, {
      type: flag,
      meaning:
        "Verify the counterparty's certificate: CA, dates, and the host that is dialled. False is for trying out.",
      quickfix: ['SSLValidateCertificates']
    }),
    needClientAuth: optional({
      type: flag,
      meaning: 'Acceptor: who dials must show a certificate that "ca" vouches for; unset: true where "ca" is given.',
      quickfix: ['NeedClientAuth', 'SSLRequireClientCertificate']
    }),
    minVersion: defaulted('TLSv1.2', {
      type: version,
      meaning: 'Oldest version of TLS that is spoken.',
      quickfix: []
    }),
    maxVersion: optional({
      type: version,
      meaning: 'Newest version of TLS that is spoken; unset: the newest there is.',
      quickfix: []
    }),
    ciphers: optional({
      type: () => text('a list of ciphers as OpenSSL writes it'),
      meaning:
        "Ciphers, as OpenSSL writes a list of them; unset: an acceptor takes those with forward secrecy and authenticated encryption, an initiator Node's.",
      quickfix: ['SSLCipherSuite']
    }),
    peerCertificate: optionalGroup({
      commonName: optional({
        type: name,
        meaning:
          "CN that the counterparty's certificate must have, so that no other holder of one can use its CompID; an acceptor refuses the Logon otherwise.",
        quickfix: []
      }),
      subjectAltName: optional({
        type: name,
        meaning:
          'SubjectAltName that it must have: a DNS name, or one with its kind in front ("URI:...", "email:...").',
        quickfix: []
      }),
      fingerprint256: optional({
        type: fingerprint,
        meaning: 'SHA-256 that it must have, 64 hex digits with or without colons.',
        quickfix: []
      })
    })
  })
}
