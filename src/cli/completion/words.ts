import type { Io } from '../../io/io.ts';
import { answer, type Paths } from './answer.ts';
import type { Shell } from './scripts.ts';

/**
 * What the script of a shell asks for at each Tab. The first line says what the shell is to complete itself where there
 * are no words: `files`, `nothing`, or `command` and the index of the word that it begins with; then come words, a line
 * each, with a tab and what they are for.
 *
 * @param line the words of the command line without the program's name, up to the one that is being written
 * @param io looks into the files that are named, for the paths in them
 */
export async function completeFor(shell: Shell, line: readonly string[], io?: Io): Promise<string> {
  const words = shell === 'bash' ? joined(line) : line.map((text, at) => ({ text, at }));
  const { text } = words.pop() ?? { text: '' };
  const quote = shell === 'bash' || shell === 'fish' ? openQuote(text) : '';
  const current =
    shell === 'pwsh' && text === EMPTY ? '' : shell === 'bash' || shell === 'fish' ? unquoted(text) : text;
  const found = await answer(
    words.map((word) => (shell === 'bash' ? unquoted(word.text) : word.text)),
    current,
    io === undefined ? undefined : pathsWith(io),
  );
  const cut = shell === 'bash' && current.startsWith('-') ? current.indexOf('=') + 1 : 0;
  const start = found.start === undefined ? '' : ` ${words[found.start]?.at ?? line.length - 1}`;
  const lines = found.words.flatMap(({ word, help }) => {
    const typed = shell === 'bash' ? inBash(word.slice(cut), quote) : word.slice(cut);
    return typed === undefined ? [] : [`${typed}\t${help}`];
  });
  return [`${found.others}${start}`, ...lines, ''].join('\n');
}

/** PowerShell drops words that are empty; its script writes this for one. */
const EMPTY = '""';

/** bash makes three words of `--flag=value`, and puts only what follows the `=` in the place of what is there. */
function joined(line: readonly string[]): { text: string; readonly at: number }[] {
  const words: { text: string; readonly at: number }[] = [];
  let isOpen = false;
  for (const [at, text] of line.entries()) {
    const last = words.at(-1);
    const isEquals = text === '=' && last?.text.startsWith('-') === true;
    if (last !== undefined && (isOpen || isEquals)) last.text += text;
    else words.push({ text, at });
    isOpen = isEquals;
  }
  return words;
}

function pathsWith(io: Io): Paths {
  return async (file) => {
    const { pathsIn } = await import('../../commands/paths-in.ts');
    return (await pathsIn(file, io)).map(({ path, kind }) => ({ word: path, help: `a ${kind}` }));
  };
}

/** The quote that a word begins with: it is still open. */
function openQuote(text: string): string {
  return /^["']/.exec(text)?.[0] ?? '';
}

/** What a word of bash or fish means that begins with a quote, or has backslashes. */
function unquoted(text: string): string {
  return openQuote(text) === '' ? text.replace(/\\(.)/gs, '$1') : text.slice(1).replace(/["']$/, '');
}

/** A word as bash takes it behind a quote, or without; `undefined` for one that can't stand there. */
function inBash(word: string, quote: string): string | undefined {
  if (quote === '') return word.replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
  return (quote === '"' ? /["$`\\!]/ : /'/).test(word) ? undefined : word;
}
