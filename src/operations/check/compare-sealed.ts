import { conventionsOf } from '../../core/sops/conventions.ts';
import { tokenId, ValueDates } from '../../core/sops/value-dates.ts';
import { isSameRecipient, type RecipientName, nameOf as recipientName } from '../../keys/index.ts';
import type { Names } from '../../keys/names.ts';
import type { Found } from './check-sealed.ts';
import { keyOf, nameOf, type SealedFile, type SealedPlace, tokenOf, whereabouts } from './sealed-file.ts';

/** How a later version is compared with earlier ones. */
export interface Comparison {
  /** As fixes name it. */
  readonly file: string;
  readonly names: Names;
}

/**
 * What is to be said of an encrypted file that replaces earlier versions, without a key.
 *
 * @param before the versions that it replaces, several of a merge: what all of them differ in is said
 * @param halves further versions whose MAC it may have by mistake: the halves of a conflict
 */
export function compareSealed(
  before: readonly SealedFile[],
  after: SealedFile,
  { file, names }: Comparison,
  halves: readonly SealedFile[] = [],
): Found[] {
  // What is encrypted in it, nobody can tell.
  if (after.policy === undefined) return [];
  const each = before.map((one) => [
    ...removedUnrotated(one, after, file, names),
    ...added(one, after, names),
    ...rekeyed(one, after),
    ...weakened(one, after),
    ...rolledBack(one, after),
    ...madeYounger(one, after),
    ...emptied(one, after),
  ]);
  const [first = [], ...others] = each;
  const shared = first.filter((found) =>
    others.every((list) =>
      list.some(({ rule, message }) => rule === found.rule && message === found.message),
    ),
  );
  return [...stale([...before, ...halves], after, file), ...shared];
}

/** The MAC of an earlier version, and other values than that has. */
function stale(before: readonly SealedFile[], after: SealedFile, file: string): Found[] {
  const { mac } = after.metadata;
  if (mac === '') return [];
  const same = before.filter(({ metadata }) => metadata.mac === mac);
  const own = hashed(after);
  const differences = same.map((one) => differenceOf(hashed(one), own, one, after));
  const [first] = differences;
  if (first === undefined || differences.some((at) => at === undefined)) return [];
  const place = own[first];
  return [
    {
      rule: 'mac-stale',
      message:
        place === undefined
          ? 'a value was taken out, and the MAC is that of the earlier version'
          : `${nameOf(place)} is another, and the MAC is that of the earlier version`,
      ...(place === undefined ? {} : whereabouts(place, after.source.text)),
      fix: { command: ['sotto', 'resolve', file], automatic: false },
    },
  ];
}

/** The number of the first difference in what two MACs cover; `undefined` where there is none. */
function differenceOf(
  before: readonly SealedPlace[],
  after: readonly SealedPlace[],
  one: SealedFile,
  other: SealedFile,
): number | undefined {
  const length = Math.max(before.length, after.length);
  for (let at = 0; at < length; at += 1) if (contentOf(before[at]) !== contentOf(after[at])) return at;
  return one.metadata.macOnlyEncrypted === other.metadata.macOnlyEncrypted ? undefined : length;
}

function contentOf(place: SealedPlace | undefined): string | undefined {
  if (place === undefined) return undefined;
  const { node } = place.leaf;
  const bytes = node.kind === 'value' ? node.value.bytes : undefined;
  return bytes === undefined ? place.text : Buffer.from(bytes).toString('base64');
}

/** What the MAC of a file covers, in its order. Empty texts add nothing to it. */
function hashed({ places, metadata, format }: SealedFile): SealedPlace[] {
  const { isNull } = conventionsOf(format);
  return places.filter(({ leaf, text, isComment }) => {
    const { node } = leaf;
    if (isComment || node.kind === 'comment' || isNull(node.value)) return false;
    if (metadata.macOnlyEncrypted && !leaf.encrypted) return false;
    return text !== '' || node.value.bytes !== undefined;
  });
}

function readersOf({ metadata }: SealedFile): RecipientName[] {
  return metadata.groups.flat().map(recipientName);
}

function without(all: readonly RecipientName[], others: readonly RecipientName[]): RecipientName[] {
  return all.filter((one) => !others.some((other) => isSameRecipient(one, other)));
}

function tokensOf({ places }: SealedFile): Set<string> {
  return new Set(places.flatMap((place) => tokenOf(place) ?? []));
}

/**
 * Whether they have one data key: a token of one is one of the other, or a recipient's entry stayed as it was.
 * `undefined` where nothing tells.
 */
export function sharesKey(before: SealedFile, after: SealedFile): boolean | undefined {
  if (before.metadata.mac !== '' && before.metadata.mac === after.metadata.mac) return true;
  const wrapped = new Set(wrappedIn(before));
  if (wrappedIn(after).some((enc) => wrapped.has(enc))) return true;
  const [old, now] = [tokensOf(before), tokensOf(after)];
  if (old.size === 0 || now.size === 0) return undefined;
  return [...now].some((token) => old.has(token));
}

