import { isSecret, mask } from '../redact.js'
import { isGroup, type Options } from './option.js'
import { acceptorTable, initiatorTable } from './options.js'
import type { ParsedSessionConfig } from './schema.js'
import { isSettings, mapTexts } from './settings.js'

const allOptions: Options = { ...acceptorTable, ...initiatorTable }

/**
 * Keeps the secrets of a config off consoles and out of JSON: `console.log` and `JSON.stringify` show them as ***. Who reads
 * `config.password` has it as it is. A copy (`{ ...config }`) is the copier's own affair.
 */
export function conceal<Config extends object>(config: Config, options: Options = allOptions): Config {
  for (const [name, value] of Object.entries(config)) {
    const option = options[name]
    if (option === undefined || typeof value !== 'object' || value === null) continue
    if (isGroup(option)) conceal(value, option.members)
    else if (option.secret === true) showAs(value, concealing(maskedKind, masked))
  }
  return showAs(
    config,
    concealing(options, (shown) => withoutSecrets(shown, options))
  )
}

function withoutSecrets(config: object, options: Options): object {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(config)) {
    const option = options[name]
    if (option === undefined) shown[name] = value
    else if (isGroup(option)) shown[name] = isSettings(value) ? withoutSecrets(value, option.members) : value
    else shown[name] = option.secret === true ? masked(value) : value
  }
  return shown
}

const masked = (value: unknown): unknown => mapTexts(value, () => mask)

/** Stands for all values of which nothing is shown. */
const maskedKind = {}
const kinds = new WeakMap<object, PropertyDescriptorMap>()

/** What `console.log` and `JSON.stringify` ask an object for: one pair of functions for all objects of a kind. */
function concealing(kind: object, shown: (value: object) => unknown): PropertyDescriptorMap {
  let descriptors = kinds.get(kind)
  if (descriptors === undefined) {
    function hidden(this: object): unknown {
      return shown(this)
    }
    descriptors = { toJSON: { value: hidden }, [Symbol.for('nodejs.util.inspect.custom')]: { value: hidden } }
    kinds.set(kind, descriptors)
  }
  return descriptors
}

/** The same functions for all, so that ten thousand configs have one shape. */
function showAs<Value extends object>(value: Value, descriptors: PropertyDescriptorMap): Value {
  return Object.isFrozen(value) ? value : Object.defineProperties(value, descriptors)
}

/** Shorter ones would mask parts of ordinary words, and are found by trying anyway. */
const LEAST_SECRET = 4

/**
 * What may be shown nowhere, wherever it comes from, the longest first: a secret may begin with another one. One that is also
 * the text of an option that everybody may see is none.
 */
export function secretTextsOf(config: ParsedSessionConfig): readonly string[] {
  const { logonFields = [], secretTags } = config
  const secrets = new Set(
    logonFields.flatMap(([tag, text]) => (isSecret(tag, 'A') || secretTags.includes(tag) ? [text] : []))
  )
  const open = new Set<string>()
  collect(config, allOptions, secrets, open)
  return [...secrets]
    .filter((text) => text.length >= LEAST_SECRET && !open.has(text))
    .sort((a, b) => b.length - a.length)
}

function collect(config: object, options: Options, secrets: Set<string>, open: Set<string>): void {
  for (const [name, value] of Object.entries(config)) {
    const option = options[name]
    if (typeof value === 'string') (isSecretOption(option) ? secrets : open).add(value)
    else if (isSettings(value) && option !== undefined && isGroup(option)) collect(value, option.members, secrets, open)
  }
}

const isSecretOption = (option: Options[string] | undefined): boolean =>
  option !== undefined && !isGroup(option) && option.secret === true
