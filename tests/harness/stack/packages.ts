import { existsSync } from 'node:fs'
import { indent, lastLines, step } from './output.ts'
import { run } from './run.ts'
import { Stop } from './stop.ts'
import { until } from './until.ts'

/** Many times as long as a slow network takes for all packages. */
const INSTALLED_WITHIN_MS = 120_000
/** An installation that takes longer is announced. */
const QUIET_MS = 1000

type Limits = { withinMs: number; quietMs: number }

export const havePackages = (root: string): boolean => existsSync(`${root}/node_modules`)

/**
 * Installs the packages of bun.lock. Where none is stale, this takes milliseconds.
 * @throws Stop with the reason and what to do
 */
export async function installPackages(root: string, limits: Partial<Limits> = {}): Promise<void> {
  const { withinMs, quietMs } = { withinMs: INSTALLED_WITHIN_MS, quietMs: QUIET_MS, ...limits }
  // Asked before: to install makes the folder, also where it then fails.
  const hadPackages = havePackages(root)
  const command = [process.execPath, 'install', '--frozen-lockfile', '--no-progress']
  const installing = run(command, { cwd: root, output: 'kept', withinMs })
  let isOver = false
  void installing
    .catch(() => undefined)
    .then(() => {
      isOver = true
    })
  const requireInstalled = async () => requireSuccess(await installing, withinMs)
  const isQuick = hadPackages && (await until(() => isOver, { withinMs: quietMs }))
  await (isQuick ? requireInstalled() : step('Installing the packages', requireInstalled))
}

type Outcome = Awaited<ReturnType<typeof run>>

/** @throws Stop */
function requireSuccess({ exitCode, stderr, isLate }: Outcome, withinMs: number): void {
  if (isLate) throw new Stop(`The packages were not installed within ${withinMs / 1000} s. ${REMEDY}`)
  if (exitCode === 0) return
  const why = `The packages could not be installed:\n${indent(withoutUrls(lastLines(stderr, 5)))}`
  throw new Stop(stderr.includes('lockfile') ? why : `${why}\n${REMEDY}`)
}

/** A registry's address may hold a password. */
const withoutUrls = (text: string) => text.replaceAll(/\bhttps?:\/\/\S+/g, '(its address)')

const REMEDY =
  "Is there a network, and does the registry answer? One of your own goes into ~/.npmrc: registry=URL (npm's setting)."

/**
 * Builds the services' pages where one is stale, which takes a fraction of a second.
 * @throws Stop
 */
export async function buildPages(root: string): Promise<void> {
  const command = [process.execPath, '--no-env-file', 'services/pages/build.ts']
  const { exitCode, stderr } = await run(command, { cwd: root, output: 'kept' })
  if (exitCode !== 0) throw new Stop(`The pages could not be built:\n${indent(lastLines(stderr, 20))}`)
}
