import type { Member } from '../facts.js'

/**
 * The members of a message or component after an extension file has added its own: one that is there already is
 * replaced where it stands (so that it can become required), a group gains members, the rest is appended.
 */
export function extendMembers(members: readonly Member[] | undefined, added: readonly Member[]): readonly Member[] {
  if (members === undefined || members.length === 0) return added
  const result = [...members]
  for (const member of added) {
    const place = result.findIndex((present) => nameOf(present) === nameOf(member))
    const present = result[place]
    if (present === undefined) result.push(member)
    else if (present.kind === 'group' && member.kind === 'group') {
      result[place] = { ...member, members: extendMembers(present.members, member.members) }
    } else result[place] = member
  }
  return result
}

function nameOf(member: Member): string | number {
  return member.kind === 'component' ? member.name : member.tag
}
