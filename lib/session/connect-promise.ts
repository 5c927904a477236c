interface Pending {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** The promise of one `connect()` at a time: settled once, by whatever happens first. */
export class ConnectPromise {
  private current: Pending | undefined

  get pending(): boolean {
    return this.current !== undefined
  }

  /** Whether `promise` is the one that is pending. */
  is(promise: Promise<void>): boolean {
    return this.current?.promise === promise
  }

  begin(): Promise<void> {
    let resolve = (): void => {}
    let reject = (_: unknown): void => {}
    const promise = new Promise<void>((resolveIt, rejectIt) => {
      resolve = resolveIt
      reject = rejectIt
    })
    this.current = { promise, resolve, reject }
    return quietly(promise)
  }

  resolve(): void {
    this.current?.resolve()
    this.current = undefined
  }

  /** Rejects what is pending; where `promise` is given, only if it is that one. */
  reject(error: unknown, promise?: Promise<void>): void {
    if (promise !== undefined && !this.is(promise)) return
    this.current?.reject(error)
    this.current = undefined
  }
}

/** A promise that may be left alone: its rejection is not an unhandled one, and is still seen by whoever awaits it. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
