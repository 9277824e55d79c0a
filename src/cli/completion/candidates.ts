import { ERROR_CODES } from '../explain.ts';
import { EXPLANATIONS } from '../explanations.ts';
import type { Flag, Place } from '../flags/flag.ts';
import { flagsOf } from '../flags/index.ts';
import { VERB_NAMES } from '../verb.ts';
import { VERBS } from '../verbs.ts';
import { SHELLS } from './shell.ts';

/** A word that can stand in a command line, and what it is for. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** `sotto help VERB` is no verb of the table. */
export const HELP: Candidate = { word: 'help', help: 'help on the program, or on a verb' };

/** The flags of a place in all their spellings; those that were given and do not repeat are left out. */
export function flagsAt(place: Place, given: ReadonlySet<string>): Candidate[] {
  return flagsOf(place)
    .filter(({ name, repeats }) => repeats !== undefined || !given.has(name))
    .flatMap(({ name, short, help }) => [
      { word: `--${name}`, help },
      ...(short === undefined ? [] : [{ word: `-${short}`, help }]),
    ]);
}

/** What the first word behind a verb, or at the root, can be where that is known: verbs, shells, codes. */
export function wordsBelow(place: Place): Candidate[] {
  if (place === 'completion') return SHELLS.map((word) => ({ word, help: `a script for ${word}` }));
  if (place === 'explain') return ERROR_CODES.map((word) => ({ word, help: EXPLANATIONS[word].title }));
  return verbsBelow(place);
}

/** Verbs at the root, or below one such as `groups`. */
export function verbsBelow(place: Place): Candidate[] {
  const prefix = place === 'root' ? '' : `${place} `;
  return VERB_NAMES.filter((name) => name.startsWith(prefix))
    .map((name) => ({ word: name.slice(prefix.length), help: VERBS[name].summary }))
    .filter(({ word }) => !word.includes(' '));
}

/** The values that a flag can have as far as they are known; those of a list each behind the ones before. */
export function valuesOf({ kind, values = [], help }: Flag, current: string): Candidate[] {
  const before = kind === 'list' ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const used = before.split(',');
  return values.filter((word) => !used.includes(word)).map((word) => ({ word: `${before}${word}`, help }));
}
