import { parseArgs } from 'node:util'

/** What every peer understands, whatever engine it is made of; `quickfix/options.h` says the same in C++. */
export function parseCommandLine(args, { sender, prefix }) {
  const { values } = parseArgs({
    args,
    options: {
      role: { type: 'string', default: 'acceptor' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      begin: { type: 'string', default: 'FIX.4.4' },
      sender: { type: 'string', default: sender },
      target: { type: 'string', default: 'PEER' },
      heartbeat: { type: 'string', default: '30' },
      store: { type: 'string' },
      log: { type: 'string', default: '' },
      prefix: { type: 'string', default: prefix },
      orders: { type: 'string', default: '0' },
      rate: { type: 'string', default: '0' },
      'reset-on-logon': { type: 'boolean', default: false },
      'echo-reports': { type: 'boolean', default: false }
    }
  })
  if (values.role !== 'acceptor' && values.role !== 'initiator') throw new Error('--role is acceptor or initiator')
  if (!values.port || !values.store) throw new Error('--port and --store are missing')
  return {
    ...values,
    port: Number(values.port),
    heartbeat: Number(values.heartbeat),
    orders: Number(values.orders),
    rate: Number(values.rate),
    resetOnLogon: values['reset-on-logon'],
    echoReports: values['echo-reports']
  }
}
