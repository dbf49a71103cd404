import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { DEFAULT_PROJECT, parseRequest, type StackRequest } from './args.ts'
import { type Claim, whileClaimed } from './claim.ts'
import { runCommand } from './command.ts'
import { composeStack } from './compose.ts'
import { findContainers } from './compose_found.ts'
import { findProgram } from './debian.ts'
import { examine } from './doctor.ts'
import { Interrupted } from './interruption.ts'
import { localStack } from './local.ts'
import { findProcesses } from './local_found.ts'
import { mistypedForMake, mistypedSettings } from './mistyped.ts'
import { chooseMode, findEngine, type Mode } from './mode.ts'
import { type Command, helpText } from './options.ts'
import { say, step } from './output.ts'
import { drivesOwnRegister, requireItsRegister, withItsRegister } from './own_register.ts'
import { installPackages } from './packages.ts'
import { requireFreePorts } from './ports.ts'
import { run } from './run.ts'
import { addresses, OBSERVERS, registerAddress, servicesOf } from './services.ts'
import { givenSettings, mergeSettings, portSetting, readDefaults, readOwnSettings, type Settings } from './settings.ts'
import { contextOf, differences, isOwn, settingsFound, settingsToStart } from './settle.ts'
import { type Context, type Found, heldPorts, NOT_UP, type Stack, type Suite } from './stack.ts'
import { Stop } from './stop.ts'
import { chooseSuites, suiteRun } from './suites.ts'
import { runTests } from './test_run.ts'

const root = resolve(import.meta.dir, '../../..')
const stacks = { compose: composeStack, local: localStack }
const finders = { compose: findContainers, local: findProcesses }

/** Each resolves to its exit code. */
const commands: Record<Command, (request: StackRequest) => Promise<number>> = {
  up: (request) => whileClaimed(root, request, (claim) => up(request, claim)),
  down: (request) => whileClaimed(root, request, (claim) => down(request, claim)),
  async test(request) {
    tellOfMistypedSettings()
    const suites = chooseSuites(root, request)
    return await whileClaimed(root, request, (claim) => test(request, claim, suites))
  },
  dev: (request) => whileClaimed(root, request, (claim) => dev(request, claim)),

  async logs(request) {
    await untilCtrlC((await stackToRead(request)).showLogs(request.service))
    return 0
  },

  async doctor(request) {
    const { project } = request
    return await examine(root, request, (command, of = project) => commandLine(command, { project: of }))
  },

  async check() {
    await installPackages(root)
    const tool = (...command: string[]) =>
      run([process.execPath, '--bun', 'run', '--silent', ...command], { cwd: root, output: 'shown' })
    const types = await tool('tsc', '-p', '.')
    const pageTypes = await tool('tsc', '-p', 'services/platform/page')
    const pagesTypes = await tool('tsc', '-p', 'services/pages')
    const lint = await tool('biome', 'check', '.')
    return types.exitCode || pageTypes.exitCode || pagesTypes.exitCode || lint.exitCode
  },

  async sql(request) {
    if (request.query === '')
      throw new Stop('Q is missing: make sql Q="SELECT status, count(*) FROM receipts GROUP BY 1"')
    return await (await stackToRead(request)).query(request.query)
  },

  async fault(request) {
    const urls = await addressesOf(request)
    return await runScript('tests/harness/fault/main.ts', { ...request.variables, ...urls })
  },

  async watch(request) {
    const url = request.variables['ADAPTER'] || (await addressesOf(request)).KKT_ADAPTER_URL
    await untilCtrlC(runScript('tests/harness/watch/main.ts', { KKT_ADAPTER_URL: url }))
    return 0
  },

  async screenshots(request) {
    return await runScript('tests/browser/screenshots.ts', await addressesOf(request))
  },

  coverage: () => runScript('tests/harness/coverage/main.ts'),
  profile: ({ variables }) => runScript('tests/harness/profile/main.ts', variables),
  crash: (request) => runScript('tests/crash/main.ts', withSeed(request)),
  chaos: (request) => runScript('tests/chaos/main.ts', withSeed(request)),
  siege: (request) => runScript('tests/siege/main.ts', withSeed(request)),
  model: (request) => runScript('tests/model/main.ts', withSeed(request)),
  sbom: () => runScript('tests/harness/sbom/main.ts'),
  mutants: ({ variables }) => runScript('tests/mutants/main.ts', variables),
  bench: ({ variables }) => runScript('tests/bench/main.ts', variables),
  // A register of the user's own has nothing to do with the stack's defaults, such as its account.
  'kkt-probe': () =>
    runScript('services/kkt_adapter/src/kkt_probe.ts', givenSettings(readOwnSettings(root), process.env)),
}

