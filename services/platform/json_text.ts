/** The value that a JSON text holds; undefined for a text that is none, as from a peer. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
