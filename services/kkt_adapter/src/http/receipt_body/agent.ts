import { z } from 'zod'
import { AGENT_TYPES, type Agent } from '../../domain/agent.ts'
import { readableText } from '../../domain/readable_text.ts'
import { said } from '../../domain/said.ts'
import { inn, phones } from './fields.ts'

const MAX_OPERATION_CHARACTERS = 24
const MAX_OPERATOR_CHARACTERS = 64
const MAX_ADDRESS_CHARACTERS = 256
/** The tag holds 256, of which phones take some. */
const MAX_SUPPLIER_CHARACTERS = 239

const agentPhones = phones("The agent's phones (tag 1073)").exactOptional()
const operation = readableText(MAX_OPERATION_CHARACTERS)
  .meta({ description: "The agent's operation (tag 1044)" })
  .exactOptional()

const transferOperator = z
  .strictObject({
    phones: phones("The operator's phones (tag 1075)").exactOptional(),
    name: readableText(MAX_OPERATOR_CHARACTERS).meta({ description: "The operator's name (tag 1026)" }).exactOptional(),
    address: readableText(MAX_ADDRESS_CHARACTERS)
      .meta({ description: "The operator's address (tag 1005)" })
      .exactOptional(),
    inn: inn("The operator's INN (tag 1016)").exactOptional(),
  })
  .meta({ id: 'TransferOperator' })

const mustBeType = `must be one of ${AGENT_TYPES.join(', ')}`
const KIND = 'The kind of agent (tag 1222)'

/** The kind of agent says which fields there may be. */
export const agent = z
  .discriminatedUnion(
    'type',
    [
      z
        .strictObject({
          type: z.enum(['bank_paying_agent', 'bank_paying_subagent']).meta({ description: KIND }),
          phones: agentPhones,
          operation,
          transfer_operator: transferOperator
            .meta({ description: 'The operator that transfers the money' })
            .exactOptional(),
        })
        .transform(
          ({ type, phones, operation, transfer_operator }): Agent =>
            said({ type, phones, operation, transferOperator: transfer_operator }),
        ),
      z
        .strictObject({
          type: z.enum(['paying_agent', 'paying_subagent']).meta({ description: KIND }),
          phones: agentPhones,
          operation,
          receiver_phones: phones("The receiving operator's phones (tag 1074)").exactOptional(),
        })
        .transform(
          ({ type, phones, operation, receiver_phones }): Agent =>
            said({ type, phones, operation, receiverPhones: receiver_phones }),
        ),
      z.strictObject({
        type: z.enum(['attorney', 'commission_agent', 'another']).meta({ description: KIND }),
      }),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? mustBeType : undefined) },
  )
  .meta({ id: 'Agent' })

export const supplier = z
  .strictObject({
    phones: phones("The supplier's phones (tag 1171)").exactOptional(),
    name: readableText(MAX_SUPPLIER_CHARACTERS).meta({ description: "The supplier's name (tag 1225)" }).exactOptional(),
    inn: inn("The supplier's INN (tag 1226)").exactOptional(),
  })
  .meta({ id: 'Supplier' })
