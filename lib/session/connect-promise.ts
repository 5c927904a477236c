/** The promise of one `connect()`: settled once, by whatever happens first. */
export class ConnectPromise {
  private settle: { resolve: () => void; reject: (error: unknown) => void } | undefined

  get pending(): boolean {
    return this.settle !== undefined
  }

  begin(): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    return quietly(promise)
  }

  resolve(): void {
    this.settle?.resolve()
    this.settle = undefined
  }

  reject(error: unknown): void {
    this.settle?.reject(error)
    this.settle = undefined
  }
}

/** A promise that may be left alone: its rejection is not an unhandled one, and is still seen by whoever awaits it. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
