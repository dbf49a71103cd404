/** An answer of the simulated OFD. */
export type Reply = { status: number; text: string }

/** A proxy's page. */
export const PAGE = '<html>There is no such page</html>'

export const json = (status: number, body: object): Reply => ({ status, text: JSON.stringify(body) })

export const sent = ({ status, text }: Reply) => new Response(text, { status })

export const networkError = (code: string) => Object.assign(new TypeError('The connection failed'), { code })

export const cutBody = () =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"status":'))
      controller.error(networkError('ECONNRESET'))
    },
  })
