import { type ErrorDetails, SottoError } from '../../errors.ts';
import { behindBreak, isBreak, isHighSurrogate } from './chars.ts';

/** Where and why a text is no YAML that go-yaml reads. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  /** UTF-16 offset in the source. */
  readonly offset: number;
  readonly problem: string;

  constructor(offset: number, problem: string) {
    super(problem);
    this.offset = offset;
    this.problem = problem;
  }
}

/** Line and column of an offset, both from 1, the column in code points; with go-yaml's line breaks. */
export function position(source: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let at = 0; at < offset; ) {
    if (isBreak(source.charCodeAt(at))) {
      const next = behindBreak(source, at);
      if (next > offset) break;
      line += 1;
      start = next;
      at = next;
    } else {
      at += 1;
    }
  }
  let column = 1;
  for (let at = start; at < offset; at += 1) if (!isHighSurrogate(source.charCodeAt(at))) column += 1;
  return { line, column };
}

/** The error for what sops does not take at an offset of a text. */
export function refusal(
  code: 'input-invalid' | 'encrypt-failed',
  message: string,
  text: string,
  offset: number,
  details: Pick<ErrorDetails, 'hint' | 'inSops' | 'hasParagraphs'> = {},
): SottoError {
  return new SottoError(code, message, { ...details, ...position(text, offset) });
}
