import { FixMessage, Tag } from 'gapfill'

/** The Standard Header: the echo is a new message and gets its own. */
const header = new Set([
  8, 9, 35, 34, 43, 49, 50, 52, 56, 57, 90, 91, 97, 115, 116, 122, 128, 129, 142, 143, 144, 145, 212, 213, 347, 369,
  370, 627, 1128, 1129, 1156
])
const trailer = new Set([10, 89, 93])

/**
 * A message sent back as it came: each value with its text, body fields ascending by tag, groups in their place with members as
 * they came. PossResend(97) is kept; PossDupFlag(43) and OrigSendingTime(122) belong to the old message.
 */
export function echoOf(message, { dropEmptyGroups = false } = {}) {
  const echo = new FixMessage(message.msgType)
  if (message.has(Tag.PossResend)) echo.set(Tag.PossResend, message.get(Tag.PossResend))
  const body = message.tags().filter((tag) => !header.has(tag) && !trailer.has(tag))
  copy(
    message,
    echo,
    body.sort((a, b) => a - b),
    dropEmptyGroups
  )
  return echo
}

function copy(from, to, tags, dropEmptyGroups) {
  for (const tag of tags) {
    if (!from.isGroup(tag)) {
      to.set(tag, from.get(tag))
    } else if (from.groups(tag).length > 0) {
      for (const entry of from.groups(tag)) copy(entry, to.addGroup(tag, []), entry.tags(), dropEmptyGroups)
    } else if (!dropEmptyGroups) {
      to.set(tag, from.get(tag))
    }
  }
}
