import { queueStatus, requestAdded, requestResult } from '../answers.ts'
import { SALE } from '../fixtures/fixture.ts'
import { API, get, is, OTHER_UUID, post, REQUEST, type Route, refused, remove, UUID } from './route.ts'

/** Requests, while none of them has begun. */
export const REQUESTS: readonly Route[] = [
  {
    says: 'takes a request once, whatever comes by its uuid again',
    talk: [
      [post(`${API}/requests`, REQUEST), is(201, requestAdded, { uuid: UUID, isBlocked: false })],
      [post(`${API}/requests`, REQUEST), refused(409)],
      [post(`${API}/requests`, { uuid: UUID, request: [{ type: 'reportX' }] }), refused(409)],
      [get(`${API}/requests/${UUID}`), is(200, requestResult)],
    ],
  },
  { says: 'does not know a uuid that never came', talk: [[get(`${API}/requests/${UUID}`), refused(404)]] },
  {
    says: 'takes no request without a task',
    talk: [[post(`${API}/requests`, { uuid: UUID, request: [] }), refused(400, 420)]],
  },
  {
    says: 'serves the older routes at the root, with a uuid of eight letters',
    talk: [
      [post('/requests/', { uuid: 'aaaabbbb', request: [SALE] }), is(201, requestAdded, { uuid: 'aaaabbbb' })],
      [post('/requests', { uuid: 'aaaabbbb', request: [SALE] }), refused(409)],
      [get('/requests/aaaabbbb'), is(200, requestResult)],
      [get(`${API}/requests/aaaabbbb`), is(200, requestResult)],
    ],
  },
  {
    says: 'drops a request that has not begun, and no other',
    talk: [
      [post(`${API}/requests`, REQUEST), is(201, requestAdded)],
      [post(`${API}/requests`, { uuid: OTHER_UUID, request: [SALE] }), is(201, requestAdded)],
      [remove(`${API}/requests/${OTHER_UUID}`), is(200)],
    ],
  },
  {
    says: 'tells its queue',
    talk: [
      [
        get(`${API}/getRequestsQueueStatus`),
        is(200, queueStatus, { number: 0, canceled: 0, ready: 0, isBlocked: false }),
      ],
    ],
  },
]
