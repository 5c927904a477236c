import type { Dictionary } from '../dictionary.js'
import { emit, type GeneratedFiles } from './emit.js'
import { modelOf } from './model.js'

/**
 * TypeScript for a dictionary: `tags.ts`, `values.ts` (listed values as constants), `components.ts` (components and
 * entries of repeating groups), `messages.ts` and `index.ts`, which exports all of them. The same dictionary gives the same text.
 */
export function generate(dictionary: Dictionary, library = 'gapfill/typed'): GeneratedFiles {
  return emit(modelOf(dictionary), library)
}
