import type { Document, Edit } from '../../core/splice/format.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import {
  behindAliases,
  type EntryNode,
  type MapNode,
  type Path,
  type TreeNode,
} from '../../core/tree/tree.ts';
import { lineBreakOf, nextLine } from '../line-feeds.ts';
import { startWithComment } from './comment.ts';
import { settingAbove } from './place-of-new.ts';
import { noSection, unsupported } from './print.ts';
import { DEFAULT_SECTION, type Section, type Setting, scan, sectionOf } from './scan.ts';
import { isSpace } from './space.ts';
import { spellBeside, spellKey, spellValue, UNWRITABLE } from './spell.ts';

/**
 * Give a key of a section, or a section, a new value. A key that is there several times gets it where it counts, in the
 * last place; where sections repeat, in the first one.
 *
 * @param selects as in a `Change`
 * @throws SottoError `set-invalid`, `output-unsupported`
 */
export function setAt(
  document: Document,
  path: Path,
  node: TreeNode,
  selects?: (comment: string) => boolean,
): Edit[] {
  const [section, key] = path;
  if (typeof key === 'number') throw noSection(String(section));
  const target = behindAliases(node);
  const editor = new Editor(document, selects);
  if (typeof key !== 'string') {
    if (target.kind !== 'map') throw noSection(String(section));
    return editor.setSection(String(section), settingsOf(String(section), target));
  }
  if (target.kind !== 'value' || path.length > 2)
    throw unsupported(path, 'a section of an INI file holds only single values');
  return editor.setKey(String(section), key, plainText(target.value));
}

type NewSetting = readonly [key: string, text: string];

function settingsOf(section: string, { items }: MapNode): NewSetting[] {
  const entries = items.filter((item): item is EntryNode => item.kind === 'entry');
  return entries.map(({ key, value }) => {
    const target = behindAliases(value);
    if (target.kind === 'value') return [key, plainText(target.value)];
    throw unsupported([section, key], 'a section of an INI file holds only single values');
  });
}

class Editor {
  readonly #text: string;
  readonly #root: MapNode | undefined;
  readonly #selects: (comment: string) => boolean;
  readonly #sections: readonly Section[];
  readonly #lineBreak: string;

  constructor({ text, roots: [root] }: Document, selects = (_comment: string) => false) {
    this.#text = text;
    this.#root = root;
    this.#selects = selects;
    this.#sections = scan(text).sections;
    this.#lineBreak = lineBreakOf(text);
  }

