/** The app that only reads, checks and answers a receipt, behind the listener of the services. */
import { listenAlone } from './listen_alone.ts'
import { receiptApp } from './receipt_app.ts'

await listenAlone(receiptApp)
