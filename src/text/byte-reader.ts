/** Reads bytes from the front to the back. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #cutOff: () => Error;
  #at = 0;

  /** @param cutOff what is thrown when there are fewer bytes than are asked for */
  constructor(bytes: Uint8Array, cutOff: () => Error) {
    this.#bytes = bytes;
    this.#cutOff = cutOff;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }

  /** @throws Error when there are not as many bytes left */
  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw this.#cutOff();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
