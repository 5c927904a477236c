import { defaulted, group, optional } from '../option.js'
import { remoteAddresses } from '../remote-addresses.js'
import { seconds, wholeNumber } from '../values.js'

const mebibyte = 1024 * 1024

/** What an acceptor's listener puts up with. It belongs to all sessions with one host and port, which must agree on it. */
export const listenerOptions = {
  listener: group({
    maxPendingConnections: defaulted(1024, {
      type: () => wholeNumber(1, 100_000),
      meaning:
        'Most connections that wait for their Logon, besides two for each session; when one more comes, the oldest of the address with the most of them is closed. Sessions with one host and port have the same "listener": write it in "defaults".',
      quickfix: []
    }),
    maxConnectionsPerAddress: optional({
      type: () => wholeNumber(1, 1_000_000),
      meaning:
        'Most connections from one IP address at a time, logged on or not; an IPv6 address counts as its /64. Unset: no limit of its own.',
      quickfix: []
    }),
    maxLogonsPerSecond: optional({
      type: () => wholeNumber(1, 100_000),
      meaning:
        'Most connections a second from one IP address, whatever they say; those beyond it are closed before a byte is read, TLS included (an IPv6 address counts as its /64). And from all addresses together most Logons a second for sessions of this listener; those beyond it, and beyond twice as many at once, are closed before authenticate is asked. Unset: no limit.',
      quickfix: []
    }),
    firstByteTimeout: optional({
      type: seconds,
      meaning: 'Time in which the first byte has to come, seconds; unset: logonTimeout, which is for the whole Logon.',
      quickfix: []
    }),
    proxyProtocolFrom: optional({
      type: remoteAddresses,
      meaning:
        'IP addresses and CIDR ranges of the load balancers in front of the acceptor, which begin each connection with a PROXY header (version 1 or 2): the address in it is the one that allowedRemoteAddresses, limits, authenticate and the log see. From elsewhere nobody gets in. Unset: there is no header.',
      quickfix: []
    }),
    maxLogonLength: defaulted(16_384, {
      type: () => wholeNumber(256, mebibyte),
      meaning: 'Longest first message, bytes; maxMessageLength is for those after it.',
      quickfix: []
    })
  })
}
