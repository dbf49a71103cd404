import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { fetchOver } from '@kkt/platform/fetch.ts'
import { serve } from '@kkt/platform/serve.ts'
import { openDatabase } from '#sqlite'
import { createJournal } from './journal/journal.ts'
import { run } from './run.ts'

void run({
  openDatabase,
  createJournal,
  openMockKkt,
  send: fetchOver,
  // Of a reused connection that has died nothing is known before its next use.
  sendToKkt: (request, way) => fetchOver(request, 'fresh', way),
  serve,
  random: Math.random,
})
