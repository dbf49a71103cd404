import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Desk } from '../desk.ts'
import type { Devices } from '../devices.ts'
import { answering, type Entrance, enter } from './entering.ts'
import { notActive } from './errors.ts'
import { bodyBy, formed, MAX_REQUEST_BYTES } from './reading.ts'
import { submission } from './schema.ts'

const deviceID = z
  .string()
  .max(128)
  .default('default')
  .meta({ description: 'The device. The default one where it is not said' })
const uuid = z.string().min(1).max(128).meta({ description: "The request's name" })
const lockUuid = z.string().max(128).optional().meta({ description: 'Taken and not used: no device can be locked' })

/** The routes of requests, under a prefix: older clients know them at the root. */
export function requestRoutes(deps: Entrance & { desk: Desk; devices: Devices; prefix: string; isHidden: boolean }) {
  const { kit, auth, desk, devices, prefix, isHidden } = deps

  return new Elysia({ prefix, detail: { hide: isHidden } })
    .post(
      '/requests',
      async ({ request, query, set }) => {
        const visit = kit.begin(request, 'submit')
        const { value } = await bodyBy(() => visit.read(MAX_REQUEST_BYTES, 'uuid'))
        auth(request)
        return await answering(visit, set, async () => {
          const { uuid, request: tasks, callbacks } = formed(submission, value)
          if (!devices.isAnyActive()) throw notActive()
          if (!devices.isActive(query.deviceID)) throw notActive()
          await desk.check(uuid, tasks, request.signal)
          await visit.beforeEffect({ isKnown: () => desk.isKnown(uuid) })
          desk.take(uuid, { tasks, callbackUrl: callbacks?.resultUrl ?? null }, visit.call)
          visit.took(true)
          return { status: 201, body: desk.receipt(uuid) }
        })
      },
      { parse: 'none', query: z.object({ deviceID }) },
    )
    .get(
      '/requests/:uuid',
      async ({ request, params, set }) => {
        const visit = await enter(deps, request, params, 'device')
        await visit.beforeEffect({ isKnown: () => desk.isKnown(params.uuid) })
        return await answering(visit, set, () => ({ status: 200, body: desk.results(params.uuid) }))
      },
      { params: z.object({ uuid }) },
    )
    .delete(
      '/requests/:uuid',
      async ({ request, params, set }) => {
        const visit = await enter(deps, request, params, 'device')
        await visit.beforeEffect({ isKnown: () => desk.isKnown(params.uuid) })
        return await answering(visit, set, () => {
          desk.cancel(params.uuid)
          return { status: 200, body: {} }
        })
      },
      { parse: 'none', params: z.object({ uuid }), query: z.object({ lockUuid }) },
    )
}
