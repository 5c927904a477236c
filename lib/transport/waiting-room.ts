import { networkOf } from './remote-address.js'

/**
 * Connections that wait for something, by where they come from. When there are too many, one of the network with the most
 * has to go, so that whoever holds connections open takes the room of nobody else.
 */
export class WaitingRoom<Item> {
  /** The network that came last is last; each has its items, oldest first. */
  readonly #networks = new Map<string, Set<Item>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(remoteAddress: string, item: Item): void {
    const network = networkOf(remoteAddress)
    let items = this.#networks.get(network)
    if (items === undefined) {
      items = new Set()
      this.#networks.set(network, items)
    }
    if (items.has(item)) return
    items.add(item)
    this.#size++
  }

  delete(remoteAddress: string, item: Item): void {
    const network = networkOf(remoteAddress)
    const items = this.#networks.get(network)
    if (items?.delete(item) !== true) return
    this.#size--
    if (items.size === 0) this.#networks.delete(network)
  }

  /** Of the network with the most the one that has waited longest; undefined when nobody waits. */
  longestOfBusiest(): Item | undefined {
    let busiest: Set<Item> | undefined
    for (const items of this.#networks.values()) if (busiest === undefined || items.size > busiest.size) busiest = items
    return busiest?.values().next().value
  }

  /** All of them, also where some leave meanwhile. */
  all(): readonly Item[] {
    return [...this.#networks.values()].flatMap((items) => [...items])
  }
}
