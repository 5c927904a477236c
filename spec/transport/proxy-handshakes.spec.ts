import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HttpConnectHandshake } from '../../lib/transport/http-connect.js'
import type { ProxyHandshake, ProxyOptions } from '../../lib/transport/proxy-handshake.js'
import { Socks5Handshake } from '../../lib/transport/socks5.js'

const venue = { host: 'venue.example', port: 9878 }
const proxy = { host: 'proxy', port: 1080 } as const

/** What came of a handshake when the proxy says `pieces`, one after the other. */
function outcome(handshake: ProxyHandshake, pieces: readonly Uint8Array[]) {
  const sent: Uint8Array[] = []
  let step = handshake.begin()
  for (const piece of [undefined, ...pieces]) {
    if (piece !== undefined) step = handshake.receive(Uint8Array.from(piece))
    if (step.kind === 'more') sent.push(step.send)
    else break
  }
  return {
    sent: Buffer.concat(sent),
    end: step.kind === 'open' ? `open, ${step.rest.length} bytes of it` : step.kind === 'refused' ? step.why : 'more'
  }
}

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')

describe('SOCKS5 (RFC 1928)', () => {
  const talk = (hex: readonly string[], options: Partial<ProxyOptions> = {}, endpoint = venue) => {
    const { sent, end } = outcome(
      new Socks5Handshake(endpoint, { ...proxy, type: 'socks5', ...options }),
      hex.map(bytes)
    )
    return { sent: sent.toString('hex'), end }
  }
  const name = `0d${Buffer.from('venue.example').toString('hex')}`
  const granted = '05 00 00 01 0a000001 1f90'

  it('asks for the host by its name, which the proxy looks up', () => {
    expect(talk(['0500', granted])).toEqual({ sent: `050100${'05010003'}${name}2696`, end: 'open, 0 bytes of it' })
  })

  it('asks for IP addresses as such', () => {
    const request = (host: string) => talk(['0500'], {}, { host, port: 1 }).sent.slice(6)
    expect(request('192.0.2.7')).toBe('05010001c00002070001')
    expect(request('2001:db8::1')).toBe('0501000420010db80000000000000000000000010001')
    expect(request('bücher.example')).toBe(
      `0501000316${Buffer.from('xn--bcher-kva.example').toString('hex')}0001`.replace('0316', '0315')
    )
  })

  it('says who dials when the proxy wants to know, and only then', () => {
    const login = { user: 'desk', password: 'pä' }
    const asked = talk(['0502', '0100', granted], login)
    expect(asked.sent).toBe(`05020002${'0104'}6465736b${'03'}70c3a4${'05010003'}${name}2696`)
    expect(asked.end).toBe('open, 0 bytes of it')
    expect(talk(['0500', granted], login).sent).toBe(`05020002${'05010003'}${name}2696`)
  })

  it.each([
    ['05 00 00 01 0a000001 1f90', 'an IPv4 address'],
    ['05 00 00 04 20010db8000000000000000000000001 1f90', 'an IPv6 address'],
    ['05 00 00 03 05 70726f7879 1f90', 'a name'],
    ['05 00 00 03 00 1f90', 'no name']
  ])('takes the reply %s, %s, and leaves what follows it', (reply) => {
    expect(talk(['0500', `${reply}383d46`]).end).toBe('open, 3 bytes of it')
  })

  const refusals: [string, string[], Partial<ProxyOptions>, RegExp][] = [
    ['no method', ['05ff'], {}, /wants to know who dials: set proxyUser and proxyPassword/],
    ['no method, with a login', ['05ff'], { user: 'u', password: 'p' }, /takes neither a username/],
    ['a method that was not offered', ['0502'], {}, /chose the authentication 2/],
    ['a wrong login', ['0502', '0101'], { user: 'u', password: 'p' }, /does not take proxyUser and proxyPassword/],
    ['its rules', ['0500', '0502'], {}, /rules do not allow this.*\(reply 2\)/],
    ['an unknown host', ['0500', '05040001'], {}, /cannot reach the host/],
    ['a refused connection', ['0500', '05050001000000000000'], {}, /nothing listens there/],
    ['a reply nobody knows', ['0500', '0563'], {}, /it failed \(reply 99\)/],
    ['a type of address nobody knows', ['0500', '05000009'], {}, /type 1, 3 or 4 in its reply, got 9/],
    ['an answer to a question that was not asked', ['05000500'], {}, /answered before it was asked/],
    ['SOCKS4', ['00'], {}, /expected SOCKS version 5, got 0/],
    ['HTTP', ['48545450'], {}, /speaks HTTP, set proxyType to "http"/]
  ]

  it.each(refusals)('says what to do about %s', (_, hex, options, why) => {
    const { end } = talk(hex, options)
    expect(end).toMatch(why)
    expect(end).not.toMatch(/undefined/)
  })

  it('cannot ask for a name that is none', () => {
    expect(talk(['0500'], {}, { host: 'x'.repeat(256), port: 1 }).end).toMatch(/no proxy can look up/)
    expect(talk(['0500'], {}, { host: 'fe80::1%eth0', port: 1 }).end).toMatch(/no proxy can look up/)
  })
})

