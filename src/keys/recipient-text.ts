import { SottoError } from '../errors.ts';
import { unseenIn } from '../text/printable.ts';

/** Texts that only a private key has; what matches is never shown. */
const SECRETS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/AGE-SECRET-KEY-/i, 'an age identity'],
  [/AGE-PLUGIN-[A-Z0-9+\-._]+-1/i, 'an age plugin identity'],
  [/-----BEGIN PGP PRIVATE KEY BLOCK/i, 'a PGP private key'],
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY/i, 'a private key'],
];

/** What a text looks like that only a private key has; `undefined` if it has none. */
export function secretIn(text: string): string | undefined {
  return SECRETS.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * Refuse a private key where a recipient belongs, without repeating it.
 *
 * @throws SottoError `recipient-invalid`
 */
export function refuseSecret(text: string): void {
  const secret = secretIn(text);
  if (secret === undefined) return;
  throw new SottoError('recipient-invalid', `${secret} stands in the place of a recipient`, {
    hint: 'name the public key that belongs to it; if the private key was committed or sent anywhere, replace it',
  });
}

/**
 * Refuse a recipient with characters that can't be seen: wherever it is shown, it would look like another one.
 *
 * @throws SottoError `recipient-invalid`
 */
export function refuseUnseen(text: string): void {
  const unseen = unseenIn(text);
  if (unseen === undefined) return;
  throw new SottoError('recipient-invalid', `a recipient has a character that can not be seen, ${unseen}`, {
    hint: 'control characters have no place in a recipient, nor in the comment behind an SSH key; take it out, and ask where it came from',
  });
}
