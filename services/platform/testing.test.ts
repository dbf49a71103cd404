import { expect, test } from 'bun:test'
import { until } from './testing.ts'

test('what never happens is waited for no longer than the time', async () => {
  let looks = 0
  const never = () => {
    looks += 1
    return looks > 1000
  }
  await expect(until('what never comes', never, 0)).rejects.toThrow('waited 0 ms for what never comes')
  expect(looks).toBe(1)
})
