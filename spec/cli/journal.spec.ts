import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Codec, FixMessage, SqliteJournal } from '../../lib/index.js'
import { batch, range, temporaryDirectory } from '../support/journal.js'
import { gapfill } from './recording-io.js'

const us = 'FIX.4.4:BUYSIDE->BROKER'
const them = 'FIX.4.4:BROKER->BUYSIDE'
const codec = new Codec({ beginString: 'FIX.4.4' })

function wire(sender: 'BUYSIDE' | 'BROKER', msgSeqNum: number) {
  const target = sender === 'BROKER' ? 'BUYSIDE' : 'BROKER'
  const message =
    msgSeqNum === 1
      ? new FixMessage('BE', { 923: 'R1', 924: '3', 553: 'me', 554: 'swordfish' })
      : new FixMessage('B', { 148: `news ${msgSeqNum}`, 58: 'x'.repeat(100) })
  const sendingTime = new Date(1_700_000_000_000 + msgSeqNum)
  const bytes = codec.encode(message, { senderCompId: sender, targetCompId: target, msgSeqNum, sendingTime })
  return { msgSeqNum, time: sendingTime.getTime(), bytes: Buffer.from(bytes) }
}

/** The journals of two sides after `count` messages each way. */
function journals(count: number): { readonly cwd: string; readonly ours: SqliteJournal; close(): void } {
  const cwd = temporaryDirectory()
  const ours = new SqliteJournal(join(cwd, 'ours.db'))
  const theirs = new SqliteJournal(join(cwd, 'theirs.db'))
  for (const [journal, id, sender, other] of [
    [ours, us, 'BUYSIDE', 'BROKER'],
    [theirs, them, 'BROKER', 'BUYSIDE']
  ] as const) {
    journal.load(id, 1_699_999_999_000)
    for (const number of range(1, count)) {
      const numbers = { nextNumIn: number + 1, nextNumOut: number + 1, connectTime: 1_700_000_000_000 }
      journal.commit([batch(id, { in: [wire(other, number)], out: [wire(sender, number)], ...numbers })])
    }
  }
  const close = () => {
    ours.close()
    theirs.close()
  }
  return { cwd, ours, close }
}

/** Overwrites the pages around the one message of which this text is a part. */
function overwrite(path: string, text: string): void {
  const bytes = readFileSync(path)
  // What is in the file twice, in the blocks and in turns that are packed, is damaged where it is last.
  const page = Math.floor(bytes.lastIndexOf(text, bytes.length, 'latin1') / 2_048)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(2 * 2_048, 0xee), 0, 2 * 2_048, (page - 1) * 2_048)
  closeSync(file)
}

