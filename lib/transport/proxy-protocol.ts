import { isIPv4 } from 'node:net'
import { addressOfBytes, bytesOfAddress } from './ip-address.js'
import type { Endpoint } from './transport.js'

/*
 * The PROXY protocol, versions 1 and 2, as the maker of HAProxy has published it: what a load balancer says first on a
 * connection, so that who is behind it knows where it comes from. No socket in here.
 */

export type ProxyHeader =
  /** It is not whole yet. */
  | { readonly kind: 'more' }
  /** The first `length` bytes; `source` is who dialled, undefined where it is the load balancer itself or is not known. */
  | { readonly kind: 'header'; readonly length: number; readonly source: Endpoint | undefined }
  /** Expected, got. */
  | { readonly kind: 'fault'; readonly why: string }

const SIGNATURE_1 = Buffer.from('PROXY ')
const SIGNATURE_2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n')

/** Section 2.1: "a 108-byte buffer is always enough", its final zero included. */
const MAX_LINE = 107

/** Section 2.2: signature, version and command, family and protocol, length. */
const FIXED_PART = 16

const more: ProxyHeader = { kind: 'more' }

/** `bytes` is all that came on a connection so far. */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader {
  if (bytes.length === 0) return more
  if (beginsAs(bytes, SIGNATURE_1)) return bytes.length < SIGNATURE_1.length ? more : readLine(bytes)
  if (beginsAs(bytes, SIGNATURE_2)) return bytes.length < FIXED_PART ? more : readBinary(bytes)
  return { kind: 'fault', why: 'expected a PROXY header first, got something else' }
}

function beginsAs(bytes: Uint8Array, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length)
  return signature.subarray(0, length).equals(bytes.subarray(0, length))
}

/** Version 1: `PROXY TCP4 192.0.2.1 192.0.2.9 40000 9878` CRLF. */
function readLine(bytes: Uint8Array): ProxyHeader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', 0, MAX_LINE)
  const end = text.indexOf('\r\n')
  if (end < 0) return text.length < MAX_LINE ? more : fault(`a line of at most ${MAX_LINE} bytes`, 'a longer one')
  const line = text.slice(0, end)
  const length = end + 2
  // Section 2.1: what stands behind UNKNOWN has to be ignored.
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { kind: 'header', length, source: undefined }
  const [, family, host = '', target = '', port, targetPort] =
    /^PROXY TCP([46]) ([^ ]+) ([^ ]+) (\d{1,5}) (\d{1,5})$/.exec(line) ?? []
  const [address, other] = [host, target].map((one) =>
    isIPv4(one) === (family === '4') ? bytesOfAddress(one) : undefined
  )
  const isPort = (text: string | undefined) =>
    text !== undefined && /^(0|[1-9]\d*)$/.test(text) && Number(text) <= 65_535
  if (address === undefined || other === undefined || !isPort(port) || !isPort(targetPort))
    return fault(
      '"PROXY TCP4" or "PROXY TCP6" with two addresses and two ports',
      JSON.stringify(line.replace(/[^\x20-\x7e]/g, '?'))
    )
  return { kind: 'header', length, source: { host: addressOfBytes(address), port: Number(port) } }
}

/** Version 2. */
function readBinary(bytes: Uint8Array): ProxyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [versionAndCommand, family] = [view.getUint8(12), view.getUint8(13)]
  const size = view.getUint16(14)
  const length = FIXED_PART + size
  const [version, command] = [versionAndCommand >> 4, versionAndCommand & 15]
  if (version !== 2) return fault('version 2 behind the signature of version 2', `version ${version}`)
  if (command > 1) return fault('the command LOCAL (0) or PROXY (1)', `${command}`)
  const addressLength = command === 0 || family === UNSPECIFIED ? 0 : addressLengths.get(family)
  if (addressLength === undefined)
    return fault('TCP over IPv4 (0x11) or IPv6 (0x21)', `family and protocol 0x${family.toString(16).padStart(2, '0')}`)
  // Two addresses and two ports; what follows them is of no interest (type-length-value).
  const least = addressLength === 0 ? 0 : 2 * addressLength + 4
  if (size < least) return fault(`at least ${least} bytes of addresses`, `${size}`)
  if (bytes.length < length) return more
  if (addressLength === 0) return { kind: 'header', length, source: undefined }
  const host = addressOfBytes(bytes.subarray(FIXED_PART, FIXED_PART + addressLength))
  return { kind: 'header', length, source: { host, port: view.getUint16(FIXED_PART + 2 * addressLength) } }
}

const UNSPECIFIED = 0

/** Of a stream's address, by family and protocol. */
const addressLengths: ReadonlyMap<number, number> = new Map([
  [0x11, 4],
  [0x21, 16]
])

function fault(expected: string, got: string): ProxyHeader {
  return { kind: 'fault', why: `its PROXY header is malformed: expected ${expected}, got ${got}` }
}
