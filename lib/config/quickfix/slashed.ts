/** A path as a file written on Windows has it, for every system: Windows takes `/` as well. */
export function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}
