import type { ParsedSessionConfig } from '../config/config.js'
import type { RejectDetails } from '../core/admin.js'
import { FixtDictionary, type SessionDictionary, sessionDictionary } from '../dictionary/session-dictionary.js'
import { Drift, type DriftKind } from '../dictionary/validation/drift.js'
import type { ValidationOptions } from '../dictionary/validation/options.js'
import type { FixMessage } from '../fix/message.js'
import { type StructureSource, splitByFirstField } from '../fix/structure.js'
import { Tag } from '../fix/tag.js'

/** The first fault of a message by the dictionary, or undefined. */
export type Validate = (message: FixMessage) => RejectDetails | undefined

/** What a session knows of messages from its dictionary. */
export interface Vocabulary {
  readonly structure: StructureSource | undefined
  readonly validate: Validate | undefined
  readonly drift: SessionDrift
  /** A Logon began a session: what it says of the messages that follow holds from now on. */
  readonly logon: (logon: FixMessage) => void
}

/** What the counterparty does beside the dictionary (`allowDrift`). */
export interface SessionDrift {
  readonly record: Drift
  /** New kinds that have not been told yet. They are met in the middle of the core's work, and told after it. */
  readonly untold: DriftKind[]
}

/**
 * Loads the dictionary of a config. `warn` gets what is odd in it, and what is wrong with messages that are let in all the
 * same (`rejectInvalidMessage: false`).
 *
 * @throws FixDictionaryError for a file that cannot be used.
 */
export function vocabularyOf(config: ParsedSessionConfig, warn: (text: string) => void): Vocabulary {
  const untold: DriftKind[] = []
  const drift = { record: new Drift((kind) => untold.push(kind)), untold }
  const dictionary = sessionDictionary(config)
  if (dictionary === undefined) return { structure: undefined, validate: undefined, drift, logon: () => {} }
  for (const text of oddities(dictionary, config.beginString)) warn(text)
  const structure = config.firstFieldInGroupIsDelimiter ? splitByFirstField(dictionary) : dictionary
  const logon = adoption(dictionary)
  if (!config.validateIncomingMessage) return { structure, validate: undefined, drift, logon }
  const options: ValidationOptions = config.allowDrift ? { ...config, drift: drift.record } : config
  const validate: Validate = (message) => dictionary.firstProblem(message, options)
  return { structure, validate: config.rejectInvalidMessage ? validate : letIn(validate, warn), drift, logon }
}

/** What is worth a word when a session is made; nothing of it keeps the dictionary from being used. */
function oddities(dictionary: SessionDictionary, beginString: string): string[] {
  const { warnings } = dictionary
  const [first] = warnings
  const rest = warnings.length > 1 ? ` And ${warnings.length - 1} more: see Dictionary.warnings.` : ''
  return [
    ...(dictionary.beginString === beginString
      ? []
      : [
          `dictionary: expected one for ${beginString}, got one for ${dictionary.beginString}. Choose another unless it is meant.`
        ]),
    ...(first === undefined ? [] : [`Odd in the dictionary, ${first}${rest}`])
  ]
}

/** FIXT.1.1: the Logon's DefaultApplVerID(1137) says in which version application messages are to be read. */
function adoption(dictionary: SessionDictionary): (logon: FixMessage) => void {
  if (!(dictionary instanceof FixtDictionary)) return () => {}
  return (logon) => {
    dictionary.defaultApplVerId = logon.get(Tag.DefaultApplVerID) ?? dictionary.defaultApplVerId
  }
}

/** For the log. */
export function driftText({ msgType, tag, reason, firstValue }: DriftKind): string {
  const what = {
    unknownTag: 'has a tag that the dictionary does not know',
    tagNotDefinedForMessage: 'has a tag that the dictionary does not define for it',
    unknownValue: 'has a value that the dictionary does not list'
  }
  return `Drift, let in and told once (allowDrift): MsgType(35)=${msgType} ${what[reason]}: ${tag}=${firstValue}`
}

/** Finds nothing that a message would be refused for, but says what it has found. */
function letIn(validate: Validate, warn: (text: string) => void): Validate {
  return (message) => {
    const problem = validate(message)
    if (problem === undefined) return undefined
    const where = problem.refTagId === undefined ? '' : ` (tag ${problem.refTagId})`
    warn(
      `Let in (rejectInvalidMessage: false): MsgType(35)=${message.msgType} ` +
        `MsgSeqNum(34)=${message.msgSeqNum}: ${problem.text}${where}`
    )
    return undefined
  }
}
