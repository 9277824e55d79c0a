import { tableOf, takeApart } from '../arguments.ts';
import { type Candidate, flagsAt, HELP, valuesOf, verbsBelow, wordsBelow } from './candidates.ts';
import { positionBehind } from './position.ts';

/** Set by sops's script for zsh, which wants a colon and the help behind each word. */
const ZSH = '_CLI_ZSH_AUTOCOMPLETE_HACK';

/**
 * The answer to sops's scripts (urfave/cli 1.22), a word on each line: flags that begin with the last word where it begins with a dash,
 * else the verbs that can follow. A script leaves out the word that is being written unless it begins with a dash.
 */
export function sopsWords(
  words: readonly string[],
  environment: { readonly [name: string]: string | undefined },
): string {
  const last = words.at(-1) ?? '';
  const found = last.startsWith('-') ? flagsLike(words.slice(0, -1), last) : wordsBehind(words);
  return found
    .map(({ word, help }) => (environment[ZSH] === '1' ? `${word}:${help}\n` : `${word}\n`))
    .join('');
}

/** As in sops a flag that is complete is not offered again; its values are, where they are known. */
function flagsLike(words: readonly string[], last: string): Candidate[] {
  const { place, given } = positionBehind(words);
  const { name } = takeApart(last);
  const flag = tableOf(place).get(name);
  const isLong = last.startsWith('--');
  const flags = flagsAt(place, given).filter(({ word }) => {
    const other = word.replace(/^--?/, '');
    return other !== name && other.startsWith(name) && !(isLong && other.length === 1);
  });
  return [...flags, ...(flag === undefined ? [] : valuesOf(flag, ''))];
}

function wordsBehind(words: readonly string[]): Candidate[] {
  const { place, command, positionals } = positionBehind(words);
  if (command !== undefined || (place !== 'root' && positionals > 0)) return [];
  const topics = verbsBelow(place).length === 0 ? [] : ['help', 'h'];
  return [...wordsBelow(place), ...topics.map((word) => ({ word, help: HELP.help }))];
}
