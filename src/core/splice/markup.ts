import { SottoError } from '../../errors.ts';
import { lineOf } from '../../text/position.ts';
import { printable } from '../../text/printable.ts';
import { isMetadata } from '../sops/metadata-key.ts';
import type { Document, PrintOptions } from './format.ts';
import { bodyOf } from './metadata-edits.ts';
import type { Warning } from './warning.ts';

/**
 * What to do with an encrypted text that nobody vouches for: refuse it, or take it as it is.
 *
 * @example
 * const markup: MarkupTrust = 'strict';
 * (await decrypt(encrypted, { ...keys, markup })).text; // 'password: hunter2\n'
 */
export type MarkupTrust = 'strict' | 'accept';

/** More lines than these would hide what they show. */
const MAX_LINES = 20;
const LONGEST_LINE = 160;

const HINT = 'git tells who changed it; --accept-markup takes it as it is';

/** What there is to say where the frame or the notes of a file do not fit what is plain otherwise. */
export const CHANGED: Warning = {
  message:
    'the file was changed by something else than sotto since it was encrypted; its values are spelled as sops would',
  hint: HINT,
};

/** What there is to say where something stands in a file that only a right frame could vouch for. */
export function doubtAt({ text }: Document, at: number): Warning {
  return {
    message: 'nobody vouches for what stands here; the file is printed as sops prints it',
    line: lineOf(text, at),
    hint: HINT,
  };
}

/** The error of a file that is not as it was encrypted, for those who want no other. */
export function refusalFor({ line }: Warning): SottoError {
  return new SottoError('markup-unvouched', 'the file is not written as it was when it was encrypted', {
    ...(line === undefined ? {} : { line }),
    hint: 'git tells who changed it; without --strict it is printed as sops prints it, --accept-markup takes it as it is',
  });
}

/** Where an encrypted text is written otherwise than sops would print it, line by line. */
export function differences(document: Document, options: PrintOptions): Warning[] {
  const { format, roots } = document;
  const own = roots.map((root) => ({ ...root, items: root.items.filter((item) => !isMetadata(item)) }));
  const wanted = linesOf(format.print(own, options));
  const found = linesOf(bodyOf(document));
  const added = without(found, wanted).map((line) => `- ${line}`);
  const missing = without(wanted, found).map((line) => `+ ${line}`);
  const lines = [...added.slice(0, MAX_LINES), ...missing.slice(0, MAX_LINES)];
  const more = added.length + missing.length - lines.length;
  return [
    { message: 'the file is taken as it is; it has the lines with -, and sops would print those with +' },
    ...lines.map((message) => ({ message })),
    ...(more > 0 ? [{ message: `… and ${more} more` }] : []),
  ];
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).flatMap((line) => {
    const shown = printable(line.replace(/ENC\[AES256_GCM,[^\]]*\]/g, 'ENC[…]'), LONGEST_LINE).trim();
    return shown === '' ? [] : [shown];
  });
}

/** The lines that are in no other list, each as often as it is there more often. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