async function up(request: StackRequest, claim: Claim): Promise<number> {
  tellOfMistypedSettings()
  const { mode, found } = await chooseOwn(request)
  const asked = withItsRegister(request, found)
  const context = contextOf(root, asked, await settingsToStart(root, asked, { mode, found }))
  const stack = stacks[mode](context)
  await requirePorts(context, found)
  claim.own('user')
  await stack.prepare(request.build && !found)
  await stack.start(request.build)
  say(howToTry(context))
  return 0
}

async function down(request: StackRequest, claim: Claim): Promise<number> {
  const { mode, why } = await chooseMode(request.mode, false, () => findEngine(root))
  say(modeLine(mode, why))
  // Without MODE, the remains of a local stack go too.
  const modes = new Set<Mode>(request.mode ? [mode] : [mode, 'local'])
  const removed: string[] = []
  for (const one of modes) removed.push(...(await stacks[one](contextToRead(request, undefined)).remove()))
  claim.own('user')
  say(removed.length > 0 ? `Removed ${removed.join(', ')}.` : 'Nothing was up.')
  return 0
}

async function test(request: StackRequest, claim: Claim, suites: readonly Suite[]): Promise<number> {
  const chosen = await chooseOwn(request)
  const found = claim.isLeftover ? undefined : chosen.found
  requireItsRegister(request, found)
  const settings = found
    ? settingsFound(root, found, request.build ? process.env : {})
    : await settingsToStart(root, request, { mode: chosen.mode, found: undefined })
  const context = contextOf(root, withItsRegister(request, found), settings, found?.reloads)
  // Debian's package for both. Only the long form installs it, because it takes a while.
  if (chosen.mode === 'local' && request.long) await findProgram(root, 'promtool', 'prometheus')
  return await runTests({
    request,
    context,
    found,
    claim,
    suites,
    stack: stacks[chosen.mode](context),
    suiteRun: suiteRun(request, randomInt),
    differences: () => (found ? differences(root, found, process.env) : []),
    requirePorts: () => requirePorts(context, undefined),
    commandLine: (command) => commandLine(command, request),
  })
}

async function dev(request: StackRequest, claim: Claim): Promise<number> {
  tellOfMistypedSettings()
  const { mode, found } = await chooseOwn(request)
  const asked = withItsRegister(request, found)
  const context = contextOf(root, asked, await settingsToStart(root, asked, { mode, found }), true)
  const stack = stacks[mode](context)
  await requirePorts(context, found)
  claim.own('user')
  await stack.prepare(false)
  try {
    await stack.start(false)
    say(howToTry(context))
    say('\nEvery edit under services/ restarts the services that it concerns. Ctrl-C ends all and keeps the data.\n')
    await untilCtrlC(stack.followLogs())
  } finally {
    await step('\nEnding the services', stack.stop)
  }
  return 0
}

/** The seed that is asked for, or a random one. */
const withSeed = ({ seed, variables }: StackRequest) => ({
  ...variables,
  SEED: String(typeof seed === 'number' ? seed : randomInt(2 ** 32)),
})

/** Runs a script in a process of its own, because it imports installed packages. */
async function runScript(script: string, variables: Record<string, string> = {}): Promise<number> {
  await installPackages(root)
  const env = { ...process.env, ...variables }
  return (await run([process.execPath, '--no-env-file', script], { cwd: root, env, output: 'shown' })).exitCode
}

/**
 * The mode, and the project's stack that is up in that mode, if there is one.
 * @param tell gets the line that names the mode and the reason for it
 */
