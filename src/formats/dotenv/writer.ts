import { printPath } from '../../core/tree/path.ts';
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
  lineOf: (_document, _root, key, value) => `${key}=${escapeBreaks(value)}`,
  lineBreakOf: () => '\n',
  insertMetadata: ({ text }, _, node) => insertMetadata(text, node),
  extentOf: ({ keySpan, value }) => ({ start: keySpan.start, end: value.place.end }),
};
