import { randomInt } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import { logTo, mainOf, startService } from '../crash/lives.ts'
import { RECOVERED_MS } from '../crash/recoveries.ts'
import { RegisterService } from '../crash/register_service.ts'
import { inTime } from '../crash/within.ts'
import type { Kkt } from '../harness/asked.ts'
import { randomPorts } from '../harness/stack/ports.ts'
import { openRedis } from './redis.ts'
import { RegisterActor } from './register_actor.ts'

/** So long that most kills strike a receipt that is under way. */
const SLOWEST_PRINT_MS = 400

/** `onTrouble` is told of anything that a service does by itself. */
type Wanted = { folder: string; kkt: Kkt; onTrouble: (what: string) => void }

/** Starts everything but the adapters, on ports that no outgoing connection takes while a service is down. */
export async function startGround({ folder, kkt, onTrouble }: Wanted, clock: Clock) {
  const { OFD = '', ODOO = '', REDIS = '', KKT = '' } = await randomPorts(['OFD', 'ODOO', 'REDIS', 'KKT'], randomInt)
  const start = async (service: string, PORT: string) =>
    await inTime(
      `${service} to listen`,
      RECOVERED_MS,
      clock,
      startService(mainOf(service), { PORT }, logTo(folder, `${service}.log`)).url,
    )
  const [ofdUrl, odooUrl, redis] = await Promise.all([
    start('mock_ofd', OFD),
    start('mock_odoo', ODOO),
    openRedis(Number(REDIS), folder, logTo(folder, 'redis.log'), clock),
  ])
  if (kkt === 'mock') return { ofdUrl, odooUrl, redis, register: null }
  const log = logTo(folder, 'mock_kkt.log')
  const service = new RegisterService({
    folder,
    ofdUrl,
    clock,
    log,
    port: KKT,
    slowestPrintMs: SLOWEST_PRINT_MS,
    onTrouble,
  })
  await service.start()
  return { ofdUrl, odooUrl, redis, register: new RegisterActor(service) }
}
