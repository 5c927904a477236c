import { zod } from '../../packages.js'
import { defaulted, optional, required } from '../option.js'
import { remoteAddresses } from '../remote-addresses.js'
import {
  choice,
  endpoints,
  fixText,
  flag,
  host,
  ipAddress,
  port,
  reconnectSteps,
  seconds,
  wholeNumber
} from '../values.js'

/** How an initiator reaches its counterparty. */
export const initiatorOptions = {
  role: required({
    type: () => zod().literal('initiator', { error: '"initiator" or "acceptor"' }),
    meaning: 'An initiator dials and sends the first Logon.',
    quickfix: ['ConnectionType']
  }),
  host: optional({
    type: host,
    meaning: 'Where to dial: name or IP address.',
    quickfix: ['SocketConnectHost']
  }),
  port: optional({
    type: () => port(1),
    meaning: 'Where to dial: TCP port.',
    quickfix: ['SocketConnectPort']
  }),
  hosts: optional({
    type: endpoints,
    meaning: 'Further { host, port } to dial when one fails; host and port come first where they are given too.',
    quickfix: ['SocketConnectHost<n>', 'SocketConnectPort<n>']
  }),
  hostSelectionPolicy: defaulted('roundRobin', {
    type: () => choice('roundRobin', 'priority'),
    meaning: 'After a failure dial the next of the hosts in turn, or begin with the first again ("priority").',
    quickfix: ['HostSelectionPolicy']
  }),
  reconnectInterval: defaulted(30, {
    type: reconnectSteps,
    meaning:
      'Wait between two dials, seconds; a list gives the waits of a first, second, ... failure, its last one repeats.',
    quickfix: ['ReconnectInterval']
  }),
  connectTimeout: defaulted(60, {
    type: seconds,
    meaning: 'Time that a TCP connection has to be made in, seconds.',
    quickfix: ['SocketConnectTimeout']
  }),
  localHost: optional({
    type: ipAddress,
    meaning: "IP address of this machine to dial from; unset: the operating system's choice.",
    quickfix: ['SocketLocalHost', 'SocketConnectSourceHost', 'SocketConnectSourceHost<n>']
  }),
  localPort: optional({
    type: () => port(1),
    meaning: 'TCP port to dial from; unset: a free one.',
    quickfix: ['SocketLocalPort', 'SocketConnectSourcePort', 'SocketConnectSourcePort<n>']
  }),
  username: optional({
    type: fixText,
    meaning: 'Username(553) of our Logon.',
    quickfix: []
  }),
  password: optional({
    type: fixText,
    secret: true,
    meaning: `Password(554) of our Logon: "\${NAME}" takes it from the environment. Neither log nor journal has it.`,
    quickfix: []
  })
}

/** Where an acceptor listens. */
export const acceptorOptions = {
  role: required({
    type: () => zod().literal('acceptor', { error: '"initiator" or "acceptor"' }),
    meaning: 'An acceptor listens and answers the Logon.',
    quickfix: ['ConnectionType']
  }),
  host: defaulted('127.0.0.1', {
    type: host,
    meaning:
      'Address to listen on; nobody outside this machine is let in unless it is said ("0.0.0.0": every IPv4 address); "localhost" is 127.0.0.1.',
    quickfix: ['SocketAcceptAddress', 'SocketAcceptHost']
  }),
  port: required({
    type: () => port(0),
    meaning: 'TCP port to listen on, shared by sessions with the same host and port; 0: a free one.',
    quickfix: ['SocketAcceptPort']
  }),
  allowedRemoteAddresses: optional({
    type: remoteAddresses,
    meaning:
      'IP addresses and CIDR ranges from which the counterparty may come; others are closed without a byte. Unset: from anywhere.',
    quickfix: ['AllowedRemoteAddresses']
  }),
  template: defaulted(false, {
    type: flag,
    meaning:
      'A pattern instead of a session: whoever logs on with ids that fit ("*" fits any) and is named nowhere else gets a session of its own, made by FixEngine and told by its `session` event.',
    quickfix: ['AcceptorTemplate']
  }),
  maxTemplateSessions: defaulted(1000, {
    type: () => wholeNumber(1, 100_000),
    meaning:
      'Most sessions of a template; for a further counterparty that authenticate lets in, the session whose own has been away longest is stopped and forgotten (its journal stays). Where none is away, or everybody is let in, it is refused.',
    quickfix: []
  }),
  duplicateLogon: defaulted('refuse', {
    type: () => choice('refuse', 'probe', 'replace'),
    meaning:
      'When the counterparty logs on by another connection while it has one: close the new one without a byte; or, once it has been authenticated, "replace" the old one by it, or "probe" the old one with a TestRequest and replace it only when nothing comes back. A connection about which authenticate is still being asked gives way to one from another address that is let in first.',
    quickfix: []
  }),
  probeTimeout: defaulted(3, {
    type: seconds,
    meaning:
      'Time in which anything has to come back on the old connection with duplicateLogon "probe", seconds; less than logonTimeout, after which the new one is given up.',
    quickfix: []
  })
}

/** What both roles may set of their TCP connections. */
export const socketOptions = {
  noDelay: defaulted(true, {
    type: flag,
    meaning: "Send small messages at once (TCP_NODELAY: Nagle's algorithm is off).",
    quickfix: ['SocketNodelay', 'SocketTcpNoDelay']
  }),
  keepAlive: defaulted(true, {
    type: flag,
    meaning: "TCP keep-alive at the operating system's intervals, beside the session's own Heartbeats.",
    quickfix: ['SocketKeepAlive']
  }),
  busyPoll: defaulted(150, {
    type: () => wholeNumber(0, 10_000),
    meaning:
      'Stay awake after a write, microseconds, because the answer may be near: halves a round trip between idle cores. Only while answers come so soon; 0: never.',
    quickfix: []
  })
}
