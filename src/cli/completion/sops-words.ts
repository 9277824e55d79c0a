import { takeApart } from '../normalise.ts';
import type { Candidate } from '../verb.ts';
import { flagsAt, HELP, valuesOf, wordsBelow, wordsOfVerbs } from './candidates.ts';
import { positionBehind } from './position.ts';

/** Set by sops's script for zsh, which wants a colon and the help behind each word. */
const ZSH = '_CLI_ZSH_AUTOCOMPLETE_HACK';

/**
 * The answer to sops's scripts (urfave/cli 1.22), a word on each line: flags that begin with the last word where it begins with a dash,
 * else the verbs that can follow. A script leaves out the word that is being written unless it begins with a dash.
 */
export async function sopsWords(
  words: readonly string[],
  environment: { readonly [name: string]: string | undefined },
): Promise<string> {
  const last = words.at(-1) ?? '';
  const found = last.startsWith('-') ? await flagsLike(words.slice(0, -1), last) : await wordsBehind(words);
  return found
    .map(({ word, help }) => (environment[ZSH] === '1' ? `${word}:${help}\n` : `${word}\n`))
    .join('');
}

/** As in sops a flag that is complete is not offered again; its values are, where they are known. */
async function flagsLike(words: readonly string[], last: string): Promise<Candidate[]> {
  const position = await positionBehind(words);
  const { name } = takeApart(last);
  const flag = position.table.get(name);
  const isLong = last.startsWith('--');
  const flags = flagsAt(position).filter(({ word }) => {
    const other = word.replace(/^--?/, '');
    return other !== name && other.startsWith(name) && !(isLong && other.length === 1);
  });
  return [...flags, ...(flag === undefined ? [] : valuesOf(flag, ''))];
}

async function wordsBehind(words: readonly string[]): Promise<Candidate[]> {
  const { verb, command, positionals } = await positionBehind(words);
  if (command !== undefined || (verb !== undefined && positionals > 0)) return [];
  const topics = (await wordsOfVerbs(verb)).length === 0 ? [] : ['help', 'h'];
  return [...(await wordsBelow(verb)), ...topics.map((word) => ({ word, help: HELP.help }))];
}
