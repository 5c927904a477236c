// npm run scanner: translates lib/codec/scanner.wat into lib/codec/scanner-bytes.ts.

import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const codec = new URL('../../lib/codec/', import.meta.url)
const source = readFileSync(new URL('scanner.wat', codec), 'utf8')
const module = (await wabt()).parseWat('scanner.wat', source, { simd: true })
module.validate()
const bytes = Buffer.from(module.toBinary({}).buffer).toString('base64')
const lines = bytes.match(/.{1,110}/g).map((line) => `  '${line}'`)
writeFileSync(
  new URL('scanner-bytes.ts', codec),
  `/** Made from scanner.wat by \`npm run scanner\`. */\nexport const scannerBytes =\n${lines.join(' +\n')}\n`
)
console.log(`lib/codec/scanner-bytes.ts: ${Buffer.from(bytes, 'base64').length} bytes`)
