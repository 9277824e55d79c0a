import type { Span } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { lineEnd, nextLine } from '../line-feeds.ts';
import type { ScannedComment } from './comment.ts';
import { notIni } from './error.ts';
import { scanKey } from './scan-key.ts';
import { type ScannedValue, scanValue } from './scan-value.ts';
import { findMark, skipSpace, trimmedEnd } from './space.ts';
import type { Surprise } from './surprise.ts';

/** The name of the section of the keys in front of the first header. */
export const DEFAULT_SECTION = 'DEFAULT';

/** `key = value`. */
export interface Setting {
  readonly name: string;
  readonly key: Span;
  readonly value: ScannedValue;
  readonly comment: ScannedComment | undefined;
  /** Its lines, without the last line break. */
  readonly lines: Span;
}

/** A section; the first one of a file has no header. */
export interface Section {
  readonly name: string;
  /** The name between its brackets. */
  readonly span: Span;
  /** Its line, without the line break; empty at the start of the text if it has none. */
  readonly header: Span;
  readonly comment: ScannedComment | undefined;
  readonly settings: readonly Setting[];
}

/** An INI text, taken apart. */
export interface Scan {
  /** At least one. */
  readonly sections: readonly Section[];
  /** Comments with nothing behind them. */
  readonly loose: readonly Span[];
  readonly surprises: readonly Surprise[];
}

/** Whether a section has a key. */
export function hasKey({ settings }: Section, key: string | number): boolean {
  return settings.some(({ name }) => name === key);
}

/**
 * The one of several sections with one name that a change of a key is about: the first, as in sops.
 *
 * @throws SottoError `set-invalid` when the key is in a later one
 */
export function sectionOf(named: readonly Section[], key: string): Section | undefined {
  const [first] = named;
  if (first === undefined || hasKey(first, key) || !named.some((section) => hasKey(section, key)))
    return first;
  throw new SottoError(
    'set-invalid',
    `[${first.name}] is there more than once, and the key is not in the first`,
    {
      hint: 'put the keys into one section with "sotto edit" first',
    },
  );
}

const START: Span = { start: 0, end: 0 };

/**
 * Take an INI text apart as go-ini does (`parser.go`, parse; duplicate sections allowed, no other option).
 *
 * @throws SottoError `input-invalid`
 */
export function scan(source: string): Scan {
  const scanner = new Scanner(source);
  scanner.run();
  return scanner;
}

class Scanner implements Scan {
  readonly #source: string;
  #settings: Setting[] = [];
  #comments: Span[] = [];
  /** The number of the next key that is named `-`. */
  #number = 1;
  readonly sections: Section[];
  readonly surprises: Surprise[] = [];

  constructor(source: string) {
    this.#source = source;
    const settings = this.#settings;
    this.sections = [{ name: DEFAULT_SECTION, span: START, header: START, comment: undefined, settings }];
  }

  get loose(): readonly Span[] {
    return this.#comments;
  }

  run(): void {
    const source = this.#source;
    for (let line = 0; line < source.length; ) {
      const next = nextLine(source, line);
      const start = skipSpace(source, line, next);
      const first = start === next ? '' : source.charAt(start);
      if (first === '') line = next;
      else if (first === '#' || first === ';') {
        this.#comments.push({ start, end: next });
        line = next;
      } else if (first === '[') {
        this.#section(line, start, next);
        line = next;
      } else line = this.#setting(line, start, next);
    }
  }

  /** The comments that have gathered, and what stands beside. */
  #comment(beside: Span | undefined): ScannedComment | undefined {
    const above = this.#comments;
    this.#comments = [];
    return above.length === 0 && beside === undefined ? undefined : { above, beside };
  }

  #section(line: number, start: number, next: number): void {
    const source = this.#source;
    const close = source.slice(start, next).lastIndexOf(']') + start;
    if (close < start) throw notIni(source, start, 'unclosed section', 'close it with ]');
    const span = { start: start + 1, end: close };
    const name = source.slice(span.start, span.end);
    if (name === '') throw notIni(source, start, 'empty section name', 'write a name between the brackets');
    const end = trimmedEnd(source, close + 1, next);
    const mark = findMark(source, close + 1, end);
    const behind = skipSpace(source, close + 1, mark === -1 ? end : mark);
    if (behind < (mark === -1 ? end : mark)) {
      throw notIni(
        source,
        behind,
        'text stands behind the section',
        'sops would drop it; put ; in front of it',
      );
    }
    if (/\].*[;#]/s.test(name)) this.surprises.push({ kind: 'bracket', at: start });
    const comment = this.#comment(mark === -1 ? undefined : { start: mark, end });
    this.#settings = [];
    this.#number = 1;
    const header = { start: line, end: lineEnd(source, line) };
    this.sections.push({ name, span, header, comment, settings: this.#settings });
  }

  #setting(line: number, start: number, next: number): number {
    const source = this.#source;
    const { name: written, span: key, valueFrom } = scanKey(source, start, next);
    const value = scanValue(source, valueFrom);
    if (value.surprise !== undefined) this.surprises.push(value.surprise);
    const name = written === '-' ? this.#numbered(start) : written;
    const last = value.comment ?? value.dropped ?? value.span;
    const lines = { start: line, end: lineEnd(source, last.end) };
    this.#settings.push({ name, key, value, comment: this.#comment(value.comment), lines });
    return value.next;
  }

  #numbered(at: number): string {
    const name = `#${this.#number}`;
    this.#number += 1;
    this.surprises.push({ kind: 'numbered', at });
    return name;
  }
}
