import { describe, expect, test } from 'bun:test'
import { parseConfig } from './config.ts'
import { complaints } from './testing/complaints.ts'

const MOCK = { OFD_MODE: 'mock' }
/** An item is goods by the piece, paid for in full, unless somebody says otherwise. */
const OF_ITEMS = { paymentMethod: 'full_payment', paymentObject: 'commodity', measure: 'piece' } as const

test('OFD_MODE=mock alone is enough, and everything else is as in production', () => {
  expect(parseConfig(MOCK)).toEqual({
    host: '127.0.0.1',
    port: 8000,
    isOpen: false,
    tls: null,
    tokens: null,
    hasTestControl: false,
    allowedHosts: [],
    corsOrigins: [],
    maxConnections: null,
    logLevel: 'info',
    kktId: 'KKT-001',
    buffer: { dbPath: './data/buffer.db', maxSize: 1000, alertThreshold: 0.8 },
    kkt: {
      register: { kind: 'mock', path: 'data/kkt.db' },
      timeZone: 'Europe/Moscow',
      closeAt: null,
      printDelayMinMs: 200,
      printDelayMaxMs: 500,
      printTimeoutMs: 10_000,
    },
    delivery: 'http',
    ofd: { url: null, controlUrl: null, way: { proxy: null, ca: null }, timeoutMs: 10_000 },
    breaker: { threshold: 5, timeoutMs: 60_000 },
    sync: { intervalMs: 30_000, maxInFlight: 100, maxRetryAttempts: 20 },
    odoo: { url: null, intervalMs: 30_000 },
    acceptedLoss: null,
    redis: null,
    retentionDays: 7,
    refundsKeptDays: 400,
    twinWindowMs: 60_000,
    refundsNeedSynced: false,
    tills: { file: null, usual: { ofReceipt: {}, ofItems: OF_ITEMS } },
    refusesBadVat: true,
    ignored: [],
    plainLinks: [],
  })
})

const EVERY_ONE = {
  HOST: '0.0.0.0',
  OPEN_ACCESS: 'true',
  API_TOKENS_FILE: '/etc/kkt/tokens',
  ALLOWED_HOSTS: 'Till-Server, kkt.shop.example',
  CORS_ORIGINS: 'https://till.example',
  PORT: '0',
  TLS_CERT_FILE: '/etc/kkt/tls.crt',
  TLS_KEY_FILE: '/etc/kkt/tls.key',
  LOG_LEVEL: 'debug',
  KKT_ID: 'KKT-7',
  BUFFER_DB_PATH: '/app/data/buffer.db',
  BUFFER_MAX_SIZE: '100',
  BUFFER_ALERT_THRESHOLD: '0.5',
  OFD_MODE: 'http',
  OFD_API_URL: 'http://mock_ofd:9000',
  OFD_TIMEOUT: '5',
  CIRCUIT_BREAKER_THRESHOLD: '3',
  CIRCUIT_BREAKER_TIMEOUT: '10',
  SYNC_INTERVAL: '0.5',
  SYNC_BATCH_SIZE: '10',
  MAX_RETRY_ATTEMPTS: '4',
  ODOO_API_URL: 'https://odoo',
  ODOO_HEARTBEAT_INTERVAL: '1.5',
  REDIS_URL: 'redis://:secret@redis:6379/0',
  KKT_MODE: 'mock',
  KKT_TIMEZONE: 'Asia/Yekaterinburg',
  SHIFT_CLOSE_AT: '23:30',
  VAT_RULES: 'warn',
  TILLS_FILE: '/etc/kkt/tills.json',
  TAXATION_SYSTEM: 'usn_income',
  CASHIER_NAME: 'Иванова А. А.',
  CASHIER_INN: '123456789012',
  PLACE: 'Магазин № 3',
  ADDRESS: 'Москва, ул. Лесная, 1',
  SENDER_EMAIL: 'shop@shop.example',
  KKT_PRINT_DELAY_MIN: '0',
  RETENTION_DAYS: '30',
  RECEIPTS_KEPT_DAYS: '500',
  TWIN_WINDOW: '1.5',
  REFUND_REQUIRES_SYNCED: 'true',
  KKT_PRINT_DELAY_MAX: '0.25',
  KKT_PRINT_TIMEOUT: '2',
  ACCEPT_LOSS: '9999078900001234:71',
  OFD_PROXY: 'http://till:secret@proxy:3128',
  MAX_CONNECTIONS: '200',
  TEST_CONTROL: 'true',
}

