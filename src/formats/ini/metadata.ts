import { METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Document, Edit } from '../../core/splice/format.ts';
import { plainText } from '../../core/tree/plain-text.ts';
import type { EntryNode, MapNode, TreeNode } from '../../core/tree/tree.ts';
import { SottoError } from '../../errors.ts';
import { type FlatEntry, flatten, unflatten } from '../flat.ts';
import { nextLine } from '../line-feeds.ts';
import { printSettings } from './print.ts';
import type { Section } from './scan.ts';

/** The entry of a `[sops]` section: line breaks stand in it as `\n`, or as they are (3.13.0 and 3.13.1). */
export function metadataEntry({ name, span, header, settings }: Section): EntryNode {
  const last = new Map(settings.map((setting) => [setting.name, setting]));
  const entries = [...last.values()].map(({ name: key, value }): FlatEntry => {
    const text = value.text.replaceAll('\\n', '\n');
    const place = { ...value.span, syntax: value.syntax };
    return { key, node: { kind: 'value', value: { type: 'str', text }, place } };
  });
  const end = settings.at(-1)?.lines.end ?? header.end;
  const map = unflatten(entries);
  const value: MapNode = { ...map, place: { start: header.start, end, syntax: 'block' } };
  return { kind: 'entry', key: name, keySpan: span, value };
}

/** Put the metadata at the end, in a section of its own, as sops prints it. */
export function insertMetadata({ text }: Document, node: TreeNode): Edit {
  if (node.kind !== 'map') throw new Error('the metadata is no mapping');
  const entries = flatten(node).map(({ key, node: { value } }) => ({ key, text: escaped(plainText(value)) }));
  const gap = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  const at = text.length;
  return { start: at, end: at, text: `${gap}[${METADATA_KEY}]\n${printSettings(METADATA_KEY, entries)}` };
}

/** sops reads the two characters `\n` as a line break, so they can't stand for themselves. */
function escaped(text: string): string {
  if (!text.includes('\\n')) return text.replaceAll('\n', '\\n');
  throw new SottoError('output-unsupported', 'the metadata of an INI file cannot hold a backslash and an n', {
    hint: 'sops would read them as a line break; write \\x0a in a regular expression',
  });
}

/** Take out what {@link insertMetadata} put in, and the blank line that sets it off. */
export function removeMetadata({ text }: Document, entry: EntryNode): Edit {
  const { start, end } = entry.value.place;
  const next = nextLine(text, end);
  for (const blank of ['\n', '\r\n']) {
    const above = start - blank.length;
    if (text.slice(above, start) === blank && (above === 0 || text.charAt(above - 1) === '\n')) {
      return { start: above, end: next, text: '' };
    }
  }
  const below = start === 0 && /^\r?\n$/.test(text.slice(next, nextLine(text, next)));
  return { start, end: below ? nextLine(text, next) : next, text: '' };
}
