import { expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Damage, damage } from './damage.ts'

const DAMAGES: Damage[] = [{ kind: 'wal_flipped', at: 0.5 }, { kind: 'wal_lost' }]

test.each(DAMAGES)('$kind is undone by the copy from before it', (what) => {
  const folder = mkdtempSync(join(tmpdir(), 'damage-'))
  const wal = join(folder, 'buffer.db-wal')
  const read = () => (existsSync(wal) ? readFileSync(wal, 'latin1') : null)
  expect(damage(folder, what)).toBeNull()
  writeFileSync(wal, 'abcd')
  const putBack = damage(folder, what)
  expect(read()).toBe(what.kind === 'wal_lost' ? null : 'ab\x9cd')
  putBack?.()
  expect(read()).toBe('abcd')
  rmSync(folder, { recursive: true })
})
