import type { z } from 'zod'
import { serverInfo } from '../answers.ts'
import {
  deviceInfo,
  deviceSettings,
  deviceStatus,
  fnStatus,
  incomeTotals,
  ismExchangeStatus,
  licenses,
  outcomeTotals,
  queriedFnInfo,
  queriedOfdExchange,
  receiptTotals,
  shiftStatus,
  shiftTotals,
} from '../state_answers.ts'
import { API, type Asked, get, is, post, put, REQUEST, type Route, refused, remove, UUID } from './route.ts'

const QUERIES: Readonly<Record<string, z.ZodType>> = {
  queryDeviceInfo: deviceInfo,
  queryDeviceStatus: deviceStatus,
  queryShiftStatus: shiftStatus,
  queryShiftTotals: shiftTotals,
  queryIncomeTotals: incomeTotals,
  queryOutcomeTotals: outcomeTotals,
  'queryReceiptTotals?type=sell': receiptTotals,
  queryFnInfo: queriedFnInfo,
  queryFnStatus: fnStatus,
  queryOfdExchangeStatus: queriedOfdExchange,
  queryIsmExchangeStatus: ismExchangeStatus,
  queryLicenses: licenses,
  'queryDeviceSettings?ids=1': deviceSettings,
}
const queryPath = (name: string) => `${API}/operations/${name}`

const OF_THE_KKT: readonly Asked[] = [
  post(`${API}/requests`, REQUEST),
  get(`${API}/requests/${UUID}`),
  remove(`${API}/requests/${UUID}`),
  get(`${API}/getRequestsQueueStatus`),
  ...Object.keys(QUERIES).map((name) => post(queryPath(name))),
]
const OF_THE_SERVER: readonly Asked[] = [
  get(`${API}/settings`),
  put(`${API}/settings`, {}),
  get(`${API}/devices/default`),
  post(`${API}/devices`, {}),
  post(`${API}/activateDevice`),
  post(`${API}/deactivateDevice`),
]
const named = ({ method, path }: Asked) => `${method} ${path}`

const ACCOUNT: readonly Route[] = [
  ...[...OF_THE_KKT, ...OF_THE_SERVER].flatMap((asked): Route[] =>
    (['none', 'wrong'] as const).map((as) => ({
      says: `wants its account (${as}): ${named(asked)}`,
      talk: [
        [
          { ...asked, as },
          { ...refused(401), code: 505 },
        ],
      ],
    })),
  ),
  { says: 'tells of itself to anybody', talk: [[{ ...get(`${API}/serverInfo`), as: 'none' }, is(200, serverInfo)]] },
  { says: 'answers a ping', talk: [[get('/'), is(200)]] },
]

const BARE: readonly Route[] = OF_THE_KKT.map((asked) => ({
  says: `has no device that could be asked: ${named(asked)}`,
  device: 'none',
  talk: [[asked, refused(403)]],
}))

const QUERIED: readonly Route[] = Object.entries(QUERIES).map(([name, body]) => ({
  says: `answers outside the queue: ${name}`,
  talk: [[post(queryPath(name)), is(200, body)]],
}))

/** The account, the missing device, and the routes that ask the KKT outside the queue. */
export const ACCESS: readonly Route[] = [...ACCOUNT, ...BARE, ...QUERIED]
