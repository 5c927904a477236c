/** What jspurefix calls a session description. */
export function describeSession({ role, sender, target, port, store, directory }) {
  return {
    application: {
      type: role,
      name: sender,
      tcp: { host: '127.0.0.1', port },
      protocol: 'ascii',
      dictionary: 'qf44'
    },
    BeginString: 'FIX.4.4',
    SenderCompId: sender,
    TargetCompID: target,
    HeartBtInt: 3600,
    ResetSeqNumFlag: true,
    ...(store && { store: { type: store, directory } })
  }
}
