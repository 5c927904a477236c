import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { formatConversation, parseConversation } from '../support/conversation/conversation-file.js'
import { Recorder } from '../support/conversation/recorder.js'
import { replay } from '../support/conversation/replay.js'
import { freePort, Peer } from './peer.js'

/*
 * A live conversation with QuickFIX is recorded, and replayed at once: the same bytes at the same moments. With GAPFILL_RECORD=FILE
 * it is also written down, for the suite that has no QuickFIX (spec/conversation.spec.ts).
 */

it('records a conversation with QuickFIX that replays byte for byte', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapfill-recording-'))
  const port = await freePort()
  const peer = new Peer('quickfix', {
    role: 'acceptor',
    port,
    senderCompId: 'QUICKFIX',
    targetCompId: 'GAPFILL',
    store: folder,
    orders: 40,
    rate: 20,
    echoReports: true
  })
  try {
    await peer.start()
    const recorder = new Recorder({
      role: 'initiator',
      beginString: 'FIX.4.4',
      senderCompId: 'GAPFILL',
      targetCompId: 'QUICKFIX',
      host: '127.0.0.1',
      port,
      heartBtInt: 2,
      reconnectInterval: 1,
      journal: { path: ':memory:' }
    })
    recorder.app('connect')
    await reaches(recorder, 'Active')
    await orders(recorder, 1, 8)
    recorder.app('send B 148=stale news')
    recorder.lose()
    await orders(recorder, 9, 12)
    recorder.app('send B 148=stale news, too')
    recorder.cut()
    await reaches(recorder, 'DisconnectedBrokenConn')
    await reaches(recorder, 'Active')
    await orders(recorder, 13, 20)
    recorder.app('testRequest')
    // Long enough to see Heartbeats of both sides.
    await pause(6000)
    recorder.app('logout')
    await reaches(recorder, 'DisconnectedWConnToday')
    await recorder.session.stop()

    const text = formatConversation(recorder.conversation, [
      'Recorded by spec/interop/recording.interop.ts: gapfill dials QuickFIX C++ 1.15.1, which sends 40 orders and answers ours.',
      'Both ways are lost for a while, then the link is cut: resends and gap fills in both directions follow.'
    ])
    const { sent, recorded } = await replay(parseConversation(text))
    expect(sent).toEqual(recorded)
    expect(recorded.some((line) => line.includes('|35=2|'))).toBe(true)
    expect(recorded.some((line) => line.includes('|43=Y|'))).toBe(true)
    if (process.env.GAPFILL_RECORD !== undefined) writeFileSync(process.env.GAPFILL_RECORD, text, 'latin1')
  } finally {
    await peer.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function orders(recorder: Recorder, from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number++) {
    recorder.app(`send D 11=r-${number}|21=1|55=MSFT|54=1|60=20260101-09:00:00|38=100|40=2|44=10.25|`)
    await pause(40)
  }
}

function reaches(recorder: Recorder, state: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (now: string): void => {
      if (now !== state) return
      recorder.session.off('stateChange', look)
      resolve()
    }
    recorder.session.on('stateChange', look)
    look(recorder.session.state)
  })
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
