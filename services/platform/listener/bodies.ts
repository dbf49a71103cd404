import { FREE_BODY_BYTES } from './limits.ts'

/** The memory shared by all bodies that a listener is receiving. */
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

/** A body being received. It grows with the bytes received, so an announced length takes no memory. */
export class GrowingBody {
  #bytes = Buffer.alloc(0)
  #length = 0
  #countedBytes = 0

  constructor(
    readonly memory: BodyMemory,
    /** The largest accepted size. */
    readonly mostBytes: number,
  ) {}

  get length(): number {
    return this.#length
  }

  /** @returns false when the memory for bodies is used up */
  add(bytes: Uint8Array): boolean {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length && !this.#grow(length)) return false
    this.#bytes.set(bytes, this.#length)
    this.#length = length
    return true
  }

  /** The bytes received. No `add` may follow. */
  take(): Uint8Array {
    this.drop()
    return this.#bytes.subarray(0, this.#length)
  }

  /** Returns the body's share of the memory. */
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
