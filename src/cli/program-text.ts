import type { HookProgram } from '../commands/renew/hook-program.ts';
import { legible, oneLine } from '../text/printable.ts';

/** As many lines of a script are shown. */
const MOST_LINES = 500;

/** A program as somebody has to see it who lets it run: its words, and the scripts in them. */
export function programText({ words, scripts, hash }: HookProgram): string {
  const head = `${words.map(shownWord).join(' ')}\n  ${hash}\n`;
  return head + scripts.map(({ name, bytes }) => scriptText(oneLine(name), bytes)).join('');
}

/** With quotes where words could be taken for others. */
function shownWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : JSON.stringify(oneLine(word));
}

function scriptText(name: string, bytes: Uint8Array): string {
  if (bytes.includes(0)) return `  ${name}, ${bytes.length} bytes that are no text\n`;
  const lines = legible(Buffer.from(bytes).toString()).replace(/\n$/, '').split('\n');
  const more = lines.length - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES).map((line) => `  | ${line}\n`);
  const rest = more > 0 ? `  | … ${more} more lines, which are run as well\n` : '';
  return `  ${name}:\n${shown.join('')}${rest}`;
}
