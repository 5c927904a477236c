import type { ParsedSessionConfig } from '../config/config.js'
import type { RejectDetails } from '../core/admin.js'
import { Dictionary } from '../dictionary/dictionary.js'
import type { FixMessage } from '../fix/message.js'
import type { StructureSource } from '../fix/structure.js'

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
  if (config.dictionary === undefined) return { structure: undefined, validate: undefined }
  const dictionary = Dictionary.loadSync(config.dictionary)
  if (!config.validateIncomingMessage) return { structure: dictionary, validate: undefined }
  const validator = dictionary.validator(config)
  return { structure: dictionary, validate: (message) => validator.firstProblem(message) }
}
