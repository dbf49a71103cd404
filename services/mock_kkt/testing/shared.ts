import { sharedApp } from '@kkt/adapter/src/testing/shared_app.ts'
import { type MockKktDeps, onDevice } from '../app.ts'
import { doings, type KktParts, kktApp, kktParts, type ServiceDeps } from '../service.ts'

const answer = sharedApp((parts: KktParts) => {
  const app = kktApp(parts)
  // A route that is compiled at its first request keeps the parts of that test.
  for (const route of app.routes) route.compile()
  return app
})

/**
 * The service for one test. It shares its routes with those of the other tests of this process, and nothing else.
 * `buildWhole` is for what they cannot share.
 */
export function sharedKktService(deps: ServiceDeps) {
  const parts = kktParts(deps)
  return { app: { handle: (request: Request) => answer(parts, request) }, ...doings(parts) }
}

/** The same around a register. */
export const sharedMockKkt = (deps: MockKktDeps) => sharedKktService(onDevice(deps))
