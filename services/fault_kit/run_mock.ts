import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import { onEndSignal } from '@kkt/platform/end_signals.ts'
import { createLogger, type Logger } from '@kkt/platform/logger.ts'
import { CannotListen, openPort, type Port } from '@kkt/platform/serve.ts'
import { listenSettings, settingsOrExit } from '@kkt/platform/settings.ts'
import { z } from 'zod'

/** Never: long polls last up to a minute without traffic, and some handlers hang on purpose. */
const IDLE_TIMEOUT_SECONDS = 0

type Mock = {
  app: { fetch(request: Request): Response | Promise<Response> }
  listenOn(port: Port): void
}

/** A mock as a process of its own: settings, listen, until a signal ends it. */
export function runMock(name: string, defaultPort: number, create: (deps: { clock: Clock; logger: Logger }) => Mock) {
  const settings = settingsOrExit(z.object(listenSettings(defaultPort)))
  const logger = createLogger(name, settings.LOG_LEVEL)
  const { app, listenOn } = create({ clock: systemClock, logger })
  const server = listenOrExit((request) => app.fetch(request), settings.HOST, settings.PORT)
  listenOn(server)
  logger.info('listening', { host: settings.HOST, port: server.port })

  onEndSignal(async (signal) => {
    logger.info('stopping', { signal })
    await server.stop('now')
    process.exit(0)
  })
}

function listenOrExit(handle: Parameters<typeof openPort>[0], hostname: string, port: number): Port {
  try {
    return openPort(handle, { hostname, port, idleTimeoutSeconds: IDLE_TIMEOUT_SECONDS })
  } catch (error) {
    if (!(error instanceof CannotListen)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
