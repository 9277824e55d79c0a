import { printPlace } from '../../core/splice/leaf.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { encryptOpenOnto } from '../../operations/encrypt-onto.ts';
import { decryptOpen, openFile } from '../../operations/open.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { readSource } from '../source.ts';
import type { FileVersions } from './versions.ts';

/** A file that is whole again. */
export interface Mended {
  readonly text: string;
  readonly warnings: readonly Warning[];
}

/** What mending takes besides the file. */
export interface StaleOptions extends CommonOptions {
  readonly confirm: (file: string, changes: readonly string[]) => Promise<boolean>;
}

/**
 * Give a file the MAC of the values that it has: somebody picked them from both halves of a conflict. Each has to
 * decrypt where it stands; what stood in no version has to be confirmed.
 *
 * @returns `undefined` if nothing is wrong with it
 * @throws SottoError `canceled`, and those of opening
 */
export async function mendStale(
  file: string,
  text: string,
  versions: FileVersions | undefined,
  options: StaleOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<Mended | undefined> {
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'change');
  const open = await openFile(source, keyring);
  if (open.format.binary !== undefined) {
    decryptOpen(open);
    return undefined;
  }
  const decryption = decryptOpen(open, { ignoreMac: true });
  if (decryption.misfit === undefined) return undefined;
  const known = new Set<string>();
  for (const bytes of [versions?.base, versions?.ours, versions?.theirs])
    for (const [token] of Buffer.from(bytes ?? [])
      .toString('utf8')
      .matchAll(/ENC\[AES256_GCM,[^\]]*\]/g))
      known.add(token);
  const unknown = [...decryption.leaves].filter(({ token }) => !known.has(token));
  const places = unknown.map(({ leaf }) => printPlace(leaf, text));
  if (places.length > 0 && !(await options.confirm(file, places)))
    throw new SottoError('canceled', 'nothing was written', {
      hint: 'nothing vouches for these values: compare the file with git first',
    });
  const result = encryptOpenOnto(open, decryption, decryption.text, { now: io.now(), clear: false });
  return { text: result.text, warnings: result.warnings };
}
