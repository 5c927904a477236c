import { zod } from '../../packages.js'
import { defaulted, group, optional } from '../option.js'
import { choice, filePath, flag, tags, wholeNumber } from '../values.js'

const tenYears = 10 * 366 * 86_400

const age = () => {
  const error = `a number of seconds above 0, at most ${tenYears}`
  return zod().number({ error }).positive({ error }).max(tenYears, { error })
}

const mebibyte = 1024 * 1024

/** Limits: nothing that a counterparty or an application can make grow is without one. */
export const limitOptions = {
  maxMessageLength: defaulted(mebibyte, {
    type: () => wholeNumber(256, 256 * mebibyte),
    meaning: 'Longest message accepted, bytes; a longer one closes the connection.',
    quickfix: []
  }),
  maxFields: defaulted(65_536, {
    type: () => wholeNumber(16, 16 * mebibyte),
    meaning: 'Most fields accepted in one message; more close the connection.',
    quickfix: []
  }),
  maxHeldMessages: defaulted(10_000, {
    type: () => wholeNumber(1),
    meaning: 'Most messages held while a gap is open; what comes beyond is dropped and asked for again.',
    quickfix: []
  }),
  maxInboundBacklog: defaulted(16 * mebibyte, {
    type: () => wholeNumber(256),
    meaning: 'Most bytes of received messages that wait for the journal before reading from the socket stops.',
    quickfix: []
  }),
  maxOutboundBuffer: defaulted(64 * mebibyte, {
    type: () => wholeNumber(256),
    meaning: 'Most bytes waiting for a counterparty that does not read; beyond it the connection is closed.',
    quickfix: []
  })
}

/** What is kept on disk, and what is said about it. */
export const storageOptions = {
  journal: group({
    path: defaulted('gapfill.db', {
      type: filePath,
      meaning: 'SQLite file of messages and numbers, relative to the config file; ":memory:" keeps nothing.',
      quickfix: ['FileStorePath']
    }),
    synchronous: defaulted('normal', {
      type: () => choice('normal', 'full'),
      meaning: 'What a commit survives: "normal" the end of the process, "full" also a power cut (one fsync a commit).',
      quickfix: ['FileStoreSync']
    }),
    retention: group({
      maxAge: optional({
        type: age,
        meaning: 'Messages older than this are deleted, seconds; unset: age does not matter.',
        quickfix: []
      }),
      maxMessages: defaulted(10_000_000, {
        type: () => wholeNumber(1),
        meaning: 'Most messages kept of one session and direction; the oldest go first and can no longer be resent.',
        quickfix: []
      })
    })
  }),
  secretTags: defaulted([], {
    type: tags,
    meaning:
      "Further tags whose values are secret, such as a password in a tag of the counterparty's own: *** in the log, in errors about a Logon and in the journal's Logon, as Password(554) always is.",
    quickfix: []
  }),
  log: group({
    level: defaulted('info', {
      type: () => choice('debug', 'info', 'warn', 'error', 'silent'),
      meaning: 'Least severity that is logged.',
      quickfix: []
    }),
    messages: defaulted(false, {
      type: flag,
      meaning: 'Log every message in and out, secrets masked, at level "info"; costs some microseconds a message.',
      quickfix: ['ScreenLogShowIncoming', 'ScreenLogShowOutgoing']
    }),
    file: optional({
      type: filePath,
      meaning: 'File to log to, relative to the config file; unset: standard error.',
      quickfix: ['FileLogPath']
    }),
    maxFileSize: defaulted(100 * mebibyte, {
      type: () => wholeNumber(4096),
      meaning: 'Size at which the log file becomes FILE.1 (replacing the one before) and a new one begins, bytes.',
      quickfix: []
    })
  })
}
