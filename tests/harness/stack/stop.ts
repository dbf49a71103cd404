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
