import { answer } from './answer.ts';
import type { Shell } from './scripts.ts';

/**
 * What the script of a shell asks for at each Tab. The first line says what the shell is to complete itself where there
 * are no words: `files`, `nothing`, or `command` and the index of the word that it begins with; then come words, a line
 * each, with a tab and what they are for.
 *
 * @param line the words of the command line without the program's name, up to the one that is being written
 */
export async function completeFor(shell: Shell, line: readonly string[]): Promise<string> {
  const words = shell === 'bash' ? joined(line) : line.map((text, at) => ({ text, at }));
  const { text } = words.pop() ?? { text: '' };
  const current = shell === 'pwsh' && text === EMPTY ? '' : text;
  const found = await answer(
    words.map((word) => word.text),
    current,
  );
  const cut = shell === 'bash' && current.startsWith('-') ? current.indexOf('=') + 1 : 0;
  const start = found.start === undefined ? '' : ` ${words[found.start]?.at ?? line.length - 1}`;
  const lines = found.words.map(({ word, help }) => `${word.slice(cut)}\t${help}`);
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
