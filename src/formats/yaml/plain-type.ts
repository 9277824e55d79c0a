/** What go-yaml takes for a boolean, null or number by its look-up table (`resolve.go`). */
const WORDS: ReadonlySet<string> = new Set(
  'true True TRUE false False FALSE ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'
    .split(' ')
    .concat(''),
);

/** Booleans of YAML 1.1: strings to go-yaml, which quotes them all the same for other readers (`encode.go`). */
const OLD_BOOLEANS: ReadonlySet<string> = new Set(
  'y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(' '),
);

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const SIGN_IN_BASE = /^0(?:b[-+][01]+|o[-+][0-7]+)$/;
const TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** Whether go-yaml reads a plain scalar of this text as a string (`resolve.go`). */
export function readsAsString(text: string): boolean {
  if (WORDS.has(text)) return false;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return !isFloat(text);
  if (first !== 0x2b && first !== 0x2d && (first < 0x30 || first > 0x39)) return true;
  if (isTime(text)) return false;
  const digits = text.replaceAll('_', '');
  return !isInteger(digits) && !isFloat(digits);
}

/** Whether go-yaml quotes a string although it would read it back as one: `yes`, `12:30`. */
export function isQuotedForOthers(text: string): boolean {
  return OLD_BOOLEANS.has(text) || BASE_60.test(text);
}

function isFloat(digits: string): boolean {
  return FLOAT.test(digits) && Number.isFinite(Number(digits));
}

function isInteger(digits: string): boolean {
  if (SIGN_IN_BASE.test(digits)) {
    const [low, high] = digits[2] === '-' ? [2n ** 63n, 0n] : [0n, 2n ** 63n - 1n];
    const size = BigInt(digits.slice(0, 2) + digits.slice(3));
    return size <= (low > high ? low : high);
  }
  const parts = INTEGER.exec(digits);
  if (parts === null) return false;
  const [, sign, hex, binary, octal, decimal] = parts;
  const size = BigInt(hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : (decimal ?? '0'));
  if (sign === '-') return size <= 2n ** 63n;
  return size < (sign === '+' ? 2n ** 63n : 2n ** 64n);
}

function isTime(text: string): boolean {
  const parts = TIME.exec(text);
  if (parts === null) return false;
  const at = (index: number): number => Number(parts[index] ?? 0);
  const month = at(2);
  const day = at(3);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(at(1), month)) return false;
  const clock = parts[4] === undefined ? 9 : 4;
  if (at(clock) > 23 || at(clock + 1) > 59 || at(clock + 2) > 59) return false;
  // Go's time.Parse lets a zone of 24 hours or 60 minutes through.
  return at(7) <= 24 && at(8) <= 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
