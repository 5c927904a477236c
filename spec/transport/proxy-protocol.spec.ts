import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProxyHeader } from '../../lib/transport/proxy-protocol.js'

const rest = '8=FIX'

/** What a header says, with something behind it. */
function read(header: Buffer | string) {
  const bytes = Buffer.concat([Buffer.from(header as string, 'latin1'), Buffer.from(rest)])
  const found = readProxyHeader(bytes)
  if (found.kind !== 'header') return found.kind === 'fault' ? found.why : 'more'
  expect(bytes.toString('latin1', found.length)).toBe(rest)
  return found.source === undefined ? 'nobody' : `${found.source.host} ${found.source.port}`
}

const binary = (versionAndCommand: string, family: string, payload: string) => {
  const body = Buffer.from(payload.replaceAll(' ', ''), 'hex')
  const size = Buffer.alloc(2)
  size.writeUInt16BE(body.length)
  return Buffer.concat([
    Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
    Buffer.from(versionAndCommand + family, 'hex'),
    size,
    body
  ])
}

const four = 'c0000207 c0000209 9c40 2696'
const six = '20010db8000000000000000000000007 20010db8000000000000000000000009 9c40 2696'

const headers: [string, Buffer | string, string][] = [
  ['IPv4, as text', 'PROXY TCP4 192.0.2.7 192.0.2.9 40000 9878\r\n', '192.0.2.7 40000'],
  ['IPv6, as text', 'PROXY TCP6 2001:DB8:0::7 2001:db8::9 40000 9878\r\n', '2001:db8::7 40000'],
  ['IPv4 within IPv6, as text', 'PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.9 1 2\r\n', '192.0.2.7 1'],
  [
    'the longest text',
    `PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`,
    `${'ffff:'.repeat(7)}ffff 65535`
  ],
  ['unknown, as text', 'PROXY UNKNOWN\r\n', 'nobody'],
  [
    'unknown with addresses',
    `PROXY UNKNOWN ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`,
    'nobody'
  ],
  ['IPv4', binary('21', '11', four), '192.0.2.7 40000'],
  ['IPv6', binary('21', '21', six), '2001:db8::7 40000'],
  ['IPv4 within IPv6', binary('21', '21', `00000000000000000000ffffc0000207 ${six.slice(33)}`), '192.0.2.7 40000'],
  [
    'IPv4 with more behind the addresses',
    binary('21', '11', `${four} 03 0004 12345678 ${'00'.repeat(500)}`),
    '192.0.2.7 40000'
  ],
  ['the load balancer itself', binary('20', '00', ''), 'nobody'],
  ['the load balancer itself, with addresses', binary('20', '11', four), 'nobody'],
  ['the load balancer itself, by something else', binary('20', '31', ''), 'nobody'],
  ['an unspecified family', binary('21', '00', 'abcd'), 'nobody']
]

it.each(headers)('%s', (_, header, source) => expect(read(header)).toBe(source))

const faults: [string, Buffer | string, RegExp][] = [
  ['none', '8=FIX.4.4', /^expected a PROXY header first, got something else$/],
  ['a first letter like it', 'POST / HTTP/1.1\r\n', /^expected a PROXY header first/],
  ['version 3', binary('31', '11', four), /expected version 2 behind the signature of version 2, got version 3/],
  ['a command that is none', binary('22', '11', four), /expected the command LOCAL \(0\) or PROXY \(1\), got 2/],
  ['UDP', binary('21', '12', four), /expected TCP over IPv4 .*, got family and protocol 0x12/],
  ['a Unix socket', binary('21', '31', '00'.repeat(216)), /got family and protocol 0x31/],
  [
    'too few bytes of addresses',
    binary('21', '11', 'c0000207 c0000209 9c40 26'),
    /at least 12 bytes of addresses, got 11/
  ],
  ['an IPv4 header for IPv6', binary('21', '21', four), /at least 36 bytes of addresses, got 12/],
  ['a line that does not end', `PROXY TCP4 ${'1'.repeat(200)}`, /a line of at most 107 bytes, got a longer one/],
  ['no family', 'PROXY 192.0.2.7 192.0.2.9 1 2\r\n', /expected "PROXY TCP4" or "PROXY TCP6"/],
  ['the wrong family', 'PROXY TCP4 2001:db8::7 2001:db8::9 1 2\r\n', /malformed/],
  ['mixed families', 'PROXY TCP6 ::1 192.0.2.9 1 2\r\n', /malformed/],
  ['a port beyond the last', 'PROXY TCP4 192.0.2.7 192.0.2.9 65536 2\r\n', /malformed/],
  ['a port with a zero in front', 'PROXY TCP4 192.0.2.7 192.0.2.9 01 2\r\n', /malformed/],
  ['two spaces', 'PROXY TCP4  192.0.2.7 192.0.2.9 1 2\r\n', /malformed/],
  ['a zone', 'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n', /malformed/],
  ['a name', 'PROXY TCP4 localhost 192.0.2.9 1 2\r\n', /malformed/],
  ['an address that ends early', 'PROXY TCP4 192.0.2 192.0.2.9 1 2\r\n', /malformed/],
  ['an octal address', 'PROXY TCP4 192.0.2.010 192.0.2.9 1 2\r\n', /malformed/],
  ['LF alone', 'PROXY TCP4 192.0.2.7 192.0.2.9 1 2\n', /^more$/],
  ['what only begins like UNKNOWN', 'PROXY UNKNOWNS\r\n', /malformed/],
  ['small letters', 'proxy TCP4 192.0.2.7 192.0.2.9 1 2\r\n', /^expected a PROXY header first/]
]

it.each(faults)('is refused with %s', (_, header, why) => expect(read(header)).toMatch(why))

describe('before it is whole', () => {
  it.each(headers)('%s is waited for, whatever byte it is cut at', (_, header) => {
    const bytes = Buffer.from(header as string, 'latin1')
    for (let length = 0; length < bytes.length; length++)
      expect(readProxyHeader(bytes.subarray(0, length))).toEqual({ kind: 'more' })
    expect(readProxyHeader(bytes).kind).toBe('header')
  })

  it('no other first byte is waited for', () => {
    for (let byte = 0; byte < 256; byte++) {
      const expected = byte === 13 || byte === 'P'.charCodeAt(0) ? 'more' : 'fault'
      expect(readProxyHeader(Uint8Array.of(byte)).kind).toBe(expected)
    }
  })
})

it('says the same of the first bytes whatever is behind them, and never throws', () => {
  const piece = fc.oneof(
    fc.constantFrom(...headers.map(([, header]) => Buffer.from(header as string, 'latin1'))),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }),
      (pieces, changes) => {
        const bytes = Buffer.concat(pieces)
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        const whole = readProxyHeader(bytes)
        for (let length = 0; length <= bytes.length; length++) {
          const part = readProxyHeader(bytes.subarray(0, length))
          if (part.kind !== 'more') expect(part).toEqual(whole)
        }
        if (whole.kind === 'header') expect(whole.length).toBeLessThanOrEqual(bytes.length)
      }
    )
  )
})
