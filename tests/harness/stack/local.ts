import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { findProgram } from './debian.ts'
import { endLeaked } from './leftovers.ts'
import { localFolders, remember } from './local_found.ts'
import { endOfLog, type LogMark, readSince, START_OF_LOG, showLogs } from './log_files.ts'
import { indent, lastLines, say, step } from './output.ts'
import { buildPages, installPackages } from './packages.ts'
import { answersOk } from './probe.ts'
import { isRunning, type ProcessRecord, processTable } from './processes.ts'
import { redisAnswers } from './redis.ts'
import { run } from './run.ts'
import { serviceRuntime } from './runtime.ts'
import {
  ALL_SERVICES,
  addresses,
  type HttpService,
  KKT_ADAPTER,
  MOCK_KKT,
  MOCKS,
  REDIS,
  registerAddress,
} from './services.ts'
import { portSetting } from './settings.ts'
import { modifiedMs, serviceSources } from './settle.ts'
import { type Context, LOG_TAIL_LINES, NOT_UP, type Stack, suiteEnvironment, testCommand } from './stack.ts'
import { Stop } from './stop.ts'
import { until } from './until.ts'

/** Far more than a start takes. Only a failing start spends it. */
const HEALTHY_WITHIN_MS = 15_000
const TEST_RUNNER = 'test_runner'

