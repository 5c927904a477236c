import { once, zod } from '../packages.js'
import { type InputOf, type OutputOf, shapeOf } from './option.js'
import { acceptorTable, initiatorTable } from './options.js'
import { choice, port } from './values.js'

/** What a user writes for a session that dials. */
export type InitiatorConfig = InputOf<typeof initiatorTable>

/** What a user writes for a session that listens. */
export type AcceptorConfig = InputOf<typeof acceptorTable>

/** What `new FixSession(config)` takes. Every option with its default and meaning stands in README's table. */
export type SessionConfig = InitiatorConfig | AcceptorConfig

/** Every endpoint to dial, in order; `host` and `port` repeat the first. */
interface Endpoints {
  readonly host: string
  readonly port: number
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
}

export type ParsedInitiatorConfig = Omit<OutputOf<typeof initiatorTable>, keyof Endpoints> & Endpoints
export type ParsedAcceptorConfig = OutputOf<typeof acceptorTable>

/** A config that cannot be wrong: complete, checked, frozen. `role` tells its two forms apart. */
export type ParsedSessionConfig = ParsedInitiatorConfig | ParsedAcceptorConfig

/** Options for all sessions of an engine, or a session that leaves some to `defaults`. */
export type PartialSessionConfig = Partial<Omit<InitiatorConfig, 'role'>> &
  Partial<Omit<AcceptorConfig, 'role'>> & { readonly role?: 'initiator' | 'acceptor' | undefined }

/** What `sessions.json` holds. */
export interface EngineConfig {
  readonly defaults?: PartialSessionConfig | undefined
  readonly sessions: readonly PartialSessionConfig[]
}

export interface ParsedEngineConfig {
  readonly sessions: readonly ParsedSessionConfig[]
}

const error = 'an object of options'

export const initiatorSchema = once(() => zod().strictObject(shapeOf(initiatorTable), { error }))
export const acceptorSchema = once(() => zod().strictObject(shapeOf(acceptorTable), { error }))

/** For a session whose role is missing or wrong: its other mistakes are of interest all the same. */
export const eitherRoleSchema = once(() =>
  zod().strictObject(
    {
      ...shapeOf(initiatorTable),
      role: choice('initiator', 'acceptor'),
      port: port(0).optional()
    },
    { error }
  )
)

/** `defaults` may leave out everything. */
export const defaultsSchema = once(() => eitherRoleSchema().partial())
