import type { KeyEntry } from '../core/sops/metadata.ts';
import { messageOf, SottoError } from '../errors.ts';
import { described } from './group-warnings.ts';
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
  const failures: Failure[] = [];
  const groups = await Promise.all(
    parts.map(({ part, recipients }) =>
      Promise.all(
        recipients.map(async (recipient) => {
          try {
            return [await recipient.wrap(part)];
          } catch (error) {
            failures.push({ recipient, reason: messageOf(error) });
            return [];
          }
        }),
      ),
    ),
  );
  if (failures.length > 0) throw await unwrapped(failures);
  return groups.map((group) => group.flat());
}

/** A recipient for whom the data key could not be encrypted, and why. */
interface Failure {
  readonly recipient: Recipient;
  readonly reason: string;
}

async function unwrapped(failures: readonly Failure[]): Promise<SottoError> {
  const names = await described(failures.map(({ recipient }) => recipient));
  const lines = failures.map(({ reason }, index) => `${names[index]}: ${reason}`);
  const [only = '', ...others] = lines;
  const inSops = failures.map(
    ({ recipient: { id }, reason }) => `failed to encrypt new data key with master key "${id}": ${reason}`,
  );
  return new SottoError(
    'wrap-failed',
    others.length === 0 ? `can't encrypt for ${only}` : `can't encrypt for ${lines.length} recipients`,
    {
      inSops: `Could not generate data key: [${inSops.join(' ')}]`,
      lines: others.length === 0 ? [] : lines,
      facts: {
        recipients: failures.map(({ recipient: { kind, id }, reason }) => ({ kind, id, reasons: [reason] })),
      },
      hint: 'every recipient has to be reachable; take out the one that is not, or mend it',
    },
  );
}
