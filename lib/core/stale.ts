import type { CoreSettings } from './settings.js'

/**
 * Milliseconds that a message may have waited, since it was given to us or since it was sent, to be put on the wire all the
 * same; Infinity where its age does not matter. An order that is executed an hour late is worse than one that is not.
 */
export function longestWait(settings: CoreSettings, msgType: string): number {
  const { maxMessageAges: ages, maxMessageAge } = settings
  const age = ages !== undefined && Object.hasOwn(ages, msgType) ? ages[msgType] : maxMessageAge
  return age === undefined ? Number.POSITIVE_INFINITY : age * 1000
}

/** Whether the age of no message matters. */
export function agesMatter({ maxMessageAge, maxMessageAges }: CoreSettings): boolean {
  return maxMessageAge !== undefined || maxMessageAges !== undefined
}
