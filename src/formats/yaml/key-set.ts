/** A table that is full to this share is made larger. */
const MOST_FULL = 0.5;
/** Keys that were made to fall on one place of the table are put into a set instead, so that work stays linear. */
const MAX_STEPS = 64;

/** The keys of a mapping, most of which are pieces of one text, and need not be cut out of it. */
export class KeySet {
  readonly #texts: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];
  /** Numbers of keys, from 1; 0 for none. */
  #table: Int32Array = new Int32Array(16);
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
    const count = this.#texts.push(text);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#hashes.push(hash);
    this.#table[place] = count;
    if (count > this.#table.length * MOST_FULL) this.#grow();
    return true;
  }

  #isKey(key: number, text: string, start: number, end: number): boolean {
    const from = this.#starts[key] ?? 0;
    const length = end - start;
    if ((this.#ends[key] ?? 0) - from !== length) return false;
    const own = this.#texts[key] ?? '';
    for (let at = 0; at < length; at += 1)
      if (own.charCodeAt(from + at) !== text.charCodeAt(start + at)) return false;
    return true;
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 4);
    const mask = table.length - 1;
    for (const [key, hash] of this.#hashes.entries()) {
      let place = hash & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = key + 1;
    }
    this.#table = table;
  }

  #intoSet(): Set<string> {
    this.#set = new Set(this.#texts.map((text, key) => text.slice(this.#starts[key], this.#ends[key])));
    return this.#set;
  }
}

function isNew(set: Set<string>, key: string): boolean {
  const before = set.size;
  return set.add(key).size > before;
}
