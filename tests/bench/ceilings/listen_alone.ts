import { type Handle, serve } from '@kkt/platform/serve.ts'

/** Serves an app as the services are served, and says where. */
export function listenAlone(app: { fetch: Handle }): void {
  const handle: Handle = (request) => app.fetch(request)
  const { port } = serve(handle, { hostname: '127.0.0.1', port: 0, idleTimeoutSeconds: 0 })
  process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`)
}
