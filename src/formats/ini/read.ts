import { METADATA_KEY } from '../../core/sops/metadata-key.ts';
import { BYTE_ORDER_MARK } from '../../core/splice/byte-order-mark.ts';
import type { Document } from '../../core/splice/format.ts';
import type { CommentNode, EntryNode, MapNode, Span, UnseenComment } from '../../core/tree/tree.ts';
import { commentNode, unseenLines, unseenText } from './comment.ts';
import { notIni } from './error.ts';
import { metadataEntry } from './metadata.ts';
import { DEFAULT_SECTION, type Section, type Setting, scan } from './scan.ts';
import { type Surprise, warningsOf } from './surprise.ts';

/**
 * Read INI as sops does: sections of strings, each comment behind its key and in front of the keys of its section.
 * A section may be there several times. Of several keys with one name, the first gives the place and the last the value
 * and the comment; what the others say goes unseen.
 *
 * @throws SottoError `input-invalid`
 */
export function readIni(text: string): Omit<Document, 'format'> {
  if (text.startsWith(BYTE_ORDER_MARK)) {
    throw notIni(text, 0, 'there is a second byte order mark', 'take it out; sops would drop it');
  }
  const { sections, loose, surprises } = scan(text);
  const reader = new Reader(text);
  const items = sections.map((section) => reader.section(section));
  reader.dropBehind(loose);
  const unseen = reader.unseen.sort((a, b) => a.place.start - b.place.start);
  const root: MapNode = { kind: 'map', items, place: { start: 0, end: text.length, syntax: 'block' } };
  const warnings = warningsOf(text, [...surprises, ...reader.surprises]);
  return {
    text,
    roots: [root],
    ...(unseen.length === 0 ? {} : { unseen: [unseen] }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

class Reader {
  readonly #text: string;
  /** The name of the section above. */
  #last = DEFAULT_SECTION;
  readonly unseen: UnseenComment[] = [];
  readonly surprises: Surprise[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Comments behind the last key of the section above, with nothing that they belong to. */
  dropBehind(comments: readonly Span[]): void {
    this.unseen.push(...unseenLines(this.#text, comments, [this.#last]));
  }

  section(section: Section): EntryNode {
    const { name, span, header, comment } = section;
    if (name === METADATA_KEY) {
      this.dropBehind(comment?.above ?? []);
      return metadataEntry(section);
    }
    this.#last = name;
    const items: (EntryNode | CommentNode)[] = [];
    if (comment !== undefined) {
      const owner = { kind: 'section', start: span.start - 1, end: span.end + 1, isOpen: false } as const;
      items.push(commentNode(this.#text, comment, owner));
    }
    for (const setting of this.#lastOnes(section)) items.push(...this.#setting(setting, name));
    const end = section.settings.at(-1)?.lines.end ?? header.end;
    const value: MapNode = { kind: 'map', items, place: { start: header.start, end, syntax: 'block' } };
    return { kind: 'entry', key: name, keySpan: span, value };
  }

  /** For each name its last setting, in the order of the first ones. */
  #lastOnes({ name, settings }: Section): Iterable<Setting> {
    const last = new Map<string, Setting>();
    for (const setting of settings) {
      const before = last.get(setting.name);
      if (before !== undefined) this.#drop(before, name);
      last.set(setting.name, setting);
    }
    return last.values();
  }

  #setting({ name, key, value, comment }: Setting, section: string): (EntryNode | CommentNode)[] {
    if (value.dropped !== undefined)
      this.unseen.push(...unseenText(this.#text, value.dropped, [section, name]));
    const place = { ...value.span, syntax: value.syntax };
    const node = { kind: 'value', value: { type: 'str', text: value.text }, place } as const;
    const entry: EntryNode = { kind: 'entry', key: name, keySpan: key, value: node };
    if (comment === undefined) return [entry];
    const isOpen = value.text.endsWith('\\');
    const owner = { kind: 'key', start: key.start, end: value.span.end, isOpen } as const;
    return [entry, commentNode(this.#text, comment, owner)];
  }

  /** A setting that a later one overrides. */
  #drop({ name, key, value, comment }: Setting, section: string): void {
    this.surprises.push({ kind: 'repeated', at: key.start });
    const whole = { start: value.span.start, end: value.dropped?.end ?? value.span.end };
    this.unseen.push(
      ...unseenLines(this.#text, comment?.above ?? []),
      ...unseenText(this.#text, whole, [section, name]),
      ...unseenLines(this.#text, comment?.beside === undefined ? [] : [comment.beside]),
    );
  }
}
