import type { ReadableParts } from '../../journal/salvage/readable-parts.js'
import type { CommandIo } from '../command.js'

/** Says what kept a journal from being read in the ordinary way; the exit status. */
export function tellDamage({ damage, damagedMessages }: ReadableParts, io: CommandIo): number {
  if (damage === undefined) return 0
  io.stderr.write(
    `gapfill journal: ${damage.message}\nWhat can be read page by page was shown.${leftOut(damagedMessages)}\n`
  )
  return 1
}

function leftOut(messages: number): string {
  if (messages === 0) return ''
  return messages === 1 ? ' One damaged message was left out.' : ` ${messages} damaged messages were left out.`
}
