import { namesOf } from './names.ts'

/** Kinds of agent, tag 1222: one bit each. */
export const AGENT_BITS = {
  bank_paying_agent: 1,
  bank_paying_subagent: 2,
  paying_agent: 4,
  paying_subagent: 8,
  attorney: 16,
  commission_agent: 32,
  another: 64,
} as const

export type AgentType = keyof typeof AGENT_BITS

export const AGENT_TYPES = namesOf(AGENT_BITS)

/** Tags 1075, 1026, 1005 and 1016. */
export type TransferOperator = { phones?: string[]; name?: string; address?: string; inn?: string }

/** The agent of an item, tags 1222 and 1223: `phones` 1073, `operation` 1044, `receiverPhones` 1074. */
export type Agent =
  | {
      type: 'bank_paying_agent' | 'bank_paying_subagent'
      phones?: string[]
      operation?: string
      transferOperator?: TransferOperator
    }
  | { type: 'paying_agent' | 'paying_subagent'; phones?: string[]; operation?: string; receiverPhones?: string[] }
  | { type: 'attorney' | 'commission_agent' | 'another' }

/** The supplier behind an agent: tags 1171, 1225 and 1226. */
export type Supplier = { phones?: string[]; name?: string; inn?: string }
