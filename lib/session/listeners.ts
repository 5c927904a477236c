import { EventEmitter } from 'eventemitter3'

type Listener = (...args: never[]) => unknown

interface Guarded {
  (...args: unknown[]): void
  readonly original: Listener
}

/**
 * An emitter whose listeners cannot hurt each other, or the one who emits.
 *
 * Every listener is wrapped when it is added: what it throws, and what its promise rejects with, goes to `failed` instead
 * of up the stack. The emitter underneath stays eventemitter3.
 */
export abstract class GuardedEmitter<Events extends { [Name in keyof Events]: (...args: never[]) => void }> {
  private readonly emitter = new EventEmitter()
  private readonly guards = new Map<string, Map<Listener, Guarded[]>>()

  /** A listener failed; `asynchronous` when its promise rejected, after the emission was over. */
  protected abstract failed(
    event: keyof Events & string,
    error: unknown,
    asynchronous: boolean,
    args: readonly unknown[]
  ): void

  on<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    this.emitter.on(event, this.guard(event, listener, false))
    return this
  }

  once<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    this.emitter.once(event, this.guard(event, listener, true))
    return this
  }

  off<Name extends keyof Events & string>(event: Name, listener: Events[Name]): this {
    const guard = this.forget(event, listener)
    if (guard !== undefined) this.emitter.off(event, guard)
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

  /** Calls every listener; true when there was one. */
  protected emit<Name extends keyof Events & string>(event: Name, ...args: Parameters<Events[Name]>): boolean {
    return this.emitter.emit(event, ...args)
  }

  private guard(event: keyof Events & string, listener: Listener, once: boolean): Guarded {
    const call = (...args: unknown[]): void => {
      if (once) this.forget(event, listener)
      try {
        const result = listener(...(args as never[]))
        if (isThenable(result)) result.then(undefined, (error: unknown) => this.failed(event, error, true, args))
      } catch (error) {
        this.failed(event, error, false, args)
      }
    }
    const guarded: Guarded = Object.assign(call, { original: listener })
    const ofEvent = this.guards.get(event) ?? new Map<Listener, Guarded[]>()
    this.guards.set(event, ofEvent)
    const same = ofEvent.get(listener)
    if (same === undefined) ofEvent.set(listener, [guarded])
    else same.push(guarded)
    return guarded
  }

  private forget(event: string, listener: Listener): Guarded | undefined {
    const ofEvent = this.guards.get(event)
    const same = ofEvent?.get(listener)
    const guard = same?.pop()
    if (same?.length === 0) ofEvent?.delete(listener)
    return guard
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
