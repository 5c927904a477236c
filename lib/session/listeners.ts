import { EventEmitter } from 'eventemitter3'

type Listener = (...args: never[]) => unknown

interface Guarded {
  (first?: unknown, second?: unknown): void
  readonly original: Listener
}

/** No event has more than two arguments, so that emitting one makes no arrays. */
type Called = (first?: unknown, second?: unknown) => unknown

/** Emits an event; what goes with it has the types that its listeners take. */
export type Emit<Events extends { [Name in keyof Events]: (...args: never[]) => void }> = <
  Name extends keyof Events & string
>(
  event: Name,
  ...args: Parameters<Events[Name]>
) => boolean

/**
 * An emitter whose listeners cannot hurt each other, or the one who emits.
 *
 * Every listener is wrapped when it is added: what it throws, and what its promise rejects with, goes to `failed` instead
 * of up the stack. The emitter underneath stays eventemitter3.
 */
export abstract class GuardedEmitter<Events extends { [Name in keyof Events]: (...args: never[]) => void }> {
  private readonly emitter = new EventEmitter()
  /** Of each event and listener the wrapped ones; a listener may have been added several times. */
  private readonly guards = new Map<string, Map<Listener, Guarded[]>>()

  /** A listener failed; `asynchronous` when its promise rejected, after the emission was over. */
  protected abstract failed(
    event: keyof Events & string,
    error: unknown,
    asynchronous: boolean,
    firstArgument: unknown
  ): void

  on<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    this.emitter.on(event, this.guard(event, listener, false))
    return this
  }

  once<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    this.emitter.once(event, this.guard(event, listener, true))
    return this
  }

  /** Removes a listener; of one that was added several times the latest. */
  off<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    const guard = this.guards.get(event)?.get(listener)?.at(-1)
    if (guard === undefined) return this
    this.forget(event, listener, guard)
    this.emitter.off(event, guard)
    return this
  }

  addListener<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    return this.on(event, listener)
  }

  removeListener<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    return this.off(event, listener)
  }

  removeAllListeners(event?: keyof Events & string): this {
    if (event === undefined) this.guards.clear()
    else this.guards.delete(event)
    this.emitter.removeAllListeners(event)
    return this
  }

  listenerCount(event: keyof Events & string): number {
    return this.emitter.listenerCount(event)
  }

  listeners<Name extends keyof Events & string>(event: Name): Events[Name][] {
    return this.emitter.listeners(event).map((guard) => (guard as unknown as Guarded).original as Events[Name])
  }

  /** Calls every listener; true when there was one. `Emit` is its type where events are known. */
  protected fire(event: string, first?: unknown, second?: unknown): boolean {
    if (second !== undefined) return this.emitter.emit(event, first, second)
    if (first !== undefined) return this.emitter.emit(event, first)
    return this.emitter.emit(event)
  }

  private guard(event: keyof Events & string, listener: Listener, once: boolean): Guarded {
    const called = listener as Called
    const call = (first?: unknown, second?: unknown): void => {
      if (once) this.forget(event, listener, guarded)
      try {
        const result = second !== undefined ? called(first, second) : first !== undefined ? called(first) : called()
        if (isThenable(result)) result.then(undefined, (error: unknown) => this.failed(event, error, true, first))
      } catch (error) {
        this.failed(event, error, false, first)
      }
    }
    const guarded: Guarded = Object.assign(call, { original: listener })
    let ofEvent = this.guards.get(event)
    if (ofEvent === undefined) {
      ofEvent = new Map()
      this.guards.set(event, ofEvent)
    }
    const same = ofEvent.get(listener)
    if (same === undefined) ofEvent.set(listener, [guarded])
    else same.push(guarded)
    return guarded
  }

  private forget(event: string, listener: Listener, guard: Guarded): void {
    const ofEvent = this.guards.get(event)
    const same = ofEvent?.get(listener)
    if (ofEvent === undefined || same === undefined) return
    const left = same.filter((other) => other !== guard)
    if (left.length > 0) ofEvent.set(listener, left)
    else ofEvent.delete(listener)
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
