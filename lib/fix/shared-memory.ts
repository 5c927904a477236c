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

/** Exports of a module that imports the memory; undefined where the machine has no WebAssembly with SIMD. */
export function instantiate(base64: string): { exports: object; buffer: ArrayBuffer } | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  const bytes = Buffer.from(base64, 'base64')
  if (!WebAssembly.validate(bytes)) return undefined
  memory ??= new WebAssembly.Memory({ initial: PAGES })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { gapfill: { memory } })
  return { exports, buffer: memory.buffer }
}
