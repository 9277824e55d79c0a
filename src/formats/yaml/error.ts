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
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Tells positions in a text, the lines of which are looked for once. */
export class Positions {
  readonly #text: string;
  /** Where lines begin. */
  readonly #starts: number[] = [0];
  /** The last one that was told: in a long line the next is most often behind it. */
  #last = { start: 0, offset: 0, column: 1 };

  constructor(text: string) {
    this.#text = text;
    for (let at = 0; at < text.length; ) {
      if (isBreak(text.charCodeAt(at))) {
        at = behindBreak(text, at);
        this.#starts.push(at);
      } else {
        at += 1;
      }
    }
  }

  at(offset: number): Position {
    const line = this.#lineOf(offset);
    const start = this.#starts[line - 1] ?? 0;
    const isBehind = this.#last.start === start && this.#last.offset <= offset;
    const from = isBehind ? this.#last : { offset: start, column: 1 };
    let { column } = from;
    for (let at = from.offset; at < offset; at += 1)
      if (!isHighSurrogate(this.#text.charCodeAt(at))) column += 1;
    this.#last = { start, offset, column };
    return { line, column };
  }

  /** As many lines begin at the offset or before it. */
  #lineOf(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

/** The position of one offset. */
export function position(text: string, offset: number): Position {
  return new Positions(text).at(offset);
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
