import { domainToASCII } from 'node:url'
import { bytesOfAddress } from './ip-address.js'
import { NOTHING, type ProxyHandshake, type ProxyOptions, type ProxyStep, refused } from './proxy-handshake.js'
import type { Endpoint } from './transport.js'

const VERSION = 5

/** RFC 1928, 3: methods of authentication. */
const NO_AUTHENTICATION = 0
const USERNAME_PASSWORD = 2
const NONE_ACCEPTABLE = 255

/** RFC 1928, 6. */
const replies: readonly string[] = [
  'it has made the connection',
  'it failed',
  'its rules do not allow this: have the address and port let through',
  'it cannot reach the network',
  'it cannot reach the host: check host, which the proxy looks up',
  'nothing listens there: check host and port, and that the counterparty is up',
  'the way there was too long (TTL expired)',
  'it makes no connections (CONNECT is not supported)',
  'it does not know addresses of that type: try an IP address for the host, or a name'
]

/** SOCKS Protocol Version 5 (RFC 1928), with a username and password (RFC 1929) or without. Names are looked up by the proxy. */
export class Socks5Handshake implements ProxyHandshake {
  readonly #endpoint: Endpoint
  readonly #proxy: ProxyOptions
  #next: (bytes: Uint8Array) => [used: number, step: ProxyStep] | undefined = (bytes) => this.#method(bytes)
  #pending = NOTHING

  constructor(endpoint: Endpoint, proxy: ProxyOptions) {
    this.#endpoint = endpoint
    this.#proxy = proxy
  }

  begin(): ProxyStep {
    const methods = this.#proxy.user === undefined ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, USERNAME_PASSWORD]
    return { kind: 'more', send: Uint8Array.of(VERSION, methods.length, ...methods) }
  }

  receive(bytes: Uint8Array): ProxyStep {
    this.#pending = Buffer.concat([this.#pending, bytes])
    const [used, step] = this.#next(this.#pending) ?? []
    if (used === undefined || step === undefined) return { kind: 'more', send: NOTHING }
    this.#pending = this.#pending.subarray(used)
    if (step.kind === 'open') return { kind: 'open', rest: this.#pending }
    if (step.kind === 'more' && this.#pending.length > 0) return refused('it answered before it was asked')
    return step
  }

  #method(bytes: Uint8Array): [number, ProxyStep] | undefined {
    const [version, method] = bytes
    // Said at the first byte: somebody who speaks another protocol may not send a second one.
    if (version !== undefined && version !== VERSION) return [1, notSocks(version)]
    if (version === undefined || method === undefined) return undefined
    const { user, password = '' } = this.#proxy
    if (method === NO_AUTHENTICATION) return [2, this.#request()]
    if (method === USERNAME_PASSWORD && user !== undefined) {
      this.#next = (reply) => this.#login(reply)
      const [name, secret] = [Buffer.from(user), Buffer.from(password)]
      return [
        2,
        {
          kind: 'more',
          send: Buffer.concat([Uint8Array.of(1, name.length), name, Uint8Array.of(secret.length), secret])
        }
      ]
    }
    if (method !== NONE_ACCEPTABLE) return [2, refused(`it chose the authentication ${method}, which was not offered`)]
    return [
      2,
      refused(
        user === undefined
          ? 'it wants to know who dials: set proxyUser and proxyPassword'
          : 'it takes neither a username with a password nor nobody: see what authentication it has'
      )
    ]
  }

  #login(bytes: Uint8Array): [number, ProxyStep] | undefined {
    const [version, status] = bytes
    if (version === undefined || status === undefined) return undefined
    return [2, status === 0 ? this.#request() : refused('it does not take proxyUser and proxyPassword: check them')]
  }

  #request(): ProxyStep {
    const { host, port } = this.#endpoint
    const address = addressFor(host)
    if (address === undefined) return refused(`no proxy can look up ${JSON.stringify(host)}: check host`)
    this.#next = (bytes) => this.#reply(bytes)
    return {
      kind: 'more',
      send: Buffer.concat([Uint8Array.of(VERSION, 1, 0), address, Uint8Array.of(port >> 8, port & 255)])
    }
  }

  #reply(bytes: Uint8Array): [number, ProxyStep] | undefined {
    const [version, code, , type, nameLength] = bytes
    if (version !== undefined && version !== VERSION) return [1, notSocks(version)]
    // What is behind the code of a failure is of no interest, and may be missing.
    if (code !== undefined && code !== 0) return [2, refused(`${replies[code] ?? 'it failed'} (reply ${code})`)]
    if (type === undefined) return undefined
    const length = { 1: 4, 3: 1 + (nameLength ?? 255), 4: 16 }[type]
    if (length === undefined) return [4, refused(`expected an address of type 1, 3 or 4 in its reply, got ${type}`)]
    const end = 4 + length + 2
    return bytes.length < end ? undefined : [end, { kind: 'open', rest: NOTHING }]
  }
}

/** RFC 1928, 5: the type, then the address. */
function addressFor(host: string): Uint8Array | undefined {
  const address = bytesOfAddress(host)
  if (address !== undefined) return Buffer.concat([Uint8Array.of(address.length === 4 ? 1 : 4), address])
  const name = Buffer.from(host.includes(':') ? '' : domainToASCII(host), 'latin1')
  if (name.length === 0 || name.length > 255) return undefined
  return Buffer.concat([Uint8Array.of(3, name.length), name])
}

function notSocks(version: number): ProxyStep {
  const hint = version === 72 ? ': it speaks HTTP, set proxyType to "http"' : ': check proxyPort and proxyType'
  return refused(`expected SOCKS version 5, got ${version}${hint}`)
}
