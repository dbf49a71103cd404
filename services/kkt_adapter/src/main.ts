import { fetchOver } from '@kkt/platform/fetch.ts'
import { serve } from '@kkt/platform/serve.ts'
import { openDatabase } from '#sqlite'
import { createJournal } from './journal/journal.ts'
import { openMockKkt } from './kkt/mock/mock_kkt.ts'
import { run } from './run.ts'

await run({ openDatabase, createJournal, openMockKkt, send: fetchOver, serve, random: Math.random })
