import type { Settings } from './settings.js'

/**
 * Defaults in which an engine of the QuickFIX family differs from QuickFIX C++. A layer of its own between the built-in
 * defaults and what a user writes; how an engine *answers* is the core's business.
 */
export const dialectDefaults: Readonly<Record<string, Settings>> = {
  quickfix: {},
  quickfixj: { testRequestDelayMultiplier: 0.5 },
  quickfixgo: {},
  quickfixn: { missingDelimiterReason: 99 }
}
