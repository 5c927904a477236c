// A process that owns a journal until it is killed, for the specs of locks and crashes. It runs what `npm run build` made.
//
//   node journal-child.mjs hold PATH           opens the journal, says "ready", and waits; or says the error's code
//   node journal-child.mjs commit PATH SEED    goes on from what is durable; after each commit it says the next numbers
//   node journal-child.mjs commit-full PATH SEED    the same, with synchronous "full"
//   node journal-child.mjs commit-thread PATH SEED  the same, with so long a log that a thread moves it into the file
import { writeSync } from 'node:fs'
import { SqliteJournal } from '../../dist/journal/sqlite-journal.js'
import { messageText, sessionId } from './journal-child-messages.mjs'

const [action, path, seed = '1'] = process.argv.slice(2)
const journal = new SqliteJournal({
  path,
  walAutocheckpoint: action === 'commit-thread' ? 256 : 50,
  synchronous: action === 'commit-full' ? 'full' : 'normal'
})
const say = (text) => writeSync(1, `${text}\n`)
let { nextNumIn, nextNumOut } = load()

function load() {
  try {
    return journal.load(sessionId, 500)
  } catch (error) {
    say(error.code)
    process.exit()
  }
}

let random = Number(seed)
const below = (limit) => {
  random = (random * 1_103_515_245 + 12_345) % 2 ** 31
  return Math.floor((random / 2 ** 31) * limit)
}

const someMessages = (direction, from, count) =>
  Array.from({ length: count }, (_, index) => ({
    msgSeqNum: from + index,
    time: 1_000,
    bytes: Buffer.from(messageText(direction, from + index), 'latin1')
  }))

function commit() {
  const received = below(4) === 0 ? below(60) : below(3)
  const sent = received + below(2)
  const batch = {
    sessionId,
    reset: undefined,
    in: someMessages('in', nextNumIn, received),
    out: someMessages('out', nextNumOut, sent),
    nextNumIn: nextNumIn + received,
    nextNumOut: nextNumOut + sent,
    connectTime: undefined
  }
  journal.commit([batch])
  nextNumIn += received
  nextNumOut += sent
  say(`${nextNumIn} ${nextNumOut}`)
  setImmediate(commit)
}

if (action === 'hold') {
  say('ready')
  setInterval(() => {}, 60_000)
} else commit()
