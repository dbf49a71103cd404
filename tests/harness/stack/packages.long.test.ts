import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from './run.ts'

const NOBODY = 'http://till:secret@127.0.0.1:1/'
const REMEDY = 'Is there a network, and does the registry answer? One of your own goes into ~/.npmrc: registry=URL'

let root = ''
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/packages-`)
  write('package.json', JSON.stringify({ name: 'stack', dependencies: { zod: '4.6.7' } }))
  const zod = ['zod@4.6.7', '', {}, `sha512-${'A'.repeat(86)}==`]
  const workspaces = { '': { name: 'stack', dependencies: { zod: '4.6.7' } } }
  write('bun.lock', JSON.stringify({ lockfileVersion: 1, workspaces, packages: { zod } }))
})
afterEach(() => rmSync(root, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(`${root}/${name}`, text)

/**
 * Installs as a command does: in a process of its own, with an empty cache.
 * @param first code that the process runs before
 */
async function install(registry: string, limits: { withinMs?: number; quietMs?: number } = {}, first = '') {
  write('bunfig.toml', `[install]\nregistry = "${registry}"\ncache = { dir = "${root}/cache" }\n`)
  const script = `
    import { runCommand } from '${import.meta.dir}/command.ts'
    import { installPackages } from '${import.meta.dir}/packages.ts'
    ${first}
    await runCommand(async () => await installPackages('${root}', ${JSON.stringify({ withinMs: 30_000, ...limits })}) ?? 0)`
  // Bun would retry for more than a second.
  const env = { ...process.env, BUN_CONFIG_HTTP_RETRY_COUNT: '0' }
  const command = [process.execPath, '--no-env-file', '--eval', script]
  const { stdout: said, stderr: wrong, exitCode } = await run(command, { cwd: root, env, output: 'kept' })
  return { said, wrong, exitCode }
}

test('without a registry the user hears what is done, why it fails and what to do, and no address', async () => {
  const { said, wrong, exitCode } = await install(NOBODY)
  expect(exitCode).toBe(1)
  expect(said).toBe('Installing the packages … no\n')
  expect(wrong).toStartWith('The packages could not be installed:\n  ')
  expect(wrong).toContain(`\n${REMEDY}`)
  expect(wrong).not.toMatch(/secret|127\.0\.0\.1/)
})

test('the user hears it also where the installation makes its folder at once', async () => {
  const madeFirst = `
    const { spawn } = Bun
    Bun.spawn = (...how) => {
      require('node:fs').mkdirSync('${root}/node_modules')
      return spawn(...how)
    }`
  expect((await install(NOBODY, {}, madeFirst)).said).toBe('Installing the packages … no\n')
})

test('a registry that never answers is given up at the time limit', async () => {
  using deaf = Bun.serve({ port: 0, fetch: () => new Promise<Response>(() => undefined) })
  const { wrong, exitCode } = await install(deaf.url.href, { withinMs: 300 })
  expect(exitCode).toBe(1)
  expect(wrong).toStartWith(`The packages were not installed within 0.3 s. ${REMEDY}`)
})

test('installing over stale packages is announced when it takes long', async () => {
  mkdirSync(`${root}/node_modules`)
  using deaf = Bun.serve({ port: 0, fetch: () => new Promise<Response>(() => undefined) })
  expect((await install(deaf.url.href, { withinMs: 300, quietMs: 50 })).said).toStartWith('Installing the packages … ')
})

test('nothing is printed where nothing is to be installed', async () => {
  write('package.json', JSON.stringify({ name: 'stack' }))
  rmSync(`${root}/bun.lock`)
  mkdirSync(`${root}/node_modules`)
  expect(await install(NOBODY)).toEqual({ said: '', wrong: '', exitCode: 0 })
})
