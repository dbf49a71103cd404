import { expect, test } from 'bun:test'
import { refusalIn } from './refused_start.ts'

test('a refused start is known by its line among others', () => {
  const lacks = 'The buffer is behind its KKT: … or start with ACCEPT_LOSS=9999430733846838:4133, which …'
  const damaged = 'The buffer is damaged (SQLITE_CORRUPT). It was left unchanged: …'
  const acceptedLoss = '9999430733846838:4133'
  expect(refusalIn(['{"event":"life"}', lacks])).toEqual({ kind: 'lacks_receipts', line: lacks, acceptedLoss })
  expect(refusalIn([damaged])).toEqual({ kind: 'damaged', line: damaged })
})

test('an end for another reason is no refused start', () => {
  expect(refusalIn(['Another program uses port 8000: stop that program, or set PORT to a free port.'])).toBeNull()
})
