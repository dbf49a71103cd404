/** An expected end. The user sees only its message, which says what is wrong and what to do. */
export class Stop extends Error {
  override readonly name: string = 'Stop'
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message)
  }
}

/** The message of the Stop that the work throws, or null where it throws none. */
export async function messageOfStop(work: () => unknown): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof Stop) return error.message
    throw error
  }
}