describe('gapfill journal show', () => {
  it('tells the numbers, also of a journal in use', async () => {
    const { cwd, close } = journals(3)
    const { status, stdout } = await gapfill(['journal', 'show', 'ours.db'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toBe(
      'SESSION                  NEXT IN  NEXT OUT  NUMBERS FROM 1 SINCE      LAST CONNECTION\n' +
        `${us}  4        4         2023-11-14T22:13:19.000Z  2023-11-14T22:13:20.000Z\n`
    )
    close()
  })
})

describe('of a journal that has lost its first page', () => {
  it('show and export tell what is on the others', async () => {
    const { cwd, close } = journals(20)
    close()
    const file = openSync(join(cwd, 'ours.db'), 'r+')
    writeSync(file, Buffer.alloc(2_048, 0xee), 0, 2_048, 0)
    closeSync(file)
    const shown = await gapfill(['journal', 'show', 'ours.db'], { cwd })
    expect(shown.status).toBe(1)
    expect(shown.stdout).toMatch(/\nFIX\.4\.4:BUYSIDE->BROKER {2}21 {7}21 /)
    expect(shown.stderr).toMatch(/^gapfill journal: Expected .*\nWhat can be read page by page was shown\.\n$/)
    const exported = await gapfill(['journal', 'export', 'ours.db'], { cwd })
    expect(exported.status).toBe(1)
    expect(exported.stdout.trimEnd().split('\n')).toHaveLength(40)
  })
})

describe('gapfill journal export', () => {
  it('writes a line a message, secrets masked unless they are asked for', async () => {
    const { cwd, close } = journals(2)
    const { status, stdout, stderr } = await gapfill(['journal', 'export', 'ours.db'], { cwd })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^2023-11-14T22:13:20\.001Z FIX\.4\.4:BUYSIDE->BROKER in 1 8=FIX\.4\.4\|9=\d+\|35=BE\|/)
    expect(lines[3]).toMatch(/ out 2 8=FIX\.4\.4\|.*\|58=x{100}\|148=news 2\|10=\d{3}\|$/)
    expect(stdout).toContain('554=***')
    expect(stdout).not.toContain('swordfish')
    const whole = await gapfill(['journal', 'export', '--secrets', 'ours.db'], { cwd })
    expect(whole.stdout).toContain('554=swordfish')
    close()
  })

  it('writes JSON, from which the messages can be read again, of some numbers only', async () => {
    const { cwd, close } = journals(9)
    const argv = ['journal', 'export', '--json', '--session', us, '--from', '3', '--to', '4', 'ours.db']
    const { stdout } = await gapfill(argv, { cwd })
    const lines = stdout.trimEnd().split('\n')
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(objects.map(({ direction, msgSeqNum }) => [direction, msgSeqNum])).toEqual([
      ['in', 3],
      ['in', 4],
      ['out', 3],
      ['out', 4]
    ])
    expect(objects[0]).toEqual({
      session: us,
      direction: 'in',
      msgSeqNum: 3,
      time: '2023-11-14T22:13:20.003Z',
      msgType: 'B',
      raw: wire('BROKER', 3).bytes.toString('latin1')
    })
    close()
  })

  it('gives what is left of a damaged journal, and says so', async () => {
    const { cwd, close } = journals(600)
    close()
    overwrite(join(cwd, 'ours.db'), '148=news 300')
    const { status, stdout, stderr } = await gapfill(['journal', 'export', 'ours.db'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('What can be read page by page was shown.')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(900)
    expect(new Set(lines.map((line) => line.split(' ').slice(2, 4).join(' '))).size).toBe(lines.length)
  })

  it.each([
    [['journal', 'export'], 'expected the path of one journal'],
    [['journal', 'export', '--from', 'x', 'ours.db'], '--from: expected a MsgSeqNum(34), got "x"'],
    [['journal', 'export', '--session', 'X', 'ours.db'], `got "X". It has ${us}`],
    [['journal', 'repair', 'ours.db'], 'expected --out NEW'],
    [['journal', 'shwo', 'ours.db'], 'expected one of show, export, compare, repair, got "shwo"'],
    [['journal'], 'expected one of show, export, compare, repair, got ""']
  ])('%j is told what was expected', async (argv, text) => {
    const { cwd, close } = journals(1)
    const { status, stderr } = await gapfill(argv, { cwd })
    expect(status).toBe(2)
    expect(stderr).toContain(text)
    close()
  })

  it.each([
    ['none', () => {}, 'JOURNAL_OPEN'],
    ['no database', (path: string) => writeFileSync(path, 'hello\n'.repeat(1_000)), 'found nothing of one']
  ])('says what is wrong where there is nothing to read: %s', async (_, make, text) => {
    const cwd = temporaryDirectory()
    make(join(cwd, 'ours.db'))
    const { status, stdout, stderr } = await gapfill(['journal', 'export', 'ours.db'], { cwd })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(text === 'JOURNAL_OPEN' ? 'opening' : text)
  })
})

describe('gapfill journal compare', () => {
  it('says that two sides agree, or where they do not', async () => {
    const { cwd, ours, close } = journals(5)
    const equal = await gapfill(['journal', 'compare', 'ours.db', 'theirs.db'], { cwd })
    expect(equal.status).toBe(0)
    expect(equal.stdout).toBe(
      `${us}: 5 application messages sent, 5 received\n${them}: 5 application messages sent, 5 received\nequal\n`
    )
    ours.commit([batch(us, { out: [wire('BUYSIDE', 6)], nextNumOut: 7 })])
    const more = await gapfill(['journal', 'compare', 'ours.db', 'theirs.db'], { cwd })
    expect(more.status).toBe(1)
    expect(more.stdout).toContain(`${us}: 6 application messages sent, 5 received, 1 missing`)
    expect(more.stdout).toContain(`MsgSeqNum(34)=6 from ${us} is missing`)
    expect((await gapfill(['journal', 'compare', 'ours.db', 'ours.db'], { cwd })).status).toBe(1)
    close()
  })
})

describe('gapfill journal repair', () => {
  it('makes a journal that a session can go on with, and leaves the damaged one as it was', async () => {
    const { cwd, close } = journals(600)
    close()
    const path = join(cwd, 'ours.db')
    overwrite(path, '148=news 300')
    const before = readFileSync(path)
    const { status, stdout } = await gapfill(['journal', 'repair', 'ours.db', '--out', 'new.db'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^FIX\.4\.4:BUYSIDE->BROKER: next in 601, next out 601\n {2}in: {2}\d+ messages/)
    expect(stdout).toMatch(/\n\d{3,4} messages saved in new\.db\n$/)
    expect(readFileSync(path).equals(before)).toBe(true)
    const journal = new SqliteJournal(join(cwd, 'new.db'))
    expect(journal.load(us, 0)).toEqual({
      nextNumIn: 601,
      nextNumOut: 601,
      resetTime: 1_699_999_999_000,
      connectTime: 1_700_000_000_000
    })
    journal.commit([batch(us, { out: [wire('BUYSIDE', 601)], nextNumOut: 602 })])
    expect(journal.read(us, 'out', 601, 601, 1)).toHaveLength(1)
    journal.close()
  })

  it('refuses a journal in use, a file that is there, and one with nothing in it; then there is no new file', async () => {
    const { cwd, close } = journals(3)
    const inUse = join(cwd, 'copy.db')
    const tell = async (file: string, out: string) => {
      const { status, stdout, stderr } = await gapfill(['journal', 'repair', file, '--out', out], { cwd })
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      return stderr
    }
    expect(await tell('ours.db', 'theirs.db')).toContain('expected a file that is not there yet')
    expect(await tell('ours.db', 'new.db')).toContain(`owned by process ${process.pid}`)
    close()
    writeFileSync(inUse, Buffer.alloc(100_000, 1))
    expect(await tell('copy.db', 'new.db')).toContain('found nothing of one')
    expect(await tell('none.db', 'new.db')).toContain('ENOENT')
    copyFileSync(join(cwd, 'ours.db'), inUse)
    expect(await tell('copy.db', 'no/such/new.db')).toContain('no/such')
    expect(readdirSync(cwd).filter((name) => name.startsWith('new'))).toEqual([])
    expect(existsSync(dirname(inUse))).toBe(true)
  })
})
