import { afterEach, beforeEach, expect, test } from 'bun:test'
import { randomInt } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { eventually } from '../eventually.ts'
import { localFolders } from './local_found.ts'
import { randomPorts } from './ports.ts'
import { processTable } from './processes.ts'
import { SERVICES } from './services.ts'
import { contextOf } from './settle.ts'

const serving = (status: number) =>
  `Bun.serve({ port: process.env.PORT, fetch: () => new Response(null, { status: ${status} }) })`
/** A file that is no source breaks it, so the other services need not restart. */
const ADAPTER = `
  if (await Bun.file('broken').exists()) {
    console.log('broken: ' + await Bun.file('broken').text())
    process.exit(1)
  }
  ${serving(200)}`

let root = ''
let settings: Record<string, string> = {}
beforeEach(async () => {
  root = mkdtempSync(`${tmpdir()}/local-`)
  const variables = SERVICES.map(({ portVariable }) => portVariable)
  settings = { RUNTIME: 'bun', ...(await randomPorts(variables, randomInt)) }
  service('mock_ofd', serving(200))
  service('mock_odoo', serving(200))
  service('kkt_adapter/src', ADAPTER)
})
afterEach(async () => {
  for (const one of await table().running()) await table().end(one)
  rmSync(root, { recursive: true })
})

function service(folder: string, source: string) {
  mkdirSync(`${root}/services/${folder}`, { recursive: true })
  writeFileSync(`${root}/services/${folder}/main.ts`, source)
}

const breakAdapter = (why: string) => writeFileSync(`${root}/broken`, why)
const table = () => processTable(localFolders(root, 'p').processes)
const running = async () => (await table().running()).map(({ name }) => name).sort()

/** Starts the stack in a process of its own, as a command does. */
function starting() {
  const context = contextOf(root, { project: 'p', randomPorts: false, observe: false, hasRegister: false }, settings)
  const script = `
    import { runCommand } from '${import.meta.dir}/command.ts'
    import { localStack } from '${import.meta.dir}/local.ts'
    await runCommand(async () => await localStack(${JSON.stringify(context)}).start(false) ?? 0)`
  return Bun.spawn([process.execPath, '--no-env-file', '--eval', script], { stdout: 'pipe', stderr: 'pipe' })
}

async function outcomeOf({ stdout, stderr, exited }: ReturnType<typeof starting>) {
  return { said: await stdout.text(), wrong: await stderr.text(), exitCode: await exited }
}

test('a failed start ends what it has started, and says why', async () => {
  breakAdapter('first')
  expect(await outcomeOf(starting())).toEqual({
    said: expect.stringMatching(/ no\nWhat this start had started is ended: mock_ofd, mock_odoo, kkt_adapter\.\n$/),
    wrong: 'kkt_adapter did not become healthy. Its last lines:\n  broken: first\n',
    exitCode: 1,
  })
  expect(await running()).toEqual([])
  breakAdapter('second')
  expect(await outcomeOf(starting())).toMatchObject({ wrong: expect.stringMatching(/lines:\n {2}broken: second\n$/) })
})

test('an interrupted start ends what it has started', async () => {
  service('mock_odoo', serving(503))
  const start = starting()
  await eventually('both mocks to run', running, { withinMs: 5_000, until: ({ length }) => length === 2 })
  start.kill('SIGINT')
  expect(await outcomeOf(start)).toEqual({
    said: expect.stringMatching(/ no\nWhat this start had started is ended: mock_ofd, mock_odoo\.\n$/),
    wrong: 'Interrupted by SIGINT.\n',
    exitCode: 130,
  })
  expect(await running()).toEqual([])
})

test('a failed start leaves earlier processes running', async () => {
  expect(await outcomeOf(starting())).toMatchObject({ exitCode: 0 })
  for (const one of await table().running()) if (one.name === 'kkt_adapter') await table().end(one)
  const before = await table().running()
  expect(before).toHaveLength(2)
  breakAdapter('now')
  expect(await outcomeOf(starting())).toMatchObject({
    said: expect.stringMatching(/is ended: kkt_adapter\. Up as before: mock_o\w+, mock_o\w+\.\n$/),
    exitCode: 1,
  })
  expect(await table().running()).toEqual(before)
})
