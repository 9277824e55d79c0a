import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { recipientsCalled } from '../../config/leaving.ts';
import type { FileTerms } from '../../config/lifecycle/policy.ts';
import { readConfig } from '../../config/read.ts';
import { attempt, attemptAsync } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { RecipientName } from '../../keys/index.ts';
import { OpenedKeys } from '../../keys/opened-keys.ts';
import { type Exposed, exposedIn } from '../../operations/exposed/exposed.ts';
import { epochsOf, readableOf } from '../../operations/exposed/readable-versions.ts';
import type { Configurations } from '../configurations.ts';
import { SecretPolicies } from '../secret-policies.ts';
import type { Tools } from '../settings.ts';
import { HeldHistory, type ReadVersion } from './held-history.ts';

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
  /** As `sotto.secrets` of the configuration says. */
  readonly owner?: string | undefined;
}

/** What somebody could read, as far as git knows. */
export interface WorkList {
  readonly exposed: readonly WorkItem[];
  /** The history is not all there. */
  readonly isShallow: boolean;
}

/**
 * Every value that recipients could read in any commit of any branch, and whether it is the same still. Values that keys
 * here open are compared, where what is encrypted does not tell; other clones are not seen.
 *
 * @returns `undefined` where there is no git
 */
export async function workList(
  gone: readonly RecipientName[],
  { keyring, configurations }: Tools,
  io: Io,
): Promise<WorkList | undefined> {
  const repository = await attemptAsync(() => openRepository(io));
  if (repository === undefined) return undefined;
  const history = new HeldHistory(repository, configurations, io);
  const versions = await history.versions(gone);
  const now = await history.now(undefined);
  const shallow = await repository.try(['rev-parse', '--is-shallow-repository']);
  const isShallow = Buffer.from(shallow.stdout).toString().trim() === 'true';
  const withOwners = (exposed: readonly Exposed[]): Promise<WorkItem[]> =>
    ownedBy(exposed, repository.root, configurations, io);
  const closed = exposedIn(versions, now, history.isWhole);
  if (closed.isSettled) return { exposed: await withOwners(closed.exposed), isShallow };
  const keys = new OpenedKeys(keyring);
  const readable = readableOf(await withDataKeys(versions, keys));
  const opened = await history.opened(readable, keys);
  const { exposed } = exposedIn(opened, await history.now(keys), history.isWhole);
  return { exposed: await withOwners(exposed), isShallow };
}

async function ownedBy(
  exposed: readonly Exposed[],
  root: string,
  configurations: Configurations,
  io: Io,
): Promise<WorkItem[]> {
  // A policy that does not hold is said where it is gone by, and keeps nobody here.
  const policies = await attemptAsync(() => SecretPolicies.load(root, io));
  const terms = new Map<string, FileTerms | undefined>();
  const found: WorkItem[] = [];
  for (const one of exposed) {
    const path = join(root, one.file);
    if (!terms.has(path))
      terms.set(
        path,
        await attemptAsync(async () => (await policies?.for(configurations.for(path)))?.termsFor(path)),
      );
    found.push({ ...one, owner: terms.get(path)?.of(one.path).owner?.value });
  }
  return found;
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
