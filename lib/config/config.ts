/** The config of sessions and engines: what may be written, what comes out, what errors say. */
export { applVerIdOf } from '../fix/appl-ver-ids.js'
export { secretTextsOf } from './conceal.js'
export type { Environment } from './environment.js'
export { listenHost } from './listen-host.js'
export { type OptionRow, optionRows } from './options.js'
export { type ParseOptions, parseConfig, parseEngineConfig, sessionOfTemplate } from './parse.js'
export { readEngineConfig } from './read.js'
export { addressRange } from './remote-addresses.js'
export type {
  AcceptorConfig,
  EngineConfig,
  InitiatorConfig,
  ParsedAcceptorConfig,
  ParsedEngineConfig,
  ParsedInitiatorConfig,
  ParsedSessionConfig,
  PartialSessionConfig,
  SessionConfig
} from './schema.js'
export { type SessionIdentity, sessionId, wireIdentity } from './session-id.js'
export { fitsTemplate, type LogonIds } from './template-ids.js'
