import { zod } from '../../packages.js'
import { optional } from '../option.js'
import { choice, host, port } from '../values.js'

/** RFC 1929, 2: its length in one byte. */
const login = () => {
  const error = 'text of 1 to 255 bytes, without control characters'
  return zod()
    .string({ error })
    .regex(/^[^\p{Cc}]+$/u, { error })
    .refine((text) => Buffer.byteLength(text) <= 255, { error })
}

/** Through whom an initiator dials. */
export const proxyOptions = {
  proxyType: optional({
    type: () => choice('socks5', 'http'),
    meaning:
      'Dial through a proxy: SOCKS5, or an HTTP proxy that knows CONNECT. It looks up the name of the host; TLS goes through it, to the host. Unset: straight there.',
    quickfix: ['ProxyType', 'ProxyVersion']
  }),
  proxyHost: optional({
    type: host,
    meaning: 'The proxy: name or IP address.',
    quickfix: ['ProxyHost']
  }),
  proxyPort: optional({
    type: () => port(1),
    meaning: 'The proxy: TCP port.',
    quickfix: ['ProxyPort']
  }),
  proxyUser: optional({
    type: login,
    meaning: 'Who dials, where the proxy wants to know: a username and password of SOCKS5, or Basic authentication.',
    quickfix: ['ProxyUser']
  }),
  proxyPassword: optional({
    type: login,
    secret: true,
    meaning: `Its password: "\${NAME}" takes it from the environment.`,
    quickfix: ['ProxyPassword']
  })
}
