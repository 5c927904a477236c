// A FaultProxy that is stopped while bytes are on their way, by a process that has nothing else to do afterwards: it has to end by itself.
//
//   node spec/testing/stopped-proxy.mjs FAULT
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { FaultProxy } from '../../dist/testing/index.js'

const faults = {
  latency(proxy) {
    proxy.latency = 3_600_000
  },
  stall(proxy) {
    proxy.stall()
  },
  'single bytes'(proxy) {
    proxy.chunkSize = 1
  },
  'a black hole'(proxy) {
    proxy.blackHole()
  },
  'half-open links'(proxy) {
    proxy.halfOpen()
  },
  'a reset'(proxy) {
    proxy.cut('reset')
  },
  'a cut to come'(proxy) {
    proxy.latency = 3_600_000
    proxy.cutAfterBytes('toAcceptor', 10)
  },
  async 'refused dials'(proxy) {
    await proxy.refuse()
  },
  async 'refused dials, taken again'(proxy) {
    await proxy.refuse()
    await proxy.accept()
  }
}

const loud = (socket) => socket.on('error', () => {}).on('data', () => {})
// Nobody reads what is sent here, so that the pipes fill.
const server = createServer((socket) => socket.on('error', () => {}).pause())
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const proxy = new FaultProxy({ targetPort: server.address().port })
const port = await proxy.start()
const initiator = loud(connect(port, '127.0.0.1'))
const [acceptor] = await once(server, 'connection')
await faults[process.argv[2]](proxy)
initiator.write(Buffer.alloc(2_000_000))
acceptor.write(Buffer.alloc(100_000))
// A turn or two, so that some of it is in the proxy.
for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
await proxy.stop()
for (const socket of [initiator, acceptor]) socket.destroy()
server.close()
