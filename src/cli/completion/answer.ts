import type { Flag } from '../flags/flag.ts';
import { takeApart } from '../normalise.ts';
import type { Candidate } from '../verb.ts';
import { flagsAt, HELP, valuesOf, wordsBelow } from './candidates.ts';
import { type Position, positionBehind } from './position.ts';

/** What can stand at the end of a command line. */
export interface Answer {
  /** What the shell completes by itself where none of the words fits; `command` is one that begins at `start`. */
  readonly others: 'files' | 'nothing' | 'command';
  /** Index of the first word that belongs to the command. */
  readonly start?: number;
  readonly words: readonly Candidate[];
}

/** Placeholders of flags whose value is the name of a file. */
const FILE_VALUES: ReadonlySet<string> = new Set(['FILE', 'ENCRYPTED']);

/** The paths inside a file. */
export type Paths = (file: string) => Promise<readonly Candidate[]>;

/**
 * @param words in front of the one that is being written, without the program's name
 * @param paths left out where none are offered
 */
export async function answer(
  words: readonly string[],
  current: string,
  paths: Paths = async () => [],
): Promise<Answer> {
  const position = await positionBehind(words);
  const { verb, table, open, hasEnded } = position;
  if (position.command !== undefined) return { others: 'command', start: position.command, words: [] };
  if (open !== undefined) return fitting(await behindFlag(open, current, '', position, paths), current);
  if (hasEnded || !current.startsWith('-'))
    return verb?.takesCommand === true
      ? { others: 'command', start: words.length, words: [] }
      : fitting(await wordsAt(position, paths), current);
  const { name, value } = takeApart(current);
  const flag = value === undefined ? undefined : table.get(name);
  if (flag === undefined || value === undefined)
    return fitting({ others: 'nothing', words: flagsAt(position) }, current);
  const front = current.slice(0, current.length - value.length);
  return fitting(await behindFlag(flag, value, front, position, paths), current);
}

function fitting({ others, words }: Answer, current: string): Answer {
  return { others, words: words.filter(({ word }) => word.startsWith(current)) };
}

async function wordsAt({ verb, isHelp, positionals, first }: Position, paths: Paths): Promise<Answer> {
  const words = positionals === (isHelp ? 1 : 0) ? await wordsBelow(verb) : [];
  if (isHelp) return { others: 'nothing', words };
  if (verb === undefined) return { others: 'files', words: positionals === 0 ? [...words, HELP] : [] };
  if (positionals === 1 && first !== undefined && verb.usage.includes('FILE PATH'))
    return { others: 'nothing', words: await paths(first) };
  return { others: verb.usage.includes('FILE') ? 'files' : 'nothing', words };
}

/** @param front what stands in front of the value, in the same word */
async function behindFlag(
  flag: Flag,
  current: string,
  front: string,
  { first }: Position,
  paths: Paths,
): Promise<Answer> {
  const inside = flag.value === 'PATH' && first !== undefined ? await paths(first) : [];
  const words = [...valuesOf(flag, current), ...inside].map(({ word, help }) => ({
    word: `${front}${word}`,
    help,
  }));
  return { others: FILE_VALUES.has(flag.value ?? '') ? 'files' : 'nothing', words };
}
