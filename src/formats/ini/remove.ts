import type { Edit } from '../../core/format.ts';
import { printPath } from '../../core/path.ts';
import type { Path, Span } from '../../core/tree.ts';
import { SottoError } from '../../errors.ts';
import { startWithComment } from './comment.ts';
import { type Section, type Setting, scan } from './scan.ts';
import { nextLine } from './space.ts';

/**
 * Take out a section, or a key with all its lines where it is repeated. The comment that stands directly above goes too.
 *
 * @throws SottoError `path-missing`
 */
export function removeAt(text: string, path: Path): Edit[] {
  const { sections } = scan(text);
  const [name, key, below] = path;
  const named = sections.filter((section) => section.name === name);
  if (key === undefined) {
    const [section] = named;
    if (section === undefined) throw missing(path);
    return [removeSection(text, section, sections[sections.indexOf(section) + 1])];
  }
  const section = named.find(({ settings }) => settings.some((setting) => setting.name === key));
  if (section === undefined || below !== undefined) throw missing(path);
  return section.settings
    .filter((setting) => setting.name === key)
    .map((setting) => ({ ...linesOf(text, setting), text: '' }));
}

/** The lines of a setting with its comment and the last line break. */
function linesOf(text: string, { lines, comment }: Setting): Span {
  return { start: startWithComment(text, comment, lines.start), end: nextLine(text, lines.end) };
}

/** Up to the next section's header and the comment above it; behind the last one other comments stay. */
function removeSection(text: string, section: Section, next: Section | undefined): Edit {
  const { header, comment, settings } = section;
  const [first] = settings;
  const last = settings.at(-1);
  if (header.end === 0) {
    if (first === undefined || last === undefined) return { start: 0, end: 0, text: '' };
    return { start: linesOf(text, first).start, end: linesOf(text, last).end, text: '' };
  }
  const end =
    next === undefined
      ? nextLine(text, last?.lines.end ?? header.end)
      : startWithComment(text, next.comment, next.header.start);
  return { start: startWithComment(text, comment, header.start), end, text: '' };
}

function missing(path: Path): SottoError {
  return new SottoError('path-missing', `there is nothing at ${printPath(path)}`);
}
