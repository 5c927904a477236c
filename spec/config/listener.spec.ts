import { expect, it } from 'vitest'
import { parseEngineConfig } from '../../lib/config/config.js'
import { acceptor, problemsOf } from './problems.js'

it('listener is the same for sessions that share one, defaults written out or not', () => {
  const two = (first: object | undefined, second: object | undefined, port: number = acceptor.port) =>
    problemsOf(() =>
      parseEngineConfig({
        sessions: [
          { ...acceptor, listener: first },
          { ...acceptor, host: 'LOCALHOST', targetCompId: 'OTHER', port, listener: second }
        ]
      })
    )
  const different = [expect.stringMatching(/^sessions\[1\]\.listener: expected the same as that of sessions\[0\]/)]
  expect(two({ maxLogonsPerSecond: 5 }, undefined)).toEqual(different)
  expect(two({ maxLogonsPerSecond: 5 }, { maxLogonsPerSecond: 6 })).toEqual(different)
  expect(two({ maxLogonsPerSecond: 5 }, { maxLogonsPerSecond: 5 })).toEqual([])
  expect(two({ maxPendingConnections: 1024 }, undefined)).toEqual([])
  expect(two({ maxLogonsPerSecond: 5 }, undefined, acceptor.port + 1)).toEqual([])
})
