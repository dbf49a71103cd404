/** The least OFD: a receipt is read, checked and answered, and not kept. */
import { receipt } from '@kkt/mock-ofd/schema.ts'
import { ANY_HOST } from '@kkt/platform/serve.ts'
import { Elysia } from 'elysia'
import { listenAlone } from './listen_alone.ts'

const ANSWER = { status: 'accepted', ofd_id: 'OFD-000001', timestamp: 1_769_860_800 }

await listenAlone(new Elysia(ANY_HOST).post('/ofd/v1/receipt', () => ANSWER, { parse: 'json', body: receipt }))
