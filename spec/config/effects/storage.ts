import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { FixMessage, type FixSession } from '../../../lib/index.js'
import { openJournalForReading } from '../../../lib/journal/sqlite-reader.js'
import { order, type TwoSessions } from '../../support/two-sessions.js'
import { WatchedJournal } from '../../support/watched-journal.js'
import { accepted, type Effects, theirLogon } from './world.js'

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gapfill-effects-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What an acceptor without a logger of the spec's logs to a file: logged on, one garbled message, stopped. */
async function logOf(log: object): Promise<string> {
  let text = ''
  await inFolder(async (folder) => {
    const file = join(folder, 'session.log')
    const { two, us, them } = await accepted({ log: { file, ...log } }, { logger: undefined })
    await them.say('35=1|34=2|112=X', '8=FIX.4.4|9=5|35=0|10=000|')
    await stopped(two, us)
    text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  })
  return text
}

export const limits: Effects = {
  maxMessageLength: async () => {
    const closed = async (maxMessageLength: number) => {
      const { them } = await accepted({ maxMessageLength })
      await them.say(`35=D|34=2|58=${'x'.repeat(1000)}`)
      return them.closed.length
    }
    expect(await closed(500)).toBe(1)
    expect(await closed(5000)).toBe(0)
  },
  maxFields: async () => {
    const delivered = async (maxFields: number) => {
      const { us, them } = await accepted({ maxFields })
      await them.say(`35=D|34=2|${Array.from({ length: 30 }, (_, index) => `${6000 + index}=x`).join('|')}`)
      return us.seen.messages.length
    }
    expect(await delivered(20)).toBe(0)
    expect(await delivered(200)).toBe(1)
  },
  maxHeldMessages: async () => {
    const faults = async (maxHeldMessages: number) => {
      const { us, them } = await accepted({ maxHeldMessages })
      await them.say('35=D|34=4|11=A', '35=D|34=5|11=B', '35=D|34=6|11=C')
      return us.seen.errors.map((error) => (error as Error & { code: string }).code)
    }
    expect(await faults(2)).toEqual(['HELD_MESSAGES_FULL'])
    expect(await faults(3)).toEqual([])
  },
  maxInboundBacklog: async () => {
    const delivered = async (maxInboundBacklog: number) => {
      const journal = new WatchedJournal()
      const { us, them } = await accepted({ maxInboundBacklog }, { journal })
      journal.late = true
      for (let msgSeqNum = 2; msgSeqNum < 12; msgSeqNum++) await them.say(`35=D|34=${msgSeqNum}|58=${'x'.repeat(1000)}`)
      return us.seen.messages.length
    }
    expect(await delivered(5000)).toBe(5)
    expect(await delivered(50_000)).toBe(10)
  },
  maxOutboundBuffer: async () => {
    const ends = async (maxOutboundBuffer: number) => {
      const { two, us, them } = await accepted({ maxOutboundBuffer, heartBtInt: 0 })
      them.connections[0]?.pause()
      for (let message = 0; message < 100 && us.state === 'Active'; message++) {
        us.send(new FixMessage('B', { 58: 'x'.repeat(50_000) }))
        await two.settle()
      }
      return us.seen.events.filter((event) => event.startsWith('disconnect'))
    }
    expect(await ends(1_000_000)).toEqual(['disconnect SLOW_COUNTERPARTY'])
    expect(await ends(100_000_000)).toEqual([])
  }
}

