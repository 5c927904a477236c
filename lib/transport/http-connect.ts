import { domainToASCII } from 'node:url'
import { formatEndpoint } from './close-reason.js'
import { NOTHING, type ProxyHandshake, type ProxyOptions, type ProxyStep, refused } from './proxy-handshake.js'
import type { Endpoint } from './transport.js'

/** Bytes of an answer's status line and fields. */
const MAX_HEAD = 16_384

/** Characters of what a proxy says, in a log. */
const MAX_REASON = 100

/** A tunnel through an HTTP proxy: CONNECT (RFC 9110, 9.3.6), with Basic authentication (RFC 7617) or none. */
export class HttpConnectHandshake implements ProxyHandshake {
  readonly #endpoint: Endpoint
  readonly #proxy: ProxyOptions
  #pending = Buffer.alloc(0)

  constructor(endpoint: Endpoint, proxy: ProxyOptions) {
    this.#endpoint = endpoint
    this.#proxy = proxy
  }

  begin(): ProxyStep {
    const host = this.#endpoint.host.includes(':') ? this.#endpoint.host : domainToASCII(this.#endpoint.host)
    // A zone means something on this machine only, and a character of a name could end the line.
    if (host === '' || /[%\s]/.test(host))
      return refused(`no proxy can look up ${JSON.stringify(this.#endpoint.host)}: check host`)
    const target = formatEndpoint({ host, port: this.#endpoint.port })
    const credentials = this.#credentials()
    const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`]
    if (credentials !== undefined) lines.push(`Proxy-Authorization: Basic ${credentials}`)
    return { kind: 'more', send: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1') }
  }

  receive(bytes: Uint8Array): ProxyStep {
    this.#pending = Buffer.concat([this.#pending, bytes])
    for (;;) {
      const fault = faultOfStart(this.#pending)
      if (fault !== undefined) return refused(fault)
      const end = endOfHead(this.#pending)
      if (end === undefined) {
        if (this.#pending.length <= MAX_HEAD) return { kind: 'more', send: NOTHING }
        return refused(`expected the end of its answer's head within ${MAX_HEAD} bytes: check proxyPort and proxyType`)
      }
      const [line = ''] = this.#pending.toString('latin1', 0, Math.min(end, 1024)).split(/\r?\n/, 1)
      this.#pending = this.#pending.subarray(end)
      const [, code, reason = ''] = /^HTTP\/1\.\d (\d{3})(?: (.*))?$/.exec(line) ?? []
      if (code === undefined) return refused(`expected an answer of HTTP/1.1, got ${JSON.stringify(this.#shown(line))}`)
      // RFC 9110, 15.2: interim answers come before the one that counts.
      if (code.startsWith('1') && code !== '101') continue
      // RFC 9110, 9.3.6: whatever its fields say, what follows a success is from the other end of the tunnel.
      if (code.startsWith('2')) return { kind: 'open', rest: this.#pending }
      return refused(`it answered ${`${code} ${this.#shown(reason)}`.trimEnd()}${this.#advice(code)}`)
    }
  }

  #advice(code: string): string {
    // 401 is for servers, and some proxies answer it all the same.
    if (code === '407' || code === '401')
      return this.#proxy.user === undefined
        ? ': it wants to know who dials, set proxyUser and proxyPassword'
        : ': it does not take proxyUser and proxyPassword (Basic authentication), check them'
    if (code === '403' || code === '405') return ': have the address and port let through by its rules'
    if (/^50[0234]$/.test(code)) return ': check host and port, and that the counterparty is up'
    return ''
  }

  #credentials(): string | undefined {
    const { user, password = '' } = this.#proxy
    return user === undefined ? undefined : Buffer.from(`${user}:${password}`).toString('base64')
  }

  /** What the proxy said, without what it may have repeated of ours. */
  #shown(text: string): string {
    let shown = text.replace(/[^\x20-\x7e]/g, '?')
    for (const secret of [this.#credentials(), this.#proxy.password])
      if (secret) shown = shown.replaceAll(secret, '***')
    return shown.slice(0, MAX_REASON)
  }
}

/** Seen in the first bytes: who speaks another protocol may not send a line's end. */
function faultOfStart(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, 5)
  if ('HTTP/'.startsWith(start)) return undefined
  const hint = bytes[0] === 5 ? ': it speaks SOCKS, set proxyType to "socks5"' : ': check proxyPort and proxyType'
  return `expected an answer of HTTP, got something else${hint}`
}

/** RFC 9112, 2.2: a line may end with LF alone. */
function endOfHead(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(10); at >= 0 && at < MAX_HEAD; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3
  }
  return undefined
}
