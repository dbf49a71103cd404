/**
 * Puts faults on a stack's mocks by the short form: OFD='delay 0.5s p=0.3' ODOO='hang x2' REGISTER='slow 5s'. Without any of
 * these variables it shows the faults of all mocks and explains the short form.
 */
import { odoo, ofd, register, urls } from '../clients.ts'
import { expectBody, expectProblem } from '../http.ts'
import type { Fault } from '../mock_wire.ts'
import { runCommand } from '../stack/command.ts'
import { Stop } from '../stack/stop.ts'
import { mockConfig } from '../wire.ts'
import { GRAMMAR, parseShortForm } from './short_form.ts'
import { BadShortForm } from './values.ts'
import { writtenShortForm } from './written.ts'

const askedOfRegister = process.env['REGISTER'] ?? ''
const mocks: readonly Mock[] = [
  { name: 'OFD', client: ofd, url: urls.ofd, asked: process.env['OFD'] ?? '' },
  { name: 'ODOO', client: odoo, url: urls.odoo, asked: process.env['ODOO'] ?? '' },
  ...(register ? [{ name: 'REGISTER', client: register, url: register.url, asked: askedOfRegister }] : []),
]
const EXAMPLE_WIDTH = 43
const NAME_WIDTH = 9
const WRONG_USE = 2
const NO_REGISTER = 'REGISTER: this stack has no cash register on the network. KKT=atol make up starts one.'

type Mock = {
  name: string
  client: Pick<typeof ofd, 'configuration' | 'post' | 'faults'>
  url: string
  asked: string
}

/** @returns the whole resulting configuration. A refusal names its field: `/delay/probability takes a number from 0 to 1` */
async function configure({ client, name }: Mock, change: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (Object.keys(change).length === 0) return await client.configuration()
  const answer = await client.post('/_test/config', change)
  if (answer.status === 422) throw misread(name, reasons(expectProblem(answer, 422)))
  return expectBody(answer, 200, mockConfig)
}

const reasons = ({ errors = [], detail }: ReturnType<typeof expectProblem>) =>
  errors.map(({ pointer, message }) => `${pointer.slice(1).replaceAll('/', '.')} ${message}.`).join('\n') || detail

function show({ name }: Mock, configuration: Record<string, unknown>, faults: readonly Fault[]): void {
  const on = writtenShortForm(configuration, faults)
  console.log(`${name.padEnd(NAME_WIDTH)}${on.length > 0 ? on.join(', ') : 'none'}`)
}

async function main(): Promise<number> {
  if (!register && askedOfRegister.trim() !== '') throw new Stop(NO_REGISTER, WRONG_USE)
  const isNoneAsked = mocks.every(({ asked }) => asked.trim() === '')
  const known = await Promise.all(mocks.map(async (mock) => ({ mock, faults: await faultsOf(mock) })))
  // All are read before any mock is changed.
  const read = known.map(({ mock, faults }) => ({ mock, faults, change: parse(mock, faults) }))
  for (const { mock, faults, change } of read) {
    if (faults.length > 0) show(mock, await configure(mock, change), faults)
  }
  if (isNoneAsked) explain(known.flatMap(({ faults }) => faults))
  return 0
}

function explain(faults: readonly Fault[]): void {
  console.log(`\n${GRAMMAR}\n\nThe faults, each as an example:`)
  const byName = new Map(faults.map((fault) => [fault.name, fault]))
  for (const fault of byName.values()) {
    console.log(`  ${writtenShortForm(fault.example, [fault]).join('').padEnd(EXAMPLE_WIDTH)}  ${fault.summary}`)
  }
}

/** No faults, with a line that says so, for a mock that does not answer and of which nothing is asked. */
async function faultsOf({ name, client, url, asked }: Mock): Promise<Fault[]> {
  return await client.faults().catch(() => {
    const away = `${name} is not reached at ${url}. If it was told to refuse_to_accept, it comes back by itself.`
    if (asked.trim() !== '') throw new Stop(away, WRONG_USE)
    process.stderr.write(`${away}\n`)
    return []
  })
}

function parse({ name, asked }: Mock, faults: readonly Fault[]): Record<string, unknown> {
  try {
    return parseShortForm(asked, faults)
  } catch (error) {
    if (error instanceof BadShortForm) throw misread(name, error.message)
    throw error
  }
}

const misread = (name: string, said: string) =>
  new Stop(`${name}: ${said}\nmake fault shows the short form.`, WRONG_USE)

await runCommand(main)
