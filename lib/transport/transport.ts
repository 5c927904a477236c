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
   * `CONNECT_TIMEOUT`, `CONNECT_FAILED` (DNS, unreachable, ...), `TLS_FAILED`, `PROXY_FAILED`.
   */
  readonly code: string
  /** For people: what happened, with the system's own error code where there is one. */
  readonly text: string
}

/** What a connection tells its owner. Called from the event loop, never synchronously from a call on the connection. */
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
  readonly remoteAddress: string
  readonly remotePort: number
  /** Begins delivering; bytes that came before are kept until then. Calling it again replaces the receiver. */
  start(events: ConnectionEvents): void
  /** Takes over `bytes` (the caller must not change them until `drain` or `close`). False: wait for `drain`. */
  write(bytes: Uint8Array): boolean
  /** Bytes accepted by `write` that have not been handed to the operating system yet. */
  readonly bufferedBytes: number
  /** Stops reading from the socket, so that TCP slows the counterparty down. */
  pause(): void
  resume(): void
  /** Writes what is pending, then closes; destroys after 2 seconds when the counterparty does not let it finish. */
  end(): void
  /** Closes at once; pending bytes are lost. */
  destroy(): void
}

/** A dial that is under way. */
export interface Dial {
  /** Gives up; neither callback will be called. */
  abort(): void
}

export interface DialEvents {
  connected(connection: Connection): void
  failed(reason: CloseReason): void
}

export interface Listener {
  /** The port it listens on (of interest where 0 was asked for). */
  readonly port: number
  /** Stops accepting; connections that were accepted go on. */
  close(): Promise<void>
}

/** Makes connections: dials for initiators, listens for acceptors. */
export interface Transport {
  /** Two transports with the same `network` would collide on one endpoint, so their acceptors share a listener. */
  readonly network: object
  dial(endpoint: Endpoint, events: DialEvents): Dial
  /** Rejects with FixConnectionError `PORT_IN_USE` or `LISTEN_FAILED`. */
  listen(endpoint: Endpoint, accept: (connection: Connection) => void): Promise<Listener>
}
