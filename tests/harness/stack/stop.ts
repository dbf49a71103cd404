/** An end that was to be expected: its message, which says what is wrong and what to do, is all that the user sees. */
export class Stop extends Error {
  override readonly name: string = 'Stop'
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message)
  }
}
