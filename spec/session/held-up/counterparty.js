import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

/*
 * A counterparty in a thread of its own: it logs on, says Heartbeat(0) several times a second, and answers TestRequests(1). `said` counts
 * what the kernel has taken of it, for a main thread that can look at nothing else just now.
 */

const { port, said, interval } = workerData
const counter = new Int32Array(said)
const socket = connect({ host: '127.0.0.1', port, noDelay: true })
let msgSeqNum = 1
let text = ''

function say(body) {
  const time = new Date().toISOString().replace(/-/g, '').replace('T', '-').replace('Z', '')
  const [msgType, ...rest] = body.split('|')
  const fields = [msgType, '49=THEM', '56=US', `34=${msgSeqNum}`, `52=${time}`, ...rest]
  const inner = `${fields.join('\u0001')}\u0001`
  const whole = `8=FIX.4.4\u00019=${inner.length}\u0001${inner}`
  const sum = [...whole].reduce((total, char) => total + char.charCodeAt(0), 0) % 256
  msgSeqNum++
  socket.write(`${whole}10=${String(sum).padStart(3, '0')}\u0001`, 'latin1', () => {
    Atomics.add(counter, 0, 1)
    Atomics.notify(counter, 0)
  })
}

socket.on('connect', () => say('35=A|98=0|108=1'))
socket.on('data', (bytes) => {
  const messages = `${text}${bytes.toString('latin1')}`.split('8=FIX.4.4')
  // The last one may go on in the next read; a message that ends there is told by its CheckSum(10).
  const last = messages.at(-1) ?? ''
  text = last.at(-8)?.startsWith('\u0001') && last.slice(-7, -4) === '10=' ? '' : `8=FIX.4.4${messages.pop()}`
  for (const message of messages) {
    const fields = message.split('\u0001')
    const testReqId = fields.find((field) => field.startsWith('112='))
    if (fields.includes('35=1')) say(`35=0|${testReqId}`)
    if (fields.includes('35=5')) {
      say('35=5')
      socket.end()
    }
  }
})
const timer = setInterval(() => say('35=0'), interval)
socket.on('error', () => {})
socket.on('close', () => {
  clearInterval(timer)
  parentPort?.close()
})
