import { afterEach, beforeEach, expect, mock, spyOn, test } from 'bun:test'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { composeStack } from './compose.ts'

const root = resolve(import.meta.dir, '../../..')
const { PATH = '' } = process.env

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/docker-`)
  // Writes down how it is called, and does nothing.
  writeFileSync(`${folder}/docker`, `#!/bin/sh\necho "$@" >>"${folder}/calls"\n`)
  chmodSync(`${folder}/docker`, 0o755)
  process.env['PATH'] = `${folder}:${PATH}`
  spyOn(process.stdout, 'write').mockImplementation(() => true)
})
afterEach(() => {
  process.env['PATH'] = PATH
  mock.restore()
  rmSync(folder, { recursive: true })
})

const calls = () => (existsSync(`${folder}/calls`) ? readFileSync(`${folder}/calls`, 'utf8').trim().split('\n') : [])

/** The calls of a start and an end. */
async function upAndDown({ observes = false, hasRegister = false }) {
  const settings = { RUNTIME: 'bun' }
  const stack = composeStack({
    root,
    project: 'p',
    settings,
    results: 'test-results',
    reloads: false,
    observes,
    hasRegister,
  })
  await stack.prepare(false)
  await stack.start(false)
  await stack.remove()
  return calls()
}

const inspected = (all: string[]) => all.flatMap((call) => /^image inspect .* (\S+):\S+$/.exec(call)?.[1] ?? [])

test('Prometheus and Grafana are fetched and started where that is asked for', async () => {
  const all = await upAndDown({ observes: true })
  expect(inspected(all)).toEqual(['oven/bun', 'redis', 'prom/prometheus', 'grafana/grafana'])
  expect(all.filter((call) => / up /.test(call))).toEqual([expect.stringContaining(' --profile observe up --detach')])
})

test('they are not otherwise, and yet ended with the stack, because someone may have started them without make', async () => {
  const all = await upAndDown({})
  expect(inspected(all)).toEqual(['oven/bun', 'redis'])
  expect(all.filter((call) => / up /.test(call))).toEqual([expect.not.stringContaining('--profile')])
  expect(all.filter((call) => / down /.test(call))).toEqual([
    expect.stringContaining('--profile observe --profile kkt down --remove-orphans --volumes'),
  ])
})

test('the cash register is built and started where that is asked for', async () => {
  const all = await upAndDown({ hasRegister: true })
  expect(all.filter((call) => / build/.test(call))).toEqual([expect.stringContaining(' --profile kkt build')])
  expect(all.filter((call) => / up /.test(call))).toEqual([expect.stringContaining(' --profile kkt up --detach')])
})
