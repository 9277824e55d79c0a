/** Bytes have as many values. */
const BYTES = 256;
/** In a row: there is more to be known of the next state than its row. A word ends in it, it has none, or it is {@link PASSED}. */
export const SPECIAL: number = 1 << 30;
/** With a state: it is the one before, as the byte does not count inside of words. */
export const PASSED: number = 1 << 29;
const STATE = PASSED - 1;
/** States that many texts come to have a row of their own: those of the first two bytes, and where words part. */
const DEPTH_WITH_ROW = 2;

const NONE = -1;

/** As much of a code stands nowhere by chance. */
const DEPTH_OF_CODE = 8;
/** A line break behind as many bytes of a code counts: most lines end like the beginning of some code. */
export const UNBROKEN = 3;

const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Looks for many words at once, byte by byte, in constant time for each (Aho and Corasick, 1975). A state is the longest
 * beginning of a word that the text ends with. States that are met often have a row with the next state for each
 * byte; the others, most of them with one way on, take 17 bytes, so that long words cost little.
 */
export class Automaton {
  /** Length of each state's text. */
  readonly depth: Int32Array;
  /** Length of the longest word that ends in a state; 0 if none does. */
  readonly found: Int32Array;
  /** The state to go on from when no word goes on. */
  readonly #fallback: Int32Array;
  /** For states without a row: the one byte that a word goes on with, and where that leads. */
  readonly #label: Uint8Array;
  readonly #child: Int32Array;
  /** Rows of next states, those of states below `rowCount` one after the other. */
  readonly rows: Int32Array;
  readonly rowCount: number;
  /** 1 for states in which a code may have begun. */
  readonly #isCode: Uint8Array;

  /**
   * @param words not empty; they may repeat. A backslash between their bytes does not count, unless a word has it there
   * @param codes the same, but that behind their first {@link UNBROKEN} bytes line breaks do not count either
   */
  constructor(words: readonly Uint8Array[], codes: readonly Uint8Array[]) {
    const trie = buildTrie(words, codes);
    const order = numberStates(trie);
    const size = trie.size;
    this.depth = new Int32Array(size);
    this.found = new Int32Array(size);
    this.#fallback = new Int32Array(size);
    this.#label = new Uint8Array(size);
    this.#child = new Int32Array(size).fill(NONE);
    this.#isCode = new Uint8Array(size);
    this.rowCount = order.rowCount;
    this.rows = new Int32Array(order.rowCount * BYTES);
    this.#fill(trie, order);
    this.#markSpecial();
  }

  /** The state after one more byte, with {@link PASSED} if it does not count. */
  next(state: number, byte: number): number {
    const next = this.#next(state, byte);
    return this.#passes(state, byte, next) ? state | PASSED : next;
  }

  /** A word that goes on with the byte is preferred; at a line break any that may go on, unless this surely is a code. */
  #passes(state: number, byte: number, next: number): boolean {
    if (state === 0) return false;
    if (byte === BACKSLASH) return this.depth[next] !== (this.depth[state] ?? 0) + 1;
    if ((byte !== LINE_FEED && byte !== CARRIAGE_RETURN) || this.#isCode[state] !== 1) return false;
    const depth = this.depth[state] ?? 0;
    return depth >= DEPTH_OF_CODE || (depth > UNBROKEN && next === 0);
  }

  #next(state: number, byte: number): number {
    for (let at = state; ; at = this.#fallback[at] ?? 0) {
      if (at < this.rowCount) {
        const next = this.rows[at * BYTES + byte] ?? 0;
        return (next & PASSED) === 0 ? next & STATE : 0;
      }
      const child = this.#child[at] ?? NONE;
      if (child !== NONE && this.#label[at] === byte) return child;
    }
  }

