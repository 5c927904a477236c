import { expect } from 'vitest'
import type { FixSession, Logger, SessionConfig, SessionParts } from '../../../lib/index.js'
import { Counterparty } from '../../support/counterparty.js'
import { type Seen, TwoSessions } from '../../support/two-sessions.js'

/** Shows that an option does something: what happens with it does not happen without it. */
export type Effect = () => Promise<void> | void
export type Effects = Readonly<Record<string, Effect>>

/** A session and the other end of it, played by the spec. */
export interface World {
  readonly two: TwoSessions
  readonly us: FixSession & { seen: Seen }
  readonly them: Counterparty
  /** Texts that the session logged at level "warn". */
  readonly warnings: string[]
}

type Config = Partial<SessionConfig>

export const theirLogon = '35=A|34=1|98=0|108=30'

/** Our acceptor listens; nobody has come yet. */
export async function listening(config: Config = {}, parts: SessionParts = {}): Promise<World> {
  const world = make('acceptor', config, parts)
  await world.us.connect()
  return world
}

/** Our acceptor with the counterparty logged on. */
export async function accepted(config: Config = {}, parts: SessionParts = {}, logon = theirLogon): Promise<World> {
  const world = await listening(config, parts)
  await (await world.them.dial()).say(logon)
  expect(world.us.state).toBe('Active')
  world.them.heard()
  return world
}

/** Our initiator has dialled and sent its Logon, which is the first thing that was heard. */
export async function dialled(config: Config = {}, parts: SessionParts = {}): Promise<World> {
  const world = make('initiator', config, parts)
  await world.them.listen()
  void world.us.connect()
  await world.two.settle()
  return world
}

/** Our initiator logged on. */
export async function loggedOn(config: Config = {}, parts: SessionParts = {}, logon = theirLogon): Promise<World> {
  const world = await dialled(config, parts)
  await world.them.say(logon)
  expect(world.us.state).toBe('Active')
  world.them.heard()
  return world
}

/** What our acceptor answers, logged on, to what the counterparty says. */
export async function answerTo(config: Config, ...texts: string[]): Promise<string[]> {
  const { them } = await accepted(config)
  return (await them.say(...texts)).heard()
}

/** Our own Logon, with all its fields. */
export async function ourLogon(config: Config): Promise<string> {
  const { them } = await dialled(config)
  return them.heardWhole()[0] ?? 'none'
}

/** A counterparty for one more connection to or from the same session. */
export function another({ two, us }: World): Counterparty {
  return new Counterparty(two, us.config)
}

function make(role: 'initiator' | 'acceptor', config: Config, parts: SessionParts): World {
  const two = new TwoSessions()
  const warnings: string[] = []
  const warn = (fields: object | string, text?: string): void => {
    warnings.push(typeof fields === 'string' ? fields : (text ?? ''))
  }
  const logger: Logger = { debug() {}, info() {}, warn, error() {} }
  const us = two[role](config, { logger, ...parts })
  return { two, us, them: new Counterparty(two, us.config), warnings }
}
