import { newDataKey } from '../core/cipher.ts';
import { loadCipher } from '../core/load-cipher.ts';
import { lastModifiedOf } from '../core/time.ts';
import { strengthWarnings } from '../keys/group-warnings.ts';
import { wrapGroups } from '../keys/groups.ts';
import { isSameRecipient, type RecipientName } from '../keys/index.ts';
import type { Recipient } from '../keys/key.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { encryptContent, openContent, openRoots } from './content.ts';
import { openFile, type Source } from './open.ts';

/** What rotating changes besides the data key. */
export interface RotateOptions extends ChangeOptions {
  /** Recipients that join the first group; one that is there already is not added twice. */
  readonly add?: readonly Recipient[];
  /** Recipients that go, from all groups; unknown ones are fine. */
  readonly remove?: readonly RecipientName[];
}

/**
 * Give a file a new data key: every value is encrypted anew, and the new key is wrapped for the recipients.
 *
 * @throws SottoError `no-recipients` when none would be left, and those of opening and encrypting
 */
export async function rotateText(source: Source, options: RotateOptions): Promise<ChangeResult> {
  const file = await openFile(source, options.keyring);
  const { add = [], remove = [], now, indent, output = file.format } = options;
  const isPrinted = output.name !== file.format.name;
  const { content, misfit, warnings } = (isPrinted ? openRoots : openContent)(file, options.ignoreMac);
  const format = isPrinted ? output : file.format;
  const groups = file.metadata.groups.map((entries, number) => {
    const kept = entries.map((entry) => options.keyring.recipientOf(entry));
    return number === 0 ? withoutRepeats([...kept, ...add]) : kept;
  });
  const left = groups.map((group) =>
    group.filter((recipient) => !remove.some((gone) => isSameRecipient(gone, recipient))),
  );
  const { threshold } = file.metadata;
  const dataKey = newDataKey();
  const { text } = encryptContent(content, {
    format,
    cipher: await loadCipher(dataKey),
    policy: file.policy,
    metadata: { ...file.metadata, ...(await wrapGroups(dataKey, left, threshold)) },
    lastModified: lastModifiedOf(now),
    ...(indent === undefined ? {} : { indent }),
  });
  const needed = left.length === 1 ? 1 : (threshold ?? left.length);
  const strength = add.length === 0 ? [] : strengthWarnings(left, needed);
  return {
    text,
    changed: true,
    warnings: [...(misfit === undefined ? [] : [misfit]), ...warnings, ...strength],
  };
}

function withoutRepeats(recipients: readonly Recipient[]): Recipient[] {
  return recipients.filter(
    (one, index) => !recipients.slice(0, index).some((earlier) => isSameRecipient(earlier, one)),
  );
}
