// jspurefix's parser and encoder, used as its own benchmark and its transmitter use them: node codec.js <corpus directory>

import 'reflect-metadata'
import { AsciiParser, DITokens, EmptyLogFactory, SessionContainer } from 'jspurefix'
import { makeSessionScope } from 'jspurefix/dist/runtime/session-scope.js'
import { AsciiMsgTransmitter } from 'jspurefix/dist/transport/ascii/ascii-msg-transmitter.js'
import { messages } from '../corpus/corpus.js'
import { comparable, fieldsOf } from '../corpus/wire.js'
import { readsOf, readTexts } from '../peer/corpus-file.js'
import { Digest } from '../peer/digest.js'
import { serve } from '../peer/serve.js'
import { timed } from '../peer/timed.js'
import { describeSession } from './description.js'

const [directory] = process.argv.slice(2)
const corpus = Object.fromEntries(Object.keys(messages).map((name) => [name, readsOf(readTexts(directory, name))]))

const system = new SessionContainer()
system.registerGlobal(new EmptyLogFactory())
const container = await system.makeSystem(
  describeSession({ role: 'initiator', sender: 'BUYSIDE', target: 'BROKER', port: 1 })
)
const config = container.resolve(DITokens.IJsFixConfig)

/** Gives every field that is to be read of a message to `use`. */
const viewReaders = {
  NewOrderSingle(view, use) {
    use(view.getString(11))
    use(view.getString(55))
    use(view.getString(54))
    use(view.getString(38))
    use(view.getString(44))
  },
  ExecutionReport(view, use) {
    use(view.getString(37))
    use(view.getString(11))
    use(view.getString(39))
    use(view.getString(32))
    use(view.getString(31))
  },
  MarketDataSnapshot(view, use) {
    const group = view.getView('NoMDEntries')
    const count = group.groupCount()
    for (let n = 0; n < count; n++) {
      const entry = group.getGroupInstance(n)
      use(entry.getString(270))
      use(entry.getString(271))
    }
  }
}

/** `view`: the message as it was parsed, with its checksum checked; `validating`: and held against the dictionary. */
function decodeAll(name, mode, use) {
  const scope = makeSessionScope(config)
  const container = scope.sessionContainer
  const parser = new AsciiParser(
    scope,
    null,
    container.resolve(DITokens.ParseBuffer),
    container.resolve(DITokens.maxMessageLen)
  )
  const read = viewReaders[name]
  let count = 0
  parser.on('error', (error) => {
    throw error
  })
  parser.on('msg', (_msgType, view) => {
    if (view.checksum() !== Number(view.getString(10))) throw new Error(`CheckSum(10) is wrong: ${view}`)
    if (mode === 'validating') validate(view)
    read(view, use)
    count++
  })
  for (const bytes of corpus[name]) parser.parseBuffer(bytes)
  return count
}

/** What its sessions ask of a message before they pass it on. */
function validate(view) {
  if (view.invalid().length > 0 || view.undefinedForMsg() || view.missing().length > 0)
    throw new Error(`invalid: ${view}`)
}

const sendingTime = new Date(Date.UTC(2026, 0, 5, 9, 30, 0, 123))
const bodies = readTexts(directory, 'NewOrderSingle').map((text) => {
  const order = new Map(fieldsOf(text))
  return {
    ClOrdID: order.get(11),
    OrderQtyData: { OrderQty: order.get(38) },
    OrdType: order.get(40),
    Price: order.get(44),
    Side: order.get(54),
    Instrument: { Symbol: order.get(55) },
    TimeInForce: order.get(59),
    TransactTime: order.get(60)
  }
})

function encodeAll(use) {
  const transmitter = new AsciiMsgTransmitter(makeSessionScope(config))
  transmitter.time = sendingTime
  for (const body of bodies) {
    transmitter.encoder.reset()
    if (transmitter.encodeMessage('D', body) === null) throw new Error('not encoded')
    use(transmitter.encoder.trim())
  }
  return bodies.length
}

serve({
  decode: (name, mode, passes) =>
    timed(Number(passes), () => {
      let characters = 0
      const count = decodeAll(name, mode, (text) => {
        characters += text.length
      })
      return { count, characters }
    }),
  checkDecode(name, mode) {
    const digest = new Digest()
    decodeAll(name, mode, (text) => digest.add(text))
    return { digest }
  },
  encode: (_name, _mode, passes) =>
    timed(Number(passes), () => {
      let characters = 0
      const count = encodeAll((bytes) => {
        characters += bytes.length
      })
      return { count, characters }
    }),
  checkEncode() {
    const digest = new Digest()
    encodeAll((bytes) => {
      for (const field of comparable(bytes.toString('latin1'))) digest.add(field)
    })
    return { digest }
  }
})
