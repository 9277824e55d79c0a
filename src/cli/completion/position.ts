import { tableOf, takeApart } from '../arguments.ts';
import type { Flag, Place } from '../flags/flag.ts';
import { VERB_NAMES } from '../verb.ts';

/** Where a command line stands behind some words. */
export interface Position {
  readonly place: Place;
  /** `help` was the first word: topics follow. */
  readonly isHelp: boolean;
  /** A flag that lacks its value. */
  readonly open: Flag | undefined;
  /** No flags come behind `--`. */
  readonly hasEnded: boolean;
  readonly positionals: number;
  /** Long names of the flags of this place that were given. */
  readonly given: ReadonlySet<string>;
  /** Index of the first word of the command of `run`, if it has begun. */
  readonly command: number | undefined;
}

const START: Position = {
  place: 'root',
  isHelp: false,
  open: undefined,
  hasEnded: false,
  positionals: 0,
  given: new Set(),
  command: undefined,
};

/** Read words as the parser of arguments would, but take no offence at what is not complete. */
export function positionBehind(words: readonly string[]): Position {
  return words.reduce(step, START);
}

function step(position: Position, word: string, index: number): Position {
  if (position.command !== undefined) return position;
  if (position.open !== undefined) return { ...position, open: undefined };
  if (position.hasEnded || !word.startsWith('-') || word === '-') return stepOver(position, word, index);
  if (word === '--') return { ...position, hasEnded: true };
  const { name, value } = takeApart(word);
  const flag = tableOf(position.place).get(name);
  if (flag === undefined) return position;
  return {
    ...position,
    open: flag.kind !== 'boolean' && value === undefined ? flag : undefined,
    given: new Set([...position.given, flag.name]),
  };
}

/** A word that is no flag: a verb, or something for it. */
function stepOver(position: Position, word: string, index: number): Position {
  const { place, positionals } = position;
  if (place === 'run') return { ...position, command: index };
  const name = place === 'root' ? word : `${place} ${word}`;
  const verb = positionals === 0 ? VERB_NAMES.find((other) => other === name) : undefined;
  if (verb !== undefined) return { ...START, place: verb };
  const isHelp = position.isHelp || (place === 'root' && positionals === 0 && /^h(?:elp)?$/.test(word));
  return { ...position, isHelp, positionals: positionals + 1 };
}
