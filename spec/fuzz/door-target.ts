import { isIP } from 'node:net'
import { HttpConnectHandshake } from '../../lib/transport/http-connect.js'
import type { ProxyHandshake, ProxyStep } from '../../lib/transport/proxy-handshake.js'
import { readProxyHeader } from '../../lib/transport/proxy-protocol.js'
import { Socks5Handshake } from '../../lib/transport/socks5.js'
import { type Chance, mutated } from './mutate.js'
import type { Target } from './targets.js'

/** What proxies and load balancers say, gone wrong, in any pieces: what is in front of a session never throws, and never takes one thing for another. */

const signature = '\r\n\r\n\0\r\nQUIT\n'

const headers = [
  'PROXY TCP4 192.0.2.7 192.0.2.9 40000 9878\r\n8=FIX.4.4',
  'PROXY TCP6 2001:db8::7 ::ffff:192.0.2.9 40000 9878\r\n8=FIX.4.4',
  'PROXY UNKNOWN ffff:f...f:ffff\r\n8=FIX.4.4',
  `${signature}\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x09\x9c\x40\x26\x968=FIX.4.4`,
  `${signature}\x21\x21\0\x24${'\x20\x01\x0d\xb8'.repeat(8)}\x9c\x40\x26\x968=FIX.4.4`,
  `${signature}\x20\0\0\x008=FIX.4.4`
]

const socks = [
  '\x05\0\x05\0\0\x01\x0a\0\0\x01\x1f\x90',
  '\x05\x02\x01\0\x05\0\0\x03\x05proxy\x1f\x90rest',
  '\x05\0\x05\0\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x1f\x90',
  '\x05\xff',
  '\x05\0\x05\x05\0\x01'
]

const answers = [
  'HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\nrest',
  'HTTP/1.0 407 desk:swordfish is wrong\r\nProxy-Authenticate: Basic\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 200 OK\n\n',
  'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad'
]

export const doorTarget: Target = {
  name: 'proxies and load balancers',
  share: 6,
  feed(chance) {
    feedHeader(Buffer.from(mutated(headers, chance), 'latin1'), chance)
    const endpoint = {
      host: chance.one(['venue.example', '192.0.2.7', '2001:db8::7', 'x y', '']),
      port: chance.below(65_536)
    }
    const login = chance.below(2) === 0 ? {} : { user: 'desk', password: 'swordfish' }
    const at = { host: 'proxy', port: 1, ...login }
    const secrets = 'password' in login ? /swordfish|c3dvcmRmaXNo/ : /(?!)/
    converse(new Socks5Handshake(endpoint, { type: 'socks5', ...at }), mutated(socks, chance), secrets, chance)
    converse(new HttpConnectHandshake(endpoint, { type: 'http', ...at }), mutated(answers, chance), secrets, chance)
  }
}

function feedHeader(bytes: Buffer, chance: Chance): void {
  const whole = readProxyHeader(bytes)
  const part = readProxyHeader(bytes.subarray(0, chance.below(bytes.length + 1)))
  if (part.kind !== 'more' && JSON.stringify(part) !== JSON.stringify(whole))
    throw new Error('a piece meant something else')
  if (whole.kind === 'fault' && whole.why.length > 300) throw new Error('a fault has a long text')
  if (whole.kind !== 'header') return
  if (whole.length > bytes.length) throw new Error('a header is longer than what came')
  if (whole.source !== undefined && isIP(whole.source.host) === 0) throw new Error(`${whole.source.host} is no address`)
}

function converse(handshake: ProxyHandshake, text: string, secrets: RegExp, chance: Chance): void {
  const bytes = Buffer.from(text, 'latin1')
  let step: ProxyStep = handshake.begin()
  let sent = 0
  for (let at = 0; at < bytes.length && step.kind === 'more'; ) {
    const end = Math.min(bytes.length, at + 1 + chance.below(bytes.length))
    sent += step.send.length
    step = handshake.receive(bytes.subarray(at, end))
    at = end
  }
  if (sent > 2000) throw new Error(`${sent} bytes were sent to a proxy`)
  if (step.kind === 'open' && step.rest.length > bytes.length) throw new Error('more followed than came')
  if (step.kind !== 'refused') return
  if (step.why === '' || step.why.length > 300) throw new Error('a refusal without a text, or with a long one')
  if (secrets.test(step.why) || /[^\x20-\x7e]/.test(step.why)) throw new Error(`not to be shown: ${step.why}`)
}
