import { SottoError } from '../errors.ts';

/** What stands around the references of a template, and around its tags. */
export interface Delimiters {
  readonly reference: readonly [open: string, close: string];
  readonly tag: readonly [open: string, close: string];
}

export const DEFAULT_DELIMITERS: Delimiters = { reference: ['{{', '}}'], tag: ['{%', '%}'] };

/**
 * Read delimiters, with blanks between them: `<< >>` for references, `<< >> <% %>` for tags as well.
 *
 * @throws SottoError `usage` for those that can't be told apart
 */
export function parseDelimiters(text: string): Delimiters {
  const [open = '', close = '', tagOpen, tagClose, ...more] = text.trim().split(/\s+/);
  const delimiters: Delimiters =
    tagOpen === undefined || tagClose === undefined
      ? { ...DEFAULT_DELIMITERS, reference: [open, close] }
      : { reference: [open, close], tag: [tagOpen, tagClose] };
  const isWhole = close !== '' && (tagOpen === undefined) === (tagClose === undefined) && more.length === 0;
  if (isWhole && canBeTold(delimiters)) return delimiters;
  throw new SottoError('usage', `--delimiters ${JSON.stringify(text)} can not be used`, {
    hint: "give two, or four with those of tags, all of them different: --delimiters '<< >>', --delimiters '<< >> <% %>'",
  });
}

/** A tag is looked for first; the end of one must not be found in its beginning. */
function canBeTold({ reference, tag }: Delimiters): boolean {
  const hasEnd = ([open, close]: readonly [string, string]): boolean => !open.includes(close);
  return hasEnd(reference) && hasEnd(tag) && !reference[0].startsWith(tag[0]);
}
