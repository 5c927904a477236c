import { sessionTags } from '../fix/header.js'
import { Tag } from '../fix/tag.js'
import { zod } from '../packages.js'
import { fixText } from './values.js'

/** What a Logon(A) says by itself: EncryptMethod(98), HeartBtInt(108) and what options of their own stand for. */
const logonTags: readonly number[] = [
  Tag.EncryptMethod,
  Tag.HeartBtInt,
  Tag.ResetSeqNumFlag,
  Tag.NextExpectedMsgSeqNum,
  Tag.DefaultApplVerID
]

/** Whether the session itself decides over a field of our Logon. */
export const isSessionsOwn = (tag: number): boolean => sessionTags.includes(tag) || logonTags.includes(tag)

/** Fields by tag, as an object or as pairs. Pairs come out, in the order given. */
export const logonFields = () => {
  const error = 'fields by tag, such as { "1409": "0" } or [[1409, "0"]]'
  const text = fixText()
  const tag = zod().union([zod().string(), zod().int()])
  const either = zod().union(
    [
      zod().record(zod().string(), zod().string()),
      zod()
        .array(zod().tuple([tag, zod().string()]))
        .max(1000)
    ],
    { error }
  )
  return either.transform((fields, context) => {
    const pairs = Array.isArray(fields) ? fields : Object.entries(fields)
    const seen = new Set<number>()
    return pairs.map(([written, value], index): [tag: number, value: string] => {
      const place = Array.isArray(fields) ? index : written
      const atKey = !Array.isArray(fields)
      const number = tagOf(written)
      const fault = faultOfTag(number, seen)
      if (fault !== undefined) {
        context.addIssue({ code: 'custom', message: fault, path: [place], input: value, params: { atKey } })
      }
      const wrong = text.safeParse(value).error?.issues[0]
      if (wrong !== undefined) {
        context.addIssue({ code: 'custom', message: wrong.message, path: atKey ? [place] : [place, 1], input: value })
      }
      seen.add(number)
      return [number, value]
    })
  })
}

/** 0 for what is no tag. */
function tagOf(written: string | number): number {
  return /^[1-9]\d{0,8}$/.test(String(written)) ? Number(written) : 0
}

function faultOfTag(tag: number, seen: ReadonlySet<number>): string | undefined {
  if (tag === 0) return 'a tag, 1 to 999999999'
  if (isSessionsOwn(tag)) return 'a field that the session does not set itself'
  return seen.has(tag) ? 'each tag once' : undefined
}
