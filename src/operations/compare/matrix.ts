import { asText, type Plaintext } from '../../core/sops/cipher.ts';
import { pathOf } from '../../core/splice/leaf.ts';
import type { Path } from '../../core/tree/tree.ts';
import { type Said, saidAt, type Version } from './version.ts';

/** A value in one of several environments. */
export interface Cell {
  readonly state: 'set' | 'clear' | 'empty' | 'missing';
  /** Values of a row with the same letter are the same; `undefined` for what is missing or empty, or can't be read. */
  readonly class: string | undefined;
  /** A text that is encrypted, and the same in an environment before. */
  readonly isSame: boolean;
}

/** A value in all environments. */
export interface Row {
  readonly path: Path;
  readonly document: number;
  readonly cells: readonly Cell[];
}

/** Where a value stands, as the key of a map. */
export function placeKey(document: number, path: Path): string {
  return JSON.stringify([document, ...path]);
}

/** The values of a version by {@link placeKey}. */
export function valuesIn(
  version: Version,
): Map<string, { readonly path: Path; readonly document: number; readonly said: Said }> {
  const values = new Map<string, { readonly path: Path; readonly document: number; readonly said: Said }>();
  for (let index = 0; index < version.leaves.length; index += 1) {
    const said = saidAt(version, index);
    if (said.type === 'comment') continue;
    const { at, document } = version.leaves.get(index);
    const path = pathOf(at);
    values.set(placeKey(document, path), { path, document, said });
  }
  return values;
}

/** Which values environments have, and which of them are the same. Rows come in the order of the files. */
export function matrixOf(versions: readonly Version[]): Row[] {
  const columns = versions.map(valuesIn);
  const places = new Map(columns.flatMap((column) => [...column]));
  return [...places].map(([key, { path, document }]) => ({
    path,
    document,
    cells: cellsOf(columns.map((column) => column.get(key)?.said)),
  }));
}

function cellsOf(all: readonly (Said | undefined)[]): Cell[] {
  const letters = new Map<string, string>();
  const secrets = new Set<string>();
  return all.map((said): Cell => {
    if (said === undefined) return { state: 'missing', class: undefined, isSame: false };
    const { plain, token } = said;
    const state = token !== '' ? 'set' : said.length === 0 ? 'empty' : 'clear';
    if (plain === undefined || state === 'empty') return { state, class: undefined, isSame: false };
    const text = identityOf(plain);
    const letter = letters.get(text) ?? letterOf(letters.size);
    letters.set(text, letter);
    const isSecret = token !== '' && isSecretText(plain);
    const isSame = isSecret && secrets.has(text);
    if (isSecret) secrets.add(text);
    return { state, class: letter, isSame };
  });
}

/** What is the same in all formats: some have nothing but texts. */
function identityOf(plain: Plaintext): string {
  return 'bytes' in plain && plain.bytes !== undefined
    ? `bytes ${Buffer.from(plain.bytes).toString('hex')}`
    : `text ${asText(plain)}`;
}

/** Ports and switches are the same everywhere, and no secrets. */
function isSecretText(plain: Plaintext): boolean {
  if ('comment' in plain || plain.type !== 'str') return false;
  return plain.bytes !== undefined || !/^(?:|[-+]?\d+(?:\.\d+)?|true|false|yes|no|on|off)$/i.test(plain.text);
}

/** A, B, … Z, AA, … */
function letterOf(number: number): string {
  const last = String.fromCharCode(0x41 + (number % 26));
  return number < 26 ? last : `${letterOf(Math.floor(number / 26) - 1)}${last}`;
}
