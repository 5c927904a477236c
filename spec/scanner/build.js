// npm run scanner: translates lib/codec/scanner.wat into lib/codec/scanner-bytes.ts.

import { readFileSync, writeFileSync } from 'node:fs'
import binaryen from 'binaryen'

const codec = new URL('../../lib/codec/', import.meta.url)
const module = binaryen.parseText(readFileSync(new URL('scanner.wat', codec), 'utf8'))
module.setFeatures(binaryen.Features.SIMD128)
if (!module.validate()) throw new Error('scanner.wat is no valid module')
// V8 does not put one function into another: called once a field, they cost as much again as all they do.
binaryen.setOptimizeLevel(3)
binaryen.setShrinkLevel(0)
binaryen.setAlwaysInlineMaxSize(1000)
binaryen.setFlexibleInlineMaxSize(1000)
binaryen.setAllowInliningFunctionsWithLoops(true)
module.optimize()
const bytes = Buffer.from(module.emitBinary()).toString('base64')
const lines = bytes.match(/.{1,110}/g).map((line) => `  '${line}'`)
writeFileSync(
  new URL('scanner-bytes.ts', codec),
  `/** Made from scanner.wat by \`npm run scanner\`. */\nexport const scannerBytes =\n${lines.join(' +\n')}\n`
)
console.log(`lib/codec/scanner-bytes.ts: ${Buffer.from(bytes, 'base64').length} bytes`)
