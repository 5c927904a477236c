// gapfill's codec and dictionary, through the public surface: node codec.js <corpus directory>

import { Codec, Dictionary, FixMessage } from 'gapfill'
import { messages } from '../corpus/corpus.js'
import { comparable, fieldsOf } from '../corpus/wire.js'
import { readsOf, readTexts } from '../peer/corpus-file.js'
import { Digest } from '../peer/digest.js'
import { serve } from '../peer/serve.js'
import { timed } from '../peer/timed.js'

const dictionary = await Dictionary.load('FIX.4.4')
const [directory] = process.argv.slice(2)
const corpus = Object.fromEntries(Object.keys(messages).map((name) => [name, readsOf(readTexts(directory, name))]))

/** Gives every field that is to be read of a message to `use`. */
const readers = {
  NewOrderSingle(message, use) {
    use(message.get(11))
    use(message.get(55))
    use(message.get(54))
    use(message.get(38))
    use(message.get(44))
  },
  ExecutionReport(message, use) {
    use(message.get(37))
    use(message.get(11))
    use(message.get(39))
    use(message.get(32))
    use(message.get(31))
  },
  MarketDataSnapshot(message, use) {
    for (const entry of message.groups(268)) {
      use(entry.get(270))
      use(entry.get(271))
    }
  }
}

/** `dictionary`: repeating groups are known; `validating`: and every message is held against it. */
function decodeAll(name, mode, use) {
  const codec = new Codec({ beginString: 'FIX.4.4', dictionary })
  const read = readers[name]
  let count = 0
  for (const bytes of corpus[name]) {
    for (const message of codec.push(bytes)) {
      if (message.garbled) throw new Error(message.text)
      if (mode === 'validating' && dictionary.validate(message).length > 0) throw new Error(`invalid: ${message}`)
      read(message, use)
      count++
    }
  }
  return count
}

/** What an application has when it makes an order. */
const orders = readTexts(directory, 'NewOrderSingle').map((text) => new Map(fieldsOf(text)))

const encodeHeader = (msgSeqNum, sendingTime) => ({
  senderCompId: 'BUYSIDE',
  targetCompId: 'BROKER',
  msgSeqNum,
  sendingTime
})
const sendingTime = new Date(Date.UTC(2026, 0, 5, 9, 30, 0, 123))
const bodies = orders.map((order) => ({
  clOrdId: order.get(11),
  orderQty: order.get(38),
  ordType: order.get(40),
  price: order.get(44),
  side: order.get(54),
  symbol: order.get(55),
  timeInForce: order.get(59),
  transactTime: order.get(60)
}))

function encodeAll(use) {
  const codec = new Codec({ beginString: 'FIX.4.4', dictionary })
  let msgSeqNum = 1
  for (const { clOrdId, orderQty, ordType, price, side, symbol, timeInForce, transactTime } of bodies) {
    const message = new FixMessage('D', [
      [11, clOrdId],
      [38, orderQty],
      [40, ordType],
      [44, price],
      [54, side],
      [55, symbol],
      [59, timeInForce],
      [60, transactTime]
    ])
    use(codec.encode(message, encodeHeader(msgSeqNum++, sendingTime)))
  }
  return msgSeqNum - 1
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
