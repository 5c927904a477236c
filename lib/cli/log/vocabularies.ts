import type { Dictionary } from '../../dictionary/dictionary.js'
import { isBuiltInVersion } from '../../dictionary/facts.js'
import { FixtDictionary, type SessionDictionary, sessionDictionary } from '../../dictionary/session-dictionary.js'
import type { FixMessage } from '../../fix/message.js'
import { Tag } from '../../fix/tag.js'

/** FIX.5.0SP2: what application messages are taken for before a Logon says so. */
const newest = '9'

/** The dictionary of each message of a log: the one that was named where it fits, else the built-in one of its version. */
export class Vocabularies {
  readonly #named: Dictionary | undefined
  readonly #known = new Map<string, SessionDictionary | undefined>()

  constructor(named: Dictionary | undefined) {
    this.#named = named
  }

  /** By BeginString(8); undefined for a version that nobody knows. */
  of(beginString: string): SessionDictionary | undefined {
    if (!this.#known.has(beginString)) {
      // Whoever writes ever new versions into a log must not fill the memory.
      if (this.#known.size >= 100) return undefined
      this.#known.set(beginString, this.#load(beginString))
    }
    return this.#known.get(beginString)
  }

  /** The one that has the names of a message's fields. From a Logon on, application messages are of the version it names. */
  forNames(message: FixMessage, beginString: string): Dictionary | undefined {
    const dictionary = this.of(beginString)
    if (!(dictionary instanceof FixtDictionary)) return dictionary as Dictionary | undefined
    const version = message.get(Tag.DefaultApplVerID)
    if (version !== undefined && dictionary.supports(version)) dictionary.defaultApplVerId = version
    return dictionary.dictionaryOf(message) ?? dictionary.application()
  }

  #load(beginString: string): SessionDictionary | undefined {
    const named = this.#named?.beginString === beginString ? this.#named : undefined
    if (named === undefined && !isBuiltInVersion(beginString)) return undefined
    if (beginString !== 'FIXT.1.1') return named ?? sessionDictionary({ beginString, dictionary: beginString })
    const transportDictionary = named?.version === 'FIXT.1.1' ? named.source : 'FIXT.1.1'
    const dictionary = named?.version === 'FIXT.1.1' ? undefined : named?.source
    return sessionDictionary({ beginString, dictionary, transportDictionary, defaultApplVerId: newest })
  }
}
