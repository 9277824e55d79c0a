import { wrapped } from '../../text/paragraph.ts';

/** Columns of the source, as mandoc wants them. */
const WIDTH = 78;

/** A text inside a line: what roff would take for its own, and what is not ASCII, is written so that it is neither. */
export function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(
      /[^\n -~]/gu,
      (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

/** Sentences, over as many lines as they take. */
export function paragraph(plain: string): string {
  return broken(text(plain));
}

/** Roff over as many lines as it takes. */
export function broken(roff: string): string {
  return wrapped(roff, WIDTH).map(guarded).join('\n');
}

/** Escape the beginning of a line that would be taken for a macro. */
function guarded(line: string): string {
  return line.replace(/^(?=[.'])/, '\\&');
}

/** Words to be typed as they are. */
export function bold(plain: string): string {
  return `\\fB${text(plain)}\\fR`;
}

/** Placeholders, in italics. */
export function italic(plain: string): string {
  return `\\fI${text(plain)}\\fR`;
}

/** A section; nothing if it would be empty. @param lines of roff */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`.SH "${title}"`, ...lines];
}

/** A term, and below it what it means. Both are roff. */
export function item(term: string, meaning: string): string[] {
  return ['.TP', term, meaning];
}

/** Lines of a terminal. */
export function example(lines: readonly string[]): string[] {
  return ['.nf', ...lines.map((line) => guarded(text(line))), '.fi'];
}
