import { lookup } from 'node:dns/promises'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { listenSettings, settingsOrExit } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import { openFrontDoor } from './front_door.ts'

/** The adapters promise to have answered within 2 s of being told to end. What they say passes through before this one ends. */
const LEAVE_WITHIN_MS = 2500

const settings = settingsOrExit(
  z.object({
    ...listenSettings(8000),
    ADAPTERS: z.templateLiteral(
      [z.string().min(1), ':', z.int().min(1).max(65_535)],
      'takes a name and a port, such as kkt_adapter:8000',
    ),
  }),
)
const [name = '', port] = settings.ADAPTERS.split(':')
const logger = createLogger('front_door', settings.LOG_LEVEL)

const door = await openFrontDoor({
  hostname: settings.HOST,
  port: settings.PORT,
  // The name stands for all that run now, in any order.
  adapters: async () =>
    (await lookup(name, { all: true })).map(({ address }) => ({ host: address, port: Number(port) })).toSorted(byHost),
  clock: systemClock,
  logger,
})
logger.info('listening', { port: door.port, adapters: settings.ADAPTERS })

const byHost = (a: { host: string }, b: { host: string }) => (a.host < b.host ? -1 : 1)

const stop = async () => {
  await door.stop(LEAVE_WITHIN_MS)
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
