import type { Flag } from '../flags/flag.ts';
import type { Candidate, Verb } from '../verb.ts';
import { allVerbs, verbsBelow } from '../verbs/index.ts';
import type { Position } from './position.ts';

/** `sotto help VERB` is no verb of the table. */
export const HELP: Candidate = { word: 'help', help: 'help on the program, or on a verb' };

/** The flags of a place in all their spellings; those that were given and do not repeat are left out. */
export function flagsAt({ flags, given }: Position): Candidate[] {
  return flags
    .filter(({ name, repeats }) => repeats !== undefined || !given.has(name))
    .flatMap(({ name, short, help }) => [
      { word: `--${name}`, help },
      ...(short === undefined ? [] : [{ word: `-${short}`, help }]),
    ]);
}

/** What the first word behind a verb can be where that is known: verbs, shells, codes. */
export async function wordsBelow(verb: Verb | undefined): Promise<readonly Candidate[]> {
  return verb?.words?.() ?? wordsOfVerbs(verb);
}

/** Verbs, or those below one such as `groups`. */
export async function wordsOfVerbs(verb: Verb | undefined): Promise<Candidate[]> {
  const start = verb === undefined ? 0 : verb.name.length + 1;
  return (verb === undefined ? await allVerbs() : await verbsBelow(verb.name))
    .map(({ name, summary }) => ({ word: name.slice(start), help: summary }))
    .filter(({ word }) => !word.includes(' '));
}

/** The known values of a flag; in a list, each is put behind the values that are there already. */
export function valuesOf({ kind, values = [], help }: Flag, current: string): Candidate[] {
  const before = kind === 'list' ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const used = before.split(',');
  return values.filter((word) => !used.includes(word)).map((word) => ({ word: `${before}${word}`, help }));
}
