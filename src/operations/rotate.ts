import { createCipher, newDataKey } from '../core/cipher.ts';
import { encryptDocument } from '../core/encryption.ts';
import { lastModifiedOf } from '../core/time.ts';
import { recipientOf } from '../keys/index.ts';
import type { Recipient } from '../keys/key.ts';
import type { ChangeOptions, ChangeResult } from './change.ts';
import { wrapGroups } from './encrypt.ts';
import { decryptOpen, openFile, type Source } from './open.ts';

/** What rotating changes besides the data key. */
export interface RotateOptions extends ChangeOptions {
  /** Recipients that join the first group; one that is there already is not added twice. */
  readonly add?: readonly Recipient[];
  /** Recipients that go, from all groups; unknown ones are fine. */
  readonly remove?: readonly { readonly kind: string; readonly id: string }[];
}

/**
 * Give a file a new data key: every value is encrypted anew, and the new key is wrapped for the recipients.
 *
 * @throws SottoError `no-recipients` when none would be left, and those of opening and encrypting
 */
export async function rotateText(source: Source, options: RotateOptions): Promise<ChangeResult> {
  const file = await openFile(source, options.openDataKey);
  const decryption = decryptOpen(file, options.ignoreMac);
  const { add = [], remove = [], now, indent } = options;
  const groups = file.metadata.groups.map((group, number) => {
    const kept = group.map(recipientOf);
    return number === 0 ? withoutRepeats([...kept, ...add]) : kept;
  });
  const gone = new Set(remove.map(keyOf));
  const left = groups.map((group) => group.filter((recipient) => !gone.has(keyOf(recipient))));
  const dataKey = newDataKey();
  const { text } = encryptDocument(decryption.text, {
    format: file.format,
    document: decryption.document,
    cipher: createCipher(dataKey),
    policy: file.policy,
    metadata: { ...file.metadata, groups: await wrapGroups(dataKey, left) },
    lastModified: lastModifiedOf(now),
    ...(indent === undefined ? {} : { indent }),
  });
  return { text, changed: true, warnings: decryption.warnings };
}

function keyOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

function withoutRepeats(recipients: readonly Recipient[]): Recipient[] {
  return [...new Map(recipients.map((recipient) => [keyOf(recipient), recipient])).values()];
}