export const storage: Effects = {
  'journal.path': () =>
    inFolder(async (folder) => {
      const path = join(folder, 'own.db')
      const { two, us } = await accepted({ journal: { path } })
      us.send(order('A'))
      await two.settle()
      const reader = openJournalForReading(path)
      expect(reader.sessions().map(({ sessionId, nextNumOut }) => [sessionId, nextNumOut])).toEqual([[us.id, 3]])
      reader.close()
      await stopped(two, us)
    }),
  'journal.synchronous': () =>
    inFolder(async (folder) => {
      // One file has one set of options: the second session's has to be the first one's.
      const path = join(folder, 'shared.db')
      const { two, us } = await accepted({ journal: { path, synchronous: 'full' } })
      const open = (synchronous: 'normal' | 'full') =>
        two.initiator({ senderCompId: synchronous, journal: { path, synchronous } }).open()
      await expect(open('normal')).rejects.toThrow(/synchronous: expected full/)
      await expect(open('full')).resolves.toBeUndefined()
      await stopped(two, us)
    }),
  'journal.retention.maxAge': () =>
    inFolder(async (folder) => {
      const left = async (maxAge: number) => {
        const path = join(folder, `${maxAge}.db`)
        const { two, us } = await accepted({ journal: { path, retention: { maxAge } }, disableHeartBeatCheck: true })
        for (let hour = 0; hour < 48; hour++) {
          us.send(order(`${hour}`))
          await two.pass(3600)
        }
        await stopped(two, us)
        return ordersIn(path, us.id)
      }
      expect(await left(864_000)).toBe(48)
      expect(await left(7200)).toBeLessThan(48)
    }),
  'journal.retention.maxMessages': () =>
    inFolder(async (folder) => {
      const left = async (maxMessages: number) => {
        const path = join(folder, `${maxMessages}.db`)
        const { two, us } = await accepted({ journal: { path, retention: { maxMessages } } })
        for (let turn = 0; turn < 60; turn++) {
          for (let each = 0; each < 50; each++) us.send(order(`${turn}-${each}`))
          await two.settle()
        }
        await stopped(two, us)
        return ordersIn(path, us.id)
      }
      expect(await left(10_000)).toBe(3000)
      expect(await left(10)).toBeLessThan(3000)
      // In memory too.
      const { two, us, them } = await accepted({ journal: { path: ':memory:', retention: { maxMessages: 2 } } })
      for (const id of ['A', 'B', 'C']) us.send(order(id))
      await two.settle()
      them.heard()
      await them.say('35=2|34=2|7=2|16=0')
      expect(them.heard().map((text) => text.slice(0, 9))).toEqual(['35=4|34=2', '35=D|34=3', '35=D|34=4'])
    }),
  'log.level': async () => {
    expect(await logOf({ level: 'info' })).toContain('Logged on.')
    const warned = await logOf({ level: 'warn' })
    expect(warned).not.toContain('Logged on.')
    expect(warned).toContain('Garbled')
    expect(await logOf({ level: 'silent' })).toBe('')
  },
  secretTags: async () => {
    const traces = async (secretTags: readonly number[]) => {
      const journal = new WatchedJournal()
      const lines: string[] = []
      const info = (...args: unknown[]): void => void lines.push(String(args.at(-1)))
      const logger = { debug() {}, info, warn() {}, error() {} }
      await accepted({ secretTags, log: { messages: true } }, { journal, logger }, `${theirLogon}|5055=hush`)
      const kept = journal.commits.flat().flatMap((batch) => batch.in)
      const texts = kept.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
      expect(texts.join()).toContain('5055=')
      return [lines, texts].map((all) => all.join().includes('5055=hush'))
    }
    expect(await traces([])).toEqual([true, true])
    expect(await traces([5055])).toEqual([false, false])
  },
  'log.messages': async () => {
    const logged = (text: string) =>
      text.split('\n').flatMap((line) => /"direction":"(in|out)".*\|(35=\w)\|/.exec(line)?.slice(1).join(' ') ?? [])
    expect(logged(await logOf({ messages: true }))).toEqual(['in 35=A', 'out 35=A', 'in 35=1', 'out 35=0', 'out 35=5'])
    expect(logged(await logOf({}))).toEqual([])
  },
  'log.file': async () => {
    expect(await logOf({})).toContain('"session":"FIX.4.4:BROKER->BUYSIDE"')
  },
  'log.maxFileSize': () =>
    inFolder(async (folder) => {
      const turned = async (maxFileSize: number) => {
        const file = join(folder, `${maxFileSize}.log`)
        const { two, us, them } = await accepted({ log: { file, maxFileSize, messages: true } }, { logger: undefined })
        for (let msgSeqNum = 2; msgSeqNum < 30; msgSeqNum++)
          await them.say(`35=1|34=${msgSeqNum}|112=${'X'.repeat(200)}`)
        await stopped(two, us)
        return existsSync(`${file}.1`)
      }
      expect(await turned(4096)).toBe(true)
      expect(await turned(1_000_000)).toBe(false)
    })
}

/** Orders that a journal has of what a session sent. */
function ordersIn(path: string, sessionId: string): number {
  const reader = openJournalForReading(path)
  const orders = [...reader.messages(sessionId, 'out')].filter(({ bytes }) =>
    Buffer.from(bytes).toString('latin1').includes('\u000135=D\u0001')
  )
  reader.close()
  return orders.length
}

/** Its journal and log are on disk now. */
async function stopped(two: TwoSessions, session: FixSession): Promise<void> {
  const done = session.stop()
  await two.pass(5)
  await done
}
