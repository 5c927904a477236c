/**
 * `gapfill/testing`: what it takes to test code that uses sessions without sockets and without waiting, and to make
 * a real link misbehave.
 */
export type { NetworkConditions } from '../transport/byte-pipe.js'
export type { CutOptions, MemoryLink } from '../transport/memory-link.js'
export { type DialAnswer, MemoryNetwork, type MemoryNetworkOptions } from '../transport/memory-network.js'
export { MemoryTransport, type MemoryTransportOptions } from '../transport/memory-transport.js'
export type { LinkDirection } from '../transport/network-faults.js'
export { FaultProxy, type FaultProxyOptions } from './fault-proxy.js'
export { VirtualClock, type VirtualClockOptions } from './virtual-clock.js'
