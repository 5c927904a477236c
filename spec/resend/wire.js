import { Socket } from 'node:net'

const FIRST_OF_NEWS = Buffer.from('\u0001148=news-')
const FIRST_OF_HEARTBEAT = Buffer.from('\u000135=0\u0001')

/**
 * Looks at what is given to sockets: how long after it was said new messages (`news`) and the answers to TestRequests (1) are there,
 * milliseconds. What says so is in them: the time of sending in Headline(148), that of the TestRequest in TestReqID(112).
 */
export function watchWire() {
  const waits = { news: [], heartbeats: [] }
  const note = (bytes, from, pattern, list) => {
    const [, time] = pattern.exec(bytes.toString('latin1', from, from + 200)) ?? []
    if (time !== undefined) list.push(Date.now() - Number(time))
  }
  const { write } = Socket.prototype
  Socket.prototype.write = function (bytes, ...others) {
    if (bytes instanceof Uint8Array) {
      for (let at = bytes.indexOf(FIRST_OF_NEWS); at >= 0; at = bytes.indexOf(FIRST_OF_NEWS, at + 1))
        note(bytes, at, /148=news-(\d+)/, waits.news)
      for (let at = bytes.indexOf(FIRST_OF_HEARTBEAT); at >= 0; at = bytes.indexOf(FIRST_OF_HEARTBEAT, at + 1))
        note(bytes, at, /112=(\d+)-/, waits.heartbeats)
    }
    return write.call(this, bytes, ...others)
  }
  return waits
}
