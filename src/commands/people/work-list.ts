import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { CODEOWNERS, CodeOwners } from '../../config/codeowners.ts';
import { recipientsCalled } from '../../config/leaving.ts';
import type { FileTerms } from '../../config/lifecycle/policy.ts';
import { readConfig } from '../../config/read.ts';
import { attempt, attemptAsync } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { RecipientName } from '../../keys/index.ts';
import { OpenedKeys } from '../../keys/opened-keys.ts';
import { type Exposed, exposedIn } from '../../operations/exposed/exposed.ts';
import type { HeldNow } from '../../operations/exposed/held.ts';
import { epochsOf, readableOf } from '../../operations/exposed/readable-versions.ts';
import type { Configurations } from '../configurations.ts';
import { isJournal } from '../renew/journal.ts';
import { SecretPolicies } from '../secret-policies.ts';
import type { Tools } from '../settings.ts';
import { HeldHistory, type ReadVersion, readableBy } from './held-history.ts';

/** Recipients that any version of a configuration calls by a name: who left stands in earlier ones only. */
export async function recipientsOnceCalled(path: string, name: string, io: Io): Promise<RecipientName[]> {
  const repository = await attemptAsync(() => openRepository(io));
  if (repository === undefined) return [];
  const file = relative(repository.root, path).replaceAll('\\', '/');
  const found: RecipientName[] = [];
  const blobs = repository.blobs();
  try {
    const seen = new Set<string>();
    for await (const { changes } of repository.log(['--all', '-m', '--root'], [file])) {
      for (const { after } of changes) {
        if (after === undefined || seen.has(after)) continue;
        seen.add(after);
        const bytes = await blobs.read(after);
        if (bytes !== undefined) found.push(...calledIn(Buffer.from(bytes).toString(), path, name));
      }
    }
  } finally {
    blobs.end();
  }
  return found;
}

/** A configuration that can't be read calls nobody anything. */
function calledIn(text: string, path: string, name: string): RecipientName[] {
  return attempt(() => recipientsCalled(readConfig(text, path), name)) ?? [];
}

/** A value that somebody could read, and who sees to it. */
export interface WorkItem extends Exposed {
  /** As `sotto.secrets` of the configuration says, else the file CODEOWNERS. */
  readonly owner?: string | undefined;
  readonly ownerFrom?: 'policy' | 'CODEOWNERS' | undefined;
}

/** Who sees to it, for people; `undefined` if nobody is known. */
export function ownerText({ owner, ownerFrom }: Pick<WorkItem, 'owner' | 'ownerFrom'>): string | undefined {
  return ownerFrom === 'CODEOWNERS' ? `${owner} (${ownerFrom})` : owner;
}

/** What somebody could read, as far as git knows. */
export interface WorkList {
  readonly exposed: readonly WorkItem[];
  /** The history is not all there. */
  readonly isShallow: boolean;
}

/** Who, or what, makes values known. */
export type Concern =
  /** Somebody with these keys: all that stands under a data key that one of them opens. */
  | { readonly recipients: readonly RecipientName[] }
  /** What got known of a version, and nothing else under its key; `undefined` if nothing did. */
  | { readonly leaked: (version: ReadVersion) => ReadVersion | undefined };

/** The values of a repository, as they are and as they were in any commit of any branch; other clones are not seen. */
export class HeldValues {
  readonly #history: HeldHistory;
  readonly #versions: readonly ReadVersion[];
  readonly #now: readonly HeldNow[];
  readonly #keys: OpenedKeys | undefined;
  readonly #owners: (exposed: readonly Exposed[]) => Promise<WorkItem[]>;
  readonly isShallow: boolean;

  private constructor(
    history: HeldHistory,
    versions: readonly ReadVersion[],
    now: readonly HeldNow[],
    keys: OpenedKeys | undefined,
    owners: (exposed: readonly Exposed[]) => Promise<WorkItem[]>,
    isShallow: boolean,
  ) {
    this.#history = history;
    this.#versions = versions;
    this.#now = now;
    this.#keys = keys;
    this.#owners = owners;
    this.isShallow = isShallow;
  }

  /**
   * Read a repository, once for all who are asked about.
   *
   * @param proves keys here open what does not tell without them
   * @returns `undefined` where there is no git
   */
  static async read(
    { keyring, configurations }: Tools,
    proves: boolean,
    io: Io,
  ): Promise<HeldValues | undefined> {
    const repository = await attemptAsync(() => openRepository(io));
    if (repository === undefined) return undefined;
    const history = new HeldHistory(repository, configurations, io);
    const versions = await history.versions();
    const now = await history.now(undefined);
    const shallow = await repository.try(['rev-parse', '--is-shallow-repository']);
    const isShallow = Buffer.from(shallow.stdout).toString().trim() === 'true';
    const keys = proves ? new OpenedKeys(keyring) : undefined;
    const owners = (exposed: readonly Exposed[]): Promise<WorkItem[]> =>
      ownedBy(exposed, repository.root, configurations, io);
    return new HeldValues(history, versions, now, keys, owners, isShallow);
  }

