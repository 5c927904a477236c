import type { PeerCertificate } from './peer-certificate.js'

/** Where to dial or listen. */
export interface Endpoint {
  readonly host: string
  /** 1..65535; 0 listens on a free port. */
  readonly port: number
}

/** Why a connection ended or could not be made, as data. */
export interface CloseReason {
  /**
   * Stable: `PEER_CLOSED`, `LOCAL_CLOSE`, `SOCKET_ERROR` (reset, broken pipe, ...), `CONNECT_REFUSED`,
   * `CONNECT_TIMEOUT`, `CONNECT_FAILED` (DNS, unreachable, ...), `TLS_FAILED`, `PROXY_FAILED`,
   * `PEER_NOT_READING` (a write while too much waits already).
   */
  readonly code: string
  /** For people: what happened, with the system's own error code where there is one. */
  readonly text: string
}

/**
 * What a connection tells its owner. Called from the event loop, never synchronously from a call on the connection.
 *
 * One that throws does not end the process: the connection is closed (`LOCAL_CLOSE`, the text says why), since what
 * it was told may be half done, and Node prints a warning with the stack.
 */
export interface ConnectionEvents {
  /** `bytes` is only valid during the call: copy what must stay. */
  data(bytes: Uint8Array): void
  /** After `write` answered false: there is room again. */
  drain(): void
  /** Once, last of all. */
  close(reason: CloseReason): void
}

/** A byte stream to the counterparty. */
export interface Connection {
  /** The counterparty's IP address; where it was dialled through a proxy, the host as it was dialled. */
  readonly remoteAddress: string
  readonly remotePort: number
  /** What the other end has shown, where the connection is TLS. */
  readonly certificate?: PeerCertificate | undefined
  /**
   * Begins delivering; bytes that came before are kept until then. Calling it again replaces the receiver. On a
   * connection that has closed already the receiver is told so.
   */
  start(events: ConnectionEvents): void
  /**
   * Takes over `bytes`: the caller must not change them while `bufferedBytes` is above 0 (so until `drain` or `close`
   * where it answered false). False: wait for `drain`. Once the connection is ending, it takes nothing and answers
   * false; only `close` follows.
   */
  write(bytes: Uint8Array): boolean
  /** Bytes accepted by `write` that have not been handed to the operating system yet; 0 right after most writes. */
  readonly bufferedBytes: number
  /** Stops reading from the socket, so that TCP slows the counterparty down. */
  pause(): void
  resume(): void
  /**
   * Writes what is pending, then closes; destroys after 2 seconds when the counterparty does not let it finish. What
   * still comes in is discarded. `close` comes when both directions are shut.
   *
   * The counterparty's own close is answered the same way, after what was written in that turn of the event loop.
   */
  end(): void
  /** Closes at once; pending bytes are lost. */
  destroy(): void
}

/** A dial that is under way. */
export interface Dial {
  /** Gives up; neither callback will be called. */
  abort(): void
}

/** How a dial ends: one of them is called, once. */
export interface DialEvents {
  /** A connection is there; nothing is read before its `start`. */
  connected(connection: Connection): void
  /** There is none, and why. */
  failed(reason: CloseReason): void
}

export interface Listener {
  /** The port it listens on (of interest where 0 was asked for). */
  readonly port: number
  /** Stops accepting; connections that were accepted go on. */
  close(): Promise<void>
}

/**
 * Asked when somebody has come, before a byte is read or written, TLS included: a text says why the connection is closed
 * at once; otherwise what to call when it has closed.
 */
export type Welcome = (remoteAddress: string) => (() => void) | string

/** Makes connections: dials for initiators, listens for acceptors. */
export interface Transport {
  /** Two transports with the same `network` would collide on one endpoint, so their acceptors share a listener. */
  readonly network: object
  dial(endpoint: Endpoint, events: DialEvents): Dial
  /**
   * Rejects with FixConnectionError `PORT_IN_USE` or `LISTEN_FAILED`. A transport that never calls `welcome` lets everybody
   * get as far as the Logon, from any address and in any number.
   */
  listen(endpoint: Endpoint, accept: (connection: Connection) => void, welcome?: Welcome): Promise<Listener>
}
