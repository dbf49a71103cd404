/** A reader this far behind is dropped: its unread events would fill the memory. */
const MAX_EVENTS_BEHIND = 1000

export type Hub = ReturnType<typeof createHub>

/** Publishes the mock's events to its readers as server-sent events. */
export function createHub() {
  const listeners = new Set<(event: string, data: unknown) => void>()

  return {
    /** @param data called only when there is a reader */
    publish(event: string, data: () => unknown): void {
      if (listeners.size === 0) return
      const made = data()
      for (const tell of listeners) tell(event, made)
    },

    /** @param greet the first event for a new reader */
    stream(greet: { event: string; data: unknown }): ReadableStream<Uint8Array> {
      const encoder = new TextEncoder()
      let tell: (event: string, data: unknown) => void
      return new ReadableStream({
        start(controller) {
          tell = (event, data) => {
            controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
            if ((controller.desiredSize ?? 0) > -MAX_EVENTS_BEHIND) return
            listeners.delete(tell)
            controller.close()
          }
          tell(greet.event, greet.data)
          listeners.add(tell)
        },
        cancel() {
          listeners.delete(tell)
        },
      })
    },

    size: () => listeners.size,
  }
}
