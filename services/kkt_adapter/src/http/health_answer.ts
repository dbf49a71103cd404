import type { Language } from '@kkt/platform/language.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { breakerAnswer, heldBy, hostState, lastFailure } from './buffer_status.ts'
import { kktFields } from './kkt_health_answer.ts'
import { ADAPTER_WORDS } from './words/words.ts'

const componentStatus = z
  .enum(['healthy', 'degraded', 'unhealthy', 'off'])
  .meta({ description: '`off`: the settings leave this part out' })
export type ComponentStatus = z.infer<typeof componentStatus>
const status = { status: componentStatus }

export const healthAnswer = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']).meta({
    description:
      '`healthy`: all is well. `degraded`: receipts are taken, and something needs a look. `unhealthy`: no receipt can be journaled',
  }),
  version: z.string().meta({ description: "The adapter's version" }),
  components: z
    .object({
      // Null when the journal cannot be read.
      buffer: z
        .object({
          ...status,
          percent_full: z.number().nullable().meta({
            description: 'The share of the capacity that is in use, in percent. Null when the journal cannot be read',
          }),
          pending: whole.nullable().meta({
            description: 'Printed receipts that the OFD is not known to hold. Null when the journal cannot be read',
          }),
          dlq_size: whole.nullable().meta({ description: 'Dead letters. Null when the journal cannot be read' }),
          last_failure: lastFailure.meta({
            description: 'The last failure to print or to deliver that is still open. Null without one, and for a till',
          }),
        })
        .meta({ description: 'How full the buffer is' }),
      database: z
        .object({
          ...status,
          type: z.string().meta({ description: 'The database' }),
          mode: z.string().meta({ description: 'Its journal mode' }),
          error: z.string().nullable().meta({ description: "SQLite's code of its failure. Null without one" }),
          advice: z.string().nullable().meta({ description: 'How to mend the failure. Null without one' }),
          disk: z.enum(['enough', 'low']).nullable().meta({
            description: '`low`: less than 512 MiB are left for the buffer. Null where the system does not tell',
          }),
        })
        .meta({ description: 'The journal' }),
      circuit_breaker: breakerAnswer.extend(status).meta({ description: 'The guard of the way to the OFD' }),
      kkt: z
        .object({
          ...status,
          ...kktFields,
        })
        .meta({ description: 'The cash register' }),
      // Null when the journal cannot be read.
      sender_lease: z
        .object({
          ...status,
          held_by: heldBy.nullable(),
          epoch: whole
            .nullable()
            .meta({ description: 'The number of the holder of the lease. Null when the journal cannot be read' }),
          fencing_token: whole
            .nullable()
            .meta({ description: 'Grows with each holder. Null where this process holds none' }),
          hosts: hostState.nullable(),
        })
        .meta({ description: 'The right to send for this KKT' }),
      redis: z
        .object({
          ...status,
          error: z.string().nullable().meta({ description: "Redis' code of its failure. Null without one" }),
          advice: z.string().nullable().meta({ description: 'How to mend the failure. Null where that is not known' }),
        })
        .meta({ description: 'Where hosts with one KKT_ID settle who sends' }),
      odoo: z
        .object({
          ...status,
          state: z
            .enum(['unknown', 'online', 'offline', 'off'])
            .meta({ description: '`unknown`: no heartbeat was answered yet' }),
        })
        .meta({ description: 'The receiver of heartbeats' }),
      access: z
        .object({
          ...status,
          mode: z
            .enum(['open', 'tokens'])
            .meta({ description: '`tokens`: only clients with a token. `open`: everyone who reaches the port' }),
          open: z.boolean().meta({
            description: 'Whether everyone who reaches the port, from other machines too, may sell and read receipts',
          }),
          tokens: whole.meta({ description: 'The number of tokens' }),
          error: z.string().nullable().meta({
            description: 'Why the file of the tokens is not taken. The earlier tokens hold on. Null without one',
          }),
        })
        .meta({ description: 'Who may use the adapter' }),
      tills: z
        .object({
          ...status,
          error: z.string().nullable().meta({
            description: 'Why the file of TILLS_FILE is not used. The earlier settings hold. Null without a fault',
          }),
        })
        .meta({ description: "The tills' settings: `off` where no file gives them" }),
      tls: z
        .object({
          ...status,
          expires_at: z.string().nullable().meta({ description: 'When the certificate ends. Null without TLS' }),
          error: z.string().nullable().meta({
            description: 'Why the certificate in the files is not served. The earlier one is. Null without one',
          }),
        })
        .meta({ description: 'The certificate for clients: `degraded` from 14 days before its end' }),
    })
    .meta({ description: 'The state of each part' }),
})

/** Without a token, where there are tokens, health tells only the status. */
export const healthForAll = z.union([healthAnswer, healthAnswer.pick({ status: true })])

export type Health = z.input<typeof healthAnswer>

/** The health with its advice in that language. @param health with it in English */
export function healthIn(language: Language, health: Health): Health {
  if (language === 'en') return health
  const { advice } = ADAPTER_WORDS[language]
  const { components } = health
  const [database, redis] = [{ ...components.database }, { ...components.redis }]
  if (database.error !== null) database.advice = advice.onJournal(database.error)
  if (redis.error !== null) redis.advice = advice.onRedis(redis.error)
  return { ...health, components: { ...components, database, redis } }
}
