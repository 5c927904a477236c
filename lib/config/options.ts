import { isGroup, type Option, type Options } from './option.js'
import { acceptorOptions, initiatorOptions, socketOptions } from './options/connection.js'
import { identityOptions } from './options/identity.js'
import { listenerOptions } from './options/listener.js'
import { checkOptions, heartbeatOptions, resendOptions, sequenceOptions } from './options/protocol.js'
import { proxyOptions } from './options/proxy.js'
import { receivingOptions } from './options/receiving.js'
import { scheduleOptions } from './options/schedule.js'
import { sendingOptions } from './options/sending.js'
import { limitOptions, storageOptions } from './options/storage.js'
import { tlsOptions } from './options/tls.js'
import { validationOptions } from './options/validation.js'

/** Every option that both roles have. */
export const commonOptions = {
  ...identityOptions,
  ...socketOptions,
  ...tlsOptions,
  ...scheduleOptions,
  ...heartbeatOptions,
  ...sequenceOptions,
  ...resendOptions,
  ...sendingOptions,
  ...receivingOptions,
  ...checkOptions,
  ...validationOptions,
  ...limitOptions,
  ...storageOptions
}

export const initiatorTable = { ...commonOptions, ...initiatorOptions, ...proxyOptions }
export const acceptorTable = { ...commonOptions, ...acceptorOptions, ...listenerOptions }

/** One line of README's table. */
export interface OptionRow {
  /** As it is written in a config; members of an object with a dot: `journal.path`. */
  readonly name: string
  readonly section: string
  /** The role that it is for; undefined: both. */
  readonly role: 'initiator' | 'acceptor' | undefined
  readonly option: Option
}

const sections: readonly [title: string, role: OptionRow['role'], options: Options][] = [
  ['Identity', undefined, identityOptions],
  ['Connection of an initiator', 'initiator', initiatorOptions],
  ['Proxy of an initiator', 'initiator', proxyOptions],
  ['Connection of an acceptor', 'acceptor', acceptorOptions],
  ['Listener of an acceptor', 'acceptor', listenerOptions],
  ['Every TCP connection', undefined, socketOptions],
  ['TLS', undefined, tlsOptions],
  ['Schedule', undefined, scheduleOptions],
  ['Heartbeats and time-outs', undefined, heartbeatOptions],
  ['Sequence numbers', undefined, sequenceOptions],
  ['Resend', undefined, resendOptions],
  ['Sending', undefined, sendingOptions],
  ['Receiving', undefined, receivingOptions],
  ['Checks and form of messages', undefined, checkOptions],
  ['Dictionary and validation', undefined, validationOptions],
  ['Limits', undefined, limitOptions],
  ['Journal and log', undefined, storageOptions]
]

/** The whole table, in the order in which it is documented. */
export function optionRows(): OptionRow[] {
  return sections.flatMap(([section, role, options]) =>
    flatten(options).map(([name, option]) => ({ name, section, role, option }))
  )
}

function flatten(options: Options, prefix = ''): [string, Option][] {
  return Object.entries(options).flatMap(([name, entry]): [string, Option][] =>
    isGroup(entry) ? flatten(entry.members, `${prefix}${name}.`) : [[prefix + name, entry]]
  )
}
