import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { behindDoors } from '@kkt/platform/doors.ts'
import { onEndSignal } from '@kkt/platform/end_signals.ts'
import { roomForConnections, TooFewDescriptors } from '@kkt/platform/listener/descriptors.ts'
import { createLogger, type Logger } from '@kkt/platform/logger.ts'
import { CannotListen, type Handle, openPort, type Port } from '@kkt/platform/serve.ts'
import { listenSettings, settingsOrExit } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import { MAX_STATE_BYTES } from './saved.ts'

type Mock = {
  app: { fetch(request: Request): Response | Promise<Response> }
  listenOn(port: Port): void
}

/**
 * Runs a mock as a process: reads the settings, listens, and stops at a signal.
 * @param name also the name of its container in the stack's network
 */
export async function runMock(
  name: string,
  defaultPort: number,
  create: (deps: { clock: Clock; logger: Logger }) => Mock,
): Promise<void> {
  const settings = settingsOrExit(z.object(listenSettings(defaultPort)))
  const logger = createLogger(name, settings.LOG_LEVEL)
  const { app, listenOn } = create({ clock: systemClock, logger })
  const doors = { hosts: [name, ...(settings.ALLOWED_HOSTS ?? [])], origins: [] }
  const handle = behindDoors((request) => app.fetch(request), doors)
  const server = await listenOrExit(handle, settings.HOST, settings.PORT)
  listenOn(server)
  logger.info('listening', { host: settings.HOST, port: server.port })

  onEndSignal(async (signal) => {
    logger.info('stopping', { signal })
    await server.stop('now')
    process.exit(0)
  })
}

async function listenOrExit(handle: Handle, hostname: string, port: number): Promise<Port> {
  try {
    const room = roomForConnections({ wanted: null, outgoing: 0 })
    const limits = { ...room, bodyBytes: MAX_STATE_BYTES, bodiesBytes: 2 * MAX_STATE_BYTES }
    return await openPort(handle, { hostname, port, limits })
  } catch (error) {
    if (!(error instanceof CannotListen || error instanceof TooFewDescriptors)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
