import { resolve } from 'node:path'
import { parseRequest, type Request } from './args.ts'
import { composeStack } from './compose.ts'
import { catchSignals, Interrupted } from './interruption.ts'
import { installPackages, localStack } from './local.ts'
import { chooseMode, findEngine, type Mode } from './mode.ts'
import { say } from './output.ts'
import { requireFreePorts } from './ports.ts'
import { run } from './run.ts'
import { addresses, SERVICES } from './services.ts'
import { mergeSettings, portSetting, readDefaults, SUITE_SETTINGS } from './settings.ts'
import type { Context, Stack } from './stack.ts'
import { Stop } from './stop.ts'
import { runSuites } from './suites.ts'

const root = resolve(import.meta.dir, '../../..')
const stacks = { compose: composeStack, local: localStack }

/** Each gives its exit code. */
const commands: Record<Request['command'], (request: Request, context: Context) => Promise<number>> = {
  async up(request, context) {
    const stack = stacks[await choose(request)](context)
    await requirePorts(stack, context)
    await stack.prepare()
    await stack.start()
    say(howToTry(context))
    return 0
  },

  async down(request, context) {
    const chosen = await choose(request)
    // Without a mode, what a local stack has left behind goes too.
    const modes = new Set<Mode>(request.mode ? [chosen] : [chosen, 'local'])
    const removed: string[] = []
    for (const mode of modes) removed.push(...(await stacks[mode](context).remove()))
    say(removed.length > 0 ? `Removed ${removed.join(', ')}.` : 'Nothing was up.')
    return 0
  },

  async test(request, context) {
    const stack = stacks[await choose(request)](context)
    return await runSuites(root, stack, () => requirePorts(stack, context), request.testArgs)
  },

  async logs(request, context) {
    const stack = await stackThatIsUp(request, context)
    await stack.showLogs(request.service).catch((error: unknown) => {
      // Ctrl-C is how one stops following.
      if (!(error instanceof Interrupted)) throw error
    })
    return 0
  },

  async check() {
    await installPackages(root)
    const tool = (...command: string[]) =>
      run([process.execPath, '--bun', 'run', '--silent', ...command], { cwd: root, output: 'shown' })
    const types = await tool('tsc', '-p', '.')
    const lint = await tool('biome', 'check', '.')
    return types.exitCode || lint.exitCode
  },

  async sql(request, context) {
    if (request.query === '')
      throw new Stop('Q is missing: make sql Q="SELECT status, count(*) FROM receipts GROUP BY 1"')
    return await (await stackThatIsUp(request, context)).query(request.query)
  },
}

/** The first line that is printed says how it is run and why. */
async function choose({ mode: asked }: Request): Promise<Mode> {
  const { mode, why } = await chooseMode(asked, false, () => findEngine(root))
  say(modeLine(mode, why))
  return mode
}

/** The one to read from. What is read may be meant for another program, so the line does not go with it. */
async function stackThatIsUp({ mode: asked }: Request, context: Context): Promise<Stack> {
  const localRuns = (await localStack(context).portsHeld()).length > 0
  const { mode, why } = await chooseMode(asked, localRuns, () => findEngine(root))
  process.stderr.write(`${modeLine(mode, why)}\n`)
  return stacks[mode](context)
}

const modeLine = (mode: Mode, why: string) => `${mode === 'compose' ? 'Compose' : 'Local'} mode: ${why}.`

async function requirePorts(stack: Stack, { settings }: Context): Promise<void> {
  const wanted = SERVICES.map(({ portVariable }) => ({
    variable: portVariable,
    port: portSetting(settings, portVariable),
  }))
  await requireFreePorts(root, wanted, await stack.portsHeld())
}

function howToTry({ settings }: Context): string {
  const urls = addresses(settings, 'localhost')
  return `
KKT adapter  ${urls.KKT_ADAPTER_URL}/v1/health
Mock OFD     ${urls.MOCK_OFD_URL}/ofd/v1/health
Mock Odoo    ${urls.MOCK_ODOO_URL}/api/v1/health
Redis        ${urls.REDIS_URL}

Post a receipt, each time a new one:
curl -sS ${urls.KKT_ADAPTER_URL}/v1/kkt/receipt -H "Idempotency-Key: $(date +%s)-$$-$RANDOM" -d @tests/fixtures/sample_receipt.json`
}

async function main(): Promise<number> {
  catchSignals()
  try {
    const request = parseRequest(process.argv.slice(2), process.env)
    const suite = request.command === 'test' ? SUITE_SETTINGS : {}
    const settings = mergeSettings({ defaults: readDefaults(root), suite, shell: process.env })
    const { COMPOSE_PROJECT_NAME } = process.env
    const project = COMPOSE_PROJECT_NAME || 'opticserp_test'
    return await commands[request.command](request, { root, project, settings })
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

process.exitCode = await main()
