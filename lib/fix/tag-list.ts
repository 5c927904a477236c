import { dataTagOf, lengthTagOf } from './data-fields.js'
import { byteSum } from './digits.js'
import { Place, placeOf } from './header.js'

/** `tag=` as eight bytes at most, in two words with the first byte in the lowest place. */
export class TagName {
  readonly first: number
  readonly second: number
  /** How many bytes it has. */
  readonly width: number
  /** Of its bytes and of the SOH that ends its field. */
  readonly sum: number
  /** True for a field that the encoder puts into the header. */
  readonly isHeader: boolean

  constructor(tag: number) {
    const text = `${tag}=`
    const words = [0, 0]
    for (let at = 0; at < text.length; at++) words[at >> 2]! |= text.charCodeAt(at) << (8 * (at & 3))
    this.first = words[0] as number
    this.second = words[1] as number
    this.width = text.length
    this.sum = byteSum(this.first) + byteSum(this.second) + 1
    this.isHeader = placeOf(tag) === Place.Header
  }
}

const none = new TagName(0)

/** Tags with more digits have a longer name than two words. */
const LARGEST_LISTED = 9_999_999
const LONGEST = 64
const MOST_LISTS = 1024

function isListed(tag: number): boolean {
  if ((tag | 0) !== tag || tag <= 0 || tag > LARGEST_LISTED) return false
  const place = placeOf(tag)
  return (place === Place.Body || place === Place.Header) && dataTagOf(tag) === 0 && lengthTagOf(tag) === 0
}

/** Lists that `after` made. */
const made: TagList[] = []

/**
 * The tags of fields that were put one behind the other, shared by all sets of fields that were made alike.
 *
 * An application makes its messages in few ways, over and over. What follows from a tag and those before it (whether it is
 * a tag at all, whether it is there already, where it belongs, how it is written) is found out when fields are put
 * in that order for the first time, and costs one comparison from then on. Such lists have fields of body and header alone on which nothing else
 * depends, behind MsgType(35) in a message.
 */
export class TagList {
  readonly tags: readonly number[]
  readonly names: readonly TagName[]
  /** Places of the fields that the encoder puts into the header. */
  readonly header: readonly number[]
  /** Place of the last tag, -1 when there is none. */
  readonly at: number
  /** The last name. */
  readonly name: TagName
  /** The one that `after` gave last, and what for. */
  #lastTag = 0
  #last: TagList | undefined
  readonly #all = new Map<number, TagList>()

  constructor(tags: readonly number[], names: readonly TagName[]) {
    this.tags = tags
    this.names = names
    this.header = [...names.keys()].filter((at) => names[at]?.isHeader === true)
    this.at = tags.length - 1
    this.name = names.at(-1) ?? none
  }

  /** The list with one tag more. Undefined where what is given is no tag, or is here already, or is not for such lists. */
  after(tag: number): TagList | undefined {
    return tag === this.#lastTag ? this.#last : this.#find(tag)
  }

  #find(tag: number): TagList | undefined {
    let list = this.#all.get(tag)
    if (list === undefined) {
      if (!isListed(tag) || this.tags.length === LONGEST || this.tags.includes(tag)) return undefined
      if (made.length === MOST_LISTS) forgetAll()
      list = new TagList([...this.tags, tag], [...this.names, new TagName(tag)])
      made.push(list)
      this.#all.set(tag, list)
    }
    this.#lastTag = tag
    this.#last = list
    return list
  }

  /** Forgets what `after` found. */
  forget(): void {
    this.#lastTag = 0
    this.#last = undefined
    this.#all.clear()
  }
}

/** A message begins with MsgType(35). */
export const messageTags = new TagList([35], [new TagName(35)])
export const entryTags = new TagList([], [])

/** Messages that go on living keep their own lists, and none of the others. */
function forgetAll(): void {
  for (const list of made) list.forget()
  messageTags.forget()
  entryTags.forget()
  made.length = 0
}
