import { isSecret } from '../../redact.js'
import { holdsReference, variableName } from './references.js'
import type { Carried } from './translation.js'

/** A secret that stood in the file, and the variable of the environment that has to hold it from now on. */
export interface MovedSecret {
  readonly option: string
  readonly variable: string
  readonly line: number
}

/** Names for secrets: each value has one, and no name has two. */
export class SecretNames {
  private readonly values = new Map<string, string>()

  nameFor(purpose: string, counterparty: string | undefined, secret: string): string {
    const wanted = variableName(
      ['FIX', purpose, counterparty]
        .filter((part) => part !== undefined)
        .join('_')
        .toUpperCase()
    )
    for (let attempt = 1; ; attempt++) {
      const name = attempt === 1 ? wanted : `${wanted}_${attempt}`
      const holder = this.values.get(name)
      if (holder !== undefined && holder !== secret) continue
      this.values.set(name, secret)
      return name
    }
  }
}

const purposes: Readonly<Record<number, string>> = {
  89: 'SIGNATURE',
  96: 'RAW_DATA',
  554: 'PASSWORD',
  925: 'NEW_PASSWORD',
  1402: 'ENCRYPTED_PASSWORD',
  1404: 'ENCRYPTED_NEW_PASSWORD'
}

/** Secrets that no counterparty knows. */
const ofMachines = [
  ['proxyPassword', 'PROXY_PASSWORD'],
  ['tls.passphrase', 'TLS_PASSPHRASE']
] as const

/** Takes the secrets out of a session's options: `${NAME}` stands in their place. */
export function moveSecrets(options: Map<string, Carried>, names: SecretNames): MovedSecret[] {
  const moved: MovedSecret[] = []
  const counterparty = String(options.get('targetCompId')?.value ?? '')
  const move = (option: string, tag: number, secret: string, { inherited, line }: Carried): string => {
    if (holdsReference(secret)) return secret
    const variable = names.nameFor(purposes[tag] ?? `TAG_${tag}`, inherited ? undefined : counterparty, secret)
    moved.push({ option, variable, line })
    return `\${${variable}}`
  }
  const password = options.get('password')
  if (password !== undefined) {
    options.set('password', { ...password, value: move('password', 554, String(password.value), password) })
  }
  for (const [option, purpose] of ofMachines) {
    const carried = options.get(option)
    if (carried === undefined || holdsReference(String(carried.value))) continue
    const variable = names.nameFor(purpose, undefined, String(carried.value))
    moved.push({ option, variable, line: carried.line })
    options.set(option, { ...carried, value: `\${${variable}}` })
  }
  const fields = options.get('logonFields')
  if (fields !== undefined && Array.isArray(fields.value)) {
    const value = fields.value.map(([tag, text]: [number, string]) =>
      isSecret(tag, 'A') ? [tag, move(`logonFields, tag ${tag}`, tag, text, fields)] : [tag, text]
    )
    options.set('logonFields', { ...fields, value })
  }
  return moved
}