describe('CONNECT (RFC 9110, 9.3.6)', () => {
  const talk = (texts: readonly string[], options: Partial<ProxyOptions> = {}, endpoint = venue) => {
    const handshake = new HttpConnectHandshake(endpoint, { ...proxy, type: 'http', ...options })
    const { sent, end } = outcome(
      handshake,
      texts.map((text) => Buffer.from(text, 'latin1'))
    )
    return { sent: sent.toString('latin1'), end }
  }

  it('asks for a tunnel, and is through when the answer is a success', () => {
    expect(talk(['HTTP/1.1 200 Connection established\r\n\r\n'])).toEqual({
      sent: 'CONNECT venue.example:9878 HTTP/1.1\r\nHost: venue.example:9878\r\n\r\n',
      end: 'open, 0 bytes of it'
    })
  })

  it('says who dials', () => {
    const { sent } = talk([], { user: 'desk', password: 'open:sesame' })
    expect(sent).toContain(`\r\nProxy-Authorization: Basic ${Buffer.from('desk:open:sesame').toString('base64')}\r\n`)
  })

  it('puts an IPv6 address in brackets', () => {
    expect(talk([], {}, { host: '2001:db8::1', port: 1 }).sent).toContain('CONNECT [2001:db8::1]:1 HTTP/1.1\r\n')
  })

  it.each([
    ['fields', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: 1.1 x\r\n\r\n'],
    ['LF alone', 'HTTP/1.0 200 OK\nVia: x\n\n'],
    ['no reason', 'HTTP/1.1 204\r\n\r\n'],
    ['an interim answer before it', 'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n']
  ])('takes an answer with %s, and leaves what follows it', (_, head) => {
    expect(talk([`${head}8=FIX`]).end).toBe('open, 5 bytes of it')
  })

  const refusals: [string, Partial<ProxyOptions>, RegExp][] = [
    [
      'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n',
      {},
      /^it answered 407 Proxy.*: it wants to know who dials, set proxyUser/
    ],
    ['HTTP/1.1 407 No\r\n\r\n', { user: 'u', password: 'p' }, /does not take proxyUser and proxyPassword \(Basic/],
    ['HTTP/1.1 403 Forbidden\r\n\r\n', {}, /^it answered 403 Forbidden: have the address and port let through/],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', {}, /^it answered 502 Bad Gateway: check host and port/],
    ['HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n', {}, /^it answered 302 Found$/],
    ['HTTP/1.1 500\r\n\r\n', {}, /^it answered 500: check host and port/],
    ['HTTP/1.1 401 Unauthorized\r\n\r\n', {}, /set proxyUser and proxyPassword/],
    ['HTTP/2 200 OK\r\n\r\n', {}, /expected an answer of HTTP\/1\.1, got "HTTP\/2 200 OK"/],
    ['\x05\xff', {}, /speaks SOCKS, set proxyType to "socks5"/],
    ['SSH-2.0-x', {}, /expected an answer of HTTP, got something else/],
    [`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(17_000)}`, {}, /end of its answer's head within 16384 bytes/]
  ]

  it.each(refusals)('says what %j means', (text, options, why) => expect(talk([text], options).end).toMatch(why))

  it('never repeats a secret that the proxy has repeated', () => {
    const login = { user: 'desk', password: 'swordfish' }
    const blob = Buffer.from('desk:swordfish').toString('base64')
    const { end } = talk([`HTTP/1.1 407 desk:swordfish or ${blob} \x1b[31m is wrong\r\n\r\n`], login)
    expect(end).toContain('it answered 407 desk:*** or *** ?[31m is wrong')
    expect(end).not.toContain('swordfish')
  })

  it('cannot be made to ask for something else by a host', () => {
    for (const host of ['a b', 'fe80::1%eth0', 'a\r\nX: y'])
      expect(talk([], {}, { host, port: 1 })).toMatchObject({
        sent: '',
        end: expect.stringMatching(/no proxy can look up/)
      })
  })
})

describe('however the bytes come', () => {
  const conversations: [string, () => ProxyHandshake, Buffer[]][] = [
    [
      'SOCKS5',
      () => new Socks5Handshake(venue, { ...proxy, type: 'socks5', user: 'u', password: 'p' }),
      [bytes('0502'), bytes('0100'), bytes('0500000305 70726f7879 1f90'), Buffer.from('8=FIX')]
    ],
    [
      'CONNECT',
      () => new HttpConnectHandshake(venue, { ...proxy, type: 'http' }),
      [Buffer.from('HTTP/1.1 200 OK\r\nVia: x\r\n\r\n'), Buffer.from('8=FIX')]
    ]
  ]

  it.each(conversations)('%s sends and understands the same', (_, make, answers) => {
    const rest = answers.at(-1) ?? Buffer.alloc(0)
    const whole = outcome(make(), answers.slice(0, -1))
    expect(whole.end).toBe('open, 0 bytes of it')
    // What comes behind the last answer may come with it; the others wait for what is sent in between.
    const turns = [...answers.slice(0, -2), Buffer.concat(answers.slice(-2))]
    const cutsOf = fc.tuple(...turns.map(({ length }) => fc.array(fc.nat(length), { maxLength: 4 })))
    fc.assert(
      fc.property(cutsOf, (cuts) => {
        const pieces = turns.flatMap((turn, n) => {
          const at = [0, ...(cuts[n] ?? []).sort((a, b) => a - b), turn.length]
          return at.slice(1).map((end, index) => turn.subarray(at[index], end))
        })
        const { sent, end } = outcome(make(), pieces)
        expect(sent).toEqual(whole.sent)
        expect(Number(/^open, (\d) bytes of it$/.exec(end)?.[1])).toBeLessThanOrEqual(rest.length)
      })
    )
    expect(
      outcome(
        make(),
        [...Buffer.concat(answers)].map((byte) => Uint8Array.of(byte))
      )
    ).toEqual(whole)
  })
})
