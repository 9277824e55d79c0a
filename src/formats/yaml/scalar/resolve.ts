import { canonicalFloat, isInt64 } from '../../../core/tree/number.ts';
import { exists, printTime, type TimeFields } from '../../../core/tree/time.ts';
import type { ValueType } from '../../../core/tree/value.ts';

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** A scalar's value. Besides sops's types: an integer beyond int64, the merge key `<<`, and the bytes of `!!binary`. */
export interface ResolvedValue {
  readonly type: ValueType | 'uint' | 'merge' | 'bytes';
  /** Canonical, as in `Value`; for `bytes` the base64 text. */
  readonly text: string;
  readonly bytes?: Uint8Array;
}

/** A scalar's tag, in its short form, and its value. */
export interface Resolved {
  readonly tag: string;
  readonly value: ResolvedValue;
}

const LONG_PREFIX = 'tag:yaml.org,2002:';

/** What go-yaml looks up before it tries numbers. */
const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['true', 'True', 'TRUE'].map((word) => [word, make('!!bool', 'bool', 'True')] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, make('!!bool', 'bool', 'False')] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, make('!!null', 'null', '')] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, make('!!float', 'float', 'NaN')] as const),
  ...['.inf', '.Inf', '.INF'].map((word) => [word, make('!!float', 'float', '+Inf')] as const),
  ...['+.inf', '+.Inf', '+.INF'].map((word) => [word, make('!!float', 'float', '+Inf')] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, make('!!float', 'float', '-Inf')] as const),
  ['<<', make('!!merge', 'merge', '<<')],
]);

const RESOLVABLE: ReadonlySet<string> = new Set(['', '!!bool', '!!int', '!!float', '!!null', '!!timestamp']);
const FIRST_OF_WORD = 'yYnNtTfFoO~';
const DECIMAL_FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Go's floats that begin with a dot may have `_` between digits. */
const DOT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
/** `0b-101`: go-yaml hands what follows the prefix to a reader that takes a sign. */
const SIGN_IN_BASE = /^0(?:b([-+][01]+)|o([-+][0-7]+))$/;

/** A tag as go-yaml shows it: `!!str` for `tag:yaml.org,2002:str`. */
export function shortTag(tag: string): string {
  return tag.startsWith(LONG_PREFIX) ? `!!${tag.slice(LONG_PREFIX.length)}` : tag;
}

/**
 * What go-yaml makes of a scalar (`resolve.go`, `decode.go`).
 *
 * @param tag the explicit tag in its short form; empty or `!` if there is none
 * @returns `undefined` when the text does not fit its tag, and go-yaml refuses it
 */
export function resolveScalar(tag: string, text: string, style: ScalarStyle): Resolved | undefined {
  if (tag === '!!str' || ((tag === '' || tag === '!') && style !== 'plain'))
    return make('!!str', 'str', text);
  if (tag === '' || tag === '!') return resolvePlain(text, true);
  if (tag === '!!binary') return resolveBinary(text);
  if (!RESOLVABLE.has(tag)) return make(tag, 'str', text);
  const resolved = resolvePlain(text, tag === '!!timestamp');
  if (resolved.tag === tag) return resolved;
  if (tag === '!!float' && resolved.value.type === 'int') {
    return make(tag, 'float', canonicalFloat(Number(resolved.value.text)));
  }
  return undefined;
}

/** The tag of a plain scalar, without making its value. */
export function resolvePlain(text: string, times: boolean): Resolved {
  const first = text.charCodeAt(0);
  const digit = first >= 0x30 && first <= 0x39;
  const sign = first === 0x2b || first === 0x2d;
  const dot = first === 0x2e;
  if (!digit && !sign && !dot && text !== '' && text !== '<<' && !FIRST_OF_WORD.includes(text.charAt(0))) {
    return make('!!str', 'str', text);
  }
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (dot)
    return (DOT_FLOAT.test(text) ? float(text.replaceAll('_', '')) : undefined) ?? make('!!str', 'str', text);
  if (!digit && !sign) return make('!!str', 'str', text);
  if (times) {
    const time = parseYamlTime(text);
    if (time !== undefined) return make('!!timestamp', 'time', printTime(time));
  }
  const plain = text.replaceAll('_', '');
  return (
    integer(plain) ?? (DECIMAL_FLOAT.test(plain) ? float(plain) : undefined) ?? make('!!str', 'str', text)
  );
}

function make(tag: string, type: ResolvedValue['type'], text: string): Resolved {
  return { tag, value: { type, text } };
}

function float(text: string): Resolved | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? make('!!float', 'float', canonicalFloat(value)) : undefined;
}

function integer(plain: string): Resolved | undefined {
  const parts = INTEGER.exec(plain);
  if (parts === null) {
    const signed = SIGN_IN_BASE.exec(plain);
    if (signed === null) return undefined;
    const [, binary, octal] = signed;
    return wholeNumber(binary === undefined ? (octal ?? '') : binary, binary === undefined ? '0o' : '0b');
  }
  const [, sign = '', hex, binary, octal, oldOctal, decimal] = parts;
  if (decimal !== undefined && decimal.length < 16)
    return make('!!int', 'int', String(Number(`${sign}${decimal}`) || 0));
  const [digits = '', prefix = ''] =
    [
      [hex, '0x'],
      [binary, '0b'],
      [octal ?? oldOctal, '0o'],
      [decimal, ''],
    ].find(([found]) => found !== undefined) ?? [];
  return wholeNumber(sign + digits, prefix);
}

function wholeNumber(signed: string, prefix: string): Resolved | undefined {
  const sign = /^[-+]/.test(signed) ? signed.slice(0, 1) : '';
  const size = BigInt(prefix + signed.slice(sign.length));
  const value = sign === '-' ? -size : size;
  if (isInt64(value)) return make('!!int', 'int', value.toString());
  return sign === '' && value < 2n ** 64n ? make('!!int', 'uint', value.toString()) : undefined;
}

function resolveBinary(text: string): Resolved | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return { tag: '!!binary', value: { type: 'bytes', text, bytes: Buffer.from(packed, 'base64') } };
}

/** The forms of `allowedTimestampFormats` in go-yaml's `resolve.go`, as Go's `time.Parse` reads them. */
const FORM =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d\d:\d\d)| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)?$/;

/** A date, or a date and time, as YAML has them; `undefined` when it is none. */
export function parseYamlTime(text: string): TimeFields | undefined {
  if (text.charCodeAt(4) !== 0x2d) return undefined;
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const at = (index: number): number => Number(parts[index] ?? parts[index + 5] ?? 0);
  const time: TimeFields = {
    year: Number(parts[1]),
    month: Number(parts[2]),
    day: Number(parts[3]),
    hour: at(4),
    minute: at(5),
    second: at(6),
    fraction: parts[7] ?? parts[12] ?? '',
    zone: parts[8] ?? 'Z',
  };
  return exists(time) ? time : undefined;
}