test('each variable is taken, durations from seconds to milliseconds', () => {
  expect(parseConfig(EVERY_ONE)).toEqual({
    host: '0.0.0.0',
    port: 0,
    isOpen: true,
    tokens: { kind: 'file', path: '/etc/kkt/tokens' },
    tls: { certFile: '/etc/kkt/tls.crt', keyFile: '/etc/kkt/tls.key' },
    hasTestControl: true,
    allowedHosts: ['till-server', 'kkt.shop.example'],
    corsOrigins: ['https://till.example'],
    maxConnections: 200,
    logLevel: 'debug',
    kktId: 'KKT-7',
    buffer: { dbPath: '/app/data/buffer.db', maxSize: 100, alertThreshold: 0.5 },
    kkt: {
      register: { kind: 'mock', path: '/app/data/kkt.db' },
      timeZone: 'Asia/Yekaterinburg',
      closeAt: '23:30',
      printDelayMinMs: 0,
      printDelayMaxMs: 250,
      printTimeoutMs: 2000,
    },
    delivery: 'http',
    ofd: {
      url: 'http://mock_ofd:9000',
      controlUrl: 'http://mock_ofd:9000',
      way: { proxy: 'http://till:secret@proxy:3128', ca: null },
      timeoutMs: 5000,
    },
    breaker: { threshold: 3, timeoutMs: 10_000 },
    sync: { intervalMs: 500, maxInFlight: 10, maxRetryAttempts: 4 },
    odoo: { url: 'https://odoo', intervalMs: 1500 },
    acceptedLoss: { fnNumber: '9999078900001234', lastFdNumber: 71 },
    redis: { url: 'redis://:secret@redis:6379/0', ca: null },
    retentionDays: 30,
    refundsKeptDays: 500,
    twinWindowMs: 1500,
    refundsNeedSynced: true,
    tills: {
      file: '/etc/kkt/tills.json',
      usual: {
        ofReceipt: {
          taxationSystem: 'usn_income',
          cashier: { name: 'Иванова А. А.', inn: '123456789012' },
          place: 'Магазин № 3',
          address: 'Москва, ул. Лесная, 1',
          senderEmail: 'shop@shop.example',
        },
        ofItems: OF_ITEMS,
      },
    },
    refusesBadVat: false,
    ignored: [],
    plainLinks: [],
  })
})

test('tokens come from one place, and neither is shown', () => {
  expect(complaints({ ...MOCK, API_TOKENS: 'secret-1', API_TOKENS_FILE: 'secret-2' })).toEqual([
    'API_TOKENS_FILE is wrong (not shown, it may hold a password): it takes a file only where API_TOKENS is not set',
  ])
})

test('in mock mode an address of an OFD is left alone', () => {
  expect(parseConfig({ ...MOCK, OFD_API_URL: 'http://ofd:9000' }).ofd.url).toBeNull()
})

test.each(['0.0.0.0', '::', '192.168.0.5', 'till-server'])(
  'to listen on %s takes tokens or OPEN_ACCESS, because everyone could sell',
  (HOST) => {
    expect(complaints({ ...MOCK, HOST })).toEqual([
      `HOST is "${HOST}": it takes 127.0.0.1 or another loopback address: beyond it everyone who reaches the port may sell, refund, and read all receipts. API_TOKENS_FILE gives each client a token, and OPEN_ACCESS=true allows everyone`,
    ])
    expect(parseConfig({ ...MOCK, HOST, OPEN_ACCESS: 'true' })).toMatchObject({ host: HOST, isOpen: true })
    expect(parseConfig({ ...MOCK, HOST, API_TOKENS_FILE: 'tokens' })).toMatchObject({ host: HOST, isOpen: true })
    expect(parseConfig({ ...MOCK, HOST, API_TOKENS: 'a line' }).tokens).toEqual({ kind: 'text', text: 'a line' })
  },
)