/** The data key, as it is wrapped for each recipient. */
function wrappedIn({ metadata }: SealedFile): string[] {
  return metadata.groups.flat().flatMap(({ fields }) => {
    const enc = fields['enc'];
    return typeof enc === 'string' && enc !== '' ? [enc] : [];
  });
}

function removedUnrotated(before: SealedFile, after: SealedFile, file: string, names: Names): Found[] {
  const gone = without(readersOf(before), readersOf(after));
  if (gone.length === 0 || sharesKey(before, after) !== true) return [];
  return gone.map((one) => ({
    rule: 'removed-unrotated',
    message: `${names.describe(one)} was removed, and knows the data key`,
    fix: { command: ['sotto', 'rotate', '-i', file], automatic: true },
  }));
}

function added(before: SealedFile, after: SealedFile, names: Names): Found[] {
  return without(readersOf(after), readersOf(before)).map((one) => ({
    rule: 'recipients-added',
    message: `${names.describe(one)} can read it now`,
  }));
}

function rekeyed(before: SealedFile, after: SealedFile): Found[] {
  return sharesKey(before, after) === false
    ? [{ rule: 'data-key-changed', message: 'every value was encrypted anew' }]
    : [];
}

/** What stood in each place. */
function byKey({ places }: SealedFile): Map<string, SealedPlace> {
  return new Map(places.filter(({ isComment }) => !isComment).map((place) => [keyOf(place), place]));
}

function weakened(before: SealedFile, after: SealedFile): Found[] {
  const old = byKey(before);
  return after.places.flatMap((place): Found[] => {
    const { leaf, isComment, looksSealed, isEmpty } = place;
    if (isComment || leaf.encrypted || looksSealed || isEmpty) return [];
    if (old.get(keyOf(place))?.looksSealed !== true) return [];
    return [
      {
        rule: 'policy-weakened',
        message: `${nameOf(place)} was encrypted, and the selector leaves it in clear now`,
        ...whereabouts(place, after.source.text),
      },
    ];
  });
}

function rolledBack(before: SealedFile, after: SealedFile): Found[] {
  const [old, now] = [before, after].map(({ metadata }) => Date.parse(metadata.lastModified));
  if (old === undefined || now === undefined || !(now < old)) return [];
  return [
    {
      rule: 'rolled-back',
      message: `it is of ${after.metadata.lastModified}, older than the version that it replaces`,
    },
  ];
}

/** A token that stays is the same value, and no tool of ours gives it a later date: the dates stand in clear. */
function madeYounger(before: SealedFile, after: SealedFile): Found[] {
  const [old, now] = [before, after].map(({ metadata }) => ValueDates.read(metadata.sotto?.['changed']));
  if (old?.isEmpty !== false || now?.isEmpty !== false) return [];
  const there = new Set([...tokensOf(before)].map(tokenId));
  return after.places.flatMap((place): Found[] => {
    const id = tokenId(tokenOf(place) ?? '');
    const [was, is] = id === undefined || !there.has(id) ? [] : [old.timeOf(id), now.timeOf(id)];
    if (was === undefined || is === undefined || is <= was) return [];
    return [
      {
        rule: 'made-younger',
        message: `${nameOf(place)} is the same as before, and its date was ${was.slice(0, 10)}, not ${is.slice(0, 10)}`,
        ...whereabouts(place, after.source.text),
      },
    ];
  });
}

function emptied(before: SealedFile, after: SealedFile): Found[] {
  const old = byKey(before);
  return after.places.flatMap((place): Found[] => {
    if (place.isComment || !place.isEmpty || old.get(keyOf(place))?.looksSealed !== true) return [];
    return [
      {
        rule: 'value-emptied',
        message: `${nameOf(place)} is empty, and was not`,
        ...whereabouts(place, after.source.text),
      },
    ];
  });
}

/** The two halves of a text with conflicts of git; `undefined` where there is none. */
export function halvesOf(text: string): readonly [string, string] | undefined {
  const halves: [string[], string[]] = [[], []];
  let side: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  let hasConflict = false;
  for (const line of text.split(/(?<=\n)/)) {
    if (/^<{7,} /.test(line)) [side, hasConflict] = ['ours', true];
    else if (side === 'ours' && /^\|{7,} /.test(line)) side = 'base';
    else if ((side === 'ours' || side === 'base') && /^={7,}\r?\n/.test(line)) side = 'theirs';
    else if (side === 'theirs' && /^>{7,} /.test(line)) side = 'both';
    else {
      if (side === 'both' || side === 'ours') halves[0].push(line);
      if (side === 'both' || side === 'theirs') halves[1].push(line);
    }
  }
  return hasConflict ? [halves[0].join(''), halves[1].join('')] : undefined;
}
