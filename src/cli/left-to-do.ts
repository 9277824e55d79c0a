import type { CommonOptions } from '../commands/settings.ts';
import type { UpdateKeysResult } from '../commands/update-keys.ts';
import { shortPath } from '../core/tree/path.ts';
import type { Io } from '../io/io.ts';
import { shortForm } from '../keys/index.ts';

/** As many files are gone through, and as many values of each are named. */
const MOST = 8;

/**
 * What is left to do when somebody was taken out of files: they know the old data keys, and have read the values.
 *
 * @param words files and folders as the user named them
 */
export async function leftToDo(
  results: readonly UpdateKeysResult[],
  words: readonly string[],
  options: CommonOptions,
  io: Io,
): Promise<string[]> {
  const gone = new Set<string>();
  const files: string[] = [];
  for (const { file, outcome, plan, names } of results) {
    if (outcome !== 'updated') continue;
    const removed = plan?.keys.groups.flat().filter(({ change }) => change === 'removed') ?? [];
    if (removed.length > 0) files.push(file);
    for (const one of removed) gone.add(names?.nameOf(one) ?? shortForm(one));
  }
  if (files.length === 0) return [];
  const who = [...gone].join(', ');
  return [
    `${who} ${gone.size === 1 ? 'knows' : 'know'} the old data keys, and the values until now. Left to do:`,
    `  sotto rotate -i ${words.join(' ')}`,
    `  then change these values at their source, and set them anew:`,
    ...(await valuesIn(files, options, io)),
  ];
}

async function valuesIn(files: readonly string[], options: CommonOptions, io: Io): Promise<string[]> {
  const { encryptedPlaces } = await import('../commands/encrypted-places.ts');
  const lines: string[] = [];
  for (const file of files.slice(0, MOST)) {
    const places = (await encryptedPlaces(file, options, io)).map(shortPath);
    const left = places.length - MOST;
    const shown = left <= 1 ? places : [...places.slice(0, MOST), `${left} more`];
    lines.push(`    ${file}${shown.length === 0 ? '' : `: ${shown.join(', ')}`}`);
  }
  return files.length > MOST ? [...lines, `    and ${files.length - MOST} more files`] : lines;
}
