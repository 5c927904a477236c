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
