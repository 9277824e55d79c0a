import { SottoError } from '../../errors.ts';

/** What sops gives to gpg both as a recipient and as a trusted key: a fingerprint (v4, v5) or a long key id. */
const FINGERPRINT = /^(?:0x)?(?:[0-9a-f]{16}|[0-9a-f]{40}|[0-9a-f]{64})!?$/i;
/** Hex digits of a long key id. */
export const LONG_ID_LENGTH = 16;
const V4_LENGTH = 40;
/** Hex digits of a fingerprint of version 5, of which the key id is the beginning. */
export const V5_LENGTH = 64;

/** The hex digits of a fingerprint, in capitals. */
export function digitsOf(fingerprint: string): string {
  return fingerprint.replaceAll(' ', '').replace(/^0x/i, '').toUpperCase();
}

/** A fingerprint without what gpg takes in front and behind. */
export function bare(id: string): string {
  return id.replace(/^0x/i, '').replace(/!$/, '');
}

/** A text that is a fingerprint or a long key id. @throws SottoError `recipient-invalid` */
export function requireFingerprint(text: string): string {
  const problem = problemOf(text);
  if (problem !== undefined) throw invalid(text, ...problem);
  return text;
}

/** What is wrong with a text that is no fingerprint, and what to do. */
function problemOf(text: string): readonly [problem: string, hint: string] | undefined {
  if (FINGERPRINT.test(text)) return undefined;
  if (text === '') return ['it is empty', 'a fingerprint has 40 hex digits; gpg --list-keys prints it'];
  if (/-----BEGIN/.test(text))
    return [
      'it is a key, not the fingerprint of one',
      'import the key (gpg --import FILE) and name its fingerprint; gpg --show-keys FILE prints it',
    ];
  if (text.includes('@'))
    return [
      'it is an e-mail address, and anybody can make a key with that',
      `name the fingerprint; gpg --list-keys ${text.replace(/[^\w.@+-]/g, '')} prints it`,
    ];
  const hex = bare(text);
  const wrong = /[^0-9a-f]/i.exec(hex);
  const hint = 'a fingerprint has 40 hex digits; gpg --list-keys prints it';
  if (wrong === null) return [`it has ${hex.length} hex digits, not ${V4_LENGTH}`, hint];
  return [`its character ${wrong.index + 1}, "${wrong[0]}", is no hex digit`, hint];
}

function invalid(text: string, problem: string, hint: string): SottoError {
  const shown = text.startsWith('-----') ? '' : ` "${text}"`;
  return new SottoError('recipient-invalid', `malformed PGP fingerprint${shown}: ${problem}`, { hint });
}
