import { expect } from 'vitest'
import { FixConfigError } from '../../lib/errors.js'

/** What `attempt` complains about, without the source in front of each line. */
export function problemsOf(attempt: () => unknown): string[] {
  try {
    attempt()
  } catch (error) {
    if (!(error instanceof FixConfigError)) throw error
    expect(error.message.split('\n')).toHaveLength(error.problems.length)
    return error.problems.map(
      ({ path, expected, got, advice }) => `${path}: expected ${expected}, got ${got}.${advice ? ` ${advice}` : ''}`
    )
  }
  return []
}

export const initiator = {
  role: 'initiator',
  beginString: 'FIX.4.4',
  senderCompId: 'BUYSIDE',
  targetCompId: 'BROKER',
  host: '127.0.0.1',
  port: 9878
} as const

export const acceptor = {
  role: 'acceptor',
  beginString: 'FIX.4.4',
  senderCompId: 'BROKER',
  targetCompId: 'BUYSIDE',
  port: 9878
} as const
