import type { ParsedSessionConfig } from '../config/config.js'
import type { RejectDetails } from '../core/admin.js'
import { FixtDictionary, sessionDictionary } from '../dictionary/session-dictionary.js'
import type { FixMessage } from '../fix/message.js'
import { MsgType } from '../fix/msg-type.js'
import type { StructureSource } from '../fix/structure.js'
import { Tag } from '../fix/tag.js'

/** The first fault of a message by the dictionary, or undefined. */
export type Validate = (message: FixMessage) => RejectDetails | undefined

/** What a session knows of messages from its dictionary. */
export interface Vocabulary {
  readonly structure: StructureSource | undefined
  readonly validate: Validate | undefined
}

/**
 * Loads the dictionary of a config.
 *
 * @throws FixDictionaryError for a file that cannot be used.
 */
export function vocabularyOf(config: ParsedSessionConfig): Vocabulary {
  const dictionary = sessionDictionary(config)
  if (dictionary === undefined) return { structure: undefined, validate: undefined }
  if (!config.validateIncomingMessage) return { structure: dictionary, validate: undefined }
  if (!(dictionary instanceof FixtDictionary)) {
    return { structure: dictionary, validate: (message) => dictionary.firstProblem(message, config) }
  }
  return {
    structure: dictionary,
    validate: (message) => {
      // FIXT.1.1: the Logon's DefaultApplVerID(1137) says in which version application messages are to be read.
      if (message.msgType === MsgType.Logon) {
        dictionary.defaultApplVerId = message.get(Tag.DefaultApplVerID) ?? dictionary.defaultApplVerId
      }
      return dictionary.firstProblem(message, config)
    }
  }
}
