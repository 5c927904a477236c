import { Tag } from '../../fix/tag.js'
import {
  acceptAddress,
  dialAddresses,
  hostSelection,
  protocols,
  reconnectInterval,
  remoteAddresses
} from './addresses.js'
import { dictionaries } from './dictionaries.js'
import { holdsReference } from './references.js'
import { slashed } from './slashed.js'
import type { Translation } from './translation.js'

/*
 * Settings whose values or whose number are not those of one option of ours; all others are carried over by name, value
 * for value. They run in this order, and each takes what it understands.
 */

type Carrier = (session: Translation) => void

const isOn = (value: string) => /^y$/i.test(value)

/** The QuickFIX names of TimeStampPrecision, and digits. */
const precisions: Readonly<Record<string, number>> = { sec: 0, mil: 3, mic: 6, nan: 9 }

const timestampPrecision: Carrier = (session) => {
  const named = session.take('TimestampPrecision')
  const milliseconds = session.take('MillisecondsInTimeStamp')
  if (named !== undefined) {
    const digits = /^\d$/.test(named.value) ? Number(named.value) : precisions[named.value.slice(0, 3).toLowerCase()]
    if (digits !== undefined) session.set('timestampPrecision', digits, named)
    else
      session.note(
        named,
        `left out: expected SECONDS, MILLIS, MICROS, NANOS or 0 to 9, got ${JSON.stringify(named.value)}`
      )
  } else if (milliseconds !== undefined && /^n$/i.test(milliseconds.value)) {
    session.set('timestampPrecision', 0, milliseconds)
  }
}

const fileStore: Carrier = (session) => {
  const path = session.take('FileStorePath')
  const sync = session.take('FileStoreSync')
  if (path !== undefined) {
    session.set('journal.path', inFolder(path.value, 'gapfill.db'), path)
    session.note(
      path,
      'numbers and messages that the engine keeps there are not carried over: both begin with 1, or setSeqNums() sets them'
    )
  }
  if (sync !== undefined) session.set('journal.synchronous', isOn(sync.value) ? 'full' : 'normal', sync)
}

const logs: Carrier = (session) => {
  const path = session.take('FileLogPath')
  const screen = ['ScreenLogShowIncoming', 'ScreenLogShowOutgoing']
    .map((key) => session.take(key))
    .filter((setting) => setting !== undefined)
  if (path !== undefined) {
    session.set('log.file', inFolder(path.value, 'gapfill.log'), path)
    session.set('log.messages', true, path)
  } else if (screen.length > 0) {
    session.set(
      'log.messages',
      screen.some(({ value }) => isOn(value)),
      ...screen
    )
  }
}

/** The folder of an engine's many files becomes that of our one. */
function inFolder(folder: string, file: string): string {
  return `${slashed(folder).replace(/\/+$/, '')}/${file}`
}

const listenerErrors: Carrier = (session) => {
  const setting = session.take('RejectMessageOnUnhandledException')
  if (setting !== undefined) session.set('onListenerError', isOn(setting.value) ? 'reject' : 'continue', setting)
}

/** `LogonTag=553=user`, `LogonTag1=554=secret`: Username(553) and Password(554) have options of their own. */
const logonTags: Carrier = (session) => {
  const first = session.take('LogonTag')
  const settings = [...(first === undefined ? [] : [first]), ...session.takeAll('LogonTag<n>')]
  const fields = settings.flatMap((setting) => {
    const [, tag, value] = /^\s*(\d+)\s*=(.*)$/s.exec(setting.value) ?? []
    if (tag !== undefined && value) return [{ setting, tag: Number(tag), value: value.trim() }]
    session.note(setting, 'left out: expected TAG=VALUE')
    return []
  })
  const pairs = fields.filter(({ setting, tag, value }) => {
    const option = { [Tag.Username]: 'username', [Tag.Password]: 'password' }[tag]
    if (option === undefined || session.role === 'acceptor') return true
    session.set(option, value, setting)
    return false
  })
  if (pairs.length === 0) return
  session.set(
    'logonFields',
    pairs.map(({ tag, value }) => [tag, value]),
    ...pairs.map(({ setting }) => setting)
  )
}

/** QuickFIX/n takes a PKCS #12 file, or a name in the store of Windows. */
const pfx: Carrier = (session) => {
  const setting = session.take('SSLCertificate')
  if (setting === undefined) return
  if (holdsReference(setting.value) || /\.(pfx|p12)$/i.test(setting.value))
    session.set('tls.pfx', setting.value, setting)
  else
    session.note(
      setting,
      'left out: expected a .pfx or .p12 file; a certificate in the store of Windows has to be exported to one, for tls.pfx'
    )
}

/** QuickFIX/J says `socks` and the version apart; Go says `socks` for version 5. */
const proxy: Carrier = (session) => {
  const type = session.role === 'initiator' ? session.take('ProxyType') : undefined
  const version = session.role === 'initiator' ? session.take('ProxyVersion') : undefined
  if (type === undefined) return
  const ours = { http: 'http', socks: 'socks5', socks5: 'socks5' }[type.value.toLowerCase()]
  if (ours !== undefined) session.set('proxyType', ours, type)
  else session.note(type, `left out: expected http or socks, got ${JSON.stringify(type.value)}`)
  if (ours === 'socks5' && /^4a?$/i.test(version?.value ?? '')) {
    session.note(version ?? type, 'SOCKS5 takes its place, which most proxies for SOCKS4 speak as well')
  }
}

/** Keys of many applications' own, which put them on the Logon by hand. */
const credentials: Carrier = (session) => {
  if (session.role !== 'initiator') return
  for (const option of ['username', 'password']) {
    const setting = session.take(option)
    if (setting === undefined || session.options.has(option)) continue
    session.set(option, setting.value, setting)
    session.note(
      setting,
      `no engine of the family has it: taken for the ${option} that the application put on the Logon`
    )
  }
}

/** `Mon,Tue` as a list. */
const weekdays: Carrier = (session) => {
  const setting = session.take('Weekdays')
  if (setting === undefined) return
  const days = setting.value.split(/[,;\s]+/).filter((day) => day !== '')
  session.set('weekdays', days, setting)
}

const defaultApplVerId: Carrier = (session) => {
  const setting =
    session.options.get('beginString')?.value === 'FIXT.1.1' ? session.take('DefaultApplVerID') : undefined
  if (setting === undefined) {
    const useless = session.take('DefaultApplVerID')
    if (useless !== undefined && !useless.inherited) session.note(useless, 'left out: only FIXT.1.1 has it')
    return
  }
  // FIX50SP2 is written as often as FIX.5.0SP2.
  const dotted = setting.value.replace(/^FIX(\d)(\d)/i, 'FIX.$1.$2')
  session.carry({ ...setting, value: dotted })
}

const identity: Carrier = (session) => {
  const type = session.take('ConnectionType')
  if (type === undefined) session.assume('role', session.role, undefined)
  else session.set('role', session.role, type)
  const beginString = session.take('BeginString')
  if (beginString !== undefined) session.carry(beginString)
}

const remainder: Carrier = (session) => {
  for (const setting of session.rest()) session.carry(setting)
}

export const carriers: readonly Carrier[] = [
  identity,
  defaultApplVerId,
  dialAddresses,
  acceptAddress,
  remoteAddresses,
  protocols,
  reconnectInterval,
  hostSelection,
  dictionaries,
  timestampPrecision,
  fileStore,
  logs,
  listenerErrors,
  logonTags,
  pfx,
  proxy,
  credentials,
  weekdays,
  remainder
]
