import type { CloseReason, Endpoint } from './transport.js'

export const PEER_CLOSED: CloseReason = { code: 'PEER_CLOSED', text: 'The counterparty closed the connection.' }

export const LOCAL_CLOSE: CloseReason = { code: 'LOCAL_CLOSE', text: 'Closed by this side.' }

export function receiverThrew(error: unknown): CloseReason {
  return { code: 'LOCAL_CLOSE', text: `Closed by this side: the connection's receiver threw ${describeError(error)}.` }
}

export function peerNotReading(bufferedBytes: number, maxBufferedBytes: number): CloseReason {
  return {
    code: 'PEER_NOT_READING',
    text:
      `${bufferedBytes} bytes wait for a counterparty that does not read them, at most ${maxBufferedBytes} may: ` +
      'closed. Find out why it is slow, or raise maxBufferedBytes.'
  }
}

export function socketError(error: Error): CloseReason {
  return { code: 'SOCKET_ERROR', text: `The connection broke: ${describeError(error)}.` }
}

export function connectRefused(endpoint: Endpoint, detail: string): CloseReason {
  return {
    code: 'CONNECT_REFUSED',
    text: `Nothing listens on ${formatEndpoint(endpoint)} (${detail}): check host and port, and that the counterparty is up.`
  }
}

export function connectTimeout(endpoint: Endpoint, detail: string): CloseReason {
  return {
    code: 'CONNECT_TIMEOUT',
    text: `No answer from ${formatEndpoint(endpoint)} (${detail}): check the address, routes and firewalls.`
  }
}

/** What a failed dial was, from the error that Node gave. */
export function connectFailure(endpoint: Endpoint, error: Error): CloseReason {
  const codes = new Set(causesOf(error).map(codeOf))
  const detail = describeError(error)
  if (codes.has('ECONNREFUSED')) return connectRefused(endpoint, detail)
  if (codes.has('ETIMEDOUT')) return connectTimeout(endpoint, detail)
  return { code: 'CONNECT_FAILED', text: `Cannot connect to ${formatEndpoint(endpoint)}: ${detail}.` }
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** The message, which in Node's own errors begins with or holds the system's code; all of them for several addresses. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return causesOf(error)
    .map((cause) => cause.message || codeOf(cause) || cause.name)
    .join('; ')
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A name with several addresses fails with one error for each. */
function causesOf(error: Error): readonly Error[] {
  if (!(error instanceof AggregateError)) return [error]
  const causes = error.errors.filter((cause): cause is Error => cause instanceof Error)
  return causes.length > 0 ? causes : [error]
}