/** The services as processes of this machine, run from their sources. */
export function localStack(context: Context): Stack {
  const { root, project, settings, results, reloads, observes, hasRegister } = context
  const { folder, logs: logFolder, data: dataFolder, processes: processFolder } = localFolders(root, project)
  const bufferPath = `${dataFolder}/buffer.db`
  const processes = processTable(processFolder)
  const logPath = (name: string) => `${logFolder}/${name}.log`
  const { PATH = '', HOME = '' } = process.env
  const urls = addresses(settings, '127.0.0.1')
  const portOf = (service: { portVariable: string }) => portSetting(settings, service.portVariable)
  const runtime = serviceRuntime(root, settings)
  let redisServer: string | undefined
  /** The end of each log at the beginning of this run. */
  const marks = new Map<string, LogMark>()
  const markOf = (name: string) => marks.get(name) ?? START_OF_LOG
  /** Processes that this run has started, and that did not run before. */
  const launched: ProcessRecord[] = []

  return {
    async prepare() {
      if (observes) throw new Stop('OBSERVE=1 takes Compose mode, which has the images of Prometheus and Grafana.')
      await installPackages(root)
      await buildPages(root)
      await runtime.prepare()
      // Only the tests of durability need it, and say so themselves where it cannot be had.
      await findProgram(root, 'strace')
      redisServer = await findProgram(root, 'redis-server')
      if (redisServer) return
      say(
        'There is no redis-server on this machine (Debian: apt install redis-server): what takes Redis is not covered.',
      )
    },

    async start(fromScratch) {
      if (fromScratch) await endAll()
      remember({ root, project, settings, reloads })
      noteLogs()
      // Logs and data name what was sold.
      for (const made of [logFolder, dataFolder]) mkdirSync(made, { recursive: true, mode: 0o700 })
      await step('Starting the processes until all are healthy', async () => {
        await all([startRedis(), ...[...MOCKS, ...(hasRegister ? [MOCK_KKT] : [])].map(startService)])
        await startService(KKT_ADAPTER)
      }).catch(async (error: unknown) => {
        await endLaunched()
        throw error
      })
    },

    async join() {
      await installPackages(root)
      const running = await processes.running()
      if (running.some(({ name }) => name === REDIS.name)) redisServer = await findProgram(root, 'redis-server')
      // A run that was killed may have left its tests behind.
      await all(running.filter(({ name }) => name.startsWith(TEST_RUNNER)).map(processes.end))
      noteLogs()
    },

    async stop() {
      await endAll()
    },

    async remove() {
      const running = await endAll()
      const removed = running.map(({ name, pid }) => `process ${name} (${pid})`)
      if (existsSync(folder)) removed.push(`folder .stack/${project}`)
      rmSync(folder, { recursive: true, force: true })
      return removed
    },

    async runSuite(suite, suiteRun) {
      const env = {
        ...process.env,
        ...settings,
        ...urls,
        REDIS_URL: redisServer && urls.REDIS_URL,
        ...(hasRegister && { MOCK_KKT_URL: registerAddress(settings, '127.0.0.1') }),
        ...suiteEnvironment(suite, suiteRun),
      }
      let recorded: Promise<ProcessRecord> | undefined
      try {
        const { exitCode, stdout, stderr } = await run(testCommand(process.execPath, results, suite, suiteRun), {
          cwd: root,
          env,
          output: suiteRun.isVerbose ? 'shown' : 'kept',
          onStart: (pid) => {
            recorded = processes.record(`${TEST_RUNNER}_${suite.name}`, pid)
          },
        })
        const leaked = await endLeaked((await recorded)?.pid ?? 0)
        if (leaked.length > 0) say(`Left running by the tests, and ended now: ${leaked.join(', ')}`)
        return { exitCode: exitCode || Math.min(leaked.length, 1), said: stdout + stderr }
      } finally {
        // A record written later would recreate the folder of a removed stack.
        await recorded
      }
    },

    async collectResults() {
      for (const { name } of ALL_SERVICES) {
        if (!existsSync(logPath(name))) continue
        await Bun.write(`${root}/${results}/${name}.log`, readSince(logPath(name), markOf(name)))
      }
    },

    async showLogs(service) {
      const logs = ALL_SERVICES.map(({ name }) => name).filter((name) => existsSync(logPath(name)))
      if (logs.length === 0) throw new Stop(NOT_UP)
      const chosen = logs.filter((name) => service === undefined || name === service)
      const { isTTY } = process.stdout
      await showLogs(
        chosen.map((name) => ({ name, path: logPath(name), fromByte: 0 })),
        {
          isOver: async () => !isTTY,
          prefixed: isTTY || service === undefined,
        },
      )
    },

    async followLogs() {
      const logs = ALL_SERVICES.map(({ name }) => ({ name, path: logPath(name), fromByte: markOf(name).bytes }))
      await showLogs(logs, { isOver: async () => (await processes.running()).length === 0, prefixed: true })
    },

    async query(sql) {
      if (!existsSync(bufferPath)) throw new Stop(NOT_UP)
      const env = { ...process.env, BUFFER_DB_PATH: bufferPath }
      const command = [process.execPath, 'run', 'tests/harness/sql.ts', sql]
      return (await run(command, { cwd: root, env, output: 'shown' })).exitCode
    },
  }

  function noteLogs() {
    for (const { name } of ALL_SERVICES) {
      marks.set(name, endOfLog(logPath(name)))
    }
  }

  async function endAll() {
    const running = await processes.running()
    await all(running.map(processes.end))
    return running
  }

  /** A start that failed or was interrupted frees its ports. Logs and earlier processes stay. */
  async function endLaunched() {
    if (launched.length === 0) return
    await all(launched.map(processes.end))
    const names = (records: ProcessRecord[]) => records.map(({ name }) => name).join(', ')
    const before = await processes.running()
    const asBefore = before.length > 0 ? ` Up as before: ${names(before)}.` : ''
    say(`What this start had started is ended: ${names(launched)}.${asBefore}`)
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
      ...service.environment,
      ...settings,
      PORT: String(port),
      BUFFER_DB_PATH: bufferPath,
      STATE_PATH: `${dataFolder}/register.db`,
      OFD_API_URL: urls.MOCK_OFD_URL,
      ODOO_API_URL: urls.MOCK_ODOO_URL,
      ...(redisServer && { REDIS_URL: urls.REDIS_URL }),
    }
    await keepRunning(service.name, runtime.command(service.entry, reloads), env, () => answersOk(service, settings))
  }

  /** Keeps a process that runs from the same sources with the same settings, and restarts any other. */
  async function keepRunning(
    name: string,
    command: string[],
    env: Record<string, string>,
    isHealthy: () => Promise<boolean>,
  ) {
    const fingerprint = String(Bun.hash(JSON.stringify([command, env, reloads ? [] : sourcesState(root)])))
    const found = (await processes.running()).find((one) => one.name === name)
    if (found && found.fingerprint !== fingerprint) await processes.end(found)
    const isKept = found?.fingerprint === fingerprint
    const one = isKept ? found : await launch(name, command, env, fingerprint)
    const answered = until(async () => (await isHealthy()) || !(await isRunning(one)), { withinMs: HEALTHY_WITHIN_MS })
    if ((await answered) && (await isRunning(one))) return
    // Lines of an earlier start do not explain this failure.
    const log = readSince(logPath(name), isKept ? START_OF_LOG : markOf(name))
    const tail = lastLines(log.toString(), LOG_TAIL_LINES)
    throw new Stop(`${name} did not become healthy. Its last lines:\n${indent(tail)}`)
  }

  async function launch(name: string, command: string[], env: Record<string, string>, fingerprint: string) {
    const how = { command, cwd: root, env: { PATH, HOME, ...env }, logPath: logPath(name), fingerprint }
    const one = await processes.launch(name, how)
    launched.push(one)
    return one
  }
}

/** Changes with any source of the services. */
const sourcesState = (root: string) => serviceSources(root).map((path) => [path, modifiedMs(root, path)])

/** Waits for all before it throws the first failure, so that nothing is started during the clean-up. */
async function all(work: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}