test.each(['0', 'false'])('a start that would trust any certificate is refused (%s)', (value) => {
  expect(complaints({ ...MOCK, NODE_TLS_REJECT_UNAUTHORIZED: value })).toEqual([
    `NODE_TLS_REJECT_UNAUTHORIZED is "${value}": it takes 1, or is left out: otherwise any server that pretends to be the OFD gets the receipts`,
  ])
  expect(complaints({ ...MOCK, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
})

test('the outcome is frozen', () => {
  expect(Object.isFrozen(parseConfig(MOCK))).toBe(true)
})

describe('a bad setting is one line that names it, what it got and what it takes', () => {
  const whole = (min: number, max: number) => `it takes a whole number from ${min} to ${max}`
  const number = (min: number, max: number) => `it takes a number from ${min} to ${max}`
  const zone = 'it takes a time zone of the IANA database, such as Europe/Moscow or Asia/Yekaterinburg'
  const text = (most: number) =>
    `it takes 1 to ${most} characters, none of them a control character, and one of them visible`
  test.each([
    ['PORT', '65536', whole(0, 65_535)],
    ['LOG_LEVEL', 'loud', 'it takes one of: debug, info, warn, error'],
    ['BUFFER_MAX_SIZE', '0', whole(1, 1_000_000)],
    ['BUFFER_MAX_SIZE', 'many', whole(1, 1_000_000)],
    ['BUFFER_ALERT_THRESHOLD', '1.1', number(0, 1)],
    ['BUFFER_ALERT_THRESHOLD', '80%', number(0, 1)],
    ['OFD_MODE', 'ftp', 'it takes one of: http, mock'],
    ['OFD_TIMEOUT', '0', number(0.05, 300)],
    ['OFD_TIMEOUT', '5s', number(0.05, 300)],
    ['CIRCUIT_BREAKER_THRESHOLD', '0', whole(1, 1000)],
    ['CIRCUIT_BREAKER_TIMEOUT', '-1', number(0.05, 3600)],
    ['SYNC_INTERVAL', '1e3', number(0.05, 3600)],
    ['SYNC_BATCH_SIZE', '2.5', whole(1, 1000)],
    ['MAX_RETRY_ATTEMPTS', '10001', whole(2, 10_000)],
    ['MAX_RETRY_ATTEMPTS', '1', whole(2, 10_000)],
    ['BUFFER_DB_PATH', ':memory:', 'it takes a file: a database in memory is lost with the process'],
    ['BUFFER_DB_PATH', './data/kkt.db', 'it takes another name than kkt.db, which the mock cash register uses'],
    ['ODOO_HEARTBEAT_INTERVAL', 'x', number(0.05, 3600)],
    ['KKT_ID', 'KKT 1', 'it takes 1 to 64 letters, digits, dots, dashes or underscores'],
    ['KKT_ID', 'К'.repeat(3), 'it takes 1 to 64 letters, digits, dots, dashes or underscores'],
    ['KKT_MODE', 'shtrih', 'it takes one of: mock, atol'],
    ['KKT_TIMEZONE', 'Moscow', zone],
    ['KKT_TIMEZONE', '+03:00', zone],
    ['VAT_RULES', 'ignore', 'it takes one of: refuse, warn'],
    ['TAXATION_SYSTEM', 'envd', 'it takes one of: osn, usn_income, usn_income_outcome, esn, patent'],
    ['CASHIER_NAME', 'И'.repeat(65), text(64)],
    ['PLACE', '\u0007', text(256)],
    ['ADDRESS', 'А'.repeat(257), text(256)],
    ['KKT_PRINT_DELAY_MIN', '601', number(0, 600)],
    ['KKT_PRINT_DELAY_MAX', 'soon', number(0, 600)],
    ['KKT_PRINT_TIMEOUT', '0', number(0.01, 600)],
    ['RETENTION_DAYS', '0', whole(1, 3650)],
    ['RECEIPTS_KEPT_DAYS', '0', whole(1, 3650)],
    ['TWIN_WINDOW', '-1', number(0, 3600)],
    ['REFUND_REQUIRES_SYNCED', 'yes', 'it takes one of: true, false'],
  ])('%s=%s', (name, value, takes) => {
    expect(complaints({ ...MOCK, [name]: value })).toEqual([`${name} is ${JSON.stringify(value)}: ${takes}`])
  })

  const http = 'a URL that starts with http:// or https://'
  const redis = 'a URL that starts with redis:// or rediss://'
  const noMore = 'a URL without a query (?) and without a fragment (#)'
  test.each([
    ['OFD_API_URL', 'mock_ofd:9000', http],
    ['OFD_API_URL', 'http://ofd:99999', 'a URL with a port from 1 to 65535'],
    ['OFD_API_URL', 'http://ofd/?key=secret', noMore],
    ['OFD_API_URL', 'http://ofd/#secret', noMore],
    ['OFD_PROXY', 'proxy:3128', http],
    ['OFD_PROXY', 'http://proxy:3128/secret', "a proxy's URL with nothing after the port"],
    ['ODOO_API_URL', 'odoo', http],
    ['ODOO_API_URL', 'http://odoo?key=secret', noMore],
    ['REDIS_URL', 'redis:6379', redis],
    ['REDIS_URL', 'http://redis:6379', redis],
    ['REDIS_URL', 'redis://:se/cret@h:1x', 'a URL whose password has %2F for /, %3F for ? and %23 for #'],
    ['REDIS_URL', 'redis://:secret%@redis', 'a URL whose password has %25 for %'],
    ['REDIS_URL', 'redis://redis/receipts', 'a URL with only a database number after the port'],
  ])('%s=%s is not shown', (name, value, takes) => {
    expect(complaints({ ...MOCK, [name]: value })).toEqual([
      `${name} is wrong (not shown, it may hold a password): it takes ${takes}`,
    ])
  })

  test('several are several lines', () => {
    expect(complaints({ ...MOCK, PORT: 'x', SYNC_INTERVAL: 'y' })).toHaveLength(2)
  })
})

test('origins are taken with and without spaces', () => {
  const env = { ...MOCK, CORS_ORIGINS: 'https://till.example, http://192.168.0.5:3000,http://[::1]:8080' }
  expect(parseConfig(env).corsOrigins).toEqual(['https://till.example', 'http://192.168.0.5:3000', 'http://[::1]:8080'])
})

test.each([
  '*',
  'null',
  'till.example',
  'https://*.example',
  'https://till.example/',
  'https://till.example/till',
  'https://till.example:443',
  'https://Till.example',
  'https://user@till.example',
  'ftp://till.example',
  'https://till.example,',
  'https://till.example,*',
])('CORS_ORIGINS=%s is refused', (origins) => {
  const lines = complaints({ ...MOCK, CORS_ORIGINS: origins })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^CORS_ORIGINS is .*: it takes origins with commas between them/)
})
