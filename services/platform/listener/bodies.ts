import { FREE_BODY_BYTES } from './limits.ts'

/** The memory that all bodies on their way to a listener share. */
export class BodyMemory {
  heldBytes = 0
  constructor(readonly limitBytes: number) {}

  /** @returns whether there was room */
  take(bytes: number): boolean {
    if (bytes > 0 && this.heldBytes + bytes > this.limitBytes) return false
    this.heldBytes += bytes
    return true
  }
}

/** A body as it comes, bit by bit. It grows with what is there, so a length that was only announced takes no memory. */
export class GrowingBody {
  #bytes = Buffer.alloc(0)
  #length = 0
  #countedBytes = 0

  constructor(
    readonly memory: BodyMemory,
    /** It becomes no longer than this. */
    readonly mostBytes: number,
  ) {}

  get length(): number {
    return this.#length
  }

  /** @returns false where the memory for bodies is used up */
  add(bytes: Uint8Array): boolean {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length && !this.#grow(length)) return false
    this.#bytes.set(bytes, this.#length)
    this.#length = length
    return true
  }

  /** The bytes so far. Nothing may be added afterwards. */
  take(): Uint8Array {
    this.drop()
    return this.#bytes.subarray(0, this.#length)
  }

  /** Gives its share of the memory back. */
  drop(): void {
    this.memory.take(-this.#countedBytes)
    this.#countedBytes = 0
  }

  #grow(length: number): boolean {
    const capacity = Math.min(Math.max(length, 2 * this.#bytes.length, FREE_BODY_BYTES), this.mostBytes)
    const counted = Math.max(0, capacity - FREE_BODY_BYTES)
    if (!this.memory.take(counted - this.#countedBytes)) return false
    this.#countedBytes = counted
    const grown = Buffer.alloc(capacity)
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    return true
  }
}
