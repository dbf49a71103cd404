import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

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
 * As a command does it, in a process of its own, with a cache that is empty.
 * @param first what that process does before
 */
async function install(registry: string, limits: { withinMs?: number; quietMs?: number } = {}, first = '') {
  write('bunfig.toml', `[install]\nregistry = "${registry}"\ncache = { dir = "${root}/cache" }\n`)
  const script = `
    import { runCommand } from '${import.meta.dir}/command.ts'
    import { installPackages } from '${import.meta.dir}/packages.ts'
    ${first}
    await runCommand(async () => await installPackages('${root}', ${JSON.stringify({ withinMs: 30_000, ...limits })}) ?? 0)`
  // Bun would try again for more than a second.
  const env = { ...process.env, BUN_CONFIG_HTTP_RETRY_COUNT: '0' }
  const command = [process.execPath, '--no-env-file', '--eval', script]
  const child = Bun.spawn(command, { env, stdout: 'pipe', stderr: 'pipe' })
  const [said, wrong, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { said, wrong, exitCode }
}

test('without a registry it is said what is being done, what fails and what to do, and not who was asked', async () => {
  const { said, wrong, exitCode } = await install(NOBODY)
  expect(exitCode).toBe(1)
  expect(said).toBe('Installing the packages … no\n')
  expect(wrong).toStartWith('The packages could not be installed:\n  ')
  expect(wrong).toContain(`\n${REMEDY}`)
  expect(wrong).not.toMatch(/secret|127\.0\.0\.1/)
})

test('it is said as well where the installation has made its folder before anything else is done', async () => {
  const madeFirst = `
    const { spawn } = Bun
    Bun.spawn = (...how) => {
      require('node:fs').mkdirSync('${root}/node_modules')
      return spawn(...how)
    }`
  expect((await install(NOBODY, {}, madeFirst)).said).toBe('Installing the packages … no\n')
})

test('a registry that never answers is not waited for without end', async () => {
  using deaf = Bun.serve({ port: 0, fetch: () => new Promise<Response>(() => undefined) })
  const { wrong, exitCode } = await install(deaf.url.href, { withinMs: 300 })
  expect(exitCode).toBe(1)
  expect(wrong).toStartWith(`The packages were not installed within 0.3 s. ${REMEDY}`)
})

test('packages that are there and stale are told of when they take long', async () => {
  mkdirSync(`${root}/node_modules`)
  using deaf = Bun.serve({ port: 0, fetch: () => new Promise<Response>(() => undefined) })
  expect((await install(deaf.url.href, { withinMs: 300, quietMs: 50 })).said).toStartWith('Installing the packages … ')
})

test('where nothing is to be installed nothing is said', async () => {
  write('package.json', JSON.stringify({ name: 'stack' }))
  rmSync(`${root}/bun.lock`)
  mkdirSync(`${root}/node_modules`)
  expect(await install(NOBODY)).toEqual({ said: '', wrong: '', exitCode: 0 })
})