  /** Breadth first: what a state falls back to is shorter, and done already. */
  #fill(trie: Trie, { number, breadthFirst }: Order): void {
    for (const old of breadthFirst) {
      const state = number[old] ?? 0;
      const depth = trie.depth[old] ?? 0;
      const fallback = this.#fallback[state] ?? 0;
      this.depth[state] = depth;
      this.#isCode[state] = trie.isCode[old] ?? 0;
      this.found[state] = Math.max(trie.isWord[old] === 1 ? depth : 0, this.found[fallback] ?? 0);
      const hasRow = state < this.rowCount;
      if (hasRow && state !== 0)
        for (let byte = 0; byte < BYTES; byte += 1)
          this.rows[state * BYTES + byte] = this.#next(fallback, byte);
      for (
        let oldChild = trie.firstChild[old] ?? NONE;
        oldChild !== NONE;
        oldChild = trie.sibling[oldChild] ?? NONE
      ) {
        const child = number[oldChild] ?? 0;
        const byte = trie.label[oldChild] ?? 0;
        this.#fallback[child] = state === 0 ? 0 : this.#next(fallback, byte);
        if (hasRow) this.rows[state * BYTES + byte] = child;
        else {
          this.#label[state] = byte;
          this.#child[state] = child;
        }
      }
    }
  }

  /** So that the loop over a text, which mostly meets no special state, has one thing to look up for each byte. */
  #markSpecial(): void {
    for (let at = 0; at < this.rows.length; at += 1) {
      const next = this.rows[at] ?? 0;
      const state = Math.floor(at / BYTES);
      if (this.#passes(state, at % BYTES, next)) this.rows[at] = state | PASSED | SPECIAL;
      else if (next >= this.rowCount || (this.found[next] ?? 0) > 0) this.rows[at] = next | SPECIAL;
    }
  }
}

/** The words as a tree of bytes; state 0 is its root. */
interface Trie {
  readonly size: number;
  readonly label: Uint8Array;
  readonly depth: Int32Array;
  readonly isWord: Uint8Array;
  readonly isCode: Uint8Array;
  readonly firstChild: Int32Array;
  readonly sibling: Int32Array;
}

function buildTrie(words: readonly Uint8Array[], codes: readonly Uint8Array[]): Trie {
  const all = [...words, ...codes];
  const most = all.reduce((sum, { length }) => sum + length, 1);
  const label = new Uint8Array(most);
  const depth = new Int32Array(most);
  const isWord = new Uint8Array(most);
  const isCode = new Uint8Array(most);
  const firstChild = new Int32Array(most).fill(NONE);
  const sibling = new Int32Array(most).fill(NONE);
  let size = 1;
  for (const [index, word] of all.entries()) {
    let state = 0;
    for (const byte of word) {
      let child = firstChild[state] ?? NONE;
      while (child !== NONE && label[child] !== byte) child = sibling[child] ?? NONE;
      if (child === NONE) {
        child = size;
        size += 1;
        label[child] = byte;
        depth[child] = (depth[state] ?? 0) + 1;
        sibling[child] = firstChild[state] ?? NONE;
        firstChild[state] = child;
      }
      state = child;
      if (index >= words.length) isCode[state] = 1;
    }
    isWord[state] = 1;
  }
  return { size, label, depth, isWord, isCode, firstChild, sibling };
}

interface Order {
  /** The trie's states, shorter ones first. */
  readonly breadthFirst: Int32Array;
  /** The automaton's number of each of the trie's states: those with a row come first. */
  readonly number: Int32Array;
  readonly rowCount: number;
}

function numberStates({ size, depth, firstChild, sibling }: Trie): Order {
  const breadthFirst = new Int32Array(size);
  for (let done = 0, known = 1; done < known; done += 1) {
    const state = breadthFirst[done] ?? 0;
    for (let child = firstChild[state] ?? NONE; child !== NONE; child = sibling[child] ?? NONE) {
      breadthFirst[known] = child;
      known += 1;
    }
  }
  const needsRow = (state: number): boolean => {
    const child = firstChild[state] ?? NONE;
    return (depth[state] ?? 0) <= DEPTH_WITH_ROW || (child !== NONE && (sibling[child] ?? NONE) !== NONE);
  };
  const number = new Int32Array(size);
  let next = 0;
  for (const state of breadthFirst) if (needsRow(state)) number[state] = next++;
  const rowCount = next;
  for (const state of breadthFirst) if (!needsRow(state)) number[state] = next++;
  return { breadthFirst, number, rowCount };
}
