import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Desk } from '../desk.ts'
import { type Devices, deviceForm } from '../devices.ts'
import { answering, type Entrance, enter } from './entering.ts'
import { bodyBy, formed, formedChange, MAX_FORM_BYTES } from './reading.ts'

const id = z.string().min(1).max(128).meta({ description: 'Its name, or `default`' })
const which = z.object({
  deviceID: z
    .string()
    .max(128)
    .default('default')
    .meta({ description: 'The device. The default one where it is not said' }),
})

/** The devices of the service, and which of them tasks go to. */
export function deviceRoutes(deps: Entrance & { desk: Desk; devices: Devices; prefix: string }) {
  const { devices, desk, prefix } = deps

  /** @throws ServiceError 404 */
  function setActive(deviceID: string, isActive: boolean) {
    devices.keep({ ...devices.find(deviceID), isActive })
    desk.restartQueue()
    return { status: 200, body: {} }
  }

  return new Elysia({ prefix })
    .post(
      '/devices',
      async ({ request, set }) => {
        const visit = await enter(deps, request, { question: 'devices' })
        const { value } = await bodyBy(() => visit.readForm(MAX_FORM_BYTES))
        await visit.beforeEffect()
        return await answering(visit, set, () => {
          const added = devices.add(formed(deviceForm, value))
          if (added.isActive) desk.restartQueue()
          return { status: 201, body: added }
        })
      },
      { parse: 'none' },
    )
    .get(
      '/devices/:id',
      async ({ request, params, set }) => {
        const visit = await enter(deps, request, { question: 'devices' })
        await visit.beforeEffect()
        return await answering(visit, set, () => ({ status: 200, body: devices.find(params.id) }))
      },
      { params: z.object({ id }) },
    )
    .put(
      '/devices/:id',
      async ({ request, params, set }) => {
        const visit = await enter(deps, request, { question: 'devices' })
        const { value } = await bodyBy(() => visit.readForm(MAX_FORM_BYTES))
        await visit.beforeEffect()
        return await answering(visit, set, () => {
          const device = devices.find(params.id)
          const changed = devices.keep({ ...formedChange(deviceForm, device, value), id: device.id })
          desk.restartQueue()
          return { status: 200, body: changed }
        })
      },
      { parse: 'none', params: z.object({ id }) },
    )
    .delete(
      '/devices/:id',
      async ({ request, params, set }) => {
        const visit = await enter(deps, request, { question: 'devices' })
        await visit.beforeEffect()
        return await answering(visit, set, () => {
          devices.remove(params.id)
          desk.restartQueue()
          return { status: 200, body: {} }
        })
      },
      { parse: 'none', params: z.object({ id }) },
    )
    .post(
      '/activateDevice',
      async ({ request, query, set }) => {
        const visit = await enter(deps, request, { question: 'activateDevice' })
        await visit.beforeEffect()
        return await answering(visit, set, () => setActive(query.deviceID, true))
      },
      { parse: 'none', query: which },
    )
    .post(
      '/deactivateDevice',
      async ({ request, query, set }) => {
        const visit = await enter(deps, request, { question: 'deactivateDevice' })
        await visit.beforeEffect()
        return await answering(visit, set, () => setActive(query.deviceID, false))
      },
      { parse: 'none', query: which },
    )
}
