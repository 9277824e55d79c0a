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

/** @param words in front of the one that is being written, without the program's name */
export async function answer(words: readonly string[], current: string): Promise<Answer> {
  const position = await positionBehind(words);
  const { verb, table, open, hasEnded } = position;
  if (position.command !== undefined) return { others: 'command', start: position.command, words: [] };
  if (open !== undefined) return fitting(behindFlag(open, current, ''), current);
  if (hasEnded || !current.startsWith('-'))
    return verb?.takesCommand === true
      ? { others: 'command', start: words.length, words: [] }
      : fitting(await wordsAt(position), current);
  const { name, value } = takeApart(current);
  const flag = value === undefined ? undefined : table.get(name);
  if (flag === undefined || value === undefined)
    return fitting({ others: 'nothing', words: flagsAt(position) }, current);
  return fitting(behindFlag(flag, value, current.slice(0, current.length - value.length)), current);
}

function fitting({ others, words }: Answer, current: string): Answer {
  return { others, words: words.filter(({ word }) => word.startsWith(current)) };
}

async function wordsAt({ verb, isHelp, positionals }: Position): Promise<Answer> {
  const words = positionals === (isHelp ? 1 : 0) ? await wordsBelow(verb) : [];
  if (isHelp) return { others: 'nothing', words };
  if (verb === undefined) return { others: 'files', words: positionals === 0 ? [...words, HELP] : [] };
  return { others: verb.usage.includes('FILE') ? 'files' : 'nothing', words };
}

/** @param front what stands in front of the value, in the same word */
function behindFlag(flag: Flag, current: string, front: string): Answer {
  const words = valuesOf(flag, current).map(({ word, help }) => ({ word: `${front}${word}`, help }));
  return { others: FILE_VALUES.has(flag.value ?? '') ? 'files' : 'nothing', words };
}
