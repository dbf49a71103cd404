import { platform } from 'node:os'
import { iso } from '@kkt/platform/clock.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Desk } from '../desk.ts'
import { type createServiceSettings, serviceSettings } from '../service_settings.ts'
import { answering, type Entrance, enter } from './entering.ts'
import { ServiceError } from './errors.ts'
import { bodyBy, formedChange, MAX_FORM_BYTES } from './reading.ts'

/** The versions that the service says it has: those whose wire it speaks. */
const VERSIONS = { serverVersion: '1.0.4.0', driverVersion: '10.10.8.0' }

const noQuery = (name: string) => new ServiceError(404, { code: 404, description: `Нет запроса query${name}` })

type ServiceDeps = Entrance & {
  desk: Desk
  settings: ReturnType<typeof createServiceSettings>
  prefix: string
}

/** The service itself: what it is, its settings, its queue, and the questions that go past the queue. */
export function serviceRoutes(deps: ServiceDeps) {
  const { kit, desk, settings, prefix } = deps

  return new Elysia({ prefix })
    .get('/serverInfo', async ({ request, set }) => {
      const visit = await enter(deps, request, { question: 'serverInfo' }, 'open')
      await visit.beforeEffect()
      const currentDateTime = iso(kit.clock.wallMs())
      const body = { ...VERSIONS, os: platform(), currentDateTime }
      return await answering(visit, set, () => ({ status: 200, body }))
    })
    .get('/settings', async ({ request, set }) => {
      const visit = await enter(deps, request, { question: 'settings' })
      await visit.beforeEffect()
      return await answering(visit, set, () => ({ status: 200, body: settings.now() }))
    })
    .put(
      '/settings',
      async ({ request, set }) => {
        const visit = await enter(deps, request, { question: 'settings' })
        const { value } = await bodyBy(() => visit.readForm(MAX_FORM_BYTES))
        await visit.beforeEffect()
        return await answering(visit, set, () => {
          const body = settings.keep(formedChange(serviceSettings, settings.now(), value))
          desk.restartQueue()
          return { status: 200, body }
        })
      },
      { parse: 'none' },
    )
    .get('/getRequestsQueueStatus', async ({ request, set }) => {
      const visit = await enter(deps, request, { question: 'getRequestsQueueStatus' }, 'device')
      await visit.beforeEffect()
      return await answering(visit, set, () => ({ status: 200, body: desk.status() }))
    })
    .post(
      '/operations/:query',
      async ({ request, params, set }) => {
        const name = params.query.replace(/^query/, '')
        const visit = await enter(deps, request, { question: params.query }, 'device')
        await visit.beforeEffect()
        return await answering(visit, set, async () => {
          const { searchParams } = new URL(request.url)
          const answer = await desk.query(name, searchParams, request.signal)
          if (!answer) throw noQuery(name)
          if (answer.kind === 'failed') throw new ServiceError(420, answer.error)
          return { status: 200, body: { ...answer.body } }
        })
      },
      { parse: 'none', params: z.object({ query: z.string().startsWith('query').max(64) }) },
    )
}
