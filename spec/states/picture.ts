import { SessionState } from '../../lib/fix/session-state.js'
import type { Transition } from './transitions.js'

const NODE = { width: 186, height: 34 }
const SIZE = { width: 920, height: 750 }

type Point = readonly [x: number, y: number]

/** Where each state stands. What leads from one to the other is not said here: the code is watched for that. */
const places: Readonly<Record<SessionState, Point>> = {
  Unknown: [560, 50],
  DisconnectedNoConnToday: [150, 125],
  DisconnectedWConnToday: [450, 125],
  DisconnectedBrokenConn: [750, 125],
  InitiateConnection: [250, 205],
  AwaitingConnection: [650, 205],
  NetworkConnEstablished: [450, 270],
  LogonInitialSent: [250, 335],
  LogonInitialRecv: [650, 335],
  WaitingForLogon: [250, 400],
  LogonResponse: [650, 400],
  Active: [450, 490],
  RecvSeqNumTooHigh: [110, 500],
  ResendReqAwaiting: [250, 580],
  ResendReqHandling: [420, 690],
  NoMsgInInterval: [790, 455],
  AwaitProcTestReq: [790, 530],
  InitiateLogout: [690, 605],
  ReceivedLogout: [630, 665]
}

/** States in which a link ends: a line to them from nearly everywhere would hide all others, so they are dots. */
const ends = new Map<SessionState, { colour: string; text: string }>([
  [SessionState.DisconnectedNoConnToday, { colour: '#8a8a8a', text: 'DisconnectedNoConnToday' }],
  [SessionState.DisconnectedWConnToday, { colour: '#2a9d6f', text: 'DisconnectedWConnToday' }],
  [SessionState.DisconnectedBrokenConn, { colour: '#c0392b', text: 'DisconnectedBrokenConn' }]
])

const colours = { both: '#7d7d7d', initiator: '#2f7fc1', acceptor: '#d9731a' }
type Who = keyof typeof colours

/** The states and what leads from one to the other, as SVG that can be read on light and dark pages. */
export function picture(transitions: readonly Transition[]): string {
  const lines: string[] = []
  const dots: string[] = []
  const dotsOf = new Map<SessionState, number>()
  for (const transition of transitions) {
    const { from, to } = transition
    const end = ends.get(to)
    if (end !== undefined && from !== SessionState.Unknown) {
      const count = dotsOf.get(from) ?? 0
      dotsOf.set(from, count + 1)
      dots.push(dot(from, count, end.colour, describe(transition)))
    } else {
      const back = transitions.some((other) => other.from === to && other.to === from)
      lines.push(line(transition, back))
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>The states of a session, and what leads from one to the other</title>',
    '<style>text { fill: #222 } .node { fill: #f4f4f4; stroke: #888 } @media (prefers-color-scheme: dark) { text { fill: #ddd } .node { fill: #2b2b2b } }</style>',
    '<defs>',
    ...(Object.keys(colours) as Who[]).map(arrowhead),
    '</defs>',
    ...lines,
    ...(Object.keys(places) as SessionState[]).map(node),
    ...dots,
    ...legend(),
    '</svg>',
    ''
  ].join('\n')
}

function describe({ from, to, roles }: Transition): string {
  return `${from} to ${to}${roles.size === 1 ? ` (${[...roles][0]})` : ''}`
}

function whoOf({ roles }: Transition): Who {
  const [role] = roles
  return roles.size > 1 || role === undefined ? 'both' : role
}

function arrowhead(who: Who): string {
  return `<marker id="${who}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="${colours[who]}"/></marker>`
}

function node(state: SessionState): string {
  const [x, y] = places[state]
  const colour = ends.get(state)?.colour
  const stroke = colour === undefined ? '' : ` style="stroke: ${colour}; stroke-width: 2.5"`
  return (
    `<rect class="node"${stroke} x="${x - NODE.width / 2}" y="${y - NODE.height / 2}" width="${NODE.width}" height="${NODE.height}" rx="8"/>` +
    text(x, y + 4, state, 'middle')
  )
}

/** A line from border to border; one of two that lead back and forth keeps to its side. */
function line(transition: Transition, back: boolean): string {
  const from = places[transition.from]
  const to = places[transition.to]
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  const aside = back ? 6 / length : 0
  const shift: Point = [(from[1] - to[1]) * aside, (to[0] - from[0]) * aside]
  const start = border(from, to, shift)
  const end = border(to, from, shift)
  const who = whoOf(transition)
  return (
    `<path d="M${round(start[0])} ${round(start[1])}L${round(end[0])} ${round(end[1])}" ` +
    `fill="none" stroke="${colours[who]}" stroke-width="1.5" marker-end="url(#${who})"><title>${describe(transition)}</title></path>`
  )
}

/** Where a line from the middle of a node, but shifted by so much, leaves it on the way to `towards`. */
function border(middle: Point, towards: Point, shift: Point): Point {
  const dx = towards[0] - middle[0]
  const dy = towards[1] - middle[1]
  const beside = (half: number, by: number, along: number) =>
    along === 0 ? Number.POSITIVE_INFINITY : (half - by * Math.sign(along)) / Math.abs(along)
  const scale = Math.min(beside(NODE.width / 2, shift[0], dx), beside(NODE.height / 2, shift[1], dy))
  return [middle[0] + shift[0] + dx * scale, middle[1] + shift[1] + dy * scale]
}

function dot(state: SessionState, index: number, colour: string, title: string): string {
  const [x, y] = places[state]
  return `<circle cx="${x + NODE.width / 2 - 12 - 13 * index}" cy="${y + NODE.height / 2}" r="5" fill="${colour}"><title>${title}</title></circle>`
}

function legend(): string[] {
  const y = SIZE.height - 22
  const roles = (Object.keys(colours) as Who[]).map((who, index) => {
    const x = 20 + index * 100
    return `<path d="M${x} ${y - 4}h26" stroke="${colours[who]}" stroke-width="1.5" marker-end="url(#${who})"/>${text(x + 34, y, who, 'start')}`
  })
  const dots = [...ends.values()].map((end, index) => {
    const x = 330 + index * 198
    return `<circle cx="${x}" cy="${y - 4}" r="5" fill="${end.colour}"/>${text(x + 10, y, `to ${end.text}`, 'start')}`
  })
  return [
    text(20, 24, 'The states of a session', 'start', 15),
    text(20, 42, 'as the core changes them in the session scripts', 'start'),
    ...roles,
    ...dots
  ]
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle', size = 12): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}">${content}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
