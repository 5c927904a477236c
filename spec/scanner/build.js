// npm run scanner: translates each .wat file below lib into a TypeScript file beside it.

import { readFileSync, writeFileSync } from 'node:fs'
import binaryen from 'binaryen'

const lib = new URL('../../lib/', import.meta.url)

// V8 does not put one function into another: called once a field, they cost as much again as all they do.
binaryen.setOptimizeLevel(3)
binaryen.setShrinkLevel(0)
binaryen.setAlwaysInlineMaxSize(1000)
binaryen.setFlexibleInlineMaxSize(1000)
binaryen.setAllowInliningFunctionsWithLoops(true)

translate('codec/scanner')
// What a message with a plan does not need stays out of the way.
translate('dictionary/validation/sound/sound', ['walk', 'group'])

/** `apart` are functions that are put into no other. */
function translate(path, apart = []) {
  const module = binaryen.parseText(readFileSync(new URL(`${path}.wat`, lib), 'utf8'))
  module.setFeatures(binaryen.Features.SIMD128)
  if (!module.validate()) throw new Error(`${path}.wat is no valid module`)
  for (const name of apart) {
    binaryen.setPassArgument('no-inline', name)
    module.runPasses(['no-inline'])
  }
  module.optimize()
  const bytes = Buffer.from(module.emitBinary()).toString('base64')
  const lines = bytes.match(/.{1,110}/g).map((line) => `  '${line}'`)
  const name = path.slice(path.lastIndexOf('/') + 1)
  writeFileSync(
    new URL(`${path}-bytes.ts`, lib),
    `/** Made from ${name}.wat by \`npm run scanner\`. */\nexport const ${name}Bytes =\n${lines.join(' +\n')}\n`
  )
  console.log(`lib/${path}-bytes.ts: ${Buffer.from(bytes, 'base64').length} bytes`)
}
