import type { KeyEntry } from '../core/metadata.ts';
import { SottoError } from '../errors.ts';
import type { Recipient } from './key.ts';

/**
 * Wrap a data key for each of some recipients, in their order.
 *
 * @throws SottoError `wrap-failed` naming the recipients that failed; one is enough
 */
export async function wrapDataKey(
  dataKey: Uint8Array,
  recipients: readonly Recipient[],
): Promise<KeyEntry[]> {
  const results = await Promise.allSettled(recipients.map(async (recipient) => recipient.wrap(dataKey)));
  const failures = results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [];
    const reason = result.reason instanceof Error ? result.reason.message : 'unknown';
    return [`failed to encrypt new data key with master key "${recipients[index]?.id ?? ''}": ${reason}`];
  });
  if (failures.length > 0) {
    throw new SottoError('wrap-failed', `Could not generate data key: [${failures.join(' ')}]`, {
      hint: 'every recipient has to be reachable; take out the one that is not, or mend it',
    });
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
