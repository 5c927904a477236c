import { JournalFile } from './journal-file.js'
import { canonicalPath } from './open-database.js'
import { checkAgreement, type FileOptions, type JournalLogger, withDefaults } from './sqlite-options.js'

interface SharedFile {
  readonly file: JournalFile
  readonly options: FileOptions
  users: number
}

/** The journal files that this process has open, by their real path. */
const open = new Map<string, SharedFile>()

/**
 * The one connection of this process to a file; `release` ends this use of it, and the last use closes it.
 * Every `:memory:` journal is one of its own.
 */
export function shareFile(
  path: string,
  given: Partial<FileOptions>,
  logger: JournalLogger | undefined
): { readonly file: JournalFile; readonly release: () => void } {
  const key = canonicalPath(path)
  if (key === ':memory:') {
    const file = new JournalFile(key, withDefaults(given), logger)
    return { file, release: () => file.close() }
  }
  const shared = open.get(key) ?? openShared(key, withDefaults(given), logger)
  checkAgreement(path, shared.options, given)
  shared.users++
  const release = () => {
    if (--shared.users > 0) return
    open.delete(key)
    shared.file.close()
  }
  return { file: shared.file, release }
}

function openShared(key: string, options: FileOptions, logger: JournalLogger | undefined): SharedFile {
  const shared = { file: new JournalFile(key, options, logger), options, users: 0 }
  open.set(key, shared)
  return shared
}
