const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

const CANONICAL = /^(?:0|-?[1-9][0-9]*)$/;
/** All numbers of fewer characters are in the range of int64. */
const LONG = 19;

/** Whether a whole number has a place in int64, Go's `int`. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/**
 * A decimal text as Go's `strconv.Atoi` reads it (a sign, leading zeros), in canonical digits.
 *
 * @returns `undefined` when it is none, or out of range
 */
export function canonicalInt(text: string): string | undefined {
  if (text.length < LONG && CANONICAL.test(text)) return text;
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return isInt64(value) ? value.toString() : undefined;
}

/**
 * A float as sops writes it: the shortest digits that round-trip, never an exponent (Go
 * `FormatFloat(v, 'f', -1, 64)`), so that 1e21 has 22 digits.
 */
export function canonicalFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponentText] = String(value).split('e');
  if (exponentText === undefined) return mantissa;
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.');
  const digits = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** Go's `ParseFloat` for decimal numbers, also with `_`-free hexadecimal mantissas left out; `undefined` when it fails. */
export function parseFloatText(text: string): number | undefined {
  if (/^[-+]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * A float in Go's shortest form with an exponent where Go uses one: `%g` and JSON differ only in when they do.
 *
 * @param canonical the canonical text of a finite float
 * @param low decimal exponents below this get an exponent
 * @param high decimal exponents from this on do
 * @param digits least number of digits of the exponent
 */
export function exponentText(canonical: string, low: number, high: number, digits: number): string {
  const sign = canonical.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = canonical.slice(sign.length).split('.');
  const significant = (whole + fraction).replace(/^0+/, '');
  if (significant === '') return canonical;
  const exponent = significant.length - fraction.length - 1;
  if (exponent >= low && exponent < high) return canonical;
  const shortest = significant.replace(/0+$/, '');
  const mantissa = shortest.length > 1 ? `${shortest.slice(0, 1)}.${shortest.slice(1)}` : shortest;
  const size = String(Math.abs(exponent)).padStart(digits, '0');
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
}
