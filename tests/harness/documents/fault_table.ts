import { receiptFaults, serviceFaults } from '@kkt/fault-kit/catalogue.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { z } from 'zod'

const jsonSchema = z.object({ properties: z.record(z.string(), z.looseObject({ description: z.string() })) })

/** The table of all faults, made from the catalogue. */
export function faultTable(): string {
  const rows = receiptFaults.map((fault) => `| ${[nameOf(fault), fault.summary, parametersOf(fault)].join(' | ')} |`)
  return ['| fault | what happens | parameters |', '|---|---|---|', ...rows, ''].join('\n')
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
  const only = { plan: [], switch: ['only true or false'], count: ['only a number'], parameters: ['no plan'] }[takes]
  return [...own, ...only].join('; ')
}
