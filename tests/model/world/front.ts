import { type AppDeps, createApp } from '@kkt/adapter/src/app.ts'
import { forward } from './forward.ts'

/**
 * A node's HTTP side. Building one takes as long as a whole history. It is therefore built once, and serves the adapter that the
 * node runs at the moment.
 */
export class Front {
  #served: AppDeps | null = null
  #app: ReturnType<typeof createApp> | null = null

  serveFrom(served: AppDeps): void {
    this.#served = served
    this.#app ??= createApp(forwarded(served, () => this.#served ?? served))
  }

  async handle(request: Request): Promise<Response> {
    if (!this.#app) throw new Error('Nothing has ever been served here')
    return await this.#app.handle(request)
  }
}

const forwarded = (first: AppDeps, now: () => AppDeps): AppDeps => ({
  ...first,
  journal: forward(first.journal, () => now().journal),
  waits: forward(first.waits, () => now().waits),
  stream: forward(first.stream, () => now().stream),
  fiscalizer: forward(first.fiscalizer, () => now().fiscalizer),
  desk: forward(first.desk, () => now().desk),
  delivery: forward(first.delivery, () => now().delivery),
  driver: forward(first.driver, () => now().driver),
  kktState: () => now().kktState(),
  logger: forward(first.logger, () => now().logger),
  rules: forward(first.rules, () => now().rules),
  wallMs: () => now().wallMs(),
  monotonicMs: () => now().monotonicMs(),
  readStatus: () => now().readStatus(),
  odooState: () => now().odooState(),
  leaseState: () => now().leaseState(),
  isStopping: () => now().isStopping(),
})
