import { device, requestAdded, serverSettings } from '../answers.ts'
import { SALE } from '../fixtures/fixture.ts'
import { API, get, is, post, put, REQUEST, type Route, refused, remove, UUID } from './route.ts'

const NEW_DEVICE = {
  id: 'till-1',
  name: 'Till',
  connectionSettings: { model: 500, port: 'tcp', ipAddress: '192.168.1.10', ipPort: 5555, ofdChannel: 'none' },
  otherSettings: {},
  isActive: false,
  isDefault: true,
}
const devices = `${API}/devices`
const activate = (id: string) => post(`${API}/activateDevice?deviceID=${id}`)

const DEVICES: readonly Route[] = [
  {
    says: 'starts with one default device, which is active',
    talk: [[get(`${devices}/default`), is(200, device, { isActive: true, isDefault: true })]],
  },
  {
    says: 'is given a device, activates it, and serves it',
    device: 'none',
    talk: [
      [post(devices, NEW_DEVICE), is(201)],
      [get(`${devices}/till-1`), is(200, device, { id: 'till-1', name: 'Till', isActive: false })],
      [post(`${API}/requests`, REQUEST), refused(403)],
      [activate('till-1'), is(200)],
      [get(`${devices}/till-1`), is(200, device, { isActive: true })],
      [post(`${API}/requests?deviceID=till-1`, REQUEST), is(201, requestAdded)],
    ],
  },
  {
    says: 'takes no device twice',
    device: 'none',
    talk: [
      [post(devices, NEW_DEVICE), is(201)],
      [post(devices, NEW_DEVICE), refused(409)],
    ],
  },
  {
    says: 'takes no device with a bad id',
    device: 'none',
    talk: [
      [post(devices, { ...NEW_DEVICE, id: 'till number one' }), refused(400)],
      [post(devices, { ...NEW_DEVICE, id: 'x'.repeat(17) }), refused(400)],
    ],
  },
  {
    says: 'is changed and removed',
    device: 'none',
    talk: [
      [post(devices, NEW_DEVICE), is(201)],
      [put(`${devices}/till-1`, { ...NEW_DEVICE, name: 'Other' }), is(200)],
      [get(`${devices}/till-1`), is(200, device, { name: 'Other' })],
      [remove(`${devices}/till-1`), is(200)],
      [get(`${devices}/till-1`), refused(404)],
    ],
  },
  { says: 'activates no device that it has not', talk: [[activate('nobody'), refused(404)]] },
  {
    says: 'serves nothing once its device is deactivated, and serves again',
    talk: [
      [post(`${API}/deactivateDevice`), is(200)],
      [post(`${API}/requests`, REQUEST), refused(403)],
      [post(`${API}/activateDevice`), is(200)],
      [post(`${API}/requests`, REQUEST), is(201, requestAdded)],
    ],
  },
  { says: 'has no such device', talk: [[post(`${API}/requests?deviceID=nobody`, REQUEST), refused(404)]] },
]

const SETTINGS = {
  blockQueueOnPrintErrors: false,
  deleteRequestsAfter: 43_200,
  validateRequestsOnAdd: false,
}
const WITH_CHECKS = {
  scriptsPath: '',
  invertCashDrawerStatus: false,
  additionalHeaderLines: '',
  additionalFooterLines: '',
  ...SETTINGS,
  validateRequestsOnAdd: true,
}
const WRONG = { uuid: UUID, request: [{ ...SALE, taxationType: 'envd' }] }

const OF_SETTINGS: readonly Route[] = [
  { says: 'starts with the settings of the book', talk: [[get(`${API}/settings`), is(200, serverSettings, SETTINGS)]] },
  {
    says: 'keeps a setting',
    talk: [
      [put(`${API}/settings`, { ...WITH_CHECKS, blockQueueOnPrintErrors: true }), is(200)],
      [get(`${API}/settings`), is(200, serverSettings, { blockQueueOnPrintErrors: true })],
    ],
  },
  {
    says: 'checks a request as it comes, where it shall',
    talk: [
      [put(`${API}/settings`, WITH_CHECKS), is(200)],
      [post(`${API}/requests`, WRONG), refused(420)],
      [get(`${API}/requests/${UUID}`), refused(404)],
      [post(`${API}/requests`, REQUEST), is(201, requestAdded)],
    ],
  },
  {
    says: 'takes a wrong task otherwise, to refuse it in its turn',
    talk: [[post(`${API}/requests`, WRONG), is(201, requestAdded)]],
  },
]

/** Devices and settings. */
export const SERVER: readonly Route[] = [...DEVICES, ...OF_SETTINGS]
