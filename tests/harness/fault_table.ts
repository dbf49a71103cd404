/** The README's table of faults, made of the catalogue: `tests/harness/bun tests/harness/fault_table.ts` writes it there anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { receiptFaults, serviceFaults } from '@kkt/fault-kit/catalogue.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { z } from 'zod'

export const README = new URL('../../README.md', import.meta.url)
const BETWEEN = /(?<=<!-- faults -->\n).*?(?=<!-- \/faults -->)/s

const jsonSchema = z.object({ properties: z.record(z.string(), z.looseObject({ description: z.string() })) })

export function faultTable(): string {
  const rows = receiptFaults.map((fault) => `| ${[nameOf(fault), fault.summary, parametersOf(fault)].join(' | ')} |`)
  return ['| fault | what happens | parameters |', '|---|---|---|', ...rows, ''].join('\n')
}

/** @throws Error when the README has no place for the table */
export function withTable(readme: string): string {
  if (!BETWEEN.test(readme)) throw new Error('README.md has no lines <!-- faults --> and <!-- /faults -->')
  return readme.replace(BETWEEN, () => faultTable())
}

function nameOf(fault: Fault): string {
  const example = JSON.stringify({ [fault.name]: fault.example }, null, 1).replaceAll(/\n */g, ' ')
  return `\`${example}\`${serviceFaults.includes(fault) ? '' : ' ¹'}`
}

function parametersOf({ parameters, takes, bareNumber }: Fault): string {
  const { properties } = jsonSchema.parse(z.toJSONSchema(parameters, { io: 'input' }))
  const own = Object.entries(properties).map(([name, { description, default: usual }]) => {
    const bare = name === bareNumber ? ', or a bare number' : ''
    return `\`${name}\`: ${description}${usual === undefined ? '' : ` (${usual})`}${bare}`
  })
  const only = { plan: [], switch: ['true or false alone'], count: ['a number alone'], parameters: ['no plan'] }[takes]
  return [...own, ...only].join('; ')
}

if (import.meta.main) writeFileSync(README, withTable(readFileSync(README, 'utf8')))
