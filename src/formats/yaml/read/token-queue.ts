import type { YamlToken } from './token.ts';

/** go-yaml's `initial_queue_size`. */
const FIRST_CAPACITY = 16;

/** Capacities that Go's `append` gives the queue of go-yaml's tokens, which have 144 bytes. */
const CAPACITIES: readonly number[] = [FIRST_CAPACITY, 33, 67, 142, 284, 568, 910, 1365];

/**
 * Tokens that were scanned and not parsed yet. Behind them the queue keeps some that were parsed, and how many depends
 * on its capacity; what go-yaml makes of a comment in a flow collection can depend on those, so this queue is like
 * go-yaml's in that too (`yamlprivate.go`, `yaml_insert_token`).
 */
export class TokenQueue {
  #tokens: YamlToken[] = [];
  #head = 0;
  #growth = 0;
  #capacity = FIRST_CAPACITY;
  /** Number of tokens that were taken out so far. */
  taken = 0;

  /** Tokens that wait. */
  get waiting(): number {
    return this.#tokens.length - this.#head;
  }

  /** The next token. */
  get first(): YamlToken | undefined {
    return this.#tokens[this.#head];
  }

  /** The token scanned last, parsed or not. */
  get last(): YamlToken | undefined {
    return this.#tokens.at(-1);
  }

  /** The token before the last, as long as the queue keeps it. */
  get beforeLast(): YamlToken | undefined {
    return this.#tokens.at(-2);
  }

  take(): void {
    this.#head += 1;
    this.taken += 1;
  }

  push(token: YamlToken): void {
    this.#makeRoom();
    this.#tokens.push(token);
  }

  /** Put a token in front of the one with a number, counted from the first token of the stream. */
  insert(number: number, token: YamlToken): void {
    this.#makeRoom();
    this.#tokens.splice(this.#head + number - this.taken, 0, token);
  }

  #makeRoom(): void {
    if (this.#tokens.length < this.#capacity) return;
    if (this.#head > 0) {
      this.#tokens = this.#tokens.slice(this.#head);
      this.#head = 0;
      return;
    }
    this.#growth += 1;
    this.#capacity = CAPACITIES[this.#growth] ?? Math.floor(this.#capacity * 1.25) + 192;
  }
}
