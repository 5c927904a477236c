import type { TLSSocket } from 'node:tls'

/** The certificate that the other end of a TLS connection has shown. */
export interface PeerCertificate {
  /** CN of its subject; undefined where there is none, or more than one. */
  readonly commonName: string | undefined
  /** Its SubjectAltNames, each with its kind: `DNS:desk.example`, `IP Address:192.0.2.1`, `URI:...`, `email:...`. */
  readonly subjectAltNames: readonly string[]
  /** SHA-256 of the whole certificate: pairs of upper-case hex digits with colons between. */
  readonly fingerprint256: string
  /** Hex digits. */
  readonly serialNumber: string
  /** The certificate itself, DER. */
  readonly raw: Uint8Array
  /** A CA that was trusted vouches for it; false only with `rejectUnauthorized: false`. */
  readonly authorized: boolean
}

/** What a certificate has to have; all that is given must fit. */
export interface ExpectedCertificate {
  readonly commonName?: string | undefined
  /** One of its SubjectAltNames; without a kind in front it is a DNS name. */
  readonly subjectAltName?: string | undefined
  /** Hex digits, with or without colons, in either case. */
  readonly fingerprint256?: string | undefined
}

/** Undefined when the other end has shown none. */
export function peerCertificateOf(socket: TLSSocket): PeerCertificate | undefined {
  const shown = socket.getPeerX509Certificate()
  if (shown === undefined) return undefined
  const names = [...shown.subject.matchAll(/^CN=(.*)$/gm)].map(([, name]) => name)
  return {
    commonName: names.length === 1 ? names[0] : undefined,
    subjectAltNames: altNamesOf(shown.subjectAltName ?? ''),
    fingerprint256: shown.fingerprint256,
    serialNumber: shown.serialNumber,
    raw: shown.raw,
    authorized: socket.authorized
  }
}

/** Why a certificate is not the expected one; undefined when it is, or when nothing is expected. */
export function certificateObjection(
  expected: ExpectedCertificate | undefined,
  shown: PeerCertificate | undefined
): string | undefined {
  if (expected === undefined) return undefined
  if (shown === undefined) return 'it has shown no certificate (tls.peerCertificate)'
  const { commonName, subjectAltName, fingerprint256 } = expected
  if (commonName !== undefined && commonName !== shown.commonName)
    return mismatch('commonName', commonName, shown.commonName ?? 'none')
  if (subjectAltName !== undefined && !shown.subjectAltNames.some((name) => sameName(subjectAltName, name)))
    return mismatch('subjectAltName', subjectAltName, shown.subjectAltNames.join(', ') || 'none')
  if (fingerprint256 !== undefined && hexOf(fingerprint256) !== hexOf(shown.fingerprint256))
    return mismatch('fingerprint256', fingerprint256, shown.fingerprint256)
  return undefined
}

function mismatch(name: string, expected: string, got: string): string {
  return `its certificate is another one: expected tls.peerCertificate.${name} ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`
}

/** Node puts a name that could be read as several in double quotes; it is one name still, and equals none of them. */
function altNamesOf(text: string): string[] {
  return (text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []).map((name) => name.trim())
}

/** DNS names know no case (RFC 4343). */
function sameName(expected: string, got: string): boolean {
  const full = /^(DNS|IP Address|URI|email|DirName|Registered ID|othername):/.test(expected)
    ? expected
    : `DNS:${expected}`
  return full.startsWith('DNS:') ? full.toLowerCase() === got.toLowerCase() : full === got
}

const hexOf = (text: string) => text.replaceAll(':', '').toUpperCase()
