/** The part of WebAssembly that is used here: neither ES2023's nor Node's types have it. */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array): boolean
  class Memory {
    constructor(size: { initial: number })
    readonly buffer: ArrayBuffer
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: { readonly gapfill: { readonly memory: Memory } })
    readonly exports: object
  }
}
