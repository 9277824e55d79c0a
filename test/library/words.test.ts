import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  compareKeys,
  decrypt,
  encrypt,
  encryptOnto,
  generateIdentity,
  identityToRecipient,
  render,
  SottoError,
  set,
  unset,
} from '../../src/index.ts';
import { inOwnWords } from '../../src/library/words.ts';

/** Flags, variables and commands: words of the program, not of the library. */
const OF_THE_PROGRAM = /(?<![\w-])--[a-z][\w-]*|\bSOPS_[A-Z_]+|\bsotto [a-z]+\b|(?<!\w)-i\b/;

/** What only the program comes to, or says under the name sops. */
const NOT_IN_THE_LIBRARY: readonly RegExp[] = [
  // Texts of sops; the library has its own beside them.
  /This is likely not an encrypted binary file|^SOPS_|^error parsing --extract path|^Value for --set /,
  // Arguments of gpg and of plugins, and constants of the format.
  /^--(?:batch|no-tty|status-fd|no-default-recipient|yes|encrypt|trust-model|no-encrypt-to|no-throw-keyids|with-colons|list-keys|pinentry-mode|age-plugin=)/,
  // Command lines of others, and what only `split` and reading SOPS_AGE_KEY_FILE come to.
  /use "sotto set" and "sotto unset"$|"sotto get" which one counts|SOPS_AGE_KEY takes the key itself/,
  // The library reads no keychain.
  /^--label=|^-i$|no keychain that sotto knows/,
  /^sotto (?:statement v1|frame v1|layout)$/,
  /gpg --|^the file has \$|sotto resolve|^sotto rotate -i FILE gives|sotto sync FILE (?:takes|lets)/,
  // `run`, `exec-env`, `groups` and rules: no function of the library does that.
  /--map|--shamir-secret-sharing-threshold/,
  /^"sotto rotate" and "sotto updatekeys" change|sotto groups delete/,
  /--decryption-order age,pgp/,
  /adviceOn|\$\{rule\} wants it encrypted/,
  // The words of people: no command.
  /(?:than|of|by) sotto\b|sotto (?:wrote|keeps|attempts)/,
];

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** The literals in the layers that the library stands on. */
function literals(): string[] {
  return ['core', 'formats', 'keys', 'operations'].flatMap((layer) =>
    readdirSync(`${SOURCE}${layer}`, { recursive: true, encoding: 'utf8' })
      // What `check` finds is no error, and no function of the library.
      .filter((name) => name.endsWith('.ts') && !name.startsWith('check/'))
      .flatMap((name) => {
        const code = readFileSync(`${SOURCE}${layer}/${name}`, 'utf8').replace(
          /^\s*(?:\/\*\*|\*|\/\/).*$/gm,
          '',
        );
        return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(
          ([, a, b, c]) => (a ?? b ?? c ?? '').replace(/\\'/g, "'"),
        );
      }),
  );
}

test('what a layer below says of flags and commands has words in the library', () => {
  const said = literals().filter((text) => OF_THE_PROGRAM.test(text));
  expect(said.length).toBeGreaterThan(30);
  const left = said
    .filter((text) => !NOT_IN_THE_LIBRARY.some((pattern) => pattern.test(text)))
    .map((text) => inOwnWords(text, 'text'))
    .filter((text) => OF_THE_PROGRAM.test(text));
  expect(left).toEqual([]);
});

const IDENTITY = await generateIdentity();
const RECIPIENT = await identityToRecipient(IDENTITY);
const KEYS = { format: 'yaml', identities: IDENTITY } as const;
const SEALED = (await encrypt('a: 1\nb_unencrypted: 2\n', { format: 'yaml', recipients: [RECIPIENT] })).text;
const JSON_SEALED = (await encrypt('{"a": 1}', { format: 'json', recipients: [RECIPIENT] })).text;

/** Calls that fail, with a word of the hint or the message. */
const CALLS: { readonly [what: string]: readonly [() => Promise<unknown>, RegExp] } = {
  'no key that fits': [
    async () => decrypt(SEALED, { format: 'yaml', identities: await generateIdentity() }),
    /hand over one of these keys in identities/,
  ],
  'a text that is not encrypted': [() => decrypt('a: 1\n', KEYS), /encrypt\(\)/],
  'a MAC that does not fit': [
    () => decrypt(SEALED.replace('b_unencrypted: 2', 'b_unencrypted: 3'), KEYS),
    /ignoreMac: true/,
  ],
  'a text that was changed': [
    () => decrypt(`%YAML 1.1\n---\n${SEALED}`, { ...KEYS, markup: 'strict' }),
    /markup: 'accept'/,
  ],
  'a path that is none': [() => decrypt(SEALED, { ...KEYS, extract: 'a[' }), /^this is no path to a value/],
  'a path of nothing': [() => unset(SEALED, [], KEYS), /\['database', 'hosts', 0\]/],
  'a value that is none': [() => set(SEALED, ['x'], undefined, KEYS), /nothing that JSON can hold/],
  'a selector that selects nothing': [
    () =>
      encrypt('a: 1\n', {
        ...KEYS,
        recipients: [RECIPIENT],
        selector: { kind: 'encrypted_suffix', pattern: '_x' },
      }),
    /allowNothing: true/,
  ],
  'a value that would be in clear': [
    () => encryptOnto(SEALED, 'a_unencrypted: 1\nb_unencrypted: 2\n', KEYS),
    /clear: true/,
  ],
  'comments in JSON': [
    () => encrypt('{"a": 1} // x', { format: 'json', recipients: [RECIPIENT] }),
    /format: 'jsonc'/,
  ],
  'bytes that are no text': [
    () => encrypt(new Uint8Array([255]), { format: 'yaml', recipients: [RECIPIENT] }),
    /format: 'binary'/,
  ],
  'no recipients': [() => encrypt('a: 1\n', { format: 'yaml', recipients: [] }), /recipients/],
  'a recipient that is none': [() => compareKeys(SEALED, ['age1'], KEYS), /identityToRecipient\(\)/],
  'delimiters that are none': [
    () => render('', { files: [], identities: IDENTITY, delimiters: '<<' }),
    /^delimiters "<<" can not be used/,
  ],
  'a reference to nothing': [
    () => render('{{ unknown }}', { files: [{ text: JSON_SEALED, format: 'json' }], identities: IDENTITY }),
    /delimiters/,
  ],
  'a value where only bytes can be': [
    () => decrypt(SEALED, { ...KEYS, extract: ['a'], output: 'binary' }),
    /output/,
  ],
};

describe('an error speaks of the parameters of the library', () => {
  test.each(Object.entries(CALLS))('%s', async (_, [call, word]) => {
    const error = await call().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof SottoError)) throw new Error('nothing was thrown');
    const said = `${error.message}\n${error.details.hint ?? ''}`;
    expect(said).toMatch(word);
    expect(said).not.toMatch(OF_THE_PROGRAM);
  });
});
