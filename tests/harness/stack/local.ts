import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { indent, lastLines, say, step } from './output.ts'
import { isRunning, processTable } from './processes.ts'
import { findRedisServer, redisAnswers } from './redis.ts'
import { run } from './run.ts'
import { addresses, type HttpService, KKT_ADAPTER, MOCKS, REDIS, SERVICES } from './services.ts'
import { portSetting } from './settings.ts'
import { bunTestArgs, type Context, LOG_TAIL_LINES, NOT_UP, type Stack } from './stack.ts'
import { Stop } from './stop.ts'
import { until } from './until.ts'

/** Far more than a start takes, for it is spent only by one that fails. */
const HEALTHY_WITHIN_MS = 15_000
/** A probe that hangs for longer has failed. */
const PROBE_MS = 1_000

/** The services as processes of this machine, run from their sources by the Bun that runs this. */
export function localStack({ root, project, settings }: Context): Stack {
  const folder = `${root}/.stack/${project}`
  const logFolder = `${folder}/logs`
  const dataFolder = `${folder}/data`
  const bufferPath = `${dataFolder}/buffer.db`
  const processes = processTable(`${folder}/processes`)
  const logPath = (name: string) => `${logFolder}/${name}.log`
  const { PATH = '', HOME = '' } = process.env
  const urls = addresses(settings, '127.0.0.1')
  const portOf = (service: { portVariable: string }) => portSetting(settings, service.portVariable)
  let redisServer: string | undefined

  return {
    async prepare() {
      await installPackages(root)
      redisServer = await findRedisServer(root)
      if (redisServer) return
      say(
        'There is no redis-server on this machine (Debian: apt install redis-server): what takes Redis is not covered.',
      )
    },

    async portsHeld() {
      const names = (await processes.running()).map(({ name }) => name)
      return SERVICES.filter(({ name }) => names.includes(name)).map(portOf)
    },

    async start() {
      for (const made of [logFolder, dataFolder]) mkdirSync(made, { recursive: true })
      await step('Starting the processes until all are healthy', async () => {
        await all([startRedis(), ...MOCKS.map(startService)])
        await startService(KKT_ADAPTER)
      })
    },

    async remove() {
      const running = await processes.running()
      await all(running.map(processes.end))
      const removed = running.map(({ name, pid }) => `process ${name} (${pid})`)
      if (existsSync(folder)) removed.push(`folder .stack/${project}`)
      rmSync(folder, { recursive: true, force: true })
      return removed
    },

    async runSuite(suite, testArgs) {
      const env = { ...process.env, ...settings, ...urls, REDIS_URL: redisServer && urls.REDIS_URL }
      const { exitCode } = await run([process.execPath, ...bunTestArgs(suite, testArgs)], {
        cwd: root,
        env,
        output: 'shown',
        onStart: (pid) => processes.record('test_runner', pid),
      })
      return exitCode
    },

    async collectResults() {
      for (const { name } of SERVICES) {
        if (existsSync(logPath(name))) copyFileSync(logPath(name), `${root}/test-results/${name}.log`)
      }
    },

    async showLogs(service) {
      const logs = globSync(`${service ?? '*'}.log`, { cwd: logFolder })
      if (logs.length === 0) throw new Stop(NOT_UP)
      const follow = process.stdout.isTTY ? ['-F'] : []
      await run(['tail', '-n', '+1', ...follow, ...logs.sort()], { cwd: logFolder, output: 'shown' })
    },

    async query(sql) {
      if (!existsSync(bufferPath)) throw new Stop(NOT_UP)
      const env = { ...process.env, BUFFER_DB_PATH: bufferPath }
      const command = [process.execPath, 'run', 'tests/harness/sql.ts', sql]
      return (await run(command, { cwd: root, env, output: 'shown' })).exitCode
    },
  }

  async function startRedis() {
    if (redisServer === undefined) return
    const port = portOf(REDIS)
    const listen = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dataFolder]
    await keepRunning(REDIS.name, [redisServer, ...listen], {}, () => redisAnswers(port))
  }

  async function startService(service: HttpService) {
    const port = portOf(service)
    const env = {
      ...settings,
      PORT: String(port),
      BUFFER_DB_PATH: bufferPath,
      OFD_API_URL: urls.MOCK_OFD_URL,
      ODOO_API_URL: urls.MOCK_ODOO_URL,
      ...(redisServer && { REDIS_URL: urls.REDIS_URL }),
    }
    const health = `http://127.0.0.1:${port}${service.healthPath}`
    await keepRunning(service.name, [process.execPath, '--no-env-file', service.entry], env, () => answersOk(health))
  }

  /** Leaves alone what runs from the same sources with the same settings, and starts anew what does not. */
  async function keepRunning(
    name: string,
    command: string[],
    env: Record<string, string>,
    isHealthy: () => Promise<boolean>,
  ) {
    const fingerprint = String(Bun.hash(JSON.stringify([command, env, sourcesState(root)])))
    const found = (await processes.running()).find((one) => one.name === name)
    if (found && found.fingerprint !== fingerprint) await processes.end(found)
    const one =
      found?.fingerprint === fingerprint
        ? found
        : await processes.launch(name, {
            command,
            cwd: root,
            env: { PATH, HOME, ...env },
            logPath: logPath(name),
            fingerprint,
          })
    const answered = until(async () => (await isHealthy()) || !(await isRunning(one)), { withinMs: HEALTHY_WITHIN_MS })
    if ((await answered) && (await isRunning(one))) return
    const log = lastLines(readFileSync(logPath(name), 'utf8'), LOG_TAIL_LINES)
    throw new Stop(`${name} did not become healthy. Its last lines:\n${indent(log)}`)
  }
}

/** What is installed is what bun.lock says: it takes milliseconds to find that nothing is stale. */
export async function installPackages(root: string): Promise<void> {
  const install = () => run([process.execPath, 'install', '--frozen-lockfile'], { cwd: root, output: 'kept' })
  const isFirst = !existsSync(`${root}/node_modules`)
  const { exitCode, stderr } = isFirst ? await step('Installing the packages', install) : await install()
  if (exitCode !== 0) throw new Stop(`The packages could not be installed:\n${indent(lastLines(stderr, 5))}`)
}

/** Changes when a source of the services does. */
const sourcesState = (root: string) =>
  globSync('services/**/*.{ts,sql,json}', { cwd: root, exclude: (path) => path.includes('node_modules') })
    .sort()
    .map((path) => [path, statSync(`${root}/${path}`).mtimeMs])

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}

/** Waits for all to end before the first failure is told, so that nothing is started behind the back of cleaning up. */
async function all(work: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
