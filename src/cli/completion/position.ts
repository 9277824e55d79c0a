import type { Flag } from '../flags/flag.ts';
import { type FlagTable, tableOf, takeApart } from '../normalise.ts';
import { OLD_STYLE } from '../old-style.ts';
import { flagsOf, type Verb } from '../verb.ts';
import { verbAt } from '../verbs/index.ts';

/** Where a command line stands behind some words. */
export interface Position {
  /** `undefined` is in front of a verb. */
  readonly verb: Verb | undefined;
  /** The flags that can stand there. */
  readonly flags: readonly Flag[];
  /** The same by each of their names. */
  readonly table: FlagTable;
  /** `help` was the first word: topics follow. */
  readonly isHelp: boolean;
  /** A flag that lacks its value. */
  readonly open: Flag | undefined;
  /** No flags come behind `--`. */
  readonly hasEnded: boolean;
  readonly positionals: number;
  /** The first of them, most often a file. */
  readonly first: string | undefined;
  /** Long names of the flags of this place that were given. */
  readonly given: ReadonlySet<string>;
  /** Index of the first word of the command of `run`, if it has begun. */
  readonly command: number | undefined;
}

/** Read words as the parser of arguments would, but take no offence at what is not complete. */
export async function positionBehind(words: readonly string[]): Promise<Position> {
  let position = startOf(undefined);
  for (const [index, word] of words.entries()) position = await step(position, word, index);
  return position;
}

function startOf(verb: Verb | undefined): Position {
  const flags = flagsOf(verb ?? OLD_STYLE);
  return {
    verb,
    flags,
    table: tableOf(flags),
    isHelp: false,
    open: undefined,
    hasEnded: false,
    positionals: 0,
    first: undefined,
    given: new Set(),
    command: undefined,
  };
}

async function step(position: Position, word: string, index: number): Promise<Position> {
  if (position.command !== undefined) return position;
  if (position.open !== undefined) return { ...position, open: undefined };
  if (position.hasEnded || !word.startsWith('-') || word === '-') return stepOver(position, word, index);
  if (word === '--') return { ...position, hasEnded: true };
  const { name, value } = takeApart(word);
  const flag = position.table.get(name);
  if (flag === undefined) return position;
  return {
    ...position,
    open: flag.kind !== 'boolean' && value === undefined ? flag : undefined,
    given: new Set([...position.given, flag.name]),
  };
}

/** A word that is no flag: a verb, or something for it. */
async function stepOver(position: Position, word: string, index: number): Promise<Position> {
  const { verb, positionals } = position;
  if (verb?.takesCommand === true) return { ...position, command: index };
  const name = verb === undefined ? word : `${verb.name} ${word}`;
  const called = positionals === 0 ? await verbAt(name) : undefined;
  if (called !== undefined) return startOf(called);
  const isHelp = position.isHelp || (verb === undefined && positionals === 0 && /^h(?:elp)?$/.test(word));
  const first = positionals === 0 ? word : position.first;
  return { ...position, isHelp, first, positionals: positionals + 1 };
}
