import { readFileSync } from 'node:fs'
import { findContainers } from './compose_found.ts'
import { Interrupted } from './interruption.ts'
import { indent, lastLines, step } from './output.ts'
import { buildPages, installPackages } from './packages.ts'
import { run } from './run.ts'
import { servicesOf } from './services.ts'
import { COMPOSE_FILES } from './settings.ts'
import { type Context, junitPath, LOG_TAIL_LINES, NOT_UP, type Stack, suiteEnvironment, testCommand } from './stack.ts'
import { Stop } from './stop.ts'

/** Relative to the test runner's working folder. */
const RUNNER_RESULTS = 'test-results'

/** The profiles that add a second adapter, Prometheus and Grafana, and a cash register on the network. */
const PAIR_PROFILE = 'pair'
const OBSERVE_PROFILE = 'observe'
const REGISTER_PROFILE = 'kkt'

/** The services as containers of one Compose project. */
export function composeStack(context: Context): Stack {
  const { root, project, settings, results, reloads, observes, hasRegister } = context
  const services = servicesOf(context)
  const profiles = [
    ...(observes ? ['--profile', OBSERVE_PROFILE] : []),
    ...(hasRegister ? ['--profile', REGISTER_PROFILE] : []),
  ]
  const files = reloads ? { COMPOSE_FILE: 'compose.yml:services/compose.dev.yml' } : {}
  const env = { ...process.env, ...settings, ...files, COMPOSE_PROJECT_NAME: project }
  const plain = ['docker', 'compose', '--ansi', 'never', '--progress', 'plain']
  const kept = (...args: string[]) => run([...plain, ...args], { cwd: root, env, output: 'kept' })
  const cleanUp = (...args: string[]) =>
    run([...plain, ...args], { cwd: root, env, output: 'kept', evenWhenInterrupted: true })
  const shown = (args: string[], stdin?: string) =>
    run(['docker', 'compose', ...args], { cwd: root, env, output: 'shown', ...(stdin && { stdin }) })
  /** One restart serves all suites that were running. */
  let restarting: Promise<unknown> | undefined
  /** Earlier lines of the logs are left out. */
  let since: string | undefined

  return {
    async prepare(fromScratch) {
      if (settings['RUNTIME'] !== 'bun')
        throw new Stop('In Compose mode RUNTIME takes only bun: deno is for MODE=local.')
      if (reloads) {
        // The services run from this checkout, and the page with them.
        await installPackages(root)
        await buildPages(root)
      }
      for (const image of stackImages(root, observes)) await pullIfMissing(image)
      await step(fromScratch ? 'Rebuilding all images' : 'Building the images that are stale', () =>
        build(...(fromScratch ? ['--no-cache'] : [])),
      )
    },

    async start(fromScratch) {
      since = new Date().toISOString()
      await step('Starting the containers until all are healthy', () =>
        up('--remove-orphans', ...(fromScratch ? ['--force-recreate'] : [])),
      )
    },

    async join() {
      since = new Date().toISOString()
      await step('Bringing the tests into the test runner', async () => {
        await build('test_runner')
        await up('--no-deps', 'test_runner')
        await kept('exec', '-T', 'test_runner', 'sh', '-c', `rm -f ${RUNNER_RESULTS}/*`)
      })
    },

    async stop() {
      await down()
    },

    async remove() {
      const volumes = await ownVolumes()
      const { exitCode, stderr } = await down('--volumes')
      if (exitCode !== 0) throw new Stop(`docker compose down failed:\n${indent(lastLines(stderr, 10))}`)
      return removedThings(stderr, volumes)
    },

    async runSuite(suite, suiteRun) {
      const colours = process.stdout.isTTY ? ['--env', 'FORCE_COLOR=1'] : []
      const register = hasRegister ? { MOCK_KKT_URL: 'http://mock_kkt:16732' } : {}
      const told = Object.entries({ ...register, ...suiteEnvironment(suite, suiteRun) }).flatMap(([name, value]) => [
        '--env',
        `${name}=${value}`,
      ])
      const given = [...told, ...colours]
      const command = testCommand('bun', RUNNER_RESULTS, suite, suiteRun)
      try {
        const exec = ['exec', '-T', ...given, 'test_runner', ...command]
        const { exitCode, stdout, stderr } = await (suiteRun.isVerbose ? shown(exec) : kept(...exec))
        return { exitCode, said: stdout + stderr }
      } catch (error) {
        // Only Docker's client has ended. In a stack that stays up, the tests would go on.
        if (error instanceof Interrupted) {
          restarting ??= cleanUp('restart', '--timeout', '0', 'test_runner')
          await restarting
        }
        throw error
      }
    },

    async collectResults(suites) {
      await Promise.all([
        ...suites.map((suite) =>
          cleanUp('cp', `test_runner:/app/${junitPath(RUNNER_RESULTS, suite)}`, junitPath(results, suite)),
        ),
        ...services.map(async ({ name }) =>
          Bun.write(`${root}/${results}/${name}.log`, await logs('--no-log-prefix', ...sinceThen(), name)),
        ),
      ])
    },

    async showLogs(service) {
      if ((await kept('ps', '--all', '--quiet')).stdout === '') throw new Stop(NOT_UP)
      const which = service ? [service] : []
      if (process.stdout.isTTY) await shown([...profiles, 'logs', '--follow', ...which])
      else process.stdout.write(await logs(...(service ? ['--no-log-prefix', service] : [])))
    },

    async followLogs() {
      const follow = [...profiles, 'logs', '--follow', ...sinceThen(), ...services.map(({ name }) => name)]
      // Some versions of Compose clear the line before each log line, even where the output is no terminal.
      if (process.stdout.isTTY) await shown(follow)
      else await run([...plain, ...follow], { cwd: root, env, output: 'shown plain' })
    },

    async query(sql) {
      const found = await findContainers(root, project)
      if (!found?.running.includes('kkt_adapter')) throw new Stop(NOT_UP)
      const script = `${root}/tests/harness/sql.ts`
      return (await shown(['exec', '-T', 'kkt_adapter', 'bun', 'run', '-', sql], script)).exitCode
    },
  }

  function sinceThen() {
    return since ? ['--since', since] : []
  }

  async function build(...which: string[]) {
    const { exitCode, stderr, stdout } = await kept(...profiles, 'build', ...which)
    if (exitCode !== 0) throw new Stop(`The images could not be built:\n${indent(lastLines(stderr + stdout, 30))}`)
  }

  async function up(...which: string[]) {
    const { exitCode, stderr } = await kept(...profiles, 'up', '--detach', '--wait', '--no-build', ...which)
    if (exitCode !== 0) throw new Stop(await whyNotHealthy(lastLines(stderr, 1)))
  }

  /** Includes the profiles' services. Compose would leave them running, and could not remove their network. */
  function down(...which: string[]) {
    const all = [PAIR_PROFILE, OBSERVE_PROFILE, REGISTER_PROFILE].flatMap((name) => ['--profile', name])
    return cleanUp(...all, 'down', '--remove-orphans', ...which)
  }

  async function logs(...which: string[]): Promise<string> {
    return (await cleanUp(...profiles, 'logs', ...which)).stdout
  }

  async function ownVolumes(): Promise<string[]> {
    const list = ['docker', 'volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${project}`]
    return (await run(list, { cwd: root, output: 'kept', evenWhenInterrupted: true })).stdout.split('\n')
  }

  async function pullIfMissing(image: string) {
    const inspect = ['docker', 'image', 'inspect', '--format', '{{.Id}}', image]
    if ((await run(inspect, { cwd: root, output: 'kept' })).exitCode === 0) return
    await step(`Pulling ${image}`, async () => {
      const pull = await run(['docker', 'pull', '--quiet', image], { cwd: root, output: 'kept' })
      if (pull.exitCode === 0) return
      throw new Stop(
        `The image ${image} is not on this engine and cannot be pulled (${lastLines(pull.stderr, 1)}): connect to its registry or bring it with docker load, or run with MODE=local.`,
      )
    })
  }

  async function whyNotHealthy(said: string): Promise<string> {
    const states = (await kept('ps', '--all', '--format', '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}')).stdout
    const name = troubledService(states)
    if (name === undefined) return `The containers did not start: ${said}`
    const tail = await logs('--no-log-prefix', '--tail', String(LOG_TAIL_LINES), name)
    return `${name} did not become healthy. Its last lines:\n${indent(tail.trimEnd())}`
  }
}

/** The images that the stack needs and that are not built here. @param observes with Prometheus and Grafana */
export function stackImages(root: string, observes = false): string[] {
  const [own, watching] = COMPOSE_FILES
  return ['services/Dockerfile', own, ...(observes ? [watching] : [])].flatMap((path) =>
    foreignImages(readFileSync(`${root}/${path}`, 'utf8')),
  )
}

/** The images that a Dockerfile or a Compose file names, without digests, and that are not built here. */
export const foreignImages = (sources: string): string[] =>
  [...sources.matchAll(/^(?:FROM|\s+image:) "?([\w./-]+:[\w.-]+)/gm)].map(([, image = '']) => image)

/**
 * The things that `docker compose down` says it has removed.
 * @param volumes the volumes that existed, because it also reports those that did not
 */
export const removedThings = (said: string, volumes: string[]): string[] =>
  [...said.matchAll(/(Container|Volume|Network) (\S+)\s+Removed/g)]
    .filter(([, kind, name = '']) => kind !== 'Volume' || volumes.includes(name))
    .map(([, kind = '', name]) => `${kind.toLowerCase()} ${name}`)

/** The service to look at first: one that has ended, is started again and again, or is unhealthy. Each line has name, state, health and exit code. */
export function troubledService(states: string): string | undefined {
  const rows = states.split('\n').map((line) => line.split(' '))
  const row =
    rows.find(([, state = '']) => /^(?:exited|restarting)$/.test(state)) ??
    rows.find(([, , health]) => health === 'unhealthy')
  return row?.[0]
}
