import { stepAt } from '../../core/tree/path.ts';
import type { Path } from '../../core/tree/tree.ts';

/** What matches one level of a path: a name, a name with stars in it, or `**`, which matches any number of levels. */
type Level =
  | { readonly kind: 'name'; readonly name: string; readonly isQuoted: boolean }
  | { readonly kind: 'glob'; readonly signs: readonly Sign[] }
  | { readonly kind: 'any' };

/** A character that is meant, or one of these two. */
type Sign = string | typeof ANY_TEXT | typeof ANY_CHARACTER;
const ANY_TEXT = Symbol('*');
const ANY_CHARACTER = Symbol('?');

const ANY_INDEX = '[*]';

/** A pattern for paths, level by level. It takes linear time in the length of a path, whoever wrote it. */
export class Pattern {
  readonly #levels: readonly Level[];

  private constructor(levels: readonly Level[]) {
    this.#levels = levels;
  }

  /**
   * Of files: `secrets/*.yaml`, `secrets/**`, `*.env` (in any folder), `/a.env` (in this one alone), `secrets/` (all that
   * is in it). A star, a question mark and a backslash are meant with a backslash before them.
   */
  static ofFiles(text: string): Pattern {
    const glob = text.replace(/^\.?\//, '').replace(/\/$/, '/**');
    const names = glob.split('/').map((name): Level => levelOf(name, signsOf(name)));
    return new Pattern(text.includes('/') ? names : [{ kind: 'any' }, ...names]);
  }

  /** A text of which {@link Pattern.ofFiles} makes what matches this file and no other. */
  static textFor(file: string): string {
    return `${file.includes('/') ? '' : '/'}${file.replace(/[*?\\]/g, '\\$&')}`;
  }

  /** Of values: `db.password`, `db.*`, `**.password`, `hosts[*].key`, `["a.b"]`. @throws SottoError `path-invalid` */
  static ofValues(text: string): Pattern {
    const levels: Level[] = [];
    let at = text.startsWith('.') ? 1 : 0;
    for (;;) {
      const isAnyIndex = text.startsWith(ANY_INDEX, at);
      const { key, end } = isAnyIndex ? { key: '*', end: at + ANY_INDEX.length } : stepAt(text, at);
      const name = String(key);
      const isQuoted = text[at] === '[' && !isAnyIndex;
      // What is meant as it stands is written in quotes, and not with a backslash.
      levels.push(isQuoted ? { kind: 'name', name, isQuoted } : levelOf(name, Array.from(name, signOf)));
      if (end >= text.length) return new Pattern(levels);
      // What is no separator is for stepAt to complain of.
      at = text[end] === '.' ? end + 1 : end;
    }
  }

  /** The one path that it matches, written without dots in keys; `undefined` where there are stars. */
  get only(): Path | undefined {
    const names = this.#levels.flatMap((level) => (level.kind === 'name' ? [level.name] : []));
    return names.length === this.#levels.length ? names : undefined;
  }

  matchesFile(path: string): boolean {
    return this.#matches(path.split('/'), false);
  }

  /** A key with dots is matched by names with dots between them, too: `tls.crt`. */
  matchesValue(path: Path): boolean {
    return this.#matches(path.map(String), true);
  }

  #matches(names: readonly string[], splitsDots: boolean): boolean {
    // The levels that the next name may have to match; behind the last name the end has to be among them.
    let heads: ReadonlySet<number> = new Set([0]);
    for (const name of names) {
      const next = new Set<number>();
      for (const at of this.#closed(heads)) {
        const level = this.#levels[at];
        if (level === undefined) continue;
        if (level.kind === 'any') next.add(at);
        else if (matchesName(level, name)) next.add(at + 1);
        const behind = splitsDots ? this.#behindDotted(at, name) : undefined;
        if (behind !== undefined) next.add(behind);
      }
      if (next.size === 0) return false;
      heads = next;
    }
    return this.#closed(heads).has(this.#levels.length);
  }

  /** `**` may match nothing. */
  #closed(heads: ReadonlySet<number>): Set<number> {
    const all = new Set<number>();
    for (const head of heads) {
      let at = head;
      while (!all.has(at)) {
        all.add(at);
        if (this.#levels[at]?.kind !== 'any') break;
        at += 1;
      }
    }
    return all;
  }

  /** The level behind those whose names, with dots between them, are a key. */
  #behindDotted(from: number, key: string): number | undefined {
    if (!key.includes('.')) return undefined;
    const parts = key.split('.');
    const fits = parts.every((part, index) => {
      const level = this.#levels[from + index];
      return level?.kind === 'name' && !level.isQuoted && level.name === part;
    });
    return fits ? from + parts.length : undefined;
  }
}

/** @param signs of the name */
function levelOf(name: string, signs: readonly Sign[]): Level {
  if (name === '**') return { kind: 'any' };
  const texts = signs.flatMap((sign) => (typeof sign === 'string' ? [sign] : []));
  return texts.length === signs.length
    ? { kind: 'name', name: texts.join(''), isQuoted: false }
    : { kind: 'glob', signs };
}

/** Of a name in which a backslash takes their meaning from stars, question marks and itself. */
function signsOf(name: string): Sign[] {
  return (name.match(/\\[*?\\]|./gsu) ?? []).map((sign) =>
    sign.length === 2 && sign.startsWith('\\') ? sign.slice(1) : signOf(sign),
  );
}

function signOf(text: string): Sign {
  return text === '*' ? ANY_TEXT : text === '?' ? ANY_CHARACTER : text;
}

function matchesName(level: Exclude<Level, { kind: 'any' }>, name: string): boolean {
  return level.kind === 'name' ? level.name === name : matchesSigns(level.signs, Array.from(name));
}

/** Going back to the last star alone is enough. */
function matchesSigns(signs: readonly Sign[], name: readonly string[]): boolean {
  let [at, star, from] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    const sign = signs[at];
    if (sign === ANY_TEXT) {
      star = at;
      from = index;
      at += 1;
    } else if (sign !== undefined && (sign === ANY_CHARACTER || sign === name[index])) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      from += 1;
      index = from;
    } else return false;
  }
  return signs.slice(at).every((sign) => sign === ANY_TEXT);
}
