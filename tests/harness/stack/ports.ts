import { readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { DOCKER_ANSWERS_WITHIN_MS, hasDocker } from './mode.ts'
import { commandOf, listOrEmpty, orElse, processIds, readOrEmpty } from './proc.ts'
import { run } from './run.ts'
import { Stop } from './stop.ts'

/** Below the ports that systems give to outgoing connections, so that none takes a port before its service does. */
const RANDOM_PORTS = { from: 10_000, to: 30_000 }

type Random = (limit: number) => number

export type WantedPort = { port: number; variable: string }

/**
 * @param held the ports that the stack itself has, where it is up
 * @throws Stop with a line for each port that is taken
 */
export async function requireFreePorts(root: string, wanted: WantedPort[], held: number[]): Promise<void> {
  const lines = await portProblems(root, wanted, held)
  if (lines.length > 0) throw new Stop(lines.join('\n'))
}

/** A line for each port that is taken. */
export async function portProblems(root: string, wanted: WantedPort[], held: number[]): Promise<string[]> {
  requireDistinct(wanted)
  const lines: string[] = []
  // No suggestion is another service's port or made twice, or the next start would refuse it.
  const spokenFor = wanted.map(({ port }) => port)
  for (const { port, variable } of wanted) {
    if (held.includes(port) || (await isFree(port))) continue
    const free = await nextFree(port + 1, spokenFor)
    spokenFor.push(free)
    lines.push(portTakenLine({ port, variable, holder: await findHolder(root, port), free }))
  }
  return lines
}

function requireDistinct(wanted: WantedPort[]): void {
  for (const [i, { port, variable }] of wanted.entries()) {
    const other = wanted.slice(0, i).find((earlier) => earlier.port === port)
    if (other) throw new Stop(`${other.variable} and ${variable} are both ${port}: give each its own.`)
  }
}

/**
 * A free port for each variable.
 * @param random gives a whole number from 0 to below its argument
 */
export async function randomPorts(variables: string[], random: Random): Promise<Record<string, string>> {
  const ports: Record<string, string> = {}
  for (const variable of variables) {
    let port: number
    do port = RANDOM_PORTS.from + random(RANDOM_PORTS.to - RANDOM_PORTS.from)
    while (Object.values(ports).includes(String(port)) || !(await isFree(port)))
    ports[variable] = String(port)
  }
  return ports
}

export const portTakenLine = (taken: WantedPort & { holder: string; free: number }) =>
  `Port ${taken.port} is taken by ${taken.holder}: stop it (make down, if it is this stack's), or set ${taken.variable}=${taken.free}.`

/**
 * Tried one by one: some systems let one program have all addresses and another have one of them. A client of `localhost`
 * reaches either loopback address.
 */
const HOSTS = ['127.0.0.1', '0.0.0.0', '::1', '::']
/** The error codes of a machine without IPv6. */
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

async function isFree(port: number): Promise<boolean> {
  for (const host of HOSTS) if (!(await isFreeAt(host, port))) return false
  return true
}

function isFreeAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error && NO_SUCH_ADDRESS.includes(String(error.code))))
    server.listen({ port, host, ipv6Only: true }, () => server.close(() => resolve(true)))
  })
}

async function nextFree(from: number, spokenFor: number[]): Promise<number> {
  for (let port = from; port <= 65_535; port++) if (!spokenFor.includes(port) && (await isFree(port))) return port
  return nextFree(1024, spokenFor)
}

async function findHolder(root: string, port: number): Promise<string> {
  return (await findContainer(root, port)) ?? findProcess(port) ?? 'another program'
}

async function findContainer(root: string, port: number): Promise<string | undefined> {
  if (!hasDocker()) return undefined
  const containers = ['docker', 'ps', '--filter', `publish=${port}`, '--format', '{{.Names}}']
  const { stdout } = await run(containers, { cwd: root, output: 'kept', withinMs: DOCKER_ANSWERS_WITHIN_MS })
  const name = stdout.trim()
  return name ? `the container ${name}` : undefined
}

function findProcess(port: number): string | undefined {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(readOrEmpty(table), port)),
  )
  const pid = processIds().find((id) => listOrEmpty(`/proc/${id}/fd`).some((fd) => sockets.has(linkOf(id, fd))))
  return pid === undefined ? undefined : `${commandOf(pid).slice(0, 60)} (process ${pid})`
}

/** The sockets that listen on a port, as /proc/<pid>/fd names them. `table` is the text of /proc/net/tcp. */
export function listeningSockets(table: string, port: number): string[] {
  const LISTEN = '0A'
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .map((columns) => `socket:[${columns[9]}]`)
}

const linkOf = (pid: string, fd: string) => orElse('', () => readlinkSync(`/proc/${pid}/fd/${fd}`))
