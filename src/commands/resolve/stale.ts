import type { DecryptedLeaf } from '../../core/splice/earlier-leaves.ts';
import { printPlace } from '../../core/splice/leaf.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { encryptOpenOnto } from '../../operations/encrypt-onto.ts';
import { sealClearValues } from '../../operations/merge/seal-clear.ts';
import { decryptOpen, openFile, readEncrypted } from '../../operations/open.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { readSource } from '../source.ts';

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
 * Give a file the MAC of the values that it has: somebody picked them from both halves of a conflict, or put one in clear,
 * which is encrypted. Each has to decrypt where it stands; what stood in no version has to be confirmed.
 *
 * @param versions that git knows
 * @returns `undefined` if nothing is wrong with it
 * @throws SottoError `canceled`, and those of opening
 */
export async function mendStale(
  file: string,
  versions: readonly (Uint8Array | undefined)[],
  options: StaleOptions,
  { keyring, configurations }: Tools,
  io: Io,
): Promise<Mended | undefined> {
  const source = await readSource(io, { ...options, file, name: file }, configurations, 'change');
  const found = await openFile(source, keyring);
  const sealed = sealClearValues(found);
  const open =
    sealed.places.length === 0 ? found : { ...found, ...readEncrypted({ ...source, text: sealed.text }) };
  if (open.format.binary !== undefined) {
    await decryptOpen(open);
    return undefined;
  }
  const decryption = await decryptOpen(open, { ignoreMac: true });
  if (decryption.misfit === undefined) return undefined;
  const texts = versions.map((bytes) => Buffer.from(bytes ?? []).toString('utf8'));
  const isKnown = ({ token, sealed: written }: DecryptedLeaf): boolean =>
    texts.some((text) => text.includes(token === '' ? written.join('') : token));
  const places = [...decryption.leaves]
    .filter((leaf) => !isKnown(leaf))
    .map(({ leaf }) => printPlace(leaf, open.document.text));
  if (places.length > 0 && !(await options.confirm(file, places)))
    throw new SottoError('canceled', 'nothing was written', {
      hint: 'nothing vouches for these values: compare the file with git first',
    });
  const result = await encryptOpenOnto(open, decryption, decryption.text, { now: io.now(), clear: false });
  return { text: result.text, warnings: result.warnings };
}
