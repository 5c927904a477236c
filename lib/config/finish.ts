import { resolve } from 'node:path'
import type { z } from 'zod'
import { conceal } from './conceal.js'
import type { acceptorSchema, initiatorSchema, ParsedSessionConfig } from './schema.js'
import { deepFreeze } from './settings.js'
import { isBuiltInDictionary } from './values.js'

type CompleteConfig = z.output<ReturnType<typeof initiatorSchema>> | z.output<ReturnType<typeof acceptorSchema>>

/** The last step of a config without mistakes: paths absolute, endpoints in one list, secrets out of sight, frozen. */
export function finish(config: CompleteConfig, baseDir: string): ParsedSessionConfig {
  const absolute = withAbsolutePaths(config, baseDir)
  return deepFreeze(conceal(absolute.role === 'initiator' ? withEndpoints(absolute) : absolute))
}

function withAbsolutePaths<Config extends CompleteConfig>(config: Config, baseDir: string): Config {
  const { journal, log, tls } = config
  const dictionaryPath = (name: string) => (isBuiltInDictionary(name) ? name : resolve(baseDir, name))
  // What the schema has made is nobody's but ours; a copy would have a shape of its own, 4 KB a session.
  const absolute = config
  if (journal.path !== ':memory:') absolute.journal = { ...journal, path: resolve(baseDir, journal.path) }
  if (log.file !== undefined) absolute.log = { ...log, file: resolve(baseDir, log.file) }
  if (tls !== undefined) {
    const path = (name: string | undefined) => (name === undefined ? undefined : resolve(baseDir, name))
    const paths = (names: string[] | undefined) => names?.map((name) => resolve(baseDir, name))
    const [certificate, key, pfx] = [tls.certificate, tls.key, tls.pfx].map(path)
    absolute.tls = { ...tls, certificate, key, pfx, ca: paths(tls.ca), crl: paths(tls.crl) }
  }
  if (config.dictionary !== undefined) absolute.dictionary = dictionaryPath(config.dictionary)
  if (config.transportDictionary !== undefined) {
    absolute.transportDictionary = dictionaryPath(config.transportDictionary)
  }
  if (config.appDictionaries !== undefined) {
    const byApplVerId = Object.entries(config.appDictionaries)
    absolute.appDictionaries = Object.fromEntries(byApplVerId.map(([id, name]) => [id, dictionaryPath(name)]))
  }
  return absolute
}

/** `host` and `port` first, then `hosts`, each once; `host` and `port` then repeat the first. */
function withEndpoints(config: z.output<ReturnType<typeof initiatorSchema>>): ParsedSessionConfig {
  const { host, port, hosts = [] } = config
  const all = host === undefined || port === undefined ? hosts : [{ host, port }, ...hosts]
  const seen = new Set<string>()
  const endpoints = all.filter((endpoint) => {
    const key = `${endpoint.host} ${endpoint.port}`
    return !seen.has(key) && seen.add(key)
  })
  return { ...config, ...endpoints[0]!, hosts: endpoints }
}
