import { connect, createServer, type Server, type Socket } from 'node:net'

export interface SpecProxyOptions {
  readonly type: 'socks5' | 'http'
  /** Who may dial, `user:password`; undefined: everybody. */
  readonly login?: string | undefined
  /** Names it knows, and the ports of this machine that they lead to. */
  readonly names?: Readonly<Record<string, number | 'nowhere'>> | undefined
  /** Each byte of an answer by itself. */
  readonly bytewise?: boolean | undefined
  /** Says nothing, whatever comes. */
  readonly silent?: boolean | undefined
}

/** A proxy that specs dial through: SOCKS5 or CONNECT, of this machine. */
export class SpecProxy {
  /** What was asked for: `venue.example:9878`. */
  readonly asked: string[] = []
  private readonly options: SpecProxyOptions
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  constructor(options: SpecProxyOptions) {
    this.options = options
    this.server = createServer((socket) => {
      this.keep(socket)
      if (options.silent !== true) void (options.type === 'socks5' ? this.socks5(socket) : this.http(socket))
    })
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const address = this.server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private async socks5(socket: Socket): Promise<void> {
    const { login } = this.options
    const [version, count = 0] = await read(socket, 2)
    if (version !== 5) {
      socket.end()
      return
    }
    const methods = await read(socket, count)
    const method = login === undefined ? 0 : 2
    if (!methods.includes(method)) return this.say(socket, Buffer.of(5, 255), true)
    this.say(socket, Buffer.of(5, method))
    if (login !== undefined) {
      const [, userLength = 0] = await read(socket, 2)
      const user = await read(socket, userLength)
      const [passwordLength = 0] = await read(socket, 1)
      const password = await read(socket, passwordLength)
      if (`${user}:${password}` !== login) return this.say(socket, Buffer.of(1, 1), true)
      this.say(socket, Buffer.of(1, 0))
    }
    const [, , , type] = await read(socket, 4)
    const [length = 0] = type === 3 ? await read(socket, 1) : [4]
    const raw = await read(socket, length)
    const host = type === 3 ? raw.toString('latin1') : raw.join('.')
    const port = (await read(socket, 2)).readUInt16BE()
    this.open(socket, host, port, Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0), Buffer.of(5, 4, 0, 1, 0, 0, 0, 0, 0, 0))
  }

  private async http(socket: Socket): Promise<void> {
    let head = ''
    while (!head.endsWith('\r\n\r\n')) head += (await read(socket, 1)).toString('latin1')
    const { login } = this.options
    const basic = /^Proxy-Authorization: Basic (\S+)\r$/im.exec(head)?.[1]
    if (login !== undefined && Buffer.from(basic ?? '', 'base64').toString() !== login)
      return this.say(socket, Buffer.from('HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\n\r\n'), true)
    const [, host = '', port] = /^CONNECT (\S+):(\d+) HTTP\/1\.1\r\n/.exec(head) ?? []
    const yes = Buffer.from('HTTP/1.1 200 Connection established\r\nVia: spec\r\n\r\n')
    this.open(socket, host, Number(port), yes, Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  }

  private open(socket: Socket, host: string, port: number, yes: Buffer, no: Buffer): void {
    this.asked.push(`${host}:${port}`)
    const known = this.options.names?.[host]
    if (known === 'nowhere') {
      this.say(socket, no, true)
      return
    }
    const target = connect({ host: '127.0.0.1', port: known ?? port })
    this.keep(target)
    target.once('error', () => this.say(socket, no, true))
    target.once('connect', () => {
      this.say(socket, yes)
      socket.pipe(target)
      target.pipe(socket)
    })
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => {})
    socket.setNoDelay(true)
    socket.on('close', () => this.sockets.delete(socket))
  }

  private say(socket: Socket, bytes: Buffer, last = false): void {
    if (this.options.bytewise === true) for (const byte of bytes) socket.write(Buffer.of(byte))
    else socket.write(bytes)
    if (last) socket.end()
  }
}

/** Waits for so many bytes; never resolves when they do not come. */
function read(socket: Socket, count: number): Promise<Buffer> {
  if (count === 0) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve) => {
    const look = (): void => {
      const bytes = socket.read(count) as Buffer | null
      if (bytes === null) return
      socket.off('readable', look)
      resolve(bytes)
    }
    socket.on('readable', look)
    look()
  })
}