  setKey(name: string, key: string, text: string): Edit[] {
    const named = this.#sections.filter((section) => section.name === name);
    const section = sectionOf(named, key);
    if (section === undefined) return [this.#newSection(name, [[key, text]])];
    const setting = section.settings.findLast((one) => one.name === key);
    if (setting !== undefined) return this.#replace(name, setting, text);
    return [this.#append(section, [[key, text]])];
  }

  setSection(name: string, settings: readonly NewSetting[]): Edit[] {
    const section = this.#sections.find((one) => one.name === name);
    if (section === undefined) return [this.#newSection(name, settings)];
    const [first] = section.settings;
    const last = section.settings.at(-1);
    if (first === undefined || last === undefined) {
      return settings.length === 0 ? [] : [this.#append(section, settings)];
    }
    const start = startWithComment(this.#text, first.comment, first.lines.start);
    const lines = this.#lines(name, settings, styleOf(this.#text, section));
    if (lines.length > 0) return [{ start, end: last.lines.end, text: lines.join(this.#lineBreak) }];
    return [{ start, end: nextLine(this.#text, last.lines.end), text: '' }];
  }

  /** A value in its place; what stands beside it goes above if the value needs the rest of the line. */
  #replace(section: string, { name, value, comment, lines, key }: Setting, text: string): Edit[] {
    const { span, syntax } = value;
    const beside = comment?.beside ?? value.dropped;
    const isEmpty = span.start === span.end;
    const gap = isEmpty && this.#isSpaced(span.start) ? ' ' : '';
    if (beside === undefined) {
      const end = isEmpty ? lines.end : span.end;
      return [{ start: span.start, end, text: gap + this.#spell(section, name, spellValue(text, syntax)) }];
    }
    const spelled = value.dropped === undefined ? spellBeside(text, syntax) : undefined;
    if (spelled !== undefined) {
      return [
        {
          start: span.start,
          end: isEmpty ? beside.start : span.end,
          text: `${gap}${spelled}${isEmpty ? ' ' : ''}`,
        },
      ];
    }
    const indent = this.#text.slice(lines.start, key.start);
    const words = this.#text.slice(beside.start, beside.end);
    const line = `${indent}${/^[;#]/.test(words) ? '' : '; '}${words}${this.#lineBreak}`;
    return [
      { start: lines.start, end: lines.start, text: line },
      {
        start: span.start,
        end: beside.end,
        text: gap + this.#spell(section, name, spellValue(text, syntax)),
      },
    ];
  }

  /** Whether the delimiter in front of an empty value has a blank on either side. */
  #isSpaced(at: number): boolean {
    return isSpace(this.#text.charCodeAt(at - 2)) || this.#text.charAt(at) === ' ';
  }

  #append(section: Section, settings: readonly NewSetting[]): Edit {
    const style = styleOf(this.#text, section);
    const lines = this.#lines(section.name, settings, style).join(this.#lineBreak);
    const above = settingAbove(section, this.#treeOf(section.name), this.#selects);
    if (above === undefined && section.header.end === 0) {
      const below = this.#text === '' || section.settings.length > 0 ? '' : this.#lineBreak;
      return { start: 0, end: 0, text: lines + this.#lineBreak + below };
    }
    const at = above?.lines.end ?? section.header.end;
    const isDangling = above?.value.isDangling === true;
    return { start: at, end: at, text: this.#lineBreak.repeat(isDangling ? 2 : 1) + lines };
  }

  /** The first of the sections with a name, read. */
  #treeOf(name: string): MapNode | undefined {
    const entry = this.#root?.items.find((item) => item.kind === 'entry' && item.key === name);
    return entry?.kind === 'entry' && entry.value.kind === 'map' ? entry.value : undefined;
  }

  #newSection(name: string, settings: readonly NewSetting[]): Edit {
    if (name === '' || name.includes('\n'))
      throw unsupported([name], 'INI has no spelling for the name of this section');
    const model = this.#sections.findLast((section) => section.settings.length > 0);
    const style = model === undefined ? PLAIN : { ...styleOf(this.#text, model), width: 0 };
    const lines = this.#lines(name, settings, style);
    const end = this.#text.length;
    const text = [`[${name}]`, ...lines].join(this.#lineBreak) + this.#lineBreak;
    return { start: end, end, text: this.#separator() + text };
  }

  /** What it takes to have a blank line at the end. */
  #separator(): string {
    if (this.#text === '' || /\n\r?\n$/.test(this.#text)) return '';
    return this.#lineBreak.repeat(this.#text.endsWith('\n') ? 1 : 2);
  }

  #lines(section: string, settings: readonly NewSetting[], style: Style): string[] {
    return settings.map(([name, text]) => {
      const key = this.#spell(section, name, spellKey(name));
      const value = this.#spell(section, name, spellValue(text, 'plain'));
      return style.indent + key.padEnd(style.width) + style.delimiter + value;
    });
  }

  #spell(section: string, key: string, spelled: string | undefined): string {
    if (spelled !== undefined) return spelled;
    throw unsupported([section, key], `the key has no spelling in INI, or its value ${UNWRITABLE}`);
  }
}

interface Style {
  readonly indent: string;
  readonly delimiter: string;
  /** Columns of a key, where delimiters stand below each other. */
  readonly width: number;
}

const PLAIN: Style = { indent: '', delimiter: ' = ', width: 0 };

/** How the keys of a section are written. */
function styleOf(text: string, { name, settings }: Section): Style {
  const last = settings.at(-1);
  if (last === undefined) return PLAIN;
  const indent = name === DEFAULT_SECTION ? '' : text.slice(last.lines.start, last.key.start);
  const gaps = settings.map(({ key, value }) => text.slice(key.end, value.span.start));
  const gap = gaps.at(-1) ?? ' = ';
  const delimiter = gap.trim() === '' ? '=' : gap.trim();
  const widths = settings.map(({ key }, index) => key.end - key.start + (gaps[index] ?? '').search(/[=:]/));
  const isAligned = new Set(widths).size === 1 && new Set(gaps).size > 1;
  const before = /^\s/.test(gap) || isAligned ? ' ' : '';
  const after = /\s$/.test(gap) || before !== '' ? ' ' : '';
  return { indent, delimiter: before + delimiter + after, width: isAligned ? (widths[0] ?? 1) - 1 : 0 };
}
