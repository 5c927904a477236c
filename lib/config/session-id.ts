/** The parts of a config that make a session's id. */
export interface SessionIdentity {
  readonly beginString: string
  readonly senderCompId: string
  readonly senderSubId?: string | undefined
  readonly senderLocationId?: string | undefined
  readonly targetCompId: string
  readonly targetSubId?: string | undefined
  readonly targetLocationId?: string | undefined
  readonly sessionQualifier?: string | undefined
}

/**
 * The name of a session in journals, logs and maps, as the QuickFIX family writes it: `FIX.4.4:BUYSIDE->BROKER`, with
 * all parts `FIX.4.4:SENDER/SUB/LOCATION->TARGET/SUB/LOCATION:QUALIFIER`.
 */
export function sessionId(identity: SessionIdentity): string {
  const qualifier = identity.sessionQualifier
  return wireIdentity(identity) + (qualifier === undefined ? '' : `:${qualifier}`)
}

/** The id without the qualifier: all that a Logon from the counterparty can be told by. */
export function wireIdentity(identity: SessionIdentity): string {
  const sender = party(identity.senderCompId, identity.senderSubId, identity.senderLocationId)
  const target = party(identity.targetCompId, identity.targetSubId, identity.targetLocationId)
  return `${identity.beginString}:${sender}->${target}`
}

function party(...ids: (string | undefined)[]): string {
  return ids.filter((id) => id !== undefined).join('/')
}
