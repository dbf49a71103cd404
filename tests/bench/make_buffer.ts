/**
 * `make_buffer.ts <checkout> <path> <synced> <pending>`: makes a buffer as this checkout's journal has it, which may be of
 * another schema than ours.
 */
import { join } from 'node:path'

const [checkout = '', path = '', synced = '', pending = ''] = process.argv.slice(2)
const { makeBuffer }: typeof import('./buffers.ts') = await import(join(checkout, 'tests/bench/buffers.ts'))
makeBuffer(path, { synced: Number(synced), pending: Number(pending) })
