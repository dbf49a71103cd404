import type { Book } from '@kkt/platform/docs/book.ts'
import { deviceForm, MAX_DEVICES } from '../devices.ts'
import { MAX_FORM_BYTES } from '../wire/reading.ts'
import { nothing } from '../wire/schema.ts'
import { BAD_BODY, NO_ACCESS, refusal, TOO_LARGE } from './examples.ts'

const DEVICE = {
  id: 'till-1',
  name: 'Till 1',
  connectionSettings: { model: 500, port: 'tcp', ipAddress: '192.168.1.10', ipPort: 5555, ofdChannel: 'none' },
  otherSettings: {},
  isActive: false,
  isDefault: false,
}

const NO_DEVICE = refusal('There is no such device.', 404, 'Нет устройства till-9')
const one = { description: 'The device.', schema: deviceForm, example: DEVICE }
const done = { description: 'It is done.', schema: nothing, example: {} }
const body = { limitBytes: MAX_FORM_BYTES, hasOwnErrors: true }

export const deviceEntries: Book['operations'] = {
  'POST /api/v2/devices': {
    tag: 'Devices',
    summary: 'Add a device',
    body: { ...body, description: 'The device.', schema: deviceForm, examples: { 'Over the network': DEVICE } },
    answers: {
      201: one,
      400: BAD_BODY,
      401: NO_ACCESS,
      409: refusal(`There is one of this id, or there are ${MAX_DEVICES} devices.`, 409, 'Устройство till-1 уже есть'),
      413: TOO_LARGE,
    },
  },
  'GET /api/v2/devices/{id}': {
    tag: 'Devices',
    summary: 'A device',
    parameters: { id: 'default' },
    answers: { 200: one, 401: NO_ACCESS, 404: NO_DEVICE },
  },
  'PUT /api/v2/devices/{id}': {
    tag: 'Devices',
    summary: 'Change a device',
    description: 'A field that is not named stays.',
    parameters: { id: 'default' },
    body: {
      ...body,
      description: 'The changes.',
      schema: deviceForm.partial(),
      examples: { 'Its name': { name: 'Till 2' } },
    },
    answers: { 200: one, 400: BAD_BODY, 401: NO_ACCESS, 404: NO_DEVICE, 413: TOO_LARGE },
  },
  'DELETE /api/v2/devices/{id}': {
    tag: 'Devices',
    summary: 'Remove a device',
    parameters: { id: 'default' },
    answers: { 200: done, 401: NO_ACCESS, 404: NO_DEVICE },
  },
  'POST /api/v2/activateDevice': {
    tag: 'Devices',
    summary: 'Have tasks go to a device',
    parameters: { deviceID: 'default' },
    answers: { 200: done, 401: NO_ACCESS, 404: NO_DEVICE },
  },
  'POST /api/v2/deactivateDevice': {
    tag: 'Devices',
    summary: 'Have no tasks go to a device',
    parameters: { deviceID: 'default' },
    answers: { 200: done, 401: NO_ACCESS, 404: NO_DEVICE },
  },
}
