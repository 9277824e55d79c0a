import { mergeDocuments } from '../../core/merge/merge-documents.ts';
import { withoutMark } from '../../core/splice/byte-order-mark.ts';
import { SottoError } from '../../errors.ts';
import { encryptOpenOnto } from '../encrypt-onto.ts';
import type { MergeInput, MergeOptions, MergeResult } from './merge.ts';
import { isEncrypted, openSides } from './sides.ts';

/** One version stands in clear, the other is encrypted: the result is encrypted. */
export async function mergeOneInClear(
  { base, ours, theirs }: MergeInput,
  options: MergeOptions,
): Promise<MergeResult> {
  const isOurs = isEncrypted(ours);
  const sealed = isOurs ? ours : theirs;
  const clear = isOurs ? theirs : ours;
  const sources = base !== undefined && base.text !== '' && isEncrypted(base) ? [sealed, base] : [sealed];
  const [side, was] = await openSides(sources, options.keyring);
  if (side === undefined || side instanceof SottoError) throw side ?? new Error('a version was opened');
  const { decryption, file } = side;
  if (decryption === undefined) throw unmixed();
  const { format } = file;
  const plain = format.read(withoutMark(clear.text, format));
  const before =
    was === undefined
      ? base === undefined || base.text === ''
        ? undefined
        : format.read(withoutMark(base.text, format))
      : was instanceof SottoError
        ? undefined
        : was.decryption?.document;
  const [mine, other] = isOurs ? [decryption.document, plain] : [plain, decryption.document];
  const merged = mergeDocuments({ base: before, ours: mine, theirs: other });
  const { now, indent } = options;
  const encrypted = (text: string): string =>
    encryptOpenOnto(file, decryption, text, { now, indent, clear: false }).text;
  const text = encrypted(merged.ours);
  return {
    ours: text,
    theirs: merged.conflicts.length === 0 ? text : encrypted(merged.theirs),
    conflicts: merged.conflicts,
    merged: merged.merged,
    warnings: [
      {
        message: `${isOurs ? 'the incoming version stands' : 'our version stood'} in clear, and is encrypted now; its values are in history`,
        hint: 'give them other values: whoever has the repository can read these',
      },
    ],
  };
}

function unmixed(): SottoError {
  return new SottoError('not-supported', 'one version is encrypted as a whole, and the other is not', {
    hint: 'take one of them: sotto resolve --ours FILE, or --theirs',
  });
}
