import { tokenId } from '../../core/sops/value-dates.ts';
import type { Path } from '../../core/tree/tree.ts';
import type { Held, HeldNow, HeldVersion } from './held.ts';
import { KnownValues, type Span } from './known-values.ts';
import { type Standing, StandingValues, standingIn } from './standing-values.ts';

/** What is known of whether somebody still knows a value. */
export type ExposureState = 'unchanged' | 're-encrypted' | 'unproven' | 'changed' | 'gone';

/** A value that somebody could read. */
export interface Exposed extends Span {
  /** As it is called now; its last name if it is gone. */
  readonly file: string;
  readonly formerly: readonly string[];
  /** Of a comment, what it stands in. */
  readonly path: Path;
  readonly document: number;
  readonly isComment: boolean;
  readonly state: ExposureState;
  /** What the token that stands there is called by dates; `undefined` where nothing stands. */
  readonly token: string | undefined;
}

/** Whether somebody may still know a value. */
export function isOpen({ state }: Pick<Exposed, 'state'>): boolean {
  return state !== 'changed' && state !== 'gone';
}

/** What somebody could read. */
export interface Exposure {
  readonly exposed: readonly Exposed[];
  /** No key would tell more. */
  readonly isSettled: boolean;
}

/**
 * All values and comments that somebody could ever read, and whether they are the same still; among them all that stand
 * now and say what she could read anywhere. Only what was compared with every text that could be read is called changed
 * or gone.
 *
 * @param readable versions of all branches that could be read, newest first; of these, all that stood in them
 * @param now the files as they are
 * @param isWhole false where a version or a file could not be read: then nothing is proven
 */
export function exposedIn(
  readable: readonly HeldVersion[],
  now: readonly HeldNow[],
  isWhole = true,
): Exposure {
  const known = new KnownValues(readable);
  const standing = new StandingValues(now);
  const isProven = isWhole && readable.every(isOpened);
  const found = new Map<string, Exposed>();
  for (const place of placesOf(readable)) {
    const here = standing.at(place) ?? standing.like(place);
    // Nobody knows where to look: it may have been renamed, and encrypted anew.
    const nowhere = isProven && standing.isOpened ? 'gone' : 'unproven';
    put(here ?? place, here === undefined ? nowhere : stateOf(here.held), place);
  }
  let isSettled = true;
  for (const one of standing.all) {
    if (one.held.token === '') continue;
    const span = known.spanOf(one.held);
    isSettled &&= span !== undefined || (isProven && one.held.text !== undefined);
    if (span !== undefined && !found.has(one.key)) put(one, stateOf(one.held), { ...span, file: one.file });
  }
  const exposed = [...found.values()].sort((a, b) => compare(a.file, b.file));
  return { exposed, isSettled: isSettled && exposed.every(({ state }) => state !== 'unproven') };

  function stateOf(held: Held): ExposureState {
    if (known.has(held)) return 'unchanged';
    if (known.says(held)) return held.token === '' ? 'unchanged' : 're-encrypted';
    return isProven && held.text !== undefined ? 'changed' : 'unproven';
  }

  function put(one: Standing, state: ExposureState, was: Span & { readonly file: string }): void {
    const earlier = found.get(one.key);
    const { path, document, isComment } = one.held;
    const formerly = new Set(earlier?.formerly);
    if (was.file !== one.file) formerly.add(was.file);
    found.set(one.key, {
      file: one.file,
      formerly: [...formerly],
      path,
      document,
      isComment,
      state: earlier === undefined ? state : worst(earlier.state, state),
      token: standing.at(one) === undefined ? undefined : tokenId(one.held.token),
      ...spanOf(was, earlier),
    });
  }
}

function isOpened({ values }: HeldVersion): boolean {
  return values.every(({ text }) => text !== undefined);
}

/** A value in a file, under all its tokens. */
interface Place extends Standing, Span {
  readonly tokens: Held[];
}

/** Each place once; of what stood there, all that anybody saw. */
function placesOf(versions: readonly HeldVersion[]): Place[] {
  const places = new Map<string, Place>();
  for (const { file, commit, date, values } of versions) {
    for (const held of values) {
      if (held.token === '') continue;
      const one = standingIn(file, held);
      const place = places.get(one.key);
      const tokens = place?.tokens ?? [];
      if (tokens.at(-1)?.token !== held.token) tokens.push(held);
      // The newest comes first.
      places.set(one.key, {
        ...one,
        held: place?.held ?? held,
        tokens,
        readableSince: date,
        readableUntil: place?.readableUntil ?? date,
        commit,
      });
    }
  }
  return [...places.values()];
}

function spanOf(span: Span, earlier: Exposed | undefined): Span {
  const { readableSince, readableUntil, commit } = span;
  if (earlier === undefined) return { readableSince, readableUntil, commit };
  const isFirst = Date.parse(readableSince) < Date.parse(earlier.readableSince);
  const isLast = Date.parse(readableUntil) > Date.parse(earlier.readableUntil);
  return {
    readableSince: isFirst ? readableSince : earlier.readableSince,
    readableUntil: isLast ? readableUntil : earlier.readableUntil,
    commit: isFirst ? commit : earlier.commit,
  };
}

const ORDER: readonly ExposureState[] = ['unchanged', 're-encrypted', 'unproven', 'changed', 'gone'];

function worst(one: ExposureState, other: ExposureState): ExposureState {
  return ORDER.indexOf(one) < ORDER.indexOf(other) ? one : other;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
