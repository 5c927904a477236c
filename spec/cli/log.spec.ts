import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { MessageFinder } from '../../lib/cli/log/message-finder.js'
import { Codec, FixMessage, SqliteJournal } from '../../lib/index.js'
import { temporaryPath } from '../support/journal.js'
import { gapfill } from './recording-io.js'

const folder = mkdtempSync(join(tmpdir(), 'gapfill-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

const soh = '\u0001'

/** A whole message with SOH, of fields that are written with |. */
function message(fields: string, beginString = 'FIX.4.4'): string {
  const body = fields.replaceAll('|', soh)
  const text = `8=${beginString}${soh}9=${body.length}${soh}${body}`
  const sum = [...text].reduce((total, character) => total + character.charCodeAt(0), 0) % 256
  return `${text}10=${String(sum).padStart(3, '0')}${soh}`
}

const order = message('35=D|34=2|49=A|52=20240102-10:11:12.123|56=B|11=ID|55=X|54=1|60=20240102-10:11:12|38=1|40=1|')
const logon = message('35=A|34=1|49=A|52=20240102-10:11:12.123|56=B|98=0|108=30|553=me|554=hunter2|')

interface JsonLine {
  readonly msgType?: string
  readonly fields?: [number, string][]
  readonly raw?: string
  readonly kind?: string
  readonly code?: string
  readonly text?: string
  readonly messages?: number
  readonly broken?: number
}

async function* pieces(text: string | Buffer, size = 7): AsyncIterable<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** What `gapfill log --json -` says of a text, an object a line. */
async function json(text: string | Buffer, ...argv: string[]): Promise<JsonLine[]> {
  const { status, stdout, stderr } = await gapfill(['log', '--json', ...argv, '-'], { stdin: pieces(text) })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonLine)
}

async function tree(text: string, ...argv: string[]): Promise<string> {
  return (await gapfill(['log', ...argv, '-'], { stdin: pieces(text) })).stdout
}

describe('gapfill log --json', () => {
  it('prints an object for each message and a summary', async () => {
    const [first, second, summary, ...more] = await json(`${order}\n${message('35=0|34=3|')}`)
    expect(first).toEqual({
      msgType: 'D',
      fields: new Codec({ beginString: 'FIX.4.4' })
        .push(Buffer.from(order))
        .flatMap((one) => (one instanceof FixMessage ? one.toJSON().fields : [])),
      raw: order
    })
    expect([second?.msgType, more]).toEqual(['0', []])
    expect(summary).toEqual({
      kind: 'summary',
      messages: 2,
      broken: 0,
      lines: 2,
      bytes: order.length + 1 + message('35=0|34=3|').length,
      msgTypes: { 0: 1, D: 1 }
    })
  })

  it.each([
    ['SOH', soh],
    ['|', '|'],
    ['^A', '^A'],
    ['\\u0001', '\\u0001'],
    ['\\x01', '\\x01'],
    ['<SOH>', '<SOH>'],
    ['␁', Buffer.from('\u2401').toString('latin1')],
    [';', ';'],
    [' | ', ' | '],
    ['a space', ' '],
    [', ', ', ']
  ])('knows %s between fields, behind whatever stands before them', async (_, separator) => {
    const lines = [
      `20240102-10:11:12.123 : ${order}`,
      `{"level":30,"session":"FIX.4.4:A->B","msg":"${order}"}`,
      `7|FIX.4.4:A->B|in|2|${order.slice(0, -1)}`,
      '2024-01-02 something else 58=FIX 108=30 and 8=',
      `<${order}>${order}`
    ]
    const found = await json(lines.join('\n').replaceAll(soh, separator))
    expect(found.map((line) => line.code ?? line.msgType ?? line.kind)).toEqual(['D', 'D', 'D', 'D', 'D', 'summary'])
    for (const line of found.slice(0, -1)) expect(line.fields).toEqual(found[0]?.fields)
    expect(found[0]?.raw).toBe(order.replaceAll(soh, separator))
  })

  it.each([
    ['a wrong BodyLength', order.replace(/9=\d+/, '9=60'), 'BODY_LENGTH', /^BodyLength\(9\): expected \d+, got 60\.$/],
    ['a BodyLength far too long', order.replace(/9=\d+/, '9=5000000'), 'BODY_LENGTH', /got 5000000/],
    [
      'no BodyLength',
      order.replace(`9=${/9=(\d+)/.exec(order)?.[1]}${soh}`, ''),
      'BODY_LENGTH',
      /^Expected BodyLength\(9\) with a number/
    ],
    ['a wrong CheckSum', order.replace(/10=\d+/, '10=000'), 'CHECK_SUM', /^CheckSum\(10\): expected \d{3}, got "000"/],
    ['a CheckSum without digits', order.replace(/10=\d+/, '10='), 'CHECK_SUM', /got ""/],
    ['a tag that is none', message('35=D|x=1|'), 'TAG', /^Expected tag=value with an integer tag/],
    ['no MsgType', message('34=1|35=D|'), 'MSG_TYPE', /^Expected MsgType\(35\) as the third field, got tag 34/],
    ['no end', order.slice(0, 80), 'CUT_OFF', /cut off/],
    ['nothing but BeginString', '8=FIX.4.4', 'CUT_OFF', /cut off/],
    ['another BeginString', message('35=0|34=1|', 'FOX.4.4').replace(/10=\d+/, '10=1'), 'CHECK_SUM', /got "1"/]
  ])('says what is wrong with a message that has %s, and reads the next', async (_, broken, code, text) => {
    for (const separator of [soh, '|']) {
      const found = await json(`${order}\n${broken}\n${order}\n${broken}`.replaceAll(soh, separator))
      expect(found.map((line) => line.code ?? line.msgType ?? line.kind)).toEqual(['D', code, 'D', code, 'summary'])
      expect(found[1]).toMatchObject({ kind: 'broken', text: expect.stringMatching(text), line: 2 })
      expect(found[4]).toMatchObject({ messages: 2, broken: 2, lines: 4 })
    }
  })

  it('takes data by its length, whatever is in it', async () => {
    const data = `a${soh}10=123${soh}\n8=FIX.4.4${soh}9=5${soh}`
    const news = message(`35=B|34=2|148=x|33=1|58=t|95=${data.length}|96=DATA|`).replace('DATA', data)
    const whole = message(`35=B|34=2|148=x|33=1|58=t|95=${data.length}|96=${data}|`)
    expect(news).not.toBe(whole)
    const found = await json(`${whole}${order}`)
    expect(found.map((line) => line.msgType)).toEqual(['B', 'D', undefined])
    expect(found[0]?.fields?.find(([tag]) => tag === 96)).toEqual([96, data])
    expect(found[2]).toMatchObject({ broken: 0, lines: 2 })
  })

  it('gives a value its separator back', async () => {
    const text = message('35=0|34=2|58=TEXT|').replace('TEXT', ' a|b')
    const [first] = await json(text.replace(/10=\d+/, `10=${checkSum(text)}`).replaceAll(soh, '|'))
    expect(first?.fields?.find(([tag]) => tag === 58)).toEqual([58, ' a|b'])
  })

  it('masks secrets, in whole messages and in broken ones, and is not confused by those that are masked already', async () => {
    for (const separator of [soh, '|', '^A']) {
      const text = `${logon}${logon.replace(/10=\d+/, '10=000')}${logon.replace('hunter2', '***')}${logon.slice(0, -12)}`
      const found = await json(text.replaceAll(soh, separator))
      expect(JSON.stringify(found)).not.toContain('hunter')
      expect(found.map((line) => line.code ?? line.msgType)).toEqual(['A', 'CHECK_SUM', 'A', 'CUT_OFF', undefined])
      expect(found[0]?.fields).toContainEqual([554, '***'])
      expect(found[0]?.raw).toContain(`${separator}554=***${separator}`)
    }
    expect(await tree(`password 8=FIX.4.4|554=hunter2|${logon}`)).not.toContain('hunter')
  })

  it('reads what is no ASCII as bytes, also from text that was made of them', async () => {
    const news = message('35=B|34=2|148=Gr\xfc\xdfe|33=1|58=t|')
    for (const bytes of [Buffer.from(news, 'latin1'), Buffer.from(news, 'utf8')]) {
      expect((await json(bytes))[0]?.fields).toContainEqual([148, 'Gr\xfc\xdfe'])
    }
    const escaped = JSON.stringify({ text: news }).replaceAll('\xfc', '\\u00fc')
    expect((await json(Buffer.from(escaped, 'utf8')))[0]?.fields).toContainEqual([148, 'Gr\xfc\xdfe'])
  })

  it('knows the data fields of a dictionary that is named', async () => {
    const file = join(folder, 'venue.xml')
    writeFileSync(
      file,
      `<fix extends="FIX.4.4"><fields><field number="20001" name="VenueBlobLength" type="LENGTH"/><field number="20002" name="VenueBlob" type="DATA"/></fields></fix>`
    )
    const blob = message('35=0|34=2|20001=3|20002=a|b|')
    expect((await json(blob, '--dictionary', file))[0]?.fields).toContainEqual([20002, `a${soh}b`])
    expect((await json(blob))[0]).toMatchObject({ kind: 'broken', code: 'TAG' })
  })

  it('finds nothing in what is no log', async () => {
    const summary = { kind: 'summary', messages: 0, broken: 0, lines: 0, bytes: 0, msgTypes: {} }
    expect(await json('')).toEqual([summary])
    expect(await json('one\ntwo\n')).toEqual([{ ...summary, lines: 2, bytes: 8 }])
  })
})

describe('gapfill log', () => {
  it('prints trees with names, and where messages stand', async () => {
    const text = await tree(`# a log\n20240102-10:11:12 out: ${order}\n${order.replace(/10=\d+/, '10=000')}`)
    expect(text).toContain('line 2: 20240102-10:11:12 out:\nNewOrderSingle(D)\n  BeginString(8) = FIX.4.4\n')
    expect(text).toContain('\n  Side(54) = 1 BUY\n')
    expect(text).toMatch(/line 3\nbroken, CHECK_SUM: CheckSum\(10\): expected \d{3}, got "000"\.\n {2}8=FIX\.4\.4\|9=/)
    expect(text).toMatch(/\n1 message, 1 broken, in 3 lines: 1 of D\n$/)
  })

  it('takes each version by its own dictionary, and FIXT.1.1 by the one that the Logon names', async () => {
    const fixt = (fields: string) => message(fields, 'FIXT.1.1')
    const text = await tree(
      [
        message('35=D|21=1|', 'FIX.4.0'),
        fixt('35=8|34=1|1056=3|2343=1|'),
        fixt('35=A|34=1|1137=7|'),
        fixt('35=8|34=1|1056=3|2343=1|'),
        fixt('35=8|34=1|1128=9|2343=1|'),
        message('35=D|21=1|', 'FIX.3.9')
      ].join('\n')
    )
    expect(text).toContain('HandlInst(21) = 1 AUTOMATED_EXECUTION_NO_INTERVENTION')
    expect(text.match(/^ {2}(\w| )*\(2343\)/gm)).toEqual([
      '  RiskLimitCheckStatus(2343)',
      '  Unknown field(2343)',
      '  RiskLimitCheckStatus(2343)'
    ])
    expect(text).toContain('\nD\n  8 = FIX.3.9\n')
  })

  it('takes the dictionary that is named where it fits', async () => {
    const file = join(folder, 'named.xml')
    writeFileSync(
      file,
      '<fix extends="FIX.4.4"><fields><field number="20001" name="VenueKey" type="STRING"/></fields></fix>'
    )
    const text = await tree(`${message('35=0|20001=a|')}${message('35=0|20001=b|', 'FIX.4.2')}`, '--dictionary', file)
    expect(text).toContain('VenueKey(20001) = a')
    expect(text).toContain('Unknown field(20001) = b')
  })

  it('knows a journal, and says what reads it', async () => {
    const path = temporaryPath()
    const journal = new SqliteJournal({ path })
    journal.load('FIX.4.4:A->B', 0)
    journal.close()
    expect(await gapfill(['log', path])).toEqual({
      status: 1,
      stdout: '',
      stderr: `gapfill log: ${path}: expected a log with messages, got a database. Of a journal, "gapfill journal export ${path} | gapfill log -" shows them.\n`
    })
  })

  it('tells what it cannot read', async () => {
    expect(await gapfill(['log', join(folder, 'none.log')])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^gapfill log: .*none\.log: expected a file that can be read: ENOENT/)
    })
    expect((await gapfill(['log'])).stderr).toContain('expected the path of one file, or - for standard input')
    expect((await gapfill(['log', '--dictionary', 'none.xml', '-'])).stderr).toContain(
      'none.xml: expected a built-in version (FIX.4.0, '
    )
  })

  it('waits for a reader that is slow, and ends when it has gone', async () => {
    const file = join(folder, 'long.log')
    writeFileSync(file, order.repeat(5000))
    const listeners = new Map<string, () => void>()
    let written = 0
    const stdout = {
      write: (text: string) => {
        written += text.length
        return false
      },
      once: (event: string, listener: () => void) => listeners.set(event, listener)
    }
    const { runCli } = await import('../../lib/cli/cli.js')
    const done = runCli(['log', file], { stdout, stderr: stdout, env: {}, cwd: folder })
    while (!listeners.has('close')) await new Promise((resolve) => setImmediate(resolve))
    const first = written
    await new Promise((resolve) => setImmediate(resolve))
    expect(written).toBe(first)
    listeners.get('close')?.()
    expect(await done).toBe(0)
    expect(written).toBe(first)
  })
})

