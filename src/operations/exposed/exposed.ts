import type { Path } from '../../core/tree/tree.ts';
import { type Held, type HeldNow, type HeldVersion, placeKey } from './held.ts';
import { KnownValues, type Span } from './known-values.ts';
import { readablePlaces } from './readable-places.ts';
import { type Standing, StandingValues } from './standing-values.ts';

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
  const standing = new StandingValues(now);
  const known = new KnownValues(readable, standing);
  const isProven = isWhole && readable.every(isOpened);
  const found = new Map<string, Exposed>();
  for (const place of readablePlaces(readable, standing)) {
    const { here } = place;
    // Nobody knows where to look: it may have been renamed, and encrypted anew.
    const nowhere = isProven && standing.isOpened ? 'gone' : 'unproven';
    put(here ?? place, here === undefined ? nowhere : stateOf(here.held), place);
  }
  let isSettled = true;
  for (const one of standing.all) {
    if (one.held.token === undefined) continue;
    const span = known.spanOf(one.held);
    isSettled &&= span !== undefined || (isProven && one.held.text !== undefined);
    if (span !== undefined && !found.has(keyOf(one)))
      put(one, stateOf(one.held), { ...span, file: one.file });
  }
  const exposed = [...found.values()].sort((a, b) => compare(a.file, b.file));
  return { exposed, isSettled: isSettled && exposed.every(({ state }) => state !== 'unproven') };

  function stateOf(held: Held): ExposureState {
    if (known.has(held)) return 'unchanged';
    if (known.says(held)) return held.token === undefined ? 'unchanged' : 're-encrypted';
    return isProven && held.text !== undefined ? 'changed' : 'unproven';
  }

  function put(one: Standing, state: ExposureState, was: Span & { readonly file: string }): void {
    const key = keyOf(one);
    const earlier = found.get(key);
    const { path, document, isComment } = one.held.place;
    const formerly = new Set(earlier?.formerly);
    if (was.file !== one.file) formerly.add(was.file);
    found.set(key, {
      file: one.file,
      formerly: [...formerly],
      path,
      document,
      isComment,
      state: earlier === undefined ? state : worst(earlier.state, state),
      token: standing.at(one.file, one.held)?.held.id,
      ...spanOf(was, earlier),
    });
  }
}

function isOpened({ values }: HeldVersion): boolean {
  return values.every(({ text }) => text !== undefined);
}

function keyOf({ file, held }: Standing): string {
  return JSON.stringify([file, placeKey(held)]);
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
