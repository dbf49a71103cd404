/** The same app behind Bun's own server: what the listener of the services takes is the difference. */
import { tellPort } from './listen_alone.ts'
import { receiptApp } from './receipt_app.ts'

receiptApp.listen({ hostname: '127.0.0.1', port: 0 }, ({ port }) => tellPort(port))
