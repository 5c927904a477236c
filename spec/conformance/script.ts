/*
 * Session scripts (fixtures/session/*.txt): what happens between a session of ours, US, and its counterparty, THEM.
 *
 *   # comment: which test case of the standard this is, and what it demands
 *   role acceptor                  or initiator; either, which is the default, plays it twice
 *   versions 4.2+                  default: all of 4.0 4.1 4.2 4.3 4.4 T1.1; also 4.0-4.1, or a list
 *   set heartBtInt=6               an option of the session
 *   numbers in=5 out=7             where it stands when it begins
 *   dictionary on                  messages are held against the version's dictionary; default: they are not
 *   application echo               answers orders as an example application does; default: nobody answers
 *   application fails              throws for each message
 *   over tcp                       needs a second connection: not played by the core, which has but one
 *
 *   connect                        THEY connect, or accept our connection
 *   logon 108=6                    connect, and both sides say Logon, with these fields changed or added
 *   > 35=0|34=2                    THEY send; 8, 9, 49, 52, 56 and 10 are added
 *   > 8={begin}|9={length}|...     as it stands, with placeholders
 *   < 35=2|34=2|7=2|16={infinity}  WE send; 8, 9, 49, 52, 56 and 10 have to be right and are not shown. 122=* is a time
 *                                  no later than 52
 *   wait 30                        seconds pass
 *   cut                            THEY, or the network, end the link
 *   closed LOGGED_OUT              WE end the link, for this reason
 *   closed                         for whatever reason
 *   delivered 2 3                  the application has got these MsgSeqNums since the last such line
 *   send 35=D|11=a                 the application sends
 *   log out, log out bye, disconnect, disconnect bye, reset, test, set numbers in=5 out=7     the application does
 *   event logon                    it is told of this; others may come before it
 *   state Active
 *   next in=5 out=3                numbers to come
 *   second > 35=A|34=1|98=0        THEY send this on a second connection
 *   second closed                  WE end that one, and have said nothing on it
 *   repeat 10, end                 what is between the two lines happens so often
 *
 * A line may begin with the versions that it is for: [4.0-4.1] < ... What is sent, delivered or closed without a line for it
 * is a failure. Placeholders: {begin} BeginString, {infinity} EndSeqNo of an open end, {next} the number that we expect
 * next, {out} the last number that we sent, {now}, {now+10}, {now-121} times, {length} and {sum} of the whole message, {1137} the field |1137=9 in T1.1.
 */

const shortNames = ['4.0', '4.1', '4.2', '4.3', '4.4', 'T1.1']

export const beginStrings = shortNames.map((name) => (name === 'T1.1' ? 'FIXT.1.1' : `FIX.${name}`))

export type Role = 'acceptor' | 'initiator'

export interface Step {
  readonly line: number
  readonly verb: string
  readonly rest: string
}

export interface Script {
  readonly name: string
  readonly roles: readonly Role[]
  readonly versions: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly numbers: Readonly<Record<string, number>>
  readonly application: string
  readonly dictionary: boolean
  readonly overTcp: boolean
  /** The steps for one version. */
  steps(beginString: string): readonly Step[]
}

interface ConditionalStep extends Step {
  readonly versions: readonly string[]
}

const verbs =
  /^(connect|accept|logon|second >|second closed|>|<|wait|cut|closed|delivered|send|log out|disconnect|reset|test|set numbers|event|state|next)(?: +(.*))?$/

/** Throws an Error that names the line, for a line that is none of the above. */
export function parseScript(name: string, text: string): Script {
  const steps: ConditionalStep[] = []
  let repeated: { from: number; times: number } | undefined
  const settings: Record<string, unknown> = {}
  let roles: readonly Role[] = ['acceptor', 'initiator']
  let versions: readonly string[] = beginStrings
  let numbers: Record<string, number> = {}
  let application = 'none'
  let dictionary = false
  let overTcp = false
  text.split('\n').forEach((whole, index) => {
    const line = index + 1
    const [, condition, rest = ''] = /^(?:\[([^\]]*)\])?\s*(.*?)\s*$/.exec(whole) ?? []
    if (rest === '' || rest.startsWith('#')) return
    const mistake = () => new Error(`${name}:${line}: not understood: ${whole}`)
    const [word = '', value = ''] = rest.split(/ (.*)/s)
    if (
      steps.length === 0 &&
      condition === undefined &&
      /^(role|versions|set|numbers|application|dictionary|over)$/.test(word) &&
      !rest.startsWith('set numbers')
    ) {
      if (word === 'role') roles = value === 'either' ? roles : [value as Role]
      else if (word === 'versions') versions = versionsOf(value, mistake)
      else if (word === 'numbers') numbers = numbersOf(value)
      else if (word === 'application') application = value
      else if (word === 'dictionary') dictionary = value === 'on'
      else if (word === 'over') overTcp = value === 'tcp'
      else settings[value.split('=')[0] ?? ''] = JSON.parse(value.split(/=(.*)/s)[1] ?? '')
      return
    }
    if (word === 'repeat') {
      repeated = { from: steps.length, times: Number(value) }
      return
    }
    if (word === 'end' && repeated !== undefined) {
      const block = steps.slice(repeated.from)
      for (let again = 1; again < repeated.times; again++) steps.push(...block)
      repeated = undefined
      return
    }
    const match = verbs.exec(rest)
    if (match === null) throw mistake()
    const only = condition === undefined ? beginStrings : versionsOf(condition, mistake)
    steps.push({ line, verb: match[1] ?? '', rest: match[2] ?? '', versions: only })
  })
  return {
    name,
    roles,
    versions,
    settings,
    numbers,
    application,
    dictionary,
    overTcp,
    steps: (beginString) => steps.filter((step) => step.versions.includes(beginString))
  }
}

/** `in=5 out=7` */
export function numbersOf(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(' ').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name, Number(value)]
    })
  )
}

function versionsOf(text: string, mistake: () => Error): string[] {
  const index = (name: string): number => {
    const found = shortNames.indexOf(name)
    if (found < 0) throw mistake()
    return found
  }
  return text.split(' ').flatMap((range) => {
    if (range.endsWith('+')) return beginStrings.slice(index(range.slice(0, -1)))
    const [from = '', to = from] = range.split('-')
    return beginStrings.slice(index(from), index(to) + 1)
  })
}
