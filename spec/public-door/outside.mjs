// A program as a user would write it: it knows the package by its name, and nothing that is not in DESIGN.
import {
  Codec,
  Dictionary,
  DuplicateTagError,
  FixConnectionError,
  FixEngine,
  FixError,
  FixMessage,
  FixSession,
  HeartbeatMonitor,
  MemoryJournal,
  MemoryTransport,
  MsgType,
  parseConfig,
  SessionState,
  SqliteJournal,
  Tag,
  TcpTransport
} from 'gapfill'

const all = [Codec, Dictionary, DuplicateTagError, FixConnectionError, FixEngine, FixError, HeartbeatMonitor]
all.push(MemoryJournal, SqliteJournal, TcpTransport, parseConfig)
if (!all.every((one) => typeof one === 'function')) throw new Error('something is missing')

const common = { beginString: 'FIX.4.4', port: 9878, journal: { path: ':memory:' }, log: { level: 'silent' } }
const transport = new MemoryTransport()
const broker = new FixSession(
  { ...common, role: 'acceptor', senderCompId: 'BROKER', targetCompId: 'BUYSIDE' },
  { transport }
)
const buySide = new FixSession(
  { ...common, role: 'initiator', host: '127.0.0.1', senderCompId: 'BUYSIDE', targetCompId: 'BROKER' },
  { transport }
)
const received = new Promise((resolve) => broker.on('message', resolve))
await broker.connect()
await buySide.connect()
if (buySide.state !== SessionState.Active) throw new Error(buySide.state)
buySide.send(new FixMessage(MsgType.NewOrderSingle, { [Tag.ClOrdID]: 'A-1', [Tag.Symbol]: 'MSFT' }))
await buySide.flush()
const order = await received
process.stdout.write(`${broker.state} ${buySide.state} ${order.get(Tag.ClOrdID)}\n`)
await buySide.stop()
await broker.stop()
