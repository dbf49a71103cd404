/**
 * Shows the cash register at KKT_URL, and what does not fit the settings, each with what to do. It changes nothing at the
 * register. It exits with 1 when something is wrong there, and with 2 for wrong settings.
 */
import { randomUUID } from 'node:crypto'
import { systemClock } from '@kkt/platform/clock.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { BadSettings } from '@kkt/platform/settings.ts'
import { type Config, parseConfig } from './config.ts'
import { createAtolClient } from './kkt/atol/client.ts'
import { probe } from './kkt/atol/probe.ts'
import type { Finding } from './kkt/atol/probe_findings.ts'
import { createRequests } from './kkt/atol/requests.ts'
import type { AtolSettings } from './kkt_variables.ts'
import { BadTills, keepTills } from './till_settings.ts'
import { ALL_OTHERS } from './tills_file.ts'

const WRONG = 1
const WRONG_SETTINGS = 2

/** One is asked about a real register, whether the adapter drives it already or not. */
const settings = () => parseConfig({ ...process.env, KKT_MODE: 'atol' })

async function look({ ca, account, ...register }: AtolSettings, config: Config): Promise<Finding[]> {
  const clock = systemClock
  const client = createAtolClient({
    ...register,
    ...account,
    clock,
    send: (request) => fetchOver(request, 'fresh', { proxy: null, ca }),
  })
  const logger = createLogger('kkt_probe', 'error')
  const requests = createRequests({ client, clock, logger, newUuid: randomUUID })
  const { ofReceipt } = keepTills(config.tills, { clock, logger }).of(ALL_OTHERS)
  const found = await probe(
    { client, requests, wallMs: clock.wallMs, kktNumber: config.kktId },
    {
      timeZone: config.kkt.timeZone,
      taxationSystem: ofReceipt.taxationSystem ?? null,
      hasCashier: ofReceipt.cashier !== undefined,
      delivery: config.delivery,
    },
  )
  client.close()
  return found
}

const COLUMN = 14

const lineOf = ({ state, about, said }: Finding): string => `${state.padEnd(6)} ${about.padEnd(COLUMN)} ${said}`

async function main(): Promise<number> {
  const config = settings()
  const { register } = config.kkt
  if (register.kind !== 'atol') return WRONG_SETTINGS
  process.stdout.write(`The cash register at ${new URL(register.url).host}\n`)
  const found = await look(register, config)
  process.stdout.write(`${found.map(lineOf).join('\n')}\n`)
  return found.some(({ state }) => state === 'wrong') ? WRONG : 0
}

const refused = (error: unknown): number => {
  if (!(error instanceof BadSettings) && !(error instanceof BadTills)) throw error
  process.stderr.write(`${error.message}\n`)
  return WRONG_SETTINGS
}

void main()
  .catch(refused)
  .then((code) => {
    process.exitCode = code
  })
