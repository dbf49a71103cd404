import { type Handle, serve } from '@kkt/platform/serve.ts'

/** Serves an app as the services are served, and says where. */
export async function listenAlone(app: { fetch: Handle }): Promise<void> {
  const handle: Handle = (request) => app.fetch(request)
  const { port } = await serve(handle, { hostname: '127.0.0.1', port: 0 })
  tellPort(port)
}

export const tellPort = (port: number | undefined): void =>
  void process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`)
