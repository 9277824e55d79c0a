import { relative } from 'node:path';
import { recipientsCalled } from '../../config/leaving.ts';
import { readConfig } from '../../config/read.ts';
import { asText } from '../../core/sops/cipher.ts';
import { attempt, attemptAsync, SottoError } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import { OpenedKeys } from '../../keys/opened-keys.ts';
import { mayBeSealed } from '../../operations/check/sealed-file.ts';
import { valuesIn } from '../../operations/compare/matrix.ts';
import type { Version } from '../../operations/compare/version.ts';
import {
  type Exposed,
  exposedIn,
  type Held,
  type HeldNow,
  type HeldVersion,
} from '../../operations/exposed.ts';
import { VersionReader } from '../git/version-reader.ts';
import type { Tools } from '../settings.ts';

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

/** What somebody could read, as far as git knows. */
export interface WorkList {
  readonly exposed: readonly Exposed[];
  /** The history is not all there. */
  readonly isShallow: boolean;
}

/**
 * Every value that recipients could read in any commit of any branch, and whether it is the same still. Values that keys
 * here open are compared; other clones are not seen.
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
  const blobs = repository.blobs();
  const reader = new VersionReader(io, repository.root, {
    configurations,
    blobs,
    keys: new OpenedKeys(keyring),
  });
  try {
    const { versions, isWhole } = await versionsOf(repository, reader, gone);
    const now = await filesNow(repository, reader, io);
    const shallow = await repository.try(['rev-parse', '--is-shallow-repository']);
    return {
      exposed: exposedIn(versions, now, isWhole),
      isShallow: Buffer.from(shallow.stdout).toString().trim() === 'true',
    };
  } finally {
    blobs.end();
  }
}

async function versionsOf(
  repository: Repository,
  reader: VersionReader,
  gone: readonly RecipientName[],
): Promise<{ readonly versions: HeldVersion[]; readonly isWhole: boolean }> {
  let isWhole = true;
  const found = new Map<string, HeldVersion>();
  // Merges once for each parent, and what stands in stashes, too.
  for await (const { id: commit, date, changes } of repository.log(['--all', '-m', '--root'])) {
    for (const { path: file, after } of changes) {
      if (after === undefined) continue;
      const key = `${after} ${file}`;
      const known = found.get(key);
      if (known !== undefined) {
        found.delete(key);
        found.set(key, { ...known, commit, date });
        continue;
      }
      const version = await sealedVersion(reader, file, after);
      if (version === 'unreadable') isWhole = false;
      if (version === undefined || version === 'unreadable') continue;
      if (version.metadata === undefined) continue;
      const entries = version.metadata.groups.flat();
      found.set(key, {
        file,
        commit,
        date,
        isReadable: entries.some((entry) => gone.some((one) => isSameRecipient(one, nameOf(entry)))),
        wrapped: entries.flatMap(({ fields }) =>
          typeof fields['enc'] === 'string' ? [fields['enc'].trim()] : [],
        ),
        values: heldIn(version),
      });
    }
  }
  return { versions: [...found.values()], isWhole };
}

async function filesNow(repository: Repository, reader: VersionReader, io: Io): Promise<HeldNow[]> {
  const found: HeldNow[] = [];
  for (const path of io.filesBelow(repository.root)) {
    const file = relative(repository.root, path).replaceAll('\\', '/');
    const version = await sealedVersion(reader, file, undefined);
    if (typeof version === 'object' && version.metadata !== undefined)
      found.push({ file, values: heldIn(version) });
  }
  return found;
}

/** A version that is encrypted, or looks so; `undefined` for any other. */
async function sealedVersion(
  reader: VersionReader,
  path: string,
  id: string | undefined,
): Promise<Version | 'unreadable' | undefined> {
  try {
    const bytes = await reader.bytes(path, id);
    if (bytes === undefined || !mayBeSealed(Buffer.from(bytes).toString('latin1'))) return undefined;
    return await reader.version(path, id, bytes);
  } catch (error) {
    if (error instanceof SottoError) return 'unreadable';
    throw error;
  }
}

function heldIn(version: Version): Held[] {
  return [...valuesIn(version).values()].map(({ path, document, said: { token, plain } }) => ({
    path,
    document,
    token,
    text: plain === undefined ? undefined : asText(plain),
  }));
}