async function choose({ mode: asked, project }: StackRequest, tell: (line: string) => void) {
  const local = asked === 'compose' ? undefined : await findProcesses(root, project)
  const { mode, why } = await chooseMode(asked, local !== undefined, () => findEngine(root))
  tell(modeLine(mode, why))
  return { mode, found: mode === 'local' ? local : await finders[mode](root, project) }
}

/** The same for a command that starts a stack. */
async function chooseOwn(request: StackRequest) {
  const { mode, found } = await choose(request, say)
  return { mode, found: found && isOwn(root, found) ? found : undefined }
}

/** Ctrl-C is the usual way to end following logs, and the live state. */
async function untilCtrlC(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Interrupted)) throw error
  })
}

/** The output may be piped into another program, so this line goes to stderr. */
const tellAside = (line: string) => void process.stderr.write(`${line}\n`)

function tellOfMistypedSettings(): void {
  for (const line of mistypedSettings(root, process.env)) tellAside(line)
}

/** Where the services of the stack are. @throws Stop when it is not up */
async function addressesOf(request: StackRequest) {
  const { found } = await choose(request, tellAside)
  if (!found) throw new Stop(NOT_UP)
  const settings = settingsFound(root, found)
  const { hasRegister } = withItsRegister(request, found)
  return {
    ...addresses(settings, '127.0.0.1'),
    ...(hasRegister && { MOCK_KKT_URL: registerAddress(settings, '127.0.0.1') }),
  }
}

/** The stack of a command that only reads. */
async function stackToRead(request: StackRequest): Promise<Stack> {
  const { mode, found } = await choose(request, tellAside)
  return stacks[mode](contextToRead(request, found))
}

/** The settings of a stack that is not up. */
const ownSettings = (): Settings => mergeSettings(readDefaults(root), readOwnSettings(root), process.env)

const contextToRead = (request: StackRequest, found: Found | undefined) =>
  contextOf(root, withItsRegister(request, found), found ? settingsFound(root, found) : ownSettings())

const modeLine = (mode: Mode, why: string) => `${mode === 'compose' ? 'Compose' : 'Local'} mode: ${why}.`

async function requirePorts({ settings, observes, hasRegister }: Context, found: Found | undefined): Promise<void> {
  const wanted = [...servicesOf({ hasRegister }), ...(observes ? OBSERVERS : [])].map(({ portVariable }) => ({
    variable: portVariable,
    port: portSetting(settings, portVariable),
  }))
  await requireFreePorts(root, wanted, found ? heldPorts(found) : [])
}

function howToTry({ settings, observes, hasRegister }: Context): string {
  const urls = addresses(settings, 'localhost')
  return `
KKT adapter  ${urls.KKT_ADAPTER_URL}/ (in a browser: receipts on their way, live, and the OFD's switch)
Mock OFD     ${urls.MOCK_OFD_URL} (in a browser: what it gets, and its faults)
Mock Odoo    ${urls.MOCK_ODOO_URL}
Redis        ${urls.REDIS_URL}${hasRegister ? registerAt(settings) : ''}${observes ? whereToLook(settings) : ''}

Post a receipt, each time a new one:
curl -sS ${urls.KKT_ADAPTER_URL}/v1/kkt/receipt -H "Idempotency-Key: $(od -An -N8 -tx8 /dev/urandom)" -d @tests/fixtures/sample_receipt.json`
}

const registerAt = (settings: Settings) => `
Mock KKT     ${registerAddress(settings, 'localhost')} (ATOL's Web Requests; .env.test names its account; ${
  drivesOwnRegister(settings) ? 'the adapter sells on it' : 'the adapter sells on another one'
})`

const whereToLook = (settings: Settings) => `
Prometheus   http://localhost:${settings['PROMETHEUS_PORT']}/alerts
Grafana      http://localhost:${settings['GRAFANA_PORT']}`

const commandLine = (command: string, { project }: Pick<StackRequest, 'project'>) =>
  `make ${command}${project === DEFAULT_PROJECT ? '' : ` COMPOSE_PROJECT_NAME=${project}`}`

async function main(): Promise<number> {
  for (const line of mistypedForMake(root, process.env)) tellAside(line)
  const request = parseRequest(process.argv.slice(2), process.env)
  if (request.command !== 'help') return await commands[request.command](request)
  say(helpText(request.about))
  return 0
}

await runCommand(main)
