import { randomUUID } from 'node:crypto';
import { isInt64 } from '../core/tree/number.ts';
import { SottoError } from '../errors.ts';
import type { ChangeOptions as ChangeSettings } from '../operations/change.ts';
import { encryptOnto as encryptSourceOnto } from '../operations/encrypt-onto.ts';
import type { OpenOptions, Source } from '../operations/open.ts';
import { parseValue, setValue, unsetValue } from '../operations/set.ts';
import { type KeyOptions, keyringOf } from './keys.ts';
import { pathOf, type ValuePath } from './path.ts';
import { bytesOf, type Result, requireFormat, sourceOf, type TextOptions } from './text.ts';
import { speaking, warningsOf } from './words.ts';

/**
 * Settings of the functions that change an encrypted text.
 *
 * @example
 * const options: ChangeOptions = { ...keys, now: new Date('2026-01-02T03:04:05Z') };
 * const { text } = await set(encrypted, ['password'], 'hunter3', options);
 * text.includes('2026-01-02T03:04:05Z'); // true
 */
export interface ChangeOptions extends TextOptions, KeyOptions, OpenOptions {
  /** What the selector leaves in clear may stand there, though it was encrypted, or, for {@link set}, is new. */
  readonly clear?: boolean | undefined;
  /** For `lastmodified`; now if left out. */
  readonly now?: Date | undefined;
}

/**
 * Set one value of an encrypted text; the tokens of all others stay as they are.
 *
 * @param path parents that are missing are made, the index behind the last item appends
 * @param value any value that JSON can hold, and bigints; `undefined` and functions are none
 * @throws SottoError as `decrypt`, and `path-invalid`, `set-invalid`, `value-exposed`
 *
 * @example
 * const options = { format: 'yaml', identities: identity } as const;
 * const { text } = await set(encrypted, ['database', 'port'], 5432, options);
 * (await decrypt(text, options)).text; // 'password: hunter2\ndatabase:\n    port: 5432\n'
 */
export async function set(
  text: string,
  path: ValuePath,
  value: unknown,
  options: ChangeOptions,
): Promise<Result> {
  return changing(text, options, async (source, settings) => {
    const node = parseValue(jsonOf(value), await requireFormat('json'));
    // What was encrypted already stays so elsewhere: only the new value may stand in clear.
    const newInClear = options.clear === true;
    return setValue(source, pathOf(path), node, { ...settings, clear: false, newInClear });
  });
}

/**
 * Take one value out of an encrypted text.
 *
 * @throws SottoError as `decrypt`, and `path-invalid`, `path-missing`, `value-exposed`
 *
 * @example
 * const { text } = await unset(hosts, ['hosts', 0], keys);
 * (await decrypt(text, keys)).text; // 'hosts:\n    - cache.example\n'
 */
export async function unset(text: string, path: ValuePath, options: ChangeOptions): Promise<Result> {
  return changing(text, options, async (source, settings) => unsetValue(source, pathOf(path), settings));
}

/**
 * Encrypt an edited plain text onto its encrypted version: data key, recipients and the tokens of all values that
 * did not change stay.
 *
 * @param text the encrypted text
 * @param plain the edited plain text
 * @throws SottoError as `decrypt` and `encrypt`, and `value-exposed`
 *
 * @example
 * const { text, changed } = await encryptOnto(encrypted, 'password: hunter3\n', keys);
 * changed; // true
 * (await decrypt(text, keys)).text; // 'password: hunter3\n'
 */
export async function encryptOnto(
  text: string,
  plain: string | Uint8Array,
  options: ChangeOptions,
): Promise<Result> {
  return changing(text, options, (source, settings) => encryptSourceOnto(source, bytesOf(plain), settings));
}

/** The JSON of a value, in which bigints are numbers with all their digits. @throws SottoError `set-invalid` */
function jsonOf(value: unknown): string {
  const mark = randomUUID();
  const marked = (_: string, one: unknown): unknown => {
    if (typeof one !== 'bigint') return one;
    if (isInt64(one)) return `${mark}${one}`;
    throw new SottoError('set-invalid', `${one} does not fit the 64 bits that a whole number has`);
  };
  return (JSON.stringify(value, marked) ?? '').replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}

/** Change a text, with warnings in the library's words. */
export async function changing(
  text: string,
  options: ChangeOptions,
  change: (source: Source, settings: ChangeSettings) => Promise<Result>,
): Promise<Result> {
  return speaking('text', async () => {
    const { clear, now = new Date(), ignoreMac, markup, indent } = options;
    const settings = { keyring: keyringOf(options), clear, now, ignoreMac, markup, indent };
    const { warnings, ...result } = await change(await sourceOf(text, options), settings);
    return { ...result, warnings: warningsOf(warnings, 'text') };
  });
}
