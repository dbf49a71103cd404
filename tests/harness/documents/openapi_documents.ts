/** The services' OpenAPI documents, as the services answer them. */
import { buildWhole as startMockKkt } from '@kkt/mock-kkt/testing/service.ts'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { startWholeApp } from '../../../services/kkt_adapter/src/testing/whole_app.ts'

type App = { handle(request: Request): Promise<Response> }

const deps = () => ({ clock: new TestClock(), logger: createLogger('made', 'error', () => undefined) })

function made(service: string, start: () => App) {
  async function ask(): Promise<string> {
    const answer = await start().handle(new Request('http://localhost/openapi.json'))
    if (!answer.ok) throw new Error(`${service} answered its openapi.json with ${answer.status}`)
    return answer.text()
  }
  let answered: Promise<string> | undefined
  return {
    path: `services/${service}/openapi.json`,
    /** Asks once a process, because a service takes long to make its document. */
    make(): Promise<string> {
      answered ??= ask()
      return answered
    },
  }
}

export const OPENAPI_DOCUMENTS = [
  made('kkt_adapter', () => startWholeApp().app),
  made('mock_ofd', () => createMockOfd(deps()).app),
  made('mock_kkt', () => startMockKkt().app),
  made('mock_odoo', () => createMockOdoo(deps()).app),
] as const
