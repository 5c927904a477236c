import { FixConnectionError } from '../errors.js'
import { codeOf, describeError, formatEndpoint } from './close-reason.js'
import type { Endpoint } from './transport.js'

export function listenFailure(endpoint: Endpoint, cause: unknown): FixConnectionError {
  if (cause instanceof FixConnectionError) {
    return new FixConnectionError('LISTEN_FAILED', `Cannot listen on ${formatEndpoint(endpoint)}: ${cause.message}`, {
      cause
    })
  }
  if (codeOf(cause) === 'EADDRINUSE') return portInUse(endpoint, cause)
  return new FixConnectionError(
    'LISTEN_FAILED',
    `Cannot listen on ${formatEndpoint(endpoint)}: ${describeError(cause)}. ` +
      'Check that host is an address of this machine and that this user may listen on the port.',
    { cause }
  )
}

export function portInUse(endpoint: Endpoint, cause?: unknown): FixConnectionError {
  return new FixConnectionError(
    'PORT_IN_USE',
    `Cannot listen on ${formatEndpoint(endpoint)}: the port is in use. Stop what listens there, or choose another port.`,
    { cause }
  )
}
