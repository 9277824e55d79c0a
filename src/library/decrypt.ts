import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { FormatName } from '../formats/index.ts';
import type { Keyring } from '../keys/keyring.ts';
import { decryptSource, decryptValues } from '../operations/decrypt.ts';
import type { OpenOptions, Source } from '../operations/open.ts';
import { type Data, dataOf } from './data.ts';
import { type KeyOptions, keyringOf } from './keys.ts';
import { pathOf, type ValuePath } from './path.ts';
import { bytesOf, type Result, requireFormat, sourceOf, type TextOptions } from './text.ts';
import { type Reach, speaking, warningsOf } from './words.ts';

/**
 * What is decrypted, and how.
 *
 * @example
 * const choices: DecryptChoices = { extract: ['password'] };
 * (await decrypt(encrypted, { ...keys, ...choices })).text; // 'hunter2'
 */
export interface DecryptChoices extends OpenOptions {
  /** Only the value at this path. */
  readonly extract?: ValuePath | undefined;
}

/**
 * Decrypt to a text.
 *
 * @example
 * const asJson: AsText = { output: 'json', indent: 2 };
 * (await decrypt(encrypted, { ...keys, ...asJson })).text; // '{\n  "password": "hunter2"\n}\n'
 */
export interface AsText extends DecryptChoices {
  readonly values?: false | undefined;
  /** Another format for the result. */
  readonly output?: FormatName | undefined;
}

/**
 * Decrypt to data.
 *
 * @example
 * const asValues: AsValues = { values: true, intAsBigInt: true };
 * const { text } = await encrypt('id: 9007199254740993\n', { format: 'yaml', recipients: [recipient] });
 * (await decrypt(text, { ...keys, ...asValues, extract: ['id'] })).values === 9007199254740993n; // true
 */
export interface AsValues extends Omit<DecryptChoices, 'indent'> {
  readonly values: true;
  /** Whole numbers are bigints, all of them. Else one that a number can't hold exactly is refused. */
  readonly intAsBigInt?: boolean | undefined;
}

/**
 * Settings of {@link decrypt} for a text.
 *
 * @example
 * const options: DecryptOptions = { format: 'yaml', identities: [identity, otherIdentity] };
 * (await decrypt(encrypted, options)).text; // 'password: hunter2\n'
 */
export interface DecryptOptions extends TextOptions, KeyOptions, AsText {}

/**
 * Settings of {@link decrypt} for data.
 *
 * @example
 * const options: DecryptValuesOptions = { ...keys, values: true };
 * (await decrypt(hosts, { ...options, extract: ['hosts'] })).values; // ['db.example', 'cache.example']
 */
export interface DecryptValuesOptions extends TextOptions, KeyOptions, AsValues {}

/**
 * A decrypted text.
 *
 * @example
 * const { text, bytes }: DecryptedText = await decrypt(encrypted, keys);
 * bytes.length === text.length; // true
 */
export interface DecryptedText extends Result {
  /** The same as bytes: those of a binary file, which `text` shows as far as they are UTF-8. */
  readonly bytes: Uint8Array;
}

/**
 * Decrypted values.
 *
 * @example
 * const { text } = await encrypt('a: 1\n---\na: 2\n', { format: 'yaml', recipients: [recipient] });
 * const { documents }: DecryptedValues = await decrypt(text, { ...keys, values: true });
 * documents; // [{ a: 1 }, { a: 2 }]
 */
export interface DecryptedValues {
  /** The value at the path, or all of the first document. */
  readonly values: Data;
  /** All documents of a YAML file; one in other formats, and with a path. */
  readonly documents: readonly Data[];
  readonly warnings: readonly Warning[];
}

/**
 * Decrypt a text: what comes back is what was encrypted, byte for byte; or its values as data.
 *
 * @throws SottoError `metadata-missing`, `no-key-fits`, `value-undecryptable`, `mac-mismatch`, `path-missing`,
 *   `input-invalid`, `output-unsupported`
 *
 * @example
 * const options = { format: 'yaml', identities: identity } as const;
 * (await decrypt(encrypted, options)).text; // 'password: hunter2\n'
 * (await decrypt(encrypted, { ...options, extract: ['password'] })).text; // 'hunter2'
 * (await decrypt(encrypted, { ...options, values: true })).values; // { password: 'hunter2' }
 */
export async function decrypt(text: string, options: DecryptValuesOptions): Promise<DecryptedValues>;
export async function decrypt(text: string, options: DecryptOptions): Promise<DecryptedText>;
export async function decrypt(
  text: string,
  options: DecryptOptions | DecryptValuesOptions,
): Promise<DecryptedText | DecryptedValues> {
  return speaking('text', async () => {
    const opening = {
      source: await sourceOf(text, options),
      keyring: keyringOf(options),
      reach: 'text',
    } as const;
    if (options.values === true) return valuesOf(opening, options);
    const output = options.output === undefined ? undefined : await requireFormat(options.output);
    return textOf(opening, { ...options, output });
  });
}

/**
 * Decrypt a text to bytes: those of a binary file, or UTF-8.
 *
 * @throws SottoError as {@link decrypt}
 *
 * @example
 * const { text } = await encrypt(new Uint8Array([0, 255]), { format: 'binary', recipients: [recipient] });
 * [...(await decryptBytes(text, { format: 'binary', identities: identity }))]; // [0, 255]
 */
export async function decryptBytes(text: string, options: DecryptOptions): Promise<Uint8Array> {
  return (await decrypt(text, options)).bytes;
}

/** An encrypted file, and the keys that may open it. */
export interface Opening {
  readonly source: Source;
  readonly keyring: Keyring;
  readonly reach: Reach;
}

const LENIENT_UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decrypt to a text. @throws SottoError as {@link decrypt} */
export async function textOf(
  { source, keyring, reach }: Opening,
  {
    extract,
    output,
    ignoreMac,
    markup,
    indent,
  }: Omit<AsText, 'output'> & { readonly output: Format | undefined },
): Promise<DecryptedText> {
  const { content, warnings } = await decryptSource(source, {
    keyring,
    extract: extract === undefined ? undefined : pathOf(extract),
    output,
    ignoreMac,
    markup,
    indent,
  });
  return {
    text: typeof content === 'string' ? content : LENIENT_UTF_8.decode(content),
    bytes: bytesOf(content),
    changed: true,
    warnings: warningsOf(warnings, reach),
  };
}

/** Decrypt to data. @throws SottoError as {@link decrypt} */
export async function valuesOf(
  { source, keyring, reach }: Opening,
  { extract, ignoreMac, markup, intAsBigInt }: AsValues,
): Promise<DecryptedValues> {
  const { nodes, path, format, warnings } = await decryptValues(source, {
    keyring,
    extract: extract === undefined ? undefined : pathOf(extract),
    ignoreMac,
    markup,
  });
  const hasMerges = format.name === 'yaml';
  const documents = nodes.map((node) => dataOf(node, { intAsBigInt, hasMerges }, path));
  return { values: documents[0] ?? null, documents, warnings: warningsOf(warnings, reach) };
}
