import { receiptFaults, serviceFaults } from '@kkt/fault-kit/catalogue.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { kktFaults } from '@kkt/mock-kkt/catalogue.ts'
import { deviceFaults } from '@kkt/mock-kkt/faults/device.ts'
import { z } from 'zod'
import { KKT_FAULTS } from '../../../services/mock_kkt/device/faults.ts'

const jsonSchema = z.object({ properties: z.record(z.string(), z.looseObject({ description: z.string() })) })

/** The table of all faults, made from the catalogue. */
export function faultTable(): string {
  const rows = receiptFaults.map((fault) => `| ${[nameOf(fault), fault.summary, parametersOf(fault)].join(' | ')} |`)
  return ['| fault | what happens | parameters |', '|---|---|---|', ...rows, ''].join('\n')
}

/** The table of the faults of the mock KKT. */
export function kktFaultTable(): string {
  const rows = KKT_FAULTS.map(
    ({ example, summary, takes }) => `| ${shown(example)} | ${summary}. | ${takenBy(takes)} |`,
  )
  return ['| fault | what happens | takes |', '|---|---|---|', ...rows, ''].join('\n')
}

/** The table of the faults that only the mock KKT on the network has. */
export function registerFaultTable(): string {
  const service = { restart: () => undefined, deleteResults: () => undefined }
  const register = { setFaults: () => undefined, replaceFn: () => ({ oldFnNumber: '', newFnNumber: '' }) }
  const own = kktFaults(service, deviceFaults(register)).filter((fault) => !serviceFaults.includes(fault))
  const rows = own.map((fault) => `| ${[exampleOf(fault), fault.summary, parametersOf(fault)].join(' | ')} |`)
  return ['| fault | what happens | parameters |', '|---|---|---|', ...rows, ''].join('\n')
}

const shown = (example: object) => `\`${JSON.stringify(example, null, 1).replaceAll(/\n */g, ' ')}\``

const limits = z.object({ type: z.enum(['boolean', 'integer', 'number']), maximum: z.number().optional() })

function takenBy(schema: Record<string, unknown>): string {
  const [form] = z
    .object({ anyOf: z.array(z.unknown()).min(1) })
    .catch({ anyOf: [schema] })
    .parse(schema).anyOf
  const { type, maximum } = limits.parse(form)
  if (type === 'boolean') return 'true or false'
  const orNull = 'anyOf' in schema ? ', or null' : ''
  return `a ${type === 'integer' ? 'whole ' : ''}number, ${maximum} at most${orNull}`
}

const exampleOf = (fault: Fault) => shown({ [fault.name]: fault.example })

function nameOf(fault: Fault): string {
  return `${exampleOf(fault)}${serviceFaults.includes(fault) ? '' : ' ¹'}`
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
