import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';

/**
 * What the layers below say to the users of the program, and what the library has in its place. Longer phrases come
 * first: each row is applied to what the rows before it have left.
 */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^the value is not JSON$/, 'the value is nothing that JSON can hold'],
  [/^--delimiters (".*") can not be used$/, 'delimiters $1 can not be used'],
  [/, or a key service of it \(--keyservice\),/, ''],
  [/\(sotto updatekeys\)/, '(updateKeys)'],
  [
    /\("sotto decrypt FILE > FILE" empties it before it is read\)/,
    '(a shell empties FILE in "> FILE" before it is read)',
  ],
  [/"sotto encrypt -i [^"]*"/, 'encrypt()'],
  [/"sotto rotate -i [^"]*"/, 'rotate()'],
  [/"sotto edit" or "sotto set"/, 'encryptOnto() or set()'],
  [/"sotto edit" and "sotto encrypt --onto"/, 'encryptOnto()'],
  [/"sotto edit"/, 'encryptOnto()'],
  [
    /"sotto keygen --show FILE" prints the recipient of an identity file/,
    'identityToRecipient() gives that of an identity',
  ],
  [
    /"sotto keygen --show FILE" prints that of an identity file/,
    'identityToRecipient() gives that of an identity',
  ],
  [/make a key with "sotto keygen"/, 'make a key with generateIdentity()'],
  [/"sotto decrypt" shows/, 'decrypt() shows'],
  [
    /set, unset, rotate and edit with --ignore-mac/,
    'set(), unset(), rotate() and encryptOnto() with ignoreMac: true',
  ],
  [/--ignore-mac/, 'ignoreMac: true'],
  [/--accept-markup/, "markup: 'accept'"],
  [/--strict/, "markup: 'strict'"],
  [/--allow-nothing/, 'allowNothing: true'],
  [/take --clear/, 'takes clear: true'],
  [/--clear/, 'clear: true'],
  [/--input-type (\w+)/, "format: '$1'"],
  [/--input-type/, 'format'],
  [/--output-type/, 'output'],
  [/--delimiters ('[^']*')/, 'delimiters: $1'],
  [/--delimiters/, 'delimiters'],
  [/name at least one recipient, with --age or --pgp or in \.sops\.yaml/, 'name at least one in recipients'],
  [/--age or in \.sops\.yaml/, 'recipients or in .sops.yaml'],
  [/--config and SOPS_CONFIG/, 'config'],
  [/--config/, 'config'],
  [/and --indent/, 'and indent'],
  [/: --include-clear/, ': includeClear: true'],
  [/--allow-special (\S+)/, "allowSpecial: ['$1']"],
  [/"sotto run" makes a variable of each of them/, 'a variable takes one value'],
  [/"sotto exec-file" hands it over in a file/, 'hand it over in another way'],
  [
    /to replace (the value|it as a whole): sotto unset .*, then set it again/,
    'to replace $1, unset() it first',
  ],
  [/: --add-age RECIPIENT/, ', in add'],
  [/sotto keygen --show (\S+)/, 'the one of $1'],
];

/** Only what is handed over opens a text; this machine has no say in it. */
const WITHOUT_MACHINE: readonly (readonly [RegExp, string])[] = [
  [/set SOPS_AGE_KEY_FILE to a file with one of these keys/, 'hand over one of these keys in identities'],
  [
    /import the secret key \(gpg --import FILE\), or set GNUPGHOME to the folder that has it/,
    'open it with decryptFile(), which asks gpg',
  ],
];

/** Whether the keys of this machine are used. */
export type Reach = 'text' | 'machine';

/** Run a function of the library, with its errors and warnings in the library's words. @throws SottoError */
export async function speaking<Answer>(reach: Reach, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { hint } = error.details;
    throw error.with(
      hint === undefined ? {} : { hint: inOwnWords(hint, reach) },
      inOwnWords(error.message, reach),
    );
  }
}

/** Warnings in the words of the library. */
export function warningsOf(warnings: readonly Warning[], reach: Reach): Warning[] {
  return warnings.map((warning) => ({
    ...warning,
    message: inOwnWords(warning.message, reach),
    hint: warning.hint === undefined ? undefined : inOwnWords(warning.hint, reach),
  }));
}

/** A text that speaks of flags and variables, in the library's words. */
export function inOwnWords(text: string, reach: Reach): string {
  const rows = reach === 'text' ? [...WITHOUT_MACHINE, ...WORDS] : WORDS;
  return rows.reduce((said, [from, to]) => said.replace(from, to), text);
}
