import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { FixSession } from '../../lib/index.js'
import { silent } from '../support/two-sessions.js'

/** Holds the event loop, as a long computation would, until so much time has passed and so much has been said. */
function hold(milliseconds: number, said: Int32Array, count: number): void {
  const until = performance.now() + milliseconds
  const enough = Atomics.load(said, 0) + count
  for (;;) {
    const now = Atomics.load(said, 0)
    const left = until - performance.now()
    if (left <= 0 && now >= enough) return
    Atomics.wait(said, 0, now, Math.max(1, left))
  }
}

it('real sockets: a process that is held up for longer than the counterparty may be silent reads first, and ends nothing', async () => {
  const us = new FixSession(
    {
      role: 'acceptor',
      beginString: 'FIX.4.4',
      senderCompId: 'US',
      targetCompId: 'THEM',
      port: 0,
      journal: { path: ':memory:' },
      log: { level: 'silent' }
    },
    { logger: silent }
  )
  const reasons: string[] = []
  us.on('disconnect', ({ code, text }) => reasons.push(`${code} ${text}`))
  const loggedOn = new Promise((resolve) => us.once('logon', resolve))
  await us.connect()
  const said = new Int32Array(new SharedArrayBuffer(4))
  const them = new Worker(new URL('./held-up/counterparty.js', import.meta.url), {
    workerData: { port: us.listeningPort, said: said.buffer, interval: 200 }
  })
  const over = new Promise((resolve) => them.once('exit', resolve))
  await loggedOn
  // HeartBtInt(108)=1: a counterparty that is silent for 2.4 seconds is given up.
  for (let times = 0; times < 2; times++) {
    const before = us.nextNumIn
    hold(3000, said, 3)
    // All that waited is read in the next turns, and the session is what it was.
    while (us.nextNumIn < before + 3 && reasons.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(reasons).toEqual([])
    expect(us.state).toMatch(/^(Active|AwaitProcTestReq)$/)
  }
  await us.stop()
  await over
  expect(reasons.map((reason) => reason.split(' ')[0])).toEqual(['LOGGED_OUT'])
})
