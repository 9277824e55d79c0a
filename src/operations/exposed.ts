import { ENCODED_IV, tokenParts } from '../core/sops/token.ts';
import type { Path } from '../core/tree/tree.ts';

/** What stood in one place of a version of a file. */
export interface Held {
  readonly path: Path;
  readonly document: number;
  /** Empty for what stood in clear. */
  readonly token: string;
  /** What it said, where it could be opened. */
  readonly text: string | undefined;
}

/** A version of an encrypted file. */
export interface HeldVersion {
  readonly file: string;
  readonly commit: string;
  readonly date: string;
  /** Somebody in question is among its recipients. */
  readonly isReadable: boolean;
  /** The data key as it is wrapped, for each recipient. */
  readonly wrapped: readonly string[];
  readonly values: readonly Held[];
}

/** A file as it is now. */
export interface HeldNow {
  readonly file: string;
  readonly values: readonly Held[];
}

/** What is known of whether somebody still knows a value. */
export type ExposureState = 'unchanged' | 're-encrypted' | 'unproven' | 'changed' | 'gone';

/** A value that somebody could read. */
export interface Exposed {
  /** As it is called now; its last name if it is gone. */
  readonly file: string;
  readonly formerly: readonly string[];
  readonly path: Path;
  readonly document: number;
  readonly state: ExposureState;
  readonly readableSince: string;
  readonly readableUntil: string;
  /** The first in which it could be read. */
  readonly commit: string;
}

/**
 * All values that somebody could ever read, and whether they are the same still. Versions that share a token, or a
 * wrapped data key, have one data key: whoever reads one of them reads all. Only what was compared with every text that
 * could be read is called changed or gone.
 *
 * @param versions of all branches, newest first
 * @param isWhole false where a version could not be read: then nothing is proven
 */
export function exposedIn(
  versions: readonly HeldVersion[],
  now: readonly HeldNow[],
  isWhole = true,
): Exposed[] {
  const readable = readableOf(versions);
  const known = new Known(readable);
  const places = placesOf(readable);
  const isOpened = isWhole && readable.every(({ values }) => values.every(({ text }) => text !== undefined));
  const isNowOpened = now.every(({ values }) => values.every(({ text }) => text !== undefined));
  const found = new Map<string, Exposed>();
  for (const place of places) {
    const here = now.find(({ file }) => file === place.file);
    const current = here?.values.find((one) => isSamePlace(one, place));
    const moved = current === undefined ? place.elsewhere(now) : undefined;
    const at = moved ?? { file: place.file, path: place.path, document: place.document };
    const state = stateOf(place, current, moved?.held);
    const key = JSON.stringify([at.file, at.document, at.path]);
    const earlier = found.get(key);
    const formerly = [
      ...new Set([...(earlier?.formerly ?? []), ...(at.file === place.file ? [] : [place.file])]),
    ];
    found.set(key, {
      file: at.file,
      formerly,
      path: at.path,
      document: at.document,
      state: earlier === undefined ? state : worst(earlier.state, state),
      ...spanOf(place, earlier),
    });
  }
  return [...found.values()].sort((a, b) => compare(a.file, b.file));

  function stateOf(place: Place, current: Held | undefined, moved: Held | undefined): ExposureState {
    const held = current ?? moved;
    if (held === undefined) {
      if (!isOpened || !isNowOpened) return 'unproven';
      const isAnywhere = now.some(({ values }) =>
        values.some(({ text }) => text !== undefined && place.texts.has(text)),
      );
      return isAnywhere ? 're-encrypted' : 'gone';
    }
    if (held.token !== '' && known.tokens.has(held.token)) return 'unchanged';
    if (held.text !== undefined && known.texts.has(held.text))
      return held.token === '' ? 'unchanged' : 're-encrypted';
    const iv = ivOf(held.token);
    if (iv !== undefined && known.ivs.has(iv)) return 're-encrypted';
    return isOpened && held.text !== undefined ? 'changed' : 'unproven';
  }
}

