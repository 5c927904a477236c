import type { FixMessage } from '../fix/message.js'

/** What `session.messages()` gives. `return()` ends it, as leaving a loop does. */
export interface MessageIterator<Message> extends AsyncIterableIterator<Message> {
  next(): Promise<IteratorResult<Message, undefined>>
  return(): Promise<IteratorResult<Message, undefined>>
  [Symbol.asyncIterator](): MessageIterator<Message>
}

interface Asked {
  readonly resolve: (result: IteratorResult<FixMessage, undefined>) => void
  readonly reject: (error: Error) => void
}

/** Who gives a stream its messages. */
export interface MessageStreamOwner {
  /** The stream waits for a message, or does not wait any more. */
  asksChanged(): void
  /** Nothing more is wanted. */
  ended(stream: MessageStream): void
}

/**
 * One iteration over a session's messages. It keeps none: a message is given to it when somebody has asked for one, so that
 * what nobody has asked for stays with the socket, and whoever leaves in the middle leaves nothing behind.
 */
export class MessageStream implements MessageIterator<FixMessage> {
  private readonly owner: MessageStreamOwner
  private readonly asked: Asked[] = []
  /** Tells that the message given last has been dealt with. */
  private dealtWith: (() => void) | undefined
  private over = false
  private failure: Error | undefined

  constructor(owner: MessageStreamOwner) {
    this.owner = owner
  }

  /** Somebody waits for a message. */
  get asks(): boolean {
    return this.asked.length > 0
  }

  /** Only while it `asks`. `dealtWith` is called when the next one is asked for, or the iteration is left. */
  give(message: FixMessage, dealtWith: (() => void) | undefined): void {
    this.asked.shift()?.resolve({ done: false, value: message })
    // Who has asked for the next one already does not wait for what becomes of this one.
    if (this.asks) dealtWith?.()
    else this.dealtWith = dealtWith
  }

  /** There will be no more. `failure`: the one who asks next is told so. */
  end(failure?: Error): void {
    if (this.over) return
    this.over = true
    this.failure = failure
    for (const { resolve, reject } of this.asked.splice(0)) {
      if (this.failure === undefined) {
        resolve({ done: true, value: undefined })
      } else {
        reject(this.failure)
        this.failure = undefined
      }
    }
  }

  next(): Promise<IteratorResult<FixMessage, undefined>> {
    this.dealWith()
    if (this.over) {
      const { failure } = this
      this.failure = undefined
      return failure === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(failure)
    }
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject })
      this.owner.asksChanged()
    })
  }

  return(): Promise<IteratorResult<FixMessage, undefined>> {
    this.dealWith()
    this.failure = undefined
    this.end()
    this.owner.ended(this)
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  private dealWith(): void {
    const { dealtWith } = this
    this.dealtWith = undefined
    dealtWith?.()
  }
}
