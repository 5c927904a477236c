import type { Endpoint } from './transport.js'

/** A proxy to dial through. */
export interface ProxyOptions extends Endpoint {
  readonly type: 'socks5' | 'http'
  /** Where the proxy wants to know who dials. */
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** What a handshake with a proxy has come to. */
export type ProxyStep =
  /** Send this, which may be nothing, and wait for more. */
  | { readonly kind: 'more'; readonly send: Uint8Array }
  /** There is a way to the endpoint; `rest` came from there. */
  | { readonly kind: 'open'; readonly rest: Uint8Array }
  /** A clause: what the proxy did, and what to do. No secret is in it. */
  | { readonly kind: 'refused'; readonly why: string }

/** One handshake: bytes in, bytes out, no socket. */
export interface ProxyHandshake {
  /** What to send first. */
  begin(): ProxyStep
  /** `bytes` came; not called after the end. They may be reused afterwards. */
  receive(bytes: Uint8Array): ProxyStep
}

export const NOTHING = new Uint8Array(0)

export function refused(why: string): ProxyStep {
  return { kind: 'refused', why }
}
