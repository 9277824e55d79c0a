import type { TextOutput } from '../commands/output.ts';
import type { Summary } from '../commands/summary.ts';
import { shortPath } from '../core/tree/path.ts';
import type { Io } from '../io/io.ts';

/** As many names or places are listed; the rest is counted. */
const MOST = 8;

/** A line on what was encrypted, for whom, and what stands in clear. @param file what it was made of */
export async function encryptedLine(
  file: string | undefined,
  { changed, written, summary }: TextOutput,
  io: Io,
): Promise<string[]> {
  const name = written ?? file ?? 'stdin';
  if (!changed) return [`unchanged: ${name}`];
  // On the terminal, the result is to be seen itself.
  if (written === undefined && io.isShown('stdout')) return [];
  if (summary === undefined) return [`encrypted ${name}`];
  const { isWhole, encrypted, clear, ...recipients } = await summary();
  const place = written === undefined ? `of ${name}` : `in ${name}`;
  const what = isWhole
    ? `${name} as a whole`
    : `${countOf(encrypted.length, encrypted.length + clear.length)} ${place}`;
  const open = isWhole || clear.length === 0 ? '' : `; clear: ${listed(clear.map(shortPath))}`;
  return [`encrypted ${what} for ${whoOpens(recipients)}${open}`];
}

function countOf(encrypted: number, all: number): string {
  if (encrypted !== all) return `${encrypted} of ${all} values`;
  return all === 1 ? 'the one value' : `all ${all} values`;
}

/** A line on one value that was changed. @param done as in `set a.b in` */
export async function changedLine(
  done: string,
  file: string,
  { changed, summary }: TextOutput,
): Promise<string[]> {
  if (!changed) return [`unchanged: ${file}`];
  return [`${done} ${file}${summary === undefined ? '' : `, encrypted for ${whoOpens(await summary())}`}`];
}

function whoOpens({ groups, needed }: Pick<Summary, 'groups' | 'needed'>): string {
  const [only = [], ...others] = groups;
  if (others.length === 0) return listed(only);
  return `${needed} of ${groups.length} key groups (${groups.map(listed).join(' | ')})`;
}

function listed(names: readonly string[]): string {
  const left = names.length - MOST;
  return left <= 1 ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${left} more`;
}
