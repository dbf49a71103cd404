import { type AppDeps, createApp } from '@kkt/adapter/src/app.ts'

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

/** An object that looks like `first` and forwards to `now()`. */
const forward = <T extends object>(first: T, now: () => T): T =>
  new Proxy(first, { get: (_first, name) => Reflect.get(now(), name) })

const forwarded = (first: AppDeps, now: () => AppDeps): AppDeps => ({
  ...first,
  journal: forward(first.journal, () => now().journal),
  waits: forward(first.waits, () => now().waits),
  stream: forward(first.stream, () => now().stream),
  fiscalizer: forward(first.fiscalizer, () => now().fiscalizer),
  worker: forward(first.worker, () => now().worker),
  driver: forward(first.driver, () => now().driver),
  breaker: forward(first.breaker, () => now().breaker),
  logger: forward(first.logger, () => now().logger),
  rules: forward(first.rules, () => now().rules),
  wallMs: () => now().wallMs(),
  monotonicMs: () => now().monotonicMs(),
  readStatus: () => now().readStatus(),
  odooState: () => now().odooState(),
  leaseState: () => now().leaseState(),
  isStopping: () => now().isStopping(),
})
