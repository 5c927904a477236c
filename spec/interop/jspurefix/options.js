import { parseArgs } from 'node:util'

/** The same command line as the QuickFIX peer's. */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      role: { type: 'string', default: 'acceptor' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      begin: { type: 'string', default: 'FIX.4.4' },
      sender: { type: 'string', default: 'JSPUREFIX' },
      target: { type: 'string', default: 'GAPFILL' },
      heartbeat: { type: 'string', default: '30' },
      store: { type: 'string' },
      log: { type: 'string', default: '' },
      prefix: { type: 'string', default: 'j' },
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

const DICTIONARIES = { 'FIX.4.2': 'qf42', 'FIX.4.4': 'qf44' }

/** What jspurefix calls a session description. */
export function describeSession(options) {
  return {
    application: {
      type: options.role,
      name: options.sender,
      resilient: options.role === 'initiator',
      reconnectSeconds: 1,
      recoveryAttemptSeconds: 1,
      backoffFailConnectSeconds: 1,
      connectTimeoutSeconds: 3600,
      tcp: { host: options.host, port: options.port },
      protocol: 'ascii',
      dictionary: DICTIONARIES[options.begin]
    },
    BeginString: options.begin,
    SenderCompId: options.sender,
    TargetCompID: options.target,
    HeartBtInt: options.heartbeat,
    ResetSeqNumFlag: options.resetOnLogon
  }
}
