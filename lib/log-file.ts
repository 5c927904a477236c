import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * A log file that never grows beyond a size: then it becomes `FILE.1`, replacing the one before, and a new one begins.
 *
 * It is opened by the first line. Lines are written at once, so that the last ones before a crash are there. What goes
 * wrong never throws: it is told once through `complain`, and lines are lost until the file can be written again.
 */
export class LogFile {
  private readonly path: string
  private readonly complain: (text: string) => void
  private maxSize: number
  private file: { readonly descriptor: number; size: number } | undefined
  private complained = false

  constructor(path: string, maxSize: number, complain: (text: string) => void) {
    this.path = path
    this.maxSize = maxSize
    this.complain = complain
  }

  /** Where sessions share a file the smallest size holds. */
  limit(maxSize: number): void {
    this.maxSize = Math.min(this.maxSize, maxSize)
  }

  write(line: string): void {
    const bytes = Buffer.from(line)
    try {
      this.file ??= this.open()
      if (this.file.size > 0 && this.file.size + bytes.length > this.maxSize) this.file = this.turnOver()
      this.file.size += writeSync(this.file.descriptor, bytes)
    } catch (error) {
      if (!this.complained) this.complain(`gapfill: cannot log to ${this.path}: ${String(error)}\n`)
      this.complained = true
    }
  }

  private open() {
    mkdirSync(dirname(this.path), { recursive: true })
    const descriptor = openSync(this.path, 'a', 0o640)
    return { descriptor, size: fstatSync(descriptor).size }
  }

  private turnOver() {
    renameSync(this.path, `${this.path}.1`)
    if (this.file !== undefined) closeSync(this.file.descriptor)
    this.file = undefined
    return this.open()
  }
}