/** The versions whose data key somebody knows. */
function readableOf(versions: readonly HeldVersion[]): HeldVersion[] {
  const parents = versions.map((_, index) => index);
  const rootOf = (index: number): number => {
    let at = index;
    for (let above = parents[at] ?? at; above !== at; above = parents[at] ?? at) {
      parents[at] = parents[above] ?? above;
      at = above;
    }
    return at;
  };
  const seen = new Map<string, number>();
  for (const [index, { wrapped, values }] of versions.entries()) {
    const signs = [...wrapped, ...values.flatMap(({ token }) => (token === '' ? [] : [token]))];
    for (const sign of signs) {
      const other = seen.get(sign);
      if (other === undefined) seen.set(sign, index);
      else parents[rootOf(index)] = rootOf(other);
    }
  }
  const open = new Set(versions.flatMap(({ isReadable }, index) => (isReadable ? [rootOf(index)] : [])));
  return versions.filter((_, index) => open.has(rootOf(index)));
}

/** All that somebody could read. */
class Known {
  readonly tokens = new Set<string>();
  readonly ivs = new Set<string>();
  readonly texts = new Set<string>();

  constructor(versions: readonly HeldVersion[]) {
    for (const { values } of versions) {
      for (const { token, text } of values) {
        if (token !== '') this.tokens.add(token);
        const iv = ivOf(token);
        if (iv !== undefined) this.ivs.add(iv);
        if (text !== undefined) this.texts.add(text);
      }
    }
  }
}

/** A value in a file, under all its tokens. */
class Place {
  readonly file: string;
  readonly path: Path;
  readonly document: number;
  readonly tokens = new Set<string>();
  readonly ivs = new Set<string>();
  readonly texts = new Set<string>();
  /** Newest first. */
  readonly versions: HeldVersion[] = [];

  constructor(file: string, { path, document }: Held) {
    this.file = file;
    this.path = path;
    this.document = document;
  }

  add(version: HeldVersion, { token, text }: Held): void {
    this.versions.push(version);
    this.tokens.add(token);
    const iv = ivOf(token);
    if (iv !== undefined) this.ivs.add(iv);
    if (text !== undefined) this.texts.add(text);
  }

  /** Where one of its tokens, or their IVs, stands now: in a file that was renamed, or under another key. */
  elsewhere(
    now: readonly HeldNow[],
  ):
    | { readonly file: string; readonly path: Path; readonly document: number; readonly held: Held }
    | undefined {
    for (const { file, values } of now) {
      const held = values.find(
        ({ token }) => token !== '' && (this.tokens.has(token) || this.ivs.has(ivOf(token) ?? '')),
      );
      if (held !== undefined) return { file, path: held.path, document: held.document, held };
    }
    return undefined;
  }
}

function placesOf(versions: readonly HeldVersion[]): Place[] {
  const places = new Map<string, Place>();
  for (const version of versions) {
    for (const held of version.values) {
      if (held.token === '') continue;
      const key = JSON.stringify([version.file, held.document, held.path]);
      const place = places.get(key) ?? new Place(version.file, held);
      places.set(key, place);
      place.add(version, held);
    }
  }
  return [...places.values()];
}

function spanOf(
  { versions }: Place,
  earlier: Exposed | undefined,
): Pick<Exposed, 'readableSince' | 'readableUntil' | 'commit'> {
  const [last] = versions;
  const first = versions.at(-1);
  const [since, until] = [first?.date ?? '', last?.date ?? ''];
  const isFirst = earlier === undefined || since < earlier.readableSince;
  return {
    readableSince: isFirst ? since : earlier.readableSince,
    readableUntil: earlier === undefined || until > earlier.readableUntil ? until : earlier.readableUntil,
    commit: isFirst ? (first?.commit ?? '') : earlier.commit,
  };
}

const ORDER: readonly ExposureState[] = ['unchanged', 're-encrypted', 'unproven', 'changed', 'gone'];

function worst(one: ExposureState, other: ExposureState): ExposureState {
  return ORDER.indexOf(one) < ORDER.indexOf(other) ? one : other;
}

function isSamePlace(one: Held, other: Pick<Held, 'path' | 'document'>): boolean {
  return one.document === other.document && JSON.stringify(one.path) === JSON.stringify(other.path);
}

/** The IV of a token; `undefined` unless it has 32 bytes. */
function ivOf(token: string): string | undefined {
  const parts = tokenParts(token, 0, token.length);
  return parts === undefined ? undefined : token.slice(parts.iv, parts.iv + ENCODED_IV);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
