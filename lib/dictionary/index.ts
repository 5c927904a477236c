/** Data dictionaries: what the package's door takes from here. */
export type {
  FieldDefinition,
  FieldValue,
  GroupDefinition,
  MemberDefinition,
  MessageDefinition
} from './definitions.js'
export { Dictionary } from './dictionary.js'
export { type BuiltInVersion, builtInVersions } from './facts.js'
export type { JsonFields, JsonMessage } from './people/json.js'
export type { TreeOptions } from './people/tree.js'
export { FixtDictionary, type SessionDictionary, sessionDictionary } from './session-dictionary.js'
export { Drift, type DriftKind, type DriftReason } from './validation/drift.js'
export type { ValidationOptions } from './validation/options.js'
export type { Problem } from './validation/problem.js'
