import { defineConfig } from 'vitest/config'

/** Real counterparties as processes of their own: one suite after the other, so that they do not starve each other. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['spec/interop/**/*.interop.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000
  }
})
