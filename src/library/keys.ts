import { parseIdentities } from '../keys/age/identity-file.ts';
import { Keyring } from '../keys/keyring.ts';
import type { Identity, Recipient } from '../keys/kind.ts';

/**
 * The keys that open a text. Only these are used: no file, variable or program of this machine.
 *
 * @example
 * const keys: KeyOptions = { identities: identity };
 * (await decrypt(encrypted, { format: 'yaml', ...keys })).text; // 'password: hunter2\n'
 */
export interface KeyOptions {
  /** Text of age identity files (`AGE-SECRET-KEY-1…` lines) or of SSH keys, or identities. */
  readonly identities: string | readonly (string | Identity)[];
  /** Called when one of them is protected with a passphrase and is needed; once for each. */
  readonly passphrase?: (() => Promise<string>) | undefined;
}

/**
 * Recipients of key groups: keys of several groups together open a file.
 *
 * @example
 * const groups: KeyGroups = { groups: [[recipient], [other]], threshold: 2 };
 * const { text } = await encrypt('a: 1\n', { format: 'yaml', recipients: groups });
 * (await decrypt(text, { format: 'yaml', identities: [identity, otherIdentity] })).text; // 'a: 1\n'
 */
export interface KeyGroups {
  readonly groups: readonly (readonly (string | Recipient)[])[];
  /** How many groups are needed; all if left out. */
  readonly threshold?: number | undefined;
}

/**
 * age recipients (`age1…`, `ssh-ed25519 …`), or recipients of other kinds, each of whom alone opens the file; or groups
 * of them.
 *
 * @example
 * const recipients: Recipients = [recipient, other];
 * const { text } = await encrypt('a: 1\n', { format: 'yaml', recipients });
 * (await decrypt(text, { format: 'yaml', identities: otherIdentity })).text; // 'a: 1\n'
 */
export type Recipients = readonly (string | Recipient)[] | KeyGroups;

/** The given keys, and no others. @throws SottoError `identity-invalid` */
export function keyringOf(options: KeyOptions): Keyring {
  return new Keyring({ identities: identitiesOf(options) });
}

/** Identities of text and identities. @throws SottoError `identity-invalid` */
export function identitiesOf({ identities, passphrase }: KeyOptions): Identity[] {
  const given = typeof identities === 'string' ? [identities] : identities;
  return given.flatMap((one) =>
    typeof one === 'string' ? parseIdentities(one, 'the given identities', passphrase) : [one],
  );
}

/** Recipients as groups. @throws SottoError `recipient-invalid` */
export async function groupsOf(
  recipients: Recipients,
): Promise<{ readonly groups: readonly Recipient[][]; readonly threshold: number | undefined }> {
  const groups = 'groups' in recipients ? recipients.groups : [recipients];
  const threshold = 'groups' in recipients ? recipients.threshold : undefined;
  return { groups: await Promise.all(groups.map(recipientsOf)), threshold };
}

/** Recipients that are given as texts, or as they are. @throws SottoError `recipient-invalid` */
export async function recipientsOf(recipients: readonly (string | Recipient)[]): Promise<Recipient[]> {
  const keyring = new Keyring({});
  return Promise.all(
    recipients.map(async (one) =>
      typeof one === 'string' ? keyring.recipient({ kind: 'age', id: one }) : one,
    ),
  );
}
