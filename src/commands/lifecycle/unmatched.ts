import { posix } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { SecretEntry, ValuePattern } from '../../config/lifecycle/entry.ts';
import { pathFrom } from '../../config/lifecycle/policy.ts';
import { pathOf } from '../../core/splice/leaf.ts';
import type { Io } from '../../io/io.ts';
import { type Finding, regionAt } from '../../operations/check/finding.ts';
import { nameOf, type SealedFile } from '../../operations/check/sealed-file.ts';
import { nearest } from '../../text/nearest.ts';
import { oneLine } from '../../text/printable.ts';
import { readFile } from '../check/tree.ts';
import type { AgeTools } from './ages.ts';

/** An entry of a repository's policy, and what of it has matched nothing yet. */
interface Pending {
  readonly entry: SecretEntry;
  /** Absolute; its paths begin there. */
  readonly folder: string;
  isMatched: boolean;
  values: readonly ValuePattern[];
}

/**
 * What a repository's policy asks of no value: a misspelt path guards nothing, and nothing else would tell. A file is only
 * read where something is left that it may match.
 */
export async function unmatchedEntries(
  files: readonly { readonly path: string }[],
  { top, rulebook, examination, policies }: Pick<AgeTools, 'top' | 'rulebook' | 'examination' | 'policies'>,
  io: Io,
): Promise<Finding[]> {
  const entries = new Map<Config | undefined, readonly Pending[]>();
  for (const { config } of rulebook.chapters) entries.set(config, pendingIn(await policies.for(config)));
  const known = new KnownNames();
  for (const { path } of files) {
    const open = (entries.get(rulebook.chapterFor(path)?.config) ?? []).filter(
      ({ isMatched, values }) => !isMatched || values.length > 0,
    );
    const meant = [];
    for (const one of open)
      if (await one.entry.matchesFile(pathFrom(one.folder, posix.join(top, path)))) meant.push(one);
    const bytes = meant.length === 0 ? undefined : readFile(io, posix.join(top, path));
    const sealed = bytes === undefined ? undefined : await examination.sealed(path, bytes);
    if (sealed === undefined) continue;
    for (const one of meant) match(one, sealed);
    known.learn(sealed);
  }
  return [...entries.values()].flat().flatMap((one) => findingsOn(one, top, known));
}

function pendingIn({ parts }: Awaited<ReturnType<AgeTools['policies']['for']>>): Pending[] {
  return parts
    .filter(({ strength }) => strength === 'repository')
    .flatMap(({ folder, entries }) =>
      entries.map((entry) => ({ entry, folder, isMatched: false, values: wantedOf(entry) })),
    );
}

/** But for values that `renew --missing` is to make. */
function wantedOf({ values = [], terms: { renew } }: SecretEntry): readonly ValuePattern[] {
  return values.filter(({ pattern }) => renew === undefined || pattern.only === undefined);
}

function match(one: Pending, { places }: SealedFile): void {
  one.isMatched = true;
  for (const { leaf, isComment } of places) {
    if (one.values.length === 0) return;
    const path = pathOf(leaf.at);
    if (!isComment && leaf.encrypted)
      one.values = one.values.filter(({ pattern }) => !pattern.matchesValue(path));
  }
}

function findingsOn({ entry, isMatched, values }: Pending, top: string, known: KnownNames): Finding[] {
  const say = (place: SecretEntry['place'], message: string): Finding => ({
    rule: 'secret-unmatched',
    file: posix.relative(top, place.file),
    region: regionAt(place),
    message,
  });
  if (!isMatched) return [say(entry.place, `secret ${entry.number} matches no encrypted file`)];
  return values.map(({ text, place }) => {
    const near = known.nearest(text);
    const advice = near === undefined ? '' : `; did you mean ${oneLine(near)}?`;
    return say(place, `secret ${entry.number}: ${oneLine(text)} is no encrypted value of its files${advice}`);
  });
}

/** Names of values are compared with each misspelt one, and a stranger writes both: so many are known, and answered for. */
const MOST_NAMES = 1000;
const MOST_ANSWERS = 20;
/** Characters of a name. */
const LONGEST_NAME = 100;

/** What a misspelt path may have meant. */
class KnownNames {
  readonly #names = new Set<string>();
  #answers = 0;

  learn({ places }: SealedFile): void {
    for (const place of places) {
      if (this.#names.size === MOST_NAMES) return;
      const name = place.isComment ? '' : nameOf(place);
      if (name !== '' && name.length <= LONGEST_NAME) this.#names.add(name);
    }
  }

  nearest(text: string): string | undefined {
    this.#answers += 1;
    if (this.#answers > MOST_ANSWERS || text.length > LONGEST_NAME) return undefined;
    return nearest(text, [...this.#names]);
  }
}
