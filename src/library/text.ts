import type { Format } from '../core/splice/format.ts';
import type { Warning } from '../core/splice/warning.ts';
import { SottoError } from '../errors.ts';
import { FORMAT_NAMES, type FormatName, loadFormat } from '../formats/index.ts';
import type { Source } from '../operations/open.ts';

const UTF_8 = new TextEncoder();

/**
 * What every function needs to know about a text.
 *
 * @example
 * const options: TextOptions = { format: 'yaml' };
 * (await fileStatus('password: hunter2\n', options)).encrypted; // false
 */
export interface TextOptions {
  /** What the text is written in; `binary` is for files that are no texts. */
  readonly format: FormatName;
}

/**
 * A text, and what there is to say about it.
 *
 * @example
 * const result: Result = await encrypt('a: 1\n', { format: 'yaml', recipients: [recipient] });
 * for (const { message, hint } of result.warnings) console.warn(message, hint ?? '');
 * result.changed; // true
 */
export interface Result {
  readonly text: string;
  /** False when the text is the one that was given. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

/** A text with its format. @throws SottoError `not-supported` */
export async function sourceOf(text: string, { format }: TextOptions): Promise<Source> {
  return { text, format: await requireFormat(format) };
}

/** @throws SottoError `not-supported` for a name that a compiler did not check */
export async function requireFormat(name: FormatName): Promise<Format> {
  const format = await loadFormat(name);
  if (format !== undefined) return format;
  throw new SottoError('not-supported', `the format '${name}' is not supported`, {
    hint: `use one of ${FORMAT_NAMES.join(', ')}`,
  });
}

/** Bytes as they are, and a text in UTF-8. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? UTF_8.encode(content) : content;
}
