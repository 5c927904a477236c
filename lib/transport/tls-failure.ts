import { codeOf, describeError } from './close-reason.js'
import type { CloseReason } from './transport.js'

/** What OpenSSL's and Node's reasons mean, and what to do. Alerts are what the other end has against us. */
const meanings: readonly [codes: RegExp, meaning: string][] = [
  [
    /^ERR_SSL_.*ALERT_CERTIFICATE_EXPIRED$/,
    'the counterparty says that our certificate has expired: renew tls.certificate'
  ],
  [
    /^ERR_SSL_.*ALERT_UNKNOWN_CA$/,
    'the counterparty does not know the CA of our certificate: agree with it on tls.certificate'
  ],
  [/^ERR_SSL_.*ALERT_BAD_CERTIFICATE$/, 'the counterparty refuses our certificate: agree with it on tls.certificate'],
  [
    /^ERR_SSL_.*ALERT_CERTIFICATE_REQUIRED$/,
    'the counterparty wants a certificate of us: set tls.certificate and tls.key'
  ],
  [
    /^ERR_SSL_(PEER_DID_NOT_RETURN_A_CERTIFICATE|.*NO_CERTIFICATE.*)$/,
    'it has shown no client certificate, which tls.needClientAuth asks for'
  ],
  [
    /^ERR_SSL_.*(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|VERSION_TOO_HIGH)$/,
    'the two ends have no TLS version in common: see tls.minVersion and tls.maxVersion'
  ],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|RECORD_.*|BAD_RECORD_TYPE)$/,
    'the other end does not talk TLS: check that both have it, and the port'
  ],
  [
    /^ERR_SSL_(NO_SHARED_CIPHER|.*HANDSHAKE_FAILURE)$/,
    'the two ends have no cipher in common, or one lacks a certificate: see tls.ciphers and tls.certificate'
  ],
  [
    /^ERR_SSL_.*ALERT_CERTIFICATE_REVOKED$/,
    'the counterparty says that our certificate was revoked: get another tls.certificate'
  ],
  [/^CERT_REVOKED$/, 'its certificate, or one of a CA above it, was revoked by its CA (tls.crl)'],
  [
    /^UNABLE_TO_GET_CRL(_ISSUER)?$/,
    'tls.crl has no list of the CA of its certificate: give the lists of all CAs up to the root'
  ],
  [/^CRL_HAS_EXPIRED$/, 'the revocation list of its CA has expired: fetch a new one for tls.crl'],
  [
    /^(CRL_NOT_YET_VALID|CRL_SIGNATURE_FAILURE|ERROR_IN_CRL_.*|KEYUSAGE_NO_CRL_SIGN)$/,
    'the revocation list of its CA is no good: fetch a new one for tls.crl'
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate, or one of a CA above it, has expired: it has to be renewed'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet: check the clocks of both machines'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its certificate is for another host: dial it by the name in the certificate, or set tls.servername'
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_UNTRUSTED)$/,
    'no CA that is trusted here vouches for its certificate: give its CA in tls.ca'
  ],
  [/^INVALID_PURPOSE$/, 'its certificate is not made for this end of a connection (extended key usage)'],
  [/^ERR_TLS_HANDSHAKE_TIMEOUT$/, 'it did not finish the handshake in time'],
  [/^ECONNRESET$/, 'it closed the connection during the handshake: does it have TLS on that port?']
]

/** OpenSSL gives no code for these. */
const pkcs12: readonly [texts: RegExp, meaning: string][] = [
  [/^mac verify failure$/, 'tls.passphrase is not the one of tls.pfx'],
  [
    /^Unsupported PKCS12 PFX data$/,
    'tls.pfx was encrypted as OpenSSL 3 does not any more: write it anew with "openssl pkcs12 -legacy" and "openssl pkcs12 -export"'
  ],
  [/^(wrong tag|not enough data|header too long)$/, 'tls.pfx is no PKCS #12 file']
]

/** True for what OpenSSL or Node's TLS has found, not the socket below. */
export function isTlsError(error: Error): boolean {
  return /^ERR_(SSL|TLS)_/.test(codeOf(error) ?? '')
}

/** What went wrong, as a clause: what it means, what to do, and the reason as OpenSSL has it. */
export function describeTlsError(error: unknown): string {
  const code = codeOf(error)
  const text = oneLine(describeError(error))
  const meaning = (meanings.find(([codes]) => codes.test(code ?? '')) ??
    pkcs12.find(([texts]) => texts.test(text)))?.[1]
  const detail = [code, text].filter((part) => part !== undefined).join(': ')
  return meaning === undefined ? detail : `${meaning} (${detail})`
}

export function tlsFailed(what: string): CloseReason {
  return { code: 'TLS_FAILED', text: `TLS failed: ${what}.` }
}

/** OpenSSL's texts have thread ids, source files and line ends. */
function oneLine(text: string): string {
  return text
    .replace(/^[0-9A-F]+:error:[0-9A-F]+:/, '')
    .replace(/:[^:\s]*\.(c|cc):\d+:/, ':')
    .replace(/\s+/g, ' ')
    .replace(/[:\s.]+$/, '')
}
