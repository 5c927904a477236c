import { applVerIds } from '../fix/appl-ver-ids.js'
import type { DataFields } from '../fix/data-fields.js'
import type { FixMessage } from '../fix/message.js'
import { SessionRejectReason } from '../fix/session-reject-reason.js'
import type { MessageStructure, StructureSource } from '../fix/structure.js'
import { dataFieldsOf } from './data-pairs.js'
import { Dictionary } from './dictionary.js'
import type { ValidationOptions } from './validation/options.js'
import type { Problem } from './validation/problem.js'

/** What a session needs of its dictionary: a `Dictionary` is one, `FixtDictionary` another. */
export interface SessionDictionary extends StructureSource {
  readonly beginString: string
  /** What is odd in its files but does no harm, each with file, line and element. */
  readonly warnings: readonly string[]
  validate(message: FixMessage, options?: ValidationOptions): Problem[]
  firstProblem(message: FixMessage, options?: ValidationOptions): Problem | undefined
}

const tagOfApplVerId = 1128

/** The built-in application dictionary of a value of ApplVerID(1128). FIX Latest is served by the newest there is. */
function builtInFor(applVerId: string): string | undefined {
  const version = applVerIds.get(applVerId)
  return version === 'FIX.Latest' ? 'FIX.5.0SP2' : version
}

/**
 * The dictionary of a FIXT.1.1 session: one for the transport, and for application messages one by the ApplVerID(1128) of
 * each message, or by the session's DefaultApplVerID(1137) where a message has none.
 */
export class FixtDictionary implements SessionDictionary {
  readonly beginString = 'FIXT.1.1'
  /** DefaultApplVerID(1137) of the session. An acceptor learns it from the Logon. */
  defaultApplVerId: string | undefined
  readonly #transport: Dictionary
  readonly #applicationOf: (applVerId: string) => Dictionary | undefined
  readonly #applications = new Map<string, Dictionary>()
  /** A message's version is not known before its fields are: those of all dictionaries that were named. */
  readonly dataFields: DataFields
  readonly warnings: readonly string[]

  /**
   * `applicationOf` gives the application dictionary of a value of ApplVerID(1128), or undefined; `named` are those that are
   * not built in.
   */
  constructor(
    transport: Dictionary,
    applicationOf: (applVerId: string) => Dictionary | undefined,
    defaultApplVerId?: string,
    named: readonly Dictionary[] = []
  ) {
    this.#transport = transport
    this.warnings = [transport, ...named].flatMap((dictionary) => dictionary.warnings)
    this.dataFields = dataFieldsOf(transport.facts, ...named.map((dictionary) => dictionary.facts))
    this.#applicationOf = applicationOf
    this.defaultApplVerId = defaultApplVerId
  }

  get ownHeaderTags(): ReadonlySet<number> | undefined {
    return this.#transport.ownHeaderTags
  }

  /** True where there is an application dictionary for that value of ApplVerID(1128) or DefaultApplVerID(1137). */
  supports(applVerId: string): boolean {
    return this.application(applVerId) !== undefined
  }

  /** The application dictionary for an ApplVerID(1128), with this session's transport. */
  application(applVerId: string | undefined = this.defaultApplVerId): Dictionary | undefined {
    if (applVerId === undefined) return undefined
    let dictionary = this.#applications.get(applVerId)
    if (!dictionary) {
      const found = this.#applicationOf(applVerId)
      if (!found) return undefined
      dictionary = found.over(this.#transport)
      this.#applications.set(applVerId, dictionary)
    }
    return dictionary
  }

  structureOf(msgType: string, applVerId?: string): MessageStructure | undefined {
    return this.#transport.structureOf(msgType) ?? this.application(applVerId)?.structureOf(msgType)
  }

  validate(message: FixMessage, options?: ValidationOptions): Problem[] {
    const dictionary = this.dictionaryOf(message)
    return dictionary ? dictionary.validate(message, options) : [unsupported(message)]
  }

  firstProblem(message: FixMessage, options?: ValidationOptions): Problem | undefined {
    const dictionary = this.dictionaryOf(message)
    return dictionary ? dictionary.firstProblem(message, options) : unsupported(message)
  }

  /** The dictionary that a message is to be held against and told by; undefined where its version is not supported. */
  dictionaryOf(message: FixMessage): Dictionary | undefined {
    if (this.#transport.message(message.msgType)) return this.#transport
    return this.application(message.get(tagOfApplVerId))
  }
}

/** FIXT.1.1, SessionRejectReason(373) 18. */
function unsupported(message: FixMessage): Problem {
  return {
    sessionRejectReason: SessionRejectReason.InvalidUnsupportedApplicationVersion,
    refTagId: message.has(tagOfApplVerId) ? tagOfApplVerId : undefined,
    text: 'Invalid or unsupported application version',
    path: 'ApplVerID'
  }
}

/** The options of a session's config that choose its dictionary. */
export interface DictionaryConfig {
  readonly beginString: string
  /** A built-in version or the path of an XML file. In a FIXT.1.1 session, that of the default application version. */
  readonly dictionary?: string | undefined
  /** Default: FIXT.1.1. */
  readonly transportDictionary?: string | undefined
  /** By value of ApplVerID(1128). Where there are any, other versions are refused; else the built-in ones serve. */
  readonly appDictionaries?: Readonly<Record<string, string>> | undefined
  /** DefaultApplVerID(1137). */
  readonly defaultApplVerId?: string | undefined
}

/**
 * The dictionary that a config asks for, or undefined where it asks for none.
 *
 * @throws FixDictionaryError
 */
export function sessionDictionary(config: DictionaryConfig): SessionDictionary | undefined {
  const { dictionary, transportDictionary, appDictionaries, defaultApplVerId } = config
  if (config.beginString !== 'FIXT.1.1') return dictionary === undefined ? undefined : Dictionary.loadSync(dictionary)
  if (dictionary === undefined && transportDictionary === undefined && appDictionaries === undefined) return undefined
  const transport = Dictionary.loadSync(transportDictionary ?? 'FIXT.1.1')
  const named = new Map(Object.entries(appDictionaries ?? {}).map(([id, name]) => [id, Dictionary.loadSync(name)]))
  if (dictionary !== undefined && dictionary !== 'FIXT.1.1')
    addDefault(named, Dictionary.loadSync(dictionary), defaultApplVerId)
  const only = appDictionaries !== undefined
  const applicationOf = (applVerId: string): Dictionary | undefined => {
    const version = only ? undefined : builtInFor(applVerId)
    return named.get(applVerId) ?? (version === undefined ? undefined : Dictionary.loadSync(version))
  }
  return new FixtDictionary(transport, applicationOf, defaultApplVerId, [...new Set(named.values())])
}

/** `dictionary` serves the version that it is of, and the session's default version where it names one. */
function addDefault(
  named: Map<string, Dictionary>,
  dictionary: Dictionary,
  defaultApplVerId: string | undefined
): void {
  for (const applVerId of applVerIds.keys()) {
    if (builtInFor(applVerId) === dictionary.version && !named.has(applVerId)) named.set(applVerId, dictionary)
  }
  if (defaultApplVerId !== undefined && !named.has(defaultApplVerId)) named.set(defaultApplVerId, dictionary)
}
