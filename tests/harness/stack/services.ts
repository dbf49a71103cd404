import { portSetting, type Settings } from './settings.ts'

const MOCK_OFD = {
  name: 'mock_ofd',
  portVariable: 'MOCK_OFD_PORT',
  entry: 'services/mock_ofd/main.ts',
  healthPath: '/ofd/v1/health',
  environment: {},
} as const

const MOCK_ODOO = {
  name: 'mock_odoo',
  portVariable: 'MOCK_ODOO_PORT',
  entry: 'services/mock_odoo/main.ts',
  healthPath: '/api/v1/health',
  environment: {},
} as const

export const KKT_ADAPTER = {
  name: 'kkt_adapter',
  portVariable: 'KKT_ADAPTER_PORT',
  entry: 'services/kkt_adapter/src/main.ts',
  healthPath: '/v1/health',
  // As in services/Dockerfile, which says why.
  environment: { BUN_JSC_forceRAMSize: '200000000' },
} as const

/** A cash register on the network, where one is asked for. */
export const MOCK_KKT = {
  name: 'mock_kkt',
  portVariable: 'MOCK_KKT_PORT',
  entry: 'services/mock_kkt/main.ts',
  healthPath: '/',
  environment: {},
} as const

export const REDIS = { name: 'redis', portVariable: 'REDIS_PORT' } as const

export const MOCKS = [MOCK_OFD, MOCK_ODOO] as const
export const HTTP_SERVICES = [KKT_ADAPTER, ...MOCKS, MOCK_KKT] as const
/** They always run. */
export const SERVICES = [KKT_ADAPTER, ...MOCKS, REDIS] as const
export const ALL_SERVICES = [...SERVICES, MOCK_KKT] as const

/** The services of a stack. */
export const servicesOf = ({ hasRegister }: { hasRegister: boolean }) => (hasRegister ? ALL_SERVICES : SERVICES)

/** They watch the others, in Compose mode, where that is asked for. */
export const OBSERVERS = [
  { name: 'prometheus', portVariable: 'PROMETHEUS_PORT' },
  { name: 'grafana', portVariable: 'GRAFANA_PORT' },
] as const

export type HttpService = (typeof HTTP_SERVICES)[number]
export type ServiceName = (typeof ALL_SERVICES)[number]['name']

/** Where this machine reaches the cash register of a stack that has one. */
export const registerAddress = (settings: Settings, host: string) =>
  `http://${host}:${portSetting(settings, MOCK_KKT.portVariable)}`

/** Where this machine reaches each service that always runs, by the variables from which the tests take it. */
export const addresses = (settings: Settings, host: string) => ({
  KKT_ADAPTER_URL: `http://${host}:${portSetting(settings, KKT_ADAPTER.portVariable)}`,
  MOCK_OFD_URL: `http://${host}:${portSetting(settings, MOCK_OFD.portVariable)}`,
  MOCK_ODOO_URL: `http://${host}:${portSetting(settings, MOCK_ODOO.portVariable)}`,
  REDIS_URL: `redis://${host}:${portSetting(settings, REDIS.portVariable)}/0`,
})
