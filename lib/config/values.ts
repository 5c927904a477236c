import { isIP, isIPv6 } from 'node:net'
import type { z } from 'zod'
import { applVerIdNames, applVerIdOf } from '../fix/appl-ver-ids.js'
import { isAdmin } from '../fix/msg-type.js'
import { zod } from '../packages.js'

/*
 * The kinds of value that options take. A kind's message is the text that follows "expected" in an error, the same
 * whatever is wrong with the value, so that a reader learns the whole range at once.
 */

export const flag = () => zod().boolean({ error: 'true or false' })

export const choice = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  zod().enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(', ')}` })

export const oneOf = <const Values extends readonly [number, ...number[]]>(...values: Values) =>
  zod().literal(values, { error: values.join(' or ') })

export const wholeNumber = (least: number, most: number = Number.MAX_SAFE_INTEGER) => {
  const error =
    most === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`
  return zod().int({ error }).min(least, { error }).max(most, { error })
}

/** Node's timers end at 24.8 days; a day is longer than any time-out of a session has a reason to be. */
const longestWait = 86_400

export const seconds = () => {
  const error = `a number of seconds above 0, at most ${longestWait}`
  return zod().number({ error }).positive({ error }).max(longestWait, { error })
}

export const factor = () => {
  const error = 'a number from 0 to 1000'
  return zod().number({ error }).min(0, { error }).max(1000, { error })
}

/** FIX String: no SOH or other control characters; one byte a character on the wire (latin1). */
export const fixText = () => {
  const error = 'text of at least 1 character, without control characters, none above U+00FF'
  return zod()
    .string({ error })
    .regex(/^[\x20-\x7e\xa0-\xff]+$/, { error })
}

export const host = () => {
  const error = 'a host name or an IP address, without a port'
  return zod()
    .string({ error })
    .refine((value) => isIPv6(value) || /^[^\s:/\p{Cc}]+$/u.test(value), { error })
}

export const ipAddress = () => {
  const error = 'an IP address'
  return zod()
    .string({ error })
    .refine((value) => isIP(value) !== 0, { error })
}

/** Port 0 is for listening only: the system then picks a free one. */
export const port = (least: 0 | 1) => wholeNumber(least, 65_535)

export const endpoints = () => {
  const error = 'a list of at least 1 { host, port }'
  return zod()
    .array(zod().strictObject({ host: host(), port: port(1) }, { error: 'an object { host, port }' }), { error })
    .min(1, {
      error
    })
}

export const filePath = () => {
  const error = 'the path of a file'
  return zod()
    .string({ error })
    .regex(/^[^\0]+$/, { error })
}

export const builtInDictionaries = [
  'FIX.4.0',
  'FIX.4.1',
  'FIX.4.2',
  'FIX.4.3',
  'FIX.4.4',
  'FIX.5.0',
  'FIX.5.0SP1',
  'FIX.5.0SP2',
  'FIXT.1.1'
] as const

/** True for a name that can only be meant as a FIX version, right or wrong: never the path of a file. */
const looksLikeVersion = (text: string) => /^FIXT?[.\d]*(SP\d*)?$/i.test(text)

export const isBuiltInDictionary = (text: string) => builtInDictionaries.some((name) => name === text)

export const dictionary = () => {
  const error = `a built-in dictionary (${builtInDictionaries.join(', ')}) or the path of an XML file`
  return filePath().refine((value) => isBuiltInDictionary(value) || !looksLikeVersion(value), {
    error,
    params: { candidates: builtInDictionaries }
  })
}

/** A value of ApplVerID(1128), or the name of the version that it stands for. The value comes out. */
export const applVerId = () => {
  const error = `a value of ApplVerID(1128) or the name of its version: ${applVerIdNames}`
  return zod()
    .string({ error })
    .transform((value, context) => {
      const known = applVerIdOf(value)
      if (known === undefined) context.addIssue({ code: 'custom', message: error, input: value })
      return known ?? value
    })
}

export const dictionariesByApplVerId = () => {
  const error = 'an object of dictionaries by ApplVerID, such as { "9": "FIX.5.0SP2" }'
  return zod()
    .record(zod().string(), dictionary(), { error })
    .transform((record, context) => {
      const byValue: Record<string, string> = {}
      for (const [key, path] of Object.entries(record)) {
        const known = applVerIdOf(key)
        const fault =
          known === undefined
            ? `a value of ApplVerID(1128) or the name of its version as the key: ${applVerIdNames}`
            : known in byValue
              ? `one dictionary for ApplVerID ${known}`
              : undefined
        if (fault !== undefined)
          context.addIssue({ code: 'custom', message: fault, path: [key], input: path, params: { atKey: true } })
        else if (known !== undefined) byValue[known] = path
      }
      return byValue
    })
}

const tenYears = 10 * 366 * 86_400

/** Seconds; 0 is an age of its own: at once. */
export const ageLimit = () => {
  const error = `a number of seconds from 0 to ${tenYears}`
  return zod().number({ error }).min(0, { error }).max(tenYears, { error })
}

export const agesByMsgType = () => byMsgType(ageLimit(), 'an object of seconds by MsgType, such as { "D": 5, "F": 60 }')

/** Messages a second. */
export const perSecond = () => {
  const error = 'a number of messages a second above 0, at most 1000000'
  return zod().number({ error }).positive({ error }).max(1_000_000, { error })
}

const isApplications = (msgType: string) => /^[!-~]{1,32}$/.test(msgType) && !isAdmin(msgType)

/** A value for each of some MsgTypes(35). */
function byMsgType<Value extends z.ZodType>(value: Value, error: string) {
  return zod()
    .record(zod().string(), value, { error })
    .check((context) => {
      for (const [msgType, input] of Object.entries(context.value)) {
        if (isApplications(msgType)) continue
        const message = "the MsgType(35) of an application's message as the key, such as D"
        context.issues.push({ code: 'custom', message, path: [msgType], input, params: { atKey: true } })
      }
    })
}

export const ratesByMsgType = () => {
  const rate = zod().strictObject(
    { messagesPerSecond: perSecond(), burst: wholeNumber(1, 1_000_000).optional() },
    { error: 'an object { messagesPerSecond, burst }' }
  )
  return byMsgType(rate, 'an object such as { "D": { "messagesPerSecond": 5, "burst": 10 } }')
}

export const tags = () => {
  const error = 'a list of at most 1000 tags, 1 to 999999999, such as [5055]'
  return zod().array(zod().int({ error }).min(1, { error }).max(999_999_999, { error }), { error }).max(1000, { error })
}

export const msgTypes = () => {
  const error = 'a list of at most 1000 MsgTypes(35) of an application\'s messages, such as ["F"]'
  return zod().array(zod().string({ error }).refine(isApplications, { error }), { error }).max(1000, { error })
}

export const reconnectSteps = () => {
  const error = `a number of seconds above 0, at most ${longestWait}, or a list of 1 to 32 of them`
  const step = seconds()
  return zod()
    .union([step, zod().array(step).min(1).max(32)], { error })
    .transform((value) => (typeof value === 'number' ? [value] : value))
}
