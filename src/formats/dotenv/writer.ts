import type { Edit } from '../../core/format.ts';
import { printPath } from '../../core/path.ts';
import { SottoError } from '../../errors.ts';
import type { Writer } from './change.ts';
import { escapeBreaks } from './escape.ts';
import { insertMetadata } from './metadata.ts';

/** Writes as sops does. */
export const writer: Writer = {
  checkKey: (key) => {
    if (!/^#|[=\n]/.test(key)) return;
    throw new SottoError('set-invalid', `dotenv can't have the key ${printPath([key])}`, {
      hint: 'a key does not begin with # and has no =',
    });
  },
  replace: (_, { value: { place } }, value) => {
    const { start, end } = place;
    return [{ start, end, text: escapeBreaks(value) }];
  },
  append: ({ text }, _, key, value) => appended(text, `${key}=${escapeBreaks(value)}`, '\n'),
  insertMetadata: ({ text }, _, node) => insertMetadata(text, node),
  extentOf: ({ keySpan, value }) => ({ start: keySpan.start, end: value.place.end }),
};

/** A line at the end of a text; there is a line break behind it if there was one behind the last. */
export function appended(text: string, line: string, lineBreak: string): Edit {
  const isOnLine = text === '' || text.endsWith('\n');
  const at = { start: text.length, end: text.length };
  return { ...at, text: isOnLine ? line + lineBreak : lineBreak + line };
}
