import { randomBytes } from 'node:crypto';
import type { Metadata } from '../../core/sops/metadata.ts';
import { HEAD } from '../../core/sops/token.ts';
import type { Version } from '../compare/version.ts';
import { type Held, type HeldPlace, heldAs, signOf, statementsIn } from './held.ts';

/** The text of a version, taken apart. */
export interface TakenApart {
  readonly text: string;
  /** What stands around the tokens; texts that differ in tokens alone, and in when they were written, have the same. */
  readonly bones: string;
  /** Where tokens begin and end in the text, one after the other. */
  readonly bounds: readonly number[];
}

/** As sops and we write it, in whatever format: all that changes from one to the next is base64. */
const TOKEN =
  /ENC\[AES256_GCM,data:[A-Za-z0-9+/]+={0,2},iv:[A-Za-z0-9+/]{43}=,tag:[A-Za-z0-9+/]{22}==,type:[a-z]{3,8}\]/y;
const IV_BEFORE_TAG = 44 + ',tag:'.length + 24;
const ID_LENGTH = 8;
/** Stands in bones for data, IV and tag. */
const CUT = '\0';

/** The times in metadata that go with each change, with the names of tokens behind them. */
const TIMES =
  /((?:lastmodified|changed|expires)["'`]?[ \t]*[:=][ \t]*["'`]?)(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)((?:;? (?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\*|[A-Za-z0-9+/]{8}(?![A-Za-z0-9+/])))*)/g;
const SOME_TIME = '9999-12-31T23:59:59Z';

/** Take a text apart. @param text in latin1 @returns `undefined` where that can't be told apart from another one */
export function takeApart(text: string): TakenApart | undefined {
  if (text.includes(CUT)) return undefined;
  const bounds: number[] = [];
  let bones = '';
  let done = 0;
  for (let at = text.indexOf(HEAD); at >= 0; at = text.indexOf(HEAD, at + 1)) {
    TOKEN.lastIndex = at;
    if (!TOKEN.test(text)) continue;
    const end = TOKEN.lastIndex;
    bounds.push(at, end);
    bones += `${text.slice(done, at + HEAD.length)}${CUT}`;
    done = text.lastIndexOf(',type:', end);
  }
  bones += text.slice(done);
  const dated = bones.replace(
    TIMES,
    (_, name: string, more: string) => `${name}${SOME_TIME}${more === '' ? '' : ' *'}`,
  );
  return { text, bones: dated, bounds };
}

/** No token that somebody wrote has it. */
const MARK = randomBytes(12).toString('base64');
const DIGITS = 8;
const NUMBERED = `${HEAD}${MARK}`;

/** A text that has these bones, and tokens that are numbered; in latin1. */
export function numbered(bones: string): string {
  const rest = `,iv:${'A'.repeat(43)}=,tag:${'A'.repeat(22)}==`;
  return bones
    .split(CUT)
    .map((piece, index) => (index === 0 ? piece : `${numberOf(index - 1)}${rest}${piece}`))
    .join('');
}

function numberOf(index: number): string {
  return `${MARK}${String(index).padStart(DIGITS, '0')}`;
}

/** Something in a text: what it is in each of them, or the number of its token. */
type Slot = { readonly held: Held } | { readonly place: HeldPlace; readonly number: number };

/**
 * What all texts with the same bones say, but for their tokens: it is read once, from a text in which these are numbered.
 * A history has thousands of versions that differ in tokens alone.
 */
export class Skeleton {
  readonly metadata: Metadata;
  readonly #slots: readonly Slot[];

  private constructor(metadata: Metadata, slots: readonly Slot[]) {
    this.metadata = metadata;
    this.#slots = slots;
  }

  /**
   * @param version of a {@link numbered} text
   * @returns `undefined` where tokens and times have a say in more than what stands in their places
   */
  static of(version: Version): Skeleton | undefined {
    const { metadata } = version;
    // What a comment says may decide what is encrypted.
    if (metadata === undefined || metadata.selector.kind.endsWith('comment_regex')) return undefined;
    const slots: Slot[] = [];
    for (const statement of statementsIn(version)) {
      const { place, token, text = '' } = statement;
      if ([place.key, text].some((one) => one.includes(MARK) || one.includes(SOME_TIME))) return undefined;
      const isNumbered = token.startsWith(NUMBERED);
      const number = Number(token.slice(NUMBERED.length, NUMBERED.length + DIGITS));
      slots.push(isNumbered ? { place, number } : { held: heldAs(statement) });
    }
    return new Skeleton(metadata, slots);
  }

  /** What a text with these bones says. */
  valuesOf({ text, bounds }: TakenApart): Held[] {
    return this.#slots.map((slot) => {
      if ('held' in slot) return slot.held;
      const [from = 0, to = 0] = [bounds[2 * slot.number], bounds[2 * slot.number + 1]];
      const iv = text.lastIndexOf(',type:', to) - IV_BEFORE_TAG;
      return {
        place: slot.place,
        token: signOf(text, from, to),
        id: text.slice(iv, iv + ID_LENGTH),
        text: undefined,
      };
    });
  }
}
