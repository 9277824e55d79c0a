import { SottoError } from '../../errors.ts';
import { oneLine } from '../../text/printable.ts';
import { parseSopsPath } from './sops-path.ts';
import type { Path } from './tree.ts';

/** A key or an index in the text of a path, and the offset behind it. */
export interface Step {
  readonly key: string | number;
  readonly end: number;
}

/** Keys that stand in a path as they are, without brackets, and in a shell without quotes. */
const PLAIN = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const BARE = /[^.[\]"]+/y;
const INDEX = /\[(\d+)\]/y;
const DOUBLE = /\[("(?:[^"\\]|\\.)*")\]/y;
const SINGLE = /\['(.*?)'\]/sy;

/** A path that begins so has one reading, and is none of sops's: what is behind it has the escapes of JSON. */
export const EXACT = '.[';

/**
 * A path as only one can be meant, whatever keys a file has: `["a"]["b"][0]`, as sops has it, too; and
 * `.["line\nbreak"]` where a key needs escapes, which sops does not know.
 */
export function printPath(path: Path): string {
  const text = path
    .map((key) => `[${typeof key === 'number' ? key : oneLine(JSON.stringify(key))}]`)
    .join('');
  return text.includes('\\') ? `.${text}` : text;
}

/** A path as people write it: `a.b[0]`; with a key that needs quotes as {@link printPath} has it. */
export function shortPath(path: Path): string {
  const isPlain = path.every((key) => typeof key === 'number' || PLAIN.test(key));
  if (!isPlain) return printPath(path);
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${key}`)).join('');
}

/** Paths in a text as {@link printPath} has them. */
const PRINTED = /(?<![.\w\]])\["(?:[^"\\]|\\.)*"\](?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])*/g;

/** A message for people in which paths stand as people write them. */
export function inShortPaths(text: string): string {
  return text.replace(PRINTED, (path) => shortPath(parsePath(path)));
}

/**
 * Read `a.b`, `a[0]`, `["a.b"]` (escapes as in JSON), `['a.b']` (none), mixed, with or without a dot in front; and
 * what only sops reads as a path. Where a file is at hand, its keys have a say: see `findPath`.
 *
 * @throws SottoError `path-invalid`
 */
export function parsePath(text: string): Path {
  try {
    return stepsFrom(text, text.startsWith('.') ? 1 : 0);
  } catch (error) {
    try {
      return parseSopsPath(text);
    } catch {
      throw error;
    }
  }
}

/** Read a path from an offset on. @throws SottoError `path-invalid` */
export function stepsFrom(text: string, from: number): Path {
  const path: (string | number)[] = [];
  let at = from;
  for (;;) {
    const { key, end } = stepAt(text, at);
    path.push(key);
    if (end === text.length) return path;
    at = nextStep(text, end) ?? fail(end, 'there is neither . nor [');
  }
}

/** Offset of the step behind one that ends at an offset; `undefined` where none can begin. */
export function nextStep(text: string, end: number): number | undefined {
  if (text[end] === '[') return end;
  return text[end] === '.' ? end + 1 : undefined;
}

/** The step that begins at an offset. @throws SottoError `path-invalid` */
export function stepAt(text: string, at: number): Step {
  if (text[at] !== '[') {
    const [key] = matchAt(BARE, text, at) ?? fail(at, problemAt(text, at));
    return { key, end: at + key.length };
  }
  const [whole, digits = ''] = matchAt(INDEX, text, at) ?? [];
  if (whole !== undefined && Number.isSafeInteger(Number(digits)))
    return { key: Number(digits), end: at + whole.length };
  const [single, literal = ''] = matchAt(SINGLE, text, at) ?? [];
  if (single !== undefined) return { key: literal, end: at + single.length };
  const [double, quoted = ''] = matchAt(DOUBLE, text, at) ?? [];
  const key = double === undefined ? undefined : unquoted(quoted);
  if (double === undefined || key === undefined)
    return fail(at, 'in brackets stands an index, or a key in quotes');
  return { key, end: at + double.length };
}

function problemAt(text: string, at: number): string {
  if (text === '') return 'there is no key';
  const char = text[at];
  if (char === ']' || char === '"') return `a key with ${char} stands in brackets`;
  return at === text.length ? 'it ends with a dot' : 'there is no key between two dots';
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function unquoted(quoted: string): string | undefined {
  try {
    const key: unknown = JSON.parse(quoted);
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** What was written is not shown: it can be a value in the wrong place. */
function fail(at: number, problem: string): never {
  throw new SottoError('path-invalid', `this is no path to a value: ${problem}, at character ${at + 1}`, {
    hint: `a path looks like database.password, hosts[0], or '["a.b"]' for a key with dots`,
  });
}
