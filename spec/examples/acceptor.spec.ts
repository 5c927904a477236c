import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { show, WireText } from '../support/wire-text.js'

/* The example acceptor, started as a user starts it. Needs `npm run build`. */

const script = fileURLToPath(new URL('acceptor.js', import.meta.url))
const running: ChildProcess[] = []

afterEach(async () => {
  const alive = running.splice(0).filter((child) => child.exitCode === null)
  const gone = alive.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of alive) child.kill()
  await Promise.all(gone)
})

interface Acceptor {
  readonly port: number
  readonly control: number
}

async function start(...args: string[]): Promise<Acceptor> {
  const free = `${await freePort()}`
  const child = spawn(process.execPath, [script, '--port', free, '--control', '0', '--log', 'silent', ...args])
  running.push(child)
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (data) => {
      text += data
      const [, port, control] = /listening on 127\.0\.0\.1:(\d+).*\ncontrol on 127\.0\.0\.1:(\d+)\n/.exec(text) ?? []
      if (control !== undefined) resolve({ port: Number(port), control: Number(control) })
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code} after: ${text}`)))
  })
}

/** Sessions share a listener by its port, so it has to have one. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function outcome(...args: string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [script, ...args])
  let text = ''
  const read = (data: Buffer) => {
    text += data
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })))
}

/** Says all that, a line each, then logs out; resolves to what came until the acceptor closed. */
function say(port: number, beginString: string, lines: readonly string[], targetCompId = 'TW'): Promise<string[]> {
  const wire = new WireText({ beginString, senderCompId: 'ISLD', targetCompId })
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('error', reject)
    socket.on('data', (data) => {
      text += show(data)
    })
    socket.on('close', () => {
      const messages = text.match(/8=FIX.*?\|10=\d{3}\|/g) ?? []
      resolve(messages.map((message) => wire.brief(message)))
    })
    for (const line of [...lines, '35=5|34=99']) socket.write(wire.bytes(line, Date.now()))
  })
}

describe('the example acceptor', () => {
  it('tells what it can do', async () => {
    const { code, text } = await outcome('--help')
    expect(code).toBe(0)
    for (const option of ['--port', '--dialect', '--set', '--control', '--log']) expect(text).toContain(option)
  })

  it('says what is wrong with an option, and ends', async () => {
    expect(await outcome('--port', '1', '--set', 'resendRequestChunk=5')).toEqual({
      code: 2,
      text: expect.stringMatching(/^config: defaults\.resendRequestChunk: .*"resendRequestChunkSize"\?\n$/)
    })
  })

  it.each([
    [['--port', '1', '--dialect', 'quick'], /^--dialect: expected one of quickfix, .*got "quick"\.\n$/],
    [['--port', '1', '--control', 'x'], /^--control: expected a port, 0 to 65535, got "x"\.\n$/],
    [['--port', '1', '--nonsense'], /^Unknown option '--nonsense'/],
    [['--port', '1', 'more'], /^Unexpected argument 'more'/],
    [['--port', 'x'], /^config: defaults\.port: /],
    [['--port', '1', '--set', 'log.messages=5'], /^config: defaults\.log\.messages: expected true or false, got 5/],
    [['--port', '1', '--set', '__proto__.x=5'], /^config: /]
  ])('says in a line what is wrong with %j', async (args, text) => {
    const said = await outcome(...args)
    expect(said).toEqual({ code: 2, text: expect.stringMatching(text) })
    expect(said.text.trim().split('\n')).toHaveLength(1)
  })

  it('echoes orders field by field and refuses what it does not know', async () => {
    const { port } = await start()
    const order = '35=D|34=2|11=A|55=MSFT|54=1|40=1|38=002.50|60=20260105-09:00:00'
    const report = '35=8|34=3|37=id|17=id|150=0|39=0|55=X|54=1|151=1|14=0|6=0'
    expect(await say(port, 'FIX.4.4', ['35=A|34=1|98=0|108=30', order, report], 'TW44')).toEqual([
      '35=A|34=1|98=0|108=30',
      '35=D|34=2|11=A|38=002.50|40=1|54=1|55=MSFT|60=20260105-09:00:00',
      '35=j|34=3|45=3|58=Unsupported Message Type|372=8|380=3',
      '35=5|34=4'
    ])
  })

  it('executes an order that may have come before only once', async () => {
    const { port } = await start()
    const order = (header: string) => `35=D|${header}|11=A|55=MSFT|54=1|40=1|60=20260105-09:00:00`
    const lines = ['35=A|34=1|98=0|108=30', order('34=2'), order('34=3|97=Y'), order('34=4')]
    const types = (await say(port, 'FIX.4.4', lines, 'TW44')).map((text) => text.slice(0, 9))
    expect(types).toEqual(['35=A|34=1', '35=D|34=2', '35=D|34=3', '35=5|34=4'])
  })

  it.each(['quickfixj', 'quickfixgo', 'quickfixn'])('speaks the version of the Logon as %s', async (dialect) => {
    const { port } = await start('--dialect', dialect)
    const logon = (version: string) => `35=A|34=1|98=0|108=30|1137=${version}`
    for (const version of ['7', '8', '9']) {
      const text = logon(version)
      expect((await say(port, 'FIXT.1.1', [text]))[0]).toBe(text)
    }
    // All at once: the definition is read in the version of the Logon before it, and 5.0SP2 lists the trading sessions.
    const definition = '35=d|34=2|320=a|322=b|323=6|55=X|336=A'
    const latest = await say(port, 'FIXT.1.1', [logon('9'), definition])
    expect(latest[1]).toBe('35=3|34=2|45=2|58=Value is incorrect (out of range) for this tag|371=336|372=d|373=5')
    const first = await say(port, 'FIXT.1.1', [logon('7'), definition])
    expect(first[1]).toBe('35=d|34=2|55=X|320=a|322=b|323=6|336=A')
  })

  it.each([
    ['quickfixgo', '35=D|34=2|11=A|21=1|40=1|54=1|60=20260105-09:00:00'],
    ['quickfixj', '35=3|34=2|45=2|58=Required tag missing|371=55|372=D|373=1'],
    ['quickfixn', '35=3|34=2|45=2|58=Required tag missing|371=55|372=D|373=1']
  ])('takes an order without a symbol as %s does', async (dialect, answer) => {
    const { port } = await start('--dialect', dialect)
    for (const beginString of ['FIX.4.3', 'FIX.4.4']) {
      const order = '35=D|34=2|11=A|21=1|54=1|40=1|60=20260105-09:00:00'
      expect((await say(port, beginString, ['35=A|34=1|98=0|108=30', order]))[1]).toBe(answer)
    }
  })

  it('talks about News as QuickFIX/n does, with and without sub ids', async () => {
    const { port } = await start('--dialect', 'quickfixn')
    const news = (number: number, headline: string) => `35=B|34=${number}|347=UTF-8|148=${headline}|359=ol\xc3\xa9`
    const lines = ['35=A|34=1|98=0|108=30', news(2, 'echo: hello'), news(3, 'hush'), '35=n|34=4|212=3|213=a|b']
    expect(await say(port, 'FIX.4.4', lines)).toEqual([
      '35=A|34=1|98=0|108=30',
      '35=B|34=2|347=UTF-8|148=hello|359=ol\xc3\xa9',
      "35=B|34=3|148=Successfully received 'n' message with seqNo=4",
      '35=5|34=4'
    ])
    const subIds = '50=TARGETSUB|142=TARGETLOC|57=SENDERSUB|143=SENDERLOC'
    const [logon] = await say(port, 'FIX.4.2', [`35=A|34=1|${subIds}|98=0|108=30`])
    expect(logon).toBe('35=A|34=1|50=SENDERSUB|57=TARGETSUB|142=SENDERLOC|143=TARGETLOC|98=0|108=30')
  })

  it('takes options for all its sessions, before what a session has of its own', async () => {
    const { port } = await start('--set', 'resendRequestChunkSize=5', '--set', 'defaultApplVerId=8')
    const lines = ['35=A|34=1|98=0|108=30', '35=0|34=20']
    expect((await say(port, 'FIX.4.2', lines, 'TW42'))[1]).toBe('35=2|34=2|7=2|16=6')
    expect((await say(port, 'FIXT.1.1', ['35=A|34=1|98=0|108=30|1137=7'], 'TW50'))[0]).toContain('|1137=8')
  })

  it('lets an operator set the numbers', async () => {
    const { port, control } = await start('--dialect', 'quickfixgo', '--set', 'resetOnLogon=N')
    const set = async (query: string) => (await fetch(`http://127.0.0.1:${control}/seqnum?${query}`)).status
    const session = `SESSION=${encodeURIComponent('FIX.4.4:ISLD->TW')}`
    expect(await set(`${session}&NEXTSENDERSEQNUM=2000`)).toBe(200)
    expect(await set(`${session}&NEXTTARGETSEQNUM=7`)).toBe(200)
    expect(await set(`${session}&NEXTTARGETSEQNUM=x`)).toBe(400)
    expect(await set('SESSION=unknown&NEXTSENDERSEQNUM=1')).toBe(404)
    expect(await say(port, 'FIX.4.4', ['35=A|34=7|98=0|108=30'])).toEqual(['35=A|34=2000|98=0|108=30', '35=5|34=2001'])
  })
})
