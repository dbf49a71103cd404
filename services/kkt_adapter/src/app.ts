import { adapterPageRoutes } from '@kkt/pages/serve.ts'
import { docs } from '@kkt/platform/docs/routes.ts'
import { behindDoors, type Doors } from '@kkt/platform/doors.ts'
import { errorAnswers } from '@kkt/platform/error_answers.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { ANY_HOST, type Handle } from '@kkt/platform/serve.ts'
import { Elysia } from 'elysia'
import type { Access } from './access/access.ts'
import type { Delivery } from './delivery/delivery.ts'
import { placeInRussian } from './domain/words/places_ru.ts'
import { adapterProblem } from './http/adapter_problems.ts'
import { bufferRoutes } from './http/buffer_routes.ts'
import { admitOrRefuse, createNoteCommand } from './http/callers.ts'
import { cashRoutes } from './http/cash_routes.ts'
import { correctionRoutes } from './http/correction_routes.ts'
import { withCors } from './http/cors.ts'
import { dlqRoutes } from './http/dlq_routes.ts'
import { exportRoute } from './http/export_route.ts'
import { type HealthDeps, healthRoutes } from './http/health_routes.ts'
import { loginRoutes } from './http/login_routes.ts'
import { type MetricsRoutesDeps, metricsRoutes } from './http/metrics_routes.ts'
import { type ReceiptRoutesDeps, receiptRoutes } from './http/receipt_routes.ts'
import { refundRoute } from './http/refund_route.ts'
import { type SamplesRouteDeps, samplesRoute } from './http/samples_route.ts'
import { type SettleReceiptDeps, settleReceiptRoute } from './http/settle_receipt_route.ts'
import { shiftRoutes } from './http/shift_routes.ts'
import { type ShiftSlipDeps, shiftSlipRoutes } from './http/shift_slip_routes.ts'
import { type SlipRoutesDeps, slipRoutes } from './http/slip_routes.ts'
import { type Stream, streamRoutes } from './http/stream_routes.ts'
import type { TaskRoutesDeps } from './http/submit_task.ts'
import { taskRoutes } from './http/task_routes.ts'
import { untracedRoute } from './http/untraced_route.ts'
import { StorageFailure } from './sqlite/storage_failure.ts'
import { offersOf, type TestSide, testSide } from './test_side.ts'

export type AppDeps = ReceiptRoutesDeps &
  SlipRoutesDeps &
  HealthDeps &
  MetricsRoutesDeps &
  SamplesRouteDeps &
  TaskRoutesDeps &
  SettleReceiptDeps &
  ShiftSlipDeps & {
    delivery: Delivery
    stream: Stream
    logger: Logger
    access: Access
    /** Null in production. */
    testControl: TestSide | null
    /** For the page. `alertThreshold`: BUFFER_ALERT_THRESHOLD. */
    shown: { kktId: string; alertThreshold: number }
  }

/** Where a program that asks at `/` may go on. */
const LINKS = { page: '/', docs: '/docs', openapi: '/openapi.json', health: '/v1/health' }

/** The app behind its doors. Pages of the known origins may use all of it. */
export function createHandle(deps: AppDeps, doors: Doors): Handle {
  const app = createApp(deps)
  return behindDoors(withCors(app.fetch, doors.origins, app.routes), doors)
}

/** The adapter's HTTP side. Does no I/O of its own. */
export function createApp(deps: AppDeps) {
  const noteCommand = createNoteCommand(deps)
  const described = new Elysia()
    .use(receiptRoutes(deps))
    .use(refundRoute(deps))
    .use(correctionRoutes(deps))
    .use(slipRoutes(deps))
    .use(settleReceiptRoute(deps))
    .use(shiftRoutes(deps))
    .use(cashRoutes(deps))
    .use(taskRoutes(deps))
    .use(shiftSlipRoutes(deps))
    .use(exportRoute(deps))
    .use(bufferRoutes({ ...deps, noteCommand }))
    .use(dlqRoutes(deps))
    .use(untracedRoute(deps))
    .use(healthRoutes(deps))
    .use(streamRoutes(deps))
    .use(metricsRoutes(deps))
    .use(samplesRoute(deps))
    .use(loginRoutes(deps))
    .use(deps.testControl ? testSide(deps.testControl, noteCommand) : new Elysia())
  const book = async () => (await import('./book.ts')).adapterBook
  const routes = new Elysia()
    .use(described)
    .use(docs({ app: described, book, version: deps.version }))
    .use(
      adapterPageRoutes({
        facts: factsOf(deps),
        forPrograms: () => Response.json(LINKS, { headers: { vary: 'accept' } }),
        withoutIt: 'The adapter works without it: see /v1/health and /v1/kkt/buffer/status.',
      }),
    )
  return new Elysia(ANY_HOST)
    .use(
      errorAnswers({
        logger: deps.logger,
        placeInWords: (pointer, language) => (language === 'ru' ? placeInRussian(pointer) : null),
        routes: () => routes.routes,
        translate: (error) =>
          error instanceof StorageFailure ? adapterProblem.journalUnavailable(error.code) : undefined,
      }),
    )
    .onRequest(({ request }) => admitOrRefuse(deps.access, request))
    .use(routes)
}

/** Attributes of the page's body: its scripts read them. */
const factsOf = ({ shown, testControl, access, delivery }: AppDeps) => ({
  access: access.mode,
  'kkt-id': shown.kktId,
  'alert-threshold': shown.alertThreshold,
  ...offersOf(testControl),
  delivery: delivery.way,
})
