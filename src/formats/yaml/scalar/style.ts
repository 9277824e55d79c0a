import { exponentText } from '../../../core/tree/number.ts';
import type { Value } from '../../../core/tree/value.ts';
import { fitsLiteral } from './literal.ts';
import { isQuotedForOthers, readsAsString } from './plain-type.ts';
import type { ScalarStyle } from './resolve.ts';
import { shapeOf } from './shape.ts';

/** Where a scalar stands: in a flow collection, as a mapping key on one line. */
export interface ScalarContext {
  readonly flow: boolean;
  readonly key: boolean;
}

/**
 * How sops writes a value, which is go-yaml's choice (`encode.go`, `emitterc.go`): a string plain if it reads
 * back as that, in quotes or as a literal block otherwise; every other type plain. Bytes are meant as base64.
 */
export function chooseStyle(value: Value, context: ScalarContext): ScalarStyle {
  if (value.type !== 'str') return 'plain';
  const text = value.bytes === undefined ? value.text : base64Lines(value.bytes);
  const oneLine = context.flow || context.key;
  if (text.includes('\n')) return !oneLine && fitsLiteral(text) ? 'literal' : 'double';
  if (value.bytes !== undefined || !readsAsString(text) || isQuotedForOthers(text)) return 'double';
  const shape = shapeOf(text);
  if (context.flow ? shape.plainInFlow : shape.plainInBlock) return 'plain';
  return shape.single && !(oneLine && shape.multiline) ? 'single' : 'double';
}

/** A token, without a blank that could make another thing of it. */
const TOKEN = /^ENC\[[!-~]*\]$/;
/** A word that is longer than those that stand for something else. */
const WORD = /^[A-Za-z_][\w.-]{5,}$/;

/** Whether a value is written as go-yaml writes it plain; so it writes a token, and most are. */
export function isWrittenPlain(written: string, value: Value, context: ScalarContext): boolean {
  if (value.type === 'str' && written === value.text) {
    if (WORD.test(written) || (!context.flow && TOKEN.test(written))) return true;
  }
  return written === plainText(value) && chooseStyle(value, context) === 'plain';
}

/**
 * The text of a value as a plain scalar: `true`, `null`, `1e+21`, `.inf`, `2024-01-01T00:00:00Z` (sops prints
 * times in RFC 3339); a string is given as it is.
 */
export function plainText(value: Value): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'bool':
      return value.text.toLowerCase();
    case 'float':
      return floatText(value.text);
    default:
      return value.text;
  }
}

/** Bytes as go-yaml writes `!!binary`: base64, in lines of 70 characters, each ended, if it is 70 or longer. */
export function base64Lines(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return text.length < 70 ? text : text.replace(/.{1,70}/g, '$&\n');
}

/** Go's `FormatFloat(v, 'g', -1, 64)`: an exponent below 1e-4 and from 1e6 on. */
function floatText(text: string): string {
  if (text === 'NaN') return '.nan';
  if (text.endsWith('Inf')) return text.startsWith('-') ? '-.inf' : '.inf';
  return exponentText(text, -4, 6, 2);
}
