import type { KeyEntry } from '../core/sops/metadata.ts';
import { messageOf, SottoError } from '../errors.ts';
import type { Recipient } from './kind.ts';

/** A data key, or a share of it, and those whom it is wrapped for. */
export interface Part {
  readonly part: Uint8Array;
  readonly recipients: readonly Recipient[];
}

/**
 * Wrap each part for each of its recipients, in their order.
 *
 * @throws SottoError `wrap-failed` naming all recipients that failed; one is enough
 */
export async function wrapParts(parts: readonly Part[]): Promise<KeyEntry[][]> {
  const failures: string[] = [];
  const groups = await Promise.all(
    parts.map(({ part, recipients }) =>
      Promise.all(
        recipients.map(async (recipient) => {
          try {
            return [await recipient.wrap(part)];
          } catch (error) {
            failures.push(
              `failed to encrypt new data key with master key "${recipient.id}": ${messageOf(error)}`,
            );
            return [];
          }
        }),
      ),
    ),
  );
  if (failures.length > 0) {
    throw new SottoError('wrap-failed', `Could not generate data key: [${failures.join(' ')}]`, {
      hint: 'every recipient has to be reachable; take out the one that is not, or mend it',
    });
  }
  return groups.map((group) => group.flat());
}
