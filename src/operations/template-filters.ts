import { Drop } from 'liquidjs';
import { valueBytes } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';
import { spell, TemplateValue } from './template-values.ts';

/**
 * A value as JSON, with all digits of its numbers.
 *
 * @param indent spaces; on one line if left out
 * @throws SottoError `output-unsupported` for NaN, infinities, and bytes that are no text
 */
export function json(value: unknown, indent: unknown = 0): string {
  return print(value, '\n', ' '.repeat(Number(indent)));
}

function print(value: unknown, margin: string, unit: string): string {
  if (Array.isArray(value)) return enclose(value.map(inside), '[]');
  if (value instanceof TemplateValue) return printLeaf(value);
  if (typeof value !== 'object' || value === null || value instanceof Drop)
    return JSON.stringify(value instanceof Drop ? value.valueOf() : value) ?? 'null';
  const colon = unit === '' ? ':' : ': ';
  return enclose(
    Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}${colon}${inside(item)}`),
    '{}',
  );

  function inside(item: unknown): string {
    return print(item, margin + unit, unit);
  }

  function enclose(items: readonly string[], brackets: string): string {
    const [open = '', close = ''] = brackets;
    if (items.length === 0 || unit === '') return `${open}${items.join(',')}${close}`;
    return `${open}${margin}${unit}${items.join(`,${margin}${unit}`)}${margin}${close}`;
  }
}

function printLeaf(leaf: TemplateValue): string {
  const { type, text } = TemplateValue.valueIn(leaf);
  switch (type) {
    case 'null':
      return 'null';
    case 'int':
      return text;
    case 'float':
      return printFloat(text);
    case 'time':
      return JSON.stringify(text);
    default:
      return JSON.stringify(spell(leaf));
  }
}

function printFloat(text: string): string {
  const number = Number(text.replace('Inf', 'Infinity'));
  if (Number.isFinite(number)) return String(number);
  throw new SottoError('output-unsupported', `JSON has no ${text}`, { hint: 'print it without a filter' });
}

/** The bytes of a value in base64, also of one that is no text. */
export function base64Encode(value: unknown): string {
  const bytes =
    value instanceof TemplateValue ? valueBytes(TemplateValue.valueIn(value)) : Buffer.from(spell(value));
  return Buffer.from(bytes).toString('base64');
}