describe('the finder of messages', () => {
  const found = (text: string, cuts: readonly number[]): string[] => {
    const finder = new MessageFinder()
    const all = []
    let from = 0
    for (const cut of [...cuts].sort((a, b) => a - b)) {
      all.push(...finder.push(text.slice(from, Math.max(from, cut))))
      from = Math.max(from, cut)
    }
    all.push(...finder.push(text.slice(from)), ...finder.end())
    return all.map((one) => `${one.line} ${one.complete} ${one.prefix} ${one.raw}`)
  }

  it('finds the same however the text is cut', () => {
    const part = fc.constantFrom(
      order,
      order.replace(/9=\d+/, '9=900'),
      order.replace(/9=\d+/, '9=20'),
      order.slice(0, 60),
      message('35=0|34=2|'),
      message('35=0|34=2|').replaceAll(soh, '|'),
      message('35=0|34=2|').replaceAll(soh, '^A'),
      '\n',
      '20240102 ',
      '58=FIX 8=FIX',
      '8=',
      '10=000\u0001'
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(1500), { maxLength: 30 }), (parts, cuts) => {
        const text = parts.join('')
        expect(found(text, cuts)).toEqual(found(text, []))
        expect(
          found(
            text,
            [...text].map((_, at) => at)
          )
        ).toEqual(found(text, []))
      })
    )
  })

  it('keeps no more than a message may be long, and does not look at a text again and again', () => {
    const finder = new MessageFinder()
    let fragments = 0
    for (let i = 0; i < 40; i++)
      fragments += finder.push('8=FIX.4.4\u00019=1000000\u000135=D\u0001'.repeat(4000)).length
    fragments += finder.end().length
    expect(fragments).toBe(160_000)
  })
})

function checkSum(text: string): string {
  const before = text.slice(0, text.lastIndexOf('10='))
  return String([...before].reduce((total, character) => total + character.charCodeAt(0), 0) % 256).padStart(3, '0')
}
