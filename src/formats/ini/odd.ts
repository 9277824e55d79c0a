import { METADATA_KEY } from '../../core/sops/metadata-key.ts';
import type { Document } from '../../core/splice/format.ts';
import { type Section, type Setting, scan } from './scan.ts';
import { spellKey, spellValue } from './spell.ts';

/** A line break, or what is one to some readers. */
const ODD_BREAK = /\r(?!\n)|[\v\f\x1c-\x1e\u0085\u2028\u2029]/;

/**
 * Where a text first has a line that sops would not print so, but for blanks around `=`: readers of INI agree on little
 * else. Comments beside values, indented lines, quotes, keys that repeat are odd.
 */
export function firstOddIni({ text }: Document): number | undefined {
  const lineBreak = ODD_BREAK.exec(text)?.index;
  if (lineBreak !== undefined) return lineBreak;
  const { sections, surprises } = scan(text);
  const found = sections.filter(({ name }) => name !== METADATA_KEY).flatMap((one) => oddIn(text, one));
  const all = [...found, ...surprises.map(({ at }) => at)];
  return all.length === 0 ? undefined : Math.min(...all);
}

function oddIn(text: string, { name, span, header, comment, settings }: Section): number[] {
  const isHidden = header.start === header.end;
  const isWritten = text.slice(header.start, header.end).trimEnd() === `[${name}]`;
  const keys = new Set<string>();
  const odd = isHidden || (isWritten && comment?.beside === undefined) ? [] : [span.start];
  for (const setting of settings) {
    if (keys.has(setting.name) || !isPlain(text, setting)) odd.push(setting.lines.start);
    keys.add(setting.name);
  }
  return odd;
}

function isPlain(text: string, { name, key, value, lines, comment }: Setting): boolean {
  const { span } = value;
  return (
    key.start === lines.start &&
    text.slice(key.start, key.end) === spellKey(name) &&
    /^ *= *$/.test(text.slice(key.end, span.start)) &&
    text.slice(span.start, span.end) === spellValue(value.text, 'plain') &&
    comment?.beside === undefined &&
    value.dropped === undefined
  );
}
