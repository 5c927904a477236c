import type { ParsedSessionConfig } from '../config/config.js'
import type { RejectDetails } from '../core/admin.js'
import { FixtDictionary, type SessionDictionary, sessionDictionary } from '../dictionary/session-dictionary.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import { type StructureSource, splitByFirstField } from '../fix/structure.js'
import { Tag } from '../fix/tag.js'

/** The first fault of a message by the dictionary, or undefined. */
export type Validate = (message: FixMessage) => RejectDetails | undefined

/** What a session knows of messages from its dictionary. */
export interface Vocabulary {
  readonly structure: StructureSource | undefined
  readonly validate: Validate | undefined
}

/**
 * Loads the dictionary of a config. `warn` gets what is wrong with messages that are let in all the same
 * (`rejectInvalidMessage: false`).
 *
 * @throws FixDictionaryError for a file that cannot be used.
 */
export function vocabularyOf(config: ParsedSessionConfig, warn: (text: string) => void): Vocabulary {
  const dictionary = sessionDictionary(config)
  if (dictionary === undefined) return { structure: undefined, validate: undefined }
  const structure = config.firstFieldInGroupIsDelimiter ? splitByFirstField(dictionary) : dictionary
  if (!config.validateIncomingMessage) return { structure, validate: undefined }
  const validate = validation(dictionary, config)
  return { structure, validate: config.rejectInvalidMessage ? validate : letIn(validate, warn) }
}

function validation(dictionary: SessionDictionary, config: ParsedSessionConfig): Validate {
  if (!(dictionary instanceof FixtDictionary)) return (message) => dictionary.firstProblem(message, config)
  return (message) => {
    // FIXT.1.1: the Logon's DefaultApplVerID(1137) says in which version application messages are to be read.
    if (message.msgType === MsgType.Logon) {
      dictionary.defaultApplVerId = message.get(Tag.DefaultApplVerID) ?? dictionary.defaultApplVerId
    }
    return dictionary.firstProblem(message, config)
  }
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
