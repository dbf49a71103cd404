import type { Gathered } from './gathered.ts'

/**
 * Reads a value once in a transaction: the works of one commit ask for it one after another, and no other process can
 * write meanwhile.
 */
export class ReadOnce<Value> {
  #known: { transaction: number; key: string; value: Value } | null = null

  constructor(
    private readonly gathered: Pick<Gathered, 'transaction'>,
    private readonly read: (key: string) => Value,
  ) {}

  get(key: string): Value {
    const { transaction } = this.gathered
    if (this.#known?.transaction !== transaction || this.#known.key !== key) {
      this.#known = { transaction, key, value: this.read(key) }
    }
    return this.#known.value
  }

  /** Makes the next `get` read again, because this transaction changes the value. */
  forget(): void {
    this.#known = null
  }
}
