import { isHeaderTag, isTrailerTag } from '../../fix/header.js'
import type { FixMessage } from '../../fix/message.js'
import type { Dictionary } from '../dictionary.js'

export interface Zones {
  readonly header: readonly number[]
  readonly body: readonly number[]
  readonly trailer: readonly number[]
}

/** The tags directly in a message by part, each once, in wire order. A field that the body defines is the body's. */
export function zonesOf(message: FixMessage, dictionary: Dictionary): Zones {
  const own = new Set(dictionary.message(message.msgType)?.fields.map((field) => field.tag))
  const tags = [...new Set(message.tags())]
  const { ownHeaderTags } = dictionary
  const header = tags.filter((tag) => (isHeaderTag(tag) || ownHeaderTags?.has(tag)) && !own.has(tag))
  const trailer = tags.filter((tag) => isTrailerTag(tag) && !own.has(tag))
  return { header, body: tags.filter((tag) => !header.includes(tag) && !trailer.includes(tag)), trailer }
}
