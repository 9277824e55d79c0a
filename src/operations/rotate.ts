import { newDataKey } from '../core/sops/cipher.ts';
import { loadCipher } from '../core/sops/load-cipher.ts';
import { KeptIvs } from '../core/splice/kept-ivs.ts';
import { lastModifiedOf } from '../core/tree/time.ts';
import { SottoError } from '../errors.ts';
import { strengthWarnings } from '../keys/group-warnings.ts';
import { wrapGroups } from '../keys/groups.ts';
import { isSameRecipient, type RecipientName } from '../keys/index.ts';
import type { Recipient } from '../keys/kind.ts';
import { recordChange } from './audit.ts';
import { isBinaryFile } from './binary-file.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { encryptContent, openContent, openRoots, type PlainFile } from './content.ts';
import { guardOf, knownOf } from './exposure.ts';
import { datingOf, type OpenFile, openFile, type Source, valuesOf } from './open.ts';

/** What rotating changes besides the data key. */
export interface RotateOptions extends ChangeOptions {
  /** Recipients that join the first group; one that is there already is not added twice. */
  readonly add?: readonly Recipient[] | undefined;
  /** Recipients that go, from all groups; unknown ones are fine. */
  readonly remove?: readonly RecipientName[] | undefined;
  /** The recipients from now on, group by group, and how many groups are needed; in the place of all the others. */
  readonly instead?:
    | {
        readonly groups: readonly (readonly Recipient[])[];
        readonly threshold: number | undefined;
      }
    | undefined;
}

/**
 * Give a file a new data key: every value is encrypted anew, and the new key is wrapped for the recipients.
 *
 * @throws SottoError `no-recipients` when none would be left, and those of opening and encrypting
 */
export async function rotateText(source: Source, options: RotateOptions): Promise<ChangeResult> {
  const file = await openFile(source, options.keyring);
  const { add = [], remove = [], instead, now, indent, output = file.format } = options;
  const isPrinted = output.name !== file.format.name;
  const dataKey = newDataKey();
  const { content, misfit, warnings, opened, ivs } = isPrinted
    ? { ...(await openRoots(file, options.ignoreMac)), ivs: undefined }
    : await openToRotate(file, options, dataKey);
  const format = isPrinted ? output : file.format;
  const { threshold: before, ...metadata } = file.metadata;
  const left =
    instead?.groups ?? recipientsAfter(await options.keyring.recipientsOf(metadata.groups), { add, remove });
  const threshold = instead === undefined ? before : instead.threshold;
  if (left.some(({ length }) => length === 0)) throw nobodyLeft(left.length);
  const result = encryptContent(content, {
    format,
    cipher: await loadCipher(dataKey),
    policy: file.policy,
    metadata: { ...metadata, ...(await wrapGroups(dataKey, left, threshold)) },
    lastModified: lastModifiedOf(now),
    ivs,
    dating: datingOf(file, opened),
    ...(indent === undefined ? {} : { indent }),
  });
  const needed = left.length === 1 ? 1 : (threshold ?? left.length);
  const strength = add.length === 0 ? [] : await strengthWarnings(left, needed);
  // Comments can stand elsewhere in another format.
  const known = isPrinted ? knownOf(await valuesOf(file, options.ignoreMac)) : { leaves: [] };
  const guard = guardOf(known, file, () => options.clear === true);
  const said = guard(result);
  await recordChange(file, result.text);
  return {
    text: result.text,
    changed: true,
    warnings: [...(misfit === undefined ? [] : [misfit]), ...warnings, ...strength, ...said],
  };
}

/** Decrypt a file whose values will stand in the same places under a key that was drawn for that just now. */
async function openToRotate(
  file: OpenFile,
  options: ChangeOptions,
  dataKey: Uint8Array,
): Promise<PlainFile & { readonly ivs: KeptIvs | undefined }> {
  // Under one key, an IV that was used for another text would show both.
  if (Buffer.compare(dataKey, file.key.dataKey) === 0) throw new Error('the data key is not a new one');
  const plain = await openContent(file, options);
  return { ...plain, ivs: isBinaryFile(file) ? undefined : new KeptIvs(plain.opened, file.cipher) };
}

function nobodyLeft(groups: number): SottoError {
  const message =
    groups === 1 ? 'nobody would be left who can open the file' : 'nobody would be left in a key group';
  return new SottoError('no-recipients', message, {
    inSops: 'Could not generate data key: [empty key group provided]',
    hint:
      groups === 1
        ? 'name who is to open it from now on, too: --add-age RECIPIENT'
        : 'take the group out as a whole: sotto groups delete -i -f FILE NUMBER',
  });
}

/** Whom rotating wraps the new key for, group by group. */
export function recipientsAfter<One extends RecipientName>(
  groups: readonly (readonly One[])[],
  { add, remove }: { readonly add: readonly One[]; readonly remove: readonly RecipientName[] },
): One[][] {
  const joined = groups.map((group, number) => (number === 0 ? withoutRepeats([...group, ...add]) : group));
  return joined.map((group) => group.filter((one) => !remove.some((gone) => isSameRecipient(gone, one))));
}

function withoutRepeats<One extends RecipientName>(recipients: readonly One[]): One[] {
  return recipients.filter(
    (one, index) => !recipients.slice(0, index).some((earlier) => isSameRecipient(earlier, one)),
  );
}
