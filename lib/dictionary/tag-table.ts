const pageSize = 256
/** Tags below this have their number in a page, the few above in a map. */
const pagedTags = 65_536

/** Small positive numbers by tag, quick to read for any tag; 0 where there is none. */
export class TagTable {
  readonly #pages: (Uint16Array | undefined)[] = new Array(pagedTags / pageSize).fill(undefined)
  readonly #high = new Map<number, number>()

  /** `value` must be from 1 to 65535. */
  set(tag: number, value: number): void {
    if (tag < 0 || tag >= pagedTags) {
      this.#high.set(tag, value)
      return
    }
    const index = Math.floor(tag / pageSize)
    let page = this.#pages[index]
    if (!page) {
      page = new Uint16Array(pageSize)
      this.#pages[index] = page
    }
    page[tag % pageSize] = value
  }

  get(tag: number): number {
    if (tag >= 0 && tag < pagedTags) {
      const page = this.#pages[tag >> 8]
      return page === undefined ? 0 : (page[tag & 255] as number)
    }
    return this.#high.size === 0 ? 0 : (this.#high.get(tag) ?? 0)
  }
}
