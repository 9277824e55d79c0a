import type { Edit } from '../../core/splice/format.ts';
import { printPath } from '../../core/tree/path.ts';
import type { Path, Span } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { lineStart, nextLine } from '../line-feeds.ts';
import { startWithComment } from './comment.ts';
import { hasKey, type Section, type Setting, scan, sectionOf } from './scan.ts';

/**
 * Take out a section, or a key with all its lines where it is repeated. The comment that stands directly above goes too.
 *
 * @throws SottoError `path-missing`, `set-invalid`
 */
export function removeAt(text: string, path: Path): Edit[] {
  const { sections } = scan(text);
  const [name, key, below] = path;
  const named = sections.filter((section) => section.name === name);
  if (key === undefined) {
    const [section] = named;
    if (section === undefined) throw missing(path);
    if (section === sections[0]) throw noHeader();
    return [removeSection(text, section, sections[sections.indexOf(section) + 1])];
  }
  const section = typeof key === 'string' ? sectionOf(named, key) : undefined;
  if (section === undefined || !hasKey(section, key) || below !== undefined) throw missing(path);
  return section.settings
    .filter((setting) => setting.name === key)
    .map((setting) => ({ ...linesOf(text, setting), text: '' }));
}

/** The lines of a setting with its comment and the last line break. */
function linesOf(text: string, { lines, comment }: Setting): Span {
  return { start: startWithComment(text, comment, lines.start), end: nextLine(text, lines.end) };
}

/** Up to the next section's header and all comments in front of it; behind the last one other comments stay. */
function removeSection(text: string, section: Section, next: Section | undefined): Edit {
  const { header, comment, settings } = section;
  const end =
    next === undefined
      ? nextLine(text, settings.at(-1)?.lines.end ?? header.end)
      : lineStart(text, next.comment?.above[0]?.start ?? next.header.start);
  return { start: startWithComment(text, comment, header.start), end, text: '' };
}

/** go-ini has the section of the keys in front of the first header in every file. */
function noHeader(): SottoError {
  return new SottoError(
    'set-invalid',
    'the keys in front of the first section are always there, as DEFAULT',
    {
      hint: 'remove them one by one, or use "sotto edit"',
    },
  );
}

function missing(path: Path): SottoError {
  return new SottoError('path-missing', `there is nothing at ${printPath(path)}`);
}
