import { afterEach, describe, expect, it } from 'vitest'
import { FixSession } from '../../lib/index.js'
import { TwoSessions } from '../support/two-sessions.js'

/** Fields and text of lines at level "info". */
function logged() {
  const lines: [object, string][] = []
  const info = (fields: object | string, text?: string): void => {
    lines.push(typeof fields === 'string' ? [{}, fields] : [fields, text ?? ''])
  }
  const logger = { debug() {}, info, warn() {}, error() {}, child: () => logger }
  return { lines, logger }
}

describe('the log says', () => {
  it('where an acceptor listens', async () => {
    const { lines, logger } = logged()
    const two = new TwoSessions()
    await two.acceptor({}, { logger }).connect()
    expect(lines).toEqual([[{ host: '127.0.0.1', port: 9878 }, 'Listening on 127.0.0.1:9878.']])
    await two.acceptor({ host: '0:0:0:0:0:0:0:1' }, { logger }).connect()
    expect(lines[1]).toEqual([{ host: '::1', port: 9878 }, 'Listening on [::1]:9878.'])
  })

  it('where an initiator dials, and when it will dial next', async () => {
    const { lines, logger } = logged()
    const two = new TwoSessions()
    void two.initiator({ reconnectInterval: [1.5, 30] }, { logger }).connect()
    await two.pass(1.5)
    expect(lines).toEqual([
      [{ host: '127.0.0.1', port: 9878 }, 'Dialling 127.0.0.1:9878.'],
      [{ seconds: 1.5 }, 'Next dial in 1.5 s.'],
      [{ host: '127.0.0.1', port: 9878 }, 'Dialling 127.0.0.1:9878.'],
      [{ seconds: 30 }, 'Next dial in 30 s.']
    ])
  })
})

describe('a listener is shared', () => {
  const sessions: FixSession[] = []

  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.stop()))
  })

  async function acceptor(host: string, port: number, targetCompId: string): Promise<FixSession> {
    const session = new FixSession(
      {
        role: 'acceptor',
        beginString: 'FIX.4.4',
        senderCompId: 'B',
        targetCompId,
        host,
        port,
        journal: { path: ':memory:' }
      },
      { logger: logged().logger }
    )
    session.on('error', () => {})
    sessions.push(session)
    await session.connect()
    return session
  }

  it('by sessions whose host is the same address in other words', async () => {
    const { listeningPort: port = 0 } = await acceptor('127.0.0.1', 0, 'A')
    await sessions.splice(0)[0]?.stop()
    const ports: (number | undefined)[] = []
    for (const [index, host] of ['localhost', '127.0.0.1', 'LOCALHOST.'].entries())
      ports.push((await acceptor(host, port, `C${index}`)).listeningPort)
    expect(ports).toEqual([port, port, port])
  })

  it('but not by sessions with other addresses', async () => {
    const { listeningPort: port = 0 } = await acceptor('127.0.0.1', 0, 'A')
    await expect(acceptor('0.0.0.0', port, 'B')).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  })
})
