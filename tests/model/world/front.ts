import { type AppDeps, createApp } from '@kkt/adapter/src/app.ts'

/**
 * The HTTP side of a node. Building one takes as long as a whole history, so it is built once, and serves from the
 * adapter that the node runs now.
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

/** What looks like `first`, and is what `now` says. */
const forward = <T extends object>(first: T, now: () => T): T =>
  new Proxy(first, { get: (_first, name) => Reflect.get(now(), name) })

const forwarded = (first: AppDeps, now: () => AppDeps): AppDeps => ({
  ...first,
  journal: forward(first.journal, () => now().journal),
  fiscalizer: forward(first.fiscalizer, () => now().fiscalizer),
  worker: forward(first.worker, () => now().worker),
  driver: forward(first.driver, () => now().driver),
  breaker: forward(first.breaker, () => now().breaker),
  logger: forward(first.logger, () => now().logger),
  readStatus: () => now().readStatus(),
  odooState: () => now().odooState(),
  leaseState: () => now().leaseState(),
  isStopping: () => now().isStopping(),
})