  /** Every value that got known, and whether it is the same still. */
  async exposedTo(concern: Concern): Promise<WorkItem[]> {
    const history = this.#history;
    const closed = exposedIn(knownOf(this.#versions, concern), this.#now, history.isWhole);
    const keys = this.#keys;
    if (closed.isSettled || keys === undefined) return this.#owners(closed.exposed);
    const readable =
      'leaked' in concern
        ? this.#versions.filter((version) => concern.leaked(version) !== undefined)
        : knownOf(await withDataKeys(this.#versions, keys), concern);
    const opened = await history.opened(readable, keys);
    const known = 'leaked' in concern ? knownOf(opened, concern) : opened;
    const { exposed } = exposedIn(known, await history.now(keys), history.isWhole);
    return this.#owners(exposed);
  }
}

/** What got known of versions. */
function knownOf(versions: readonly ReadVersion[], concern: Concern): ReadVersion[] {
  if ('recipients' in concern) return readableOf(readableBy(versions, concern.recipients));
  return versions.flatMap((version) => concern.leaked(version) ?? []);
}

/**
 * Every value that recipients could read in any commit of any branch, and whether it is the same still.
 *
 * @returns `undefined` where there is no git
 */
export async function workList(
  recipients: readonly RecipientName[],
  tools: Tools,
  io: Io,
): Promise<WorkList | undefined> {
  const held = await HeldValues.read(tools, true, io);
  if (held === undefined) return undefined;
  return { exposed: await held.exposedTo({ recipients }), isShallow: held.isShallow };
}

/** What has to be seen to, and by whom. */
async function ownedBy(
  exposed: readonly Exposed[],
  root: string,
  configurations: Configurations,
  io: Io,
): Promise<WorkItem[]> {
  // A policy that does not hold is said where it is gone by, and keeps nobody here.
  const policies = await attemptAsync(() => SecretPolicies.load(root, io));
  const terms = new Map<string, FileTerms | undefined>();
  const owners = codeOwners(root, io);
  const found: WorkItem[] = [];
  for (const one of exposed) {
    // A journal has copies of values, and is about a file: there is the work.
    if (isJournal(one.file)) continue;
    const path = join(root, one.file);
    if (!terms.has(path))
      terms.set(
        path,
        await attemptAsync(async () => (await policies?.for(configurations.for(path)))?.termsFor(path)),
      );
    const own = terms.get(path)?.of(one.path).owner?.value;
    const others = own === undefined ? (owners?.of(one.file) ?? []) : [];
    if (others.length > 0) found.push({ ...one, owner: others.join(' '), ownerFrom: 'CODEOWNERS' });
    else found.push(own === undefined ? one : { ...one, owner: own, ownerFrom: 'policy' });
  }
  return found;
}

/** Who owns files, as far as a repository says. */
function codeOwners(root: string, io: Io): CodeOwners | undefined {
  const path = CODEOWNERS.map((name) => join(root, name)).find((one) => io.isFile(one));
  const bytes = path === undefined ? undefined : attempt(() => io.read(path));
  return bytes === undefined ? undefined : CodeOwners.read(Buffer.from(bytes).toString());
}

/**
 * Versions that say which of them have one data key, where keys here open them: neither a token nor a wrapped key need be
 * left from one to the next.
 */
async function withDataKeys(versions: readonly ReadVersion[], keys: OpenedKeys): Promise<ReadVersion[]> {
  const all: ReadVersion[] = [];
  for (const epoch of epochsOf(versions)) {
    const sign = await firstKey(epoch, keys);
    for (const version of epoch)
      all.push(sign === undefined ? version : { ...version, keys: [...version.keys, sign] });
  }
  const places = new Map(versions.map(({ file, id }, index) => [`${id} ${file}`, index]));
  const placeOf = ({ file, id }: ReadVersion): number => places.get(`${id} ${file}`) ?? 0;
  return all.sort((one, other) => placeOf(one) - placeOf(other));
}

/** What stands for the data key of an epoch. */
async function firstKey(epoch: readonly ReadVersion[], keys: OpenedKeys): Promise<string | undefined> {
  for (const { metadata } of epoch) {
    const key = await attemptAsync(() => keys.open(metadata));
    if (key !== undefined) return createHash('sha256').update(key.dataKey).digest('hex');
  }
  return undefined;
}
