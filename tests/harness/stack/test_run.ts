import { writeFileSync } from 'node:fs'
import type { StackRequest } from './args.ts'
import type { Claim } from './claim.ts'
import { lanesOf, runLanes } from './lanes.ts'
import { untrackedFiles } from './leftovers.ts'
import { indent, say, step } from './output.ts'
import { exitCodeOf, failedInBrief, failures, summaryLine } from './report.ts'
import { type Ended, emptyResults, readOutcome, showOutcomes, writeSeed } from './results.ts'
import { type Context, type Found, missingServices, type Stack, type Suite, type SuiteRun, saidPath } from './stack.ts'
import { messageOfStop, Stop } from './stop.ts'

type TestRun = {
  request: StackRequest
  context: Context
  stack: Stack
  /** The stack that was up before, if there is one to run on. */
  found: Found | undefined
  claim: Claim
  suites: readonly Suite[]
  suiteRun: SuiteRun
  /** The ways in which that stack is not as the user may expect. */
  differences: () => string[]
  /** Throws when another program has a port of this stack, which has ended by then. */
  requirePorts: () => Promise<void>
  /** The user's way to call a command for this stack. */
  commandLine: (command: string) => string
}

/** Runs the suites and reports the results. @returns the exit code */
export async function runTests(run: TestRun): Promise<number> {
  const { request, context, suiteRun, found } = run
  const { root, results } = context
  emptyResults(root, results)
  writeSeed(root, results, suiteRun)
  const untrackedBefore = await untrackedFiles(root)
  const ended = found ? await onStackThatIsUp(run, found) : await onFreshStack(run)
  const outcomes = ended.map((one) => readOutcome(root, results, one, request.test))
  const withLogs = ended.some(({ suite, exitCode }) => suite.drivesStack && exitCode !== 0)
  showOutcomes(root, results, outcomes, { withLogs, chosen: request.test })
  say(`\nResults, logs and the seed (${suiteRun.seed}) are in ${results}/`)
  const exitCodeOfLeftovers = await leftovers(run, untrackedBefore)
  const exitCode = exitCodeOf(outcomes) || exitCodeOfLeftovers
  if (found ? exitCode !== 0 : request.keepUp) say(howToLook(run))
  for (const line of [...failedInBrief(failures(outcomes, request.test)), summaryLine(outcomes)]) say(line)
  return exitCode
}

/** Reports files and ports that the run has left behind. @returns the exit code */
async function leftovers(run: TestRun, untrackedBefore: string[]): Promise<number> {
  const files = (await untrackedFiles(run.context.root)).filter((path) => !untrackedBefore.includes(path))
  if (files.length > 0) say(`New while the tests ran, and neither committed nor ignored: ${files.join(', ')}`)
  const isGone = !run.found && !run.request.keepUp
  const openPorts = isGone ? await messageOfStop(run.requirePorts) : null
  if (openPorts) say(`Left behind by the stack:\n${indent(openPorts)}`)
  // Where a person works, a new file may be theirs.
  return openPorts || (files.length > 0 && process.env['CI']) ? 1 : 0
}

/** Starts a clean stack and removes it at the end, whatever happens, unless it is to be kept. */
async function onFreshStack(run: TestRun): Promise<Ended[]> {
  const { request, stack, claim, requirePorts } = run
  claim.own('run')
  await stack.prepare(request.build)
  const before = await stack.remove()
  if (before.length > 0) say(`What an earlier stack has left is removed for a clean start: ${before.join(', ')}`)
  await requirePorts()
  let isUp = false
  try {
    await stack.start(false)
    isUp = true
    return await runSuites(run)
  } finally {
    const stays = request.keepUp && isUp
    await step(`Collecting results${stays ? '' : ' and removing the stack'}`, async () => {
      const collected = stack.collectResults(run.suites)
      await (stays ? collected : collected.finally(stack.remove))
    })
    if (stays) claim.own('user')
  }
}

/** The stack is not this run's, so it is neither cleaned nor ended. */
async function onStackThatIsUp(run: TestRun, found: Found): Promise<Ended[]> {
  const { request, stack, claim, commandLine } = run
  claim.own('user')
  const missing = missingServices(found)
  if (missing.length > 0 && !request.build) {
    const [up, down] = [commandLine('up'), commandLine('down')]
    throw new Stop(`The stack is up without ${missing.join(', ')}: ${up} starts what is missing, ${down} ends all.`)
  }
  say('The stack is up: the suites run on it, with the settings that it has, and it stays up.')
  if (!request.build) for (const line of run.differences()) say(line)
  if (request.build) {
    await stack.prepare(false)
    await stack.start(true)
  }
  await stack.join()
  try {
    return await runSuites(run)
  } finally {
    await step('Collecting results', () => stack.collectResults(run.suites))
  }
}

async function runSuites({ suites, suiteRun, stack, request: { seed }, context }: TestRun): Promise<Ended[]> {
  const { root, results } = context
  if (seed !== undefined) say(`The tests are shuffled: SEED=${suiteRun.seed} repeats their order.`)
  const runOne = async (suite: Suite): Promise<Ended> => {
    const startedMs = performance.now()
    const what = `The ${suite.name} suites: bun test ${inBrief(suite.paths)}`
    if (suiteRun.isVerbose) say(`\n${what}`)
    const { exitCode, said } = await stack.runSuite(suite, suiteRun)
    const seconds = (performance.now() - startedMs) / 1000
    if (!suiteRun.isVerbose) {
      say(`${what} … ${seconds.toFixed(1)} s`)
      writeFileSync(`${root}/${saidPath(results, suite)}`, said)
    }
    if (exitCode !== 0) say(said)
    return { suite, exitCode, seconds }
  }
  const lanes = suiteRun.isSideBySide ? lanesOf(suites) : [suites]
  say(`Running ${lanes.map((lane) => lane.map(({ name }) => name).join(', then ')).join(' beside ')} …`)
  return await runLanes(lanes, runOne)
}

/** Of more paths only the number is shown. */
const PATHS_SHOWN = 4

const inBrief = (paths: readonly string[]) =>
  paths.length > PATHS_SHOWN
    ? `${paths.slice(0, PATHS_SHOWN).join(' ')} and ${paths.length - PATHS_SHOWN} more`
    : paths.join(' ')

const howToLook = ({ commandLine }: TestRun) => `The stack stays up:
  ${commandLine('logs')} shows what the services said
  ${commandLine('sql Q="SELECT * FROM receipts"')} shows the buffer
  ${commandLine('test')} tests on it again
  ${commandLine('down')} ends it`
