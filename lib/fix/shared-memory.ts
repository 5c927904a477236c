/**
 * One memory for all that is written in WebAssembly: what the codec's scanner read and found is there still when a dictionary
 * looks at it. The system gives it no more than what is written to.
 */
const PAGES = 96
const PAGE_BYTES = 65_536

/** The scanner has the bytes below this (scanner.wat), validation the rest (sound.wat). */
export const SCANNER_END = 32 * PAGE_BYTES
export const MEMORY_END = PAGES * PAGE_BYTES

let memory: WebAssembly.Memory | undefined

/**
 * Exports of a module that imports the memory. Undefined where the machine has no WebAssembly with SIMD, or no memory for it: 8 GB of
 * addresses belong to each, which a limit (ulimit -v) may forbid.
 */
export function instantiate(base64: string): { exports: object; buffer: ArrayBuffer } | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  const bytes = Buffer.from(base64, 'base64')
  if (!WebAssembly.validate(bytes)) return undefined
  try {
    memory ??= new WebAssembly.Memory({ initial: PAGES })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { gapfill: { memory } })
    return { exports, buffer: memory.buffer }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
