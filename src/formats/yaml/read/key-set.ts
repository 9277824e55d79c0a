/** Places of the first table. */
const FIRST_SIZE = 16;
/** A table that is full to this share is made larger. */
const MOST_FULL = 0.5;
/** Keys that were made to fall on one place of the table are put into a set instead, so that work stays linear. */
const MAX_STEPS = 64;

/** The keys of a mapping, most of which are pieces of one text, and need not be cut out of it. */
export class KeySet {
  /** The text that the first key is a piece of; keys of another one are in {@link #others}. */
  #text: string | undefined;
  readonly #others = new Map<number, string>();
  #count = 0;
  /** Room for the keys of a full table. */
  #starts: Int32Array = new Int32Array(FIRST_SIZE * MOST_FULL);
  #ends: Int32Array = new Int32Array(FIRST_SIZE * MOST_FULL);
  #hashes: Int32Array = new Int32Array(FIRST_SIZE * MOST_FULL);
  /** Numbers of keys, from 1; 0 for none. */
  #table: Int32Array = new Int32Array(FIRST_SIZE);
  #set: Set<string> | undefined;

  /** Add the piece of a text from `start` to `end`. @returns whether it is new */
  add(text: string, start: number, end: number): boolean {
    if (this.#set !== undefined) return isNew(this.#set, text.slice(start, end));
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#table.length - 1;
    let place = hash & mask;
    let steps = 0;
    for (let key = this.#table[place] ?? 0; key !== 0; key = this.#table[place] ?? 0) {
      if (this.#hashes[key - 1] === hash && this.#isKey(key - 1, text, start, end)) return false;
      steps += 1;
      if (steps > MAX_STEPS) return isNew(this.#intoSet(), text.slice(start, end));
      place = (place + 1) & mask;
    }
    const key = this.#count;
    this.#text ??= text;
    if (text !== this.#text) this.#others.set(key, text);
    this.#starts[key] = start;
    this.#ends[key] = end;
    this.#hashes[key] = hash;
    this.#count = key + 1;
    this.#table[place] = this.#count;
    if (this.#count === this.#starts.length) this.#grow();
    return true;
  }

  #isKey(key: number, text: string, start: number, end: number): boolean {
    const from = this.#starts[key] ?? 0;
    const length = end - start;
    if ((this.#ends[key] ?? 0) - from !== length) return false;
    const own = this.#textOf(key);
    for (let at = 0; at < length; at += 1)
      if (own.charCodeAt(from + at) !== text.charCodeAt(start + at)) return false;
    return true;
  }

  #textOf(key: number): string {
    return (this.#others.size === 0 ? undefined : this.#others.get(key)) ?? this.#text ?? '';
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 4);
    const mask = table.length - 1;
    const room = table.length * MOST_FULL;
    this.#starts = grown(this.#starts, room);
    this.#ends = grown(this.#ends, room);
    this.#hashes = grown(this.#hashes, room);
    for (let key = 0; key < this.#count; key += 1) {
      let place = (this.#hashes[key] ?? 0) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = key + 1;
    }
    this.#table = table;
  }

  #intoSet(): Set<string> {
    const set = new Set<string>();
    for (let key = 0; key < this.#count; key += 1)
      set.add(this.#textOf(key).slice(this.#starts[key], this.#ends[key]));
    this.#set = set;
    return set;
  }
}

function grown(column: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(column);
  return larger;
}

function isNew(set: Set<string>, key: string): boolean {
  const before = set.size;
  return set.add(key).size > before;
}
