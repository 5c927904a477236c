import { lengthTagOf } from './data-fields.js'
import type { GroupStructure } from './structure.js'

/**
 * The places in `tags` in the order in which an entry of the group is to be written: delimiter first, then as the
 * dictionary has them, then what it does not know. Undefined when they stand so already.
 */
export function inDictionaryOrder(tags: readonly number[], structure: GroupStructure): number[] | undefined {
  let previous = -2
  let ordered = true
  for (const tag of tags) {
    const rank = rankOf(tag, tags, structure)
    if (rank < previous) ordered = false
    previous = rank
  }
  if (ordered) return undefined
  const ranks = tags.map((tag) => rankOf(tag, tags, structure))
  return tags.map((_, at) => at).sort((a, b) => (ranks[a] as number) - (ranks[b] as number) || a - b)
}

function rankOf(tag: number, tags: readonly number[], structure: GroupStructure): number {
  if (tag === structure.delimiter) return -1
  // Data stays directly behind its Length field wherever a dictionary puts it.
  const lengthTag = lengthTagOf(tag)
  const ranked = lengthTag !== 0 && tags.includes(lengthTag) ? lengthTag : tag
  return structure.order.get(ranked) ?? Number.MAX_SAFE_INTEGER
}
