import { expect, test } from 'bun:test'
import { startApp } from '../testing/app_kit.ts'
import { healthAnswer } from './health_answer.ts'

const LIMIT_BYTES = 512 * 1024 * 1024

test.each([
  [LIMIT_BYTES, 'enough'],
  [LIMIT_BYTES - 1, 'low'],
  [0, 'low'],
  [null, null],
] as const)(
  'a disk with %p free bytes is %p, which changes no status: receipts are still taken',
  async (freeBytes, disk) => {
    const { ask, state } = startApp()
    state.freeBytes = freeBytes
    const { status, json } = await ask('GET', '/v1/health')
    const health = healthAnswer.parse(json)
    expect([status, health.status, health.components.database]).toEqual([
      200,
      'healthy',
      { status: 'healthy', type: 'SQLite', mode: 'WAL', error: null, advice: null, disk },
    ])
  },
)
