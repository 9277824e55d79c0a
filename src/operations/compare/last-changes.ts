import { sharesKey } from './comparison.ts';
import { differenceOf } from './difference.ts';
import { valuesIn } from './matrix.ts';
import type { Said, Version } from './version.ts';

/** Finds out which commit gave each value of a file what it has now, going back in time. */
export class LastChanges<Commit> {
  /** Values whose commit is not found yet, as they were at the time that was looked at last. */
  readonly #open: Map<string, Said>;
  readonly #found = new Map<string, Commit>();

  constructor(now: Version) {
    this.#open = new Map([...valuesIn(now)].map(([key, { said }]) => [key, said]));
  }

  /** Nothing is left to be found. */
  get isDone(): boolean {
    return this.#open.size === 0;
  }

  /** What made the value at a place what it is. */
  commitOf(key: string): Commit | undefined {
    return this.#found.get(key);
  }

  /** One commit further back. @param before left out, the commit added the file */
  goBack(before: Version | undefined, after: Version, commit: Commit): void {
    const [was, is] = [before === undefined ? new Map() : valuesIn(before), valuesIn(after)];
    // All that is encrypted has another token then, whether it changed or not.
    const isRotation = before !== undefined && !sharesKey(before, after);
    for (const [key, now] of this.#open) {
      const here = is.get(key)?.said;
      // Another branch had another value then: this commit did not make what there is now.
      if (here === undefined || differs(here, now)) continue;
      const earlier: Said | undefined = was.get(key)?.said;
      if (earlier === undefined || (differs(earlier, now) && !(isRotation && cannotTell(earlier, now)))) {
        this.#found.set(key, commit);
        this.#open.delete(key);
      } else {
        this.#open.set(key, earlier);
      }
    }
  }
}

function differs(one: Said, other: Said): boolean {
  return differenceOf(one, other, true) !== undefined;
}

/** Two tokens that can hold the same. */
function cannotTell(one: Said, other: Said): boolean {
  return differenceOf(one, other, false) === 're-encrypted';
}
