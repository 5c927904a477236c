import type { SecureVersion } from 'node:tls'
import type { ExpectedCertificate } from './peer-certificate.js'

/** What may be set of TLS. Files are PEM where nothing else is said; one that changes is read again for the next connection. */
export interface TlsOptions {
  /** File of our certificate, those of the CAs between it and the root behind it. A listener needs one. */
  readonly certificate?: string | undefined
  /** File of its private key. Default: it is in the file of the certificate. */
  readonly key?: string | undefined
  /** PKCS #12 file of all three, in place of them. */
  readonly pfx?: string | undefined
  /** Of the private key or the PKCS #12 file, where that is encrypted. */
  readonly passphrase?: string | undefined
  /** Files of the CAs that are trusted. Default: those that Node comes with. */
  readonly ca?: readonly string[] | undefined
  /** Files of revocation lists: one of each CA between a certificate and its root, the root's too. Default: none is asked. */
  readonly crl?: readonly string[] | undefined
  /** Dialling: the name that is asked for (SNI) and that the certificate must have. Default: the host. */
  readonly servername?: string | undefined
  /** Verify the other end's certificate. Default true. */
  readonly rejectUnauthorized?: boolean | undefined
  /** Listening: whoever dials must show a certificate. Default: true where `ca` is given. */
  readonly needClientAuth?: boolean | undefined
  /** Default TLSv1.2. */
  readonly minVersion?: SecureVersion | undefined
  /** Default: the newest that Node has. */
  readonly maxVersion?: SecureVersion | undefined
  /** As OpenSSL writes lists of ciphers. Default: listening, those with forward secrecy and AEAD; dialling, Node's. */
  readonly ciphers?: string | undefined
  /** Dialling: what the certificate must have besides. A listener leaves that to each session. */
  readonly peerCertificate?: ExpectedCertificate | undefined
}

export function wantsClientCertificate({ needClientAuth, ca }: TlsOptions): boolean {
  return needClientAuth ?? ca !== undefined
}
