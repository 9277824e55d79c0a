import type { KeyEntry } from '../core/sops/metadata.ts';
import { EXIT_STATUS, messageOf, SottoError } from '../errors.ts';
import { described } from './group-warnings.ts';
import type { Recipient } from './kind.ts';
import { KmsFailure } from './kms-failure.ts';

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
            failures.push({ recipient, error });
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
  readonly error: unknown;
}

async function unwrapped(failures: readonly Failure[]): Promise<SottoError> {
  const names = await described(failures.map(({ recipient }) => recipient));
  const common = commonFailure(failures);
  const lines = failures.map(({ error }, index) => {
    const isAdvised = common !== undefined && error instanceof KmsFailure;
    return `${names[index]}: ${isAdvised ? error.reason : messageOf(error)}`;
  });
  const [only = '', ...others] = lines;
  const inSops = failures.map(
    ({ recipient: { id }, error }) =>
      `failed to encrypt new data key with master key "${id}": ${messageOf(error)}`,
  );
  return new SottoError(
    common?.code ?? 'wrap-failed',
    others.length === 0 ? `can't encrypt for ${only}` : `can't encrypt for ${lines.length} recipients`,
    {
      inSops: `Could not generate data key: [${inSops.join(' ')}]`,
      lines: others.length === 0 ? [] : lines,
      facts: {
        recipients: failures.map(({ recipient: { kind, id }, error }) => ({
          kind,
          id,
          reasons: [messageOf(error)],
          ...(error instanceof KmsFailure ? { codes: [error.code] } : {}),
        })),
      },
      hint: common?.advice ?? 'every recipient has to be reachable; take out the one that is not, or mend it',
      ...(common === undefined ? {} : { within: 'wrap-failed', exit: EXIT_STATUS['wrap-failed'] }),
    },
  );
}

/** What is the matter with all of them, if it is one thing that a service said. */
function commonFailure(failures: readonly Failure[]): KmsFailure | undefined {
  const errors = failures.map(({ error }) => error);
  const [first] = errors;
  if (!(first instanceof KmsFailure)) return undefined;
  const isCommon = errors.every((error) => error instanceof KmsFailure && error.code === first.code);
  return isCommon ? first : undefined;
}
