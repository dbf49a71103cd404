import { run } from './run.ts'
import { ALL_SERVICES, KKT_ADAPTER, OBSERVERS } from './services.ts'
import type { Settings } from './settings.ts'
import type { Found } from './stack.ts'

/** One line a container: service, state, start, ports on the host, variables, command and checkout. */
const FORMAT = [
  '{{index .Config.Labels "com.docker.compose.service"}}',
  '{{.State.Status}}',
  '{{.State.StartedAt}}',
  '{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}}{{end}}{{end}}',
  '{{json .Config.Env}}',
  '{{json .Config.Cmd}}',
  '{{index .Config.Labels "com.docker.compose.project.working_dir"}}',
].join('\t')

/**
 * The containers of a project as the engine knows them, whoever has started them.
 * @returns undefined when none runs
 */
export async function findContainers(root: string, project: string): Promise<Found | undefined> {
  const list = ['docker', 'ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`]
  const { stdout: ids } = await run(list, { cwd: root, output: 'kept' })
  if (ids.trim() === '') return undefined
  const inspect = ['docker', 'inspect', '--format', FORMAT, ...ids.trim().split('\n')]
  return parseContainers((await run(inspect, { cwd: root, output: 'kept' })).stdout)
}

/** @param lines in the form of FORMAT */
export function parseContainers(lines: string): Found | undefined {
  const containers = lines
    .split('\n')
    .map((line) => line.split('\t'))
    .flatMap(([name, state, startedAt = '', port = '', variables = '[]', command = '', from = '']) => {
      const service = [...ALL_SERVICES, ...OBSERVERS].find((one) => one.name === name)
      return service && state === 'running'
        ? [{ service, startedAtMs: Date.parse(startedAt), port, variables, command, from }]
        : []
    })
  const services = containers.filter(({ service }) => ALL_SERVICES.some((one) => one === service))
  if (services.length === 0) return undefined
  const adapter = containers.find(({ service }) => service === KKT_ADAPTER)
  const ports = containers.map(({ service, port }) => [service.portVariable, port])
  return {
    running: ALL_SERVICES.filter((one) => services.some(({ service }) => service === one)).map(({ name }) => name),
    settings: { ...parseVariables(adapter?.variables ?? '[]'), ...Object.fromEntries(ports) },
    reloads: services.some(({ command }) => command.includes('"--watch"')),
    from: services[0]?.from ?? '',
    startedAtMs: Math.max(...services.map(({ startedAtMs }) => startedAtMs)),
  }
}

function parseVariables(json: string): Settings {
  const pairs: unknown = JSON.parse(json)
  if (!Array.isArray(pairs)) return {}
  return Object.fromEntries(
    pairs.map(String).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}
