import { statSync } from 'node:fs'

/**
 * The three files of an open database, and whether they are still what they were: the one with the messages, the write-ahead
 * log, and the index of the log. SQLite itself does not look, and goes on writing into what has no name any more.
 */
export class FilesInPlace {
  readonly #path: string
  /** Inodes by what the name of the file ends with. */
  readonly #inodes = new Map<string, number>()
  #size = 0
  /** Bytes of the write-ahead log when it was last looked at. */
  logSize = 0

  constructor(path: string) {
    this.#path = path
    this.whatIsWrong()
  }

  /** E.g. `no gapfill.db-wal`; undefined where all is well. */
  whatIsWrong(): string | undefined {
    for (const suffix of suffixes) {
      const name = this.#path + suffix
      const found = statSync(name, { throwIfNoEntry: false })
      const inode = this.#inodes.get(suffix)
      // The log is made with the first commit.
      if (found === undefined && inode === undefined) continue
      if (found === undefined) return `no ${name}`
      if (inode === undefined) this.#inodes.set(suffix, found.ino)
      else if (inode !== found.ino) return `another file as ${name}`
      if (suffix === '-wal') this.logSize = found.size
      if (suffix !== '') continue
      // It never shrinks: what is deleted leaves room for what comes.
      if (found.size < this.#size) return `${name} with ${found.size} of ${this.#size} bytes`
      this.#size = found.size
    }
    return undefined
  }
}

const suffixes = ['', '-wal', '-shm']
