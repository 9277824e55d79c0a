import { attempt, attemptAsync } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import { pathInRepository } from '../git/repository-path.ts';
import { VersionReader } from '../git/version-reader.ts';
import type { Tools } from '../settings.ts';
import type { Readership, Since } from './readership.ts';

/** Say of readers since when they stand in their files, as far as the history of HEAD tells. */
export async function sinceWhen(all: readonly Readership[], tools: Tools, io: Io): Promise<Readership[]> {
  // Without git, nothing is dated.
  const repository = await attemptAsync(() => openRepository(io));
  const head = repository?.head;
  if (repository === undefined || head === undefined || all.length === 0) return [...all];
  const paths = all.map(({ file }) => attempt(() => pathInRepository(io, repository, file)));
  const inside = new Set(paths.filter((path) => path !== undefined));
  const first = await firstCommits(repository, [...inside], tools, io);
  return all.map((one, index) => {
    const known = first.get(paths[index] ?? '') ?? [];
    return {
      ...one,
      readers: one.readers.map((reader) => ({
        ...reader,
        since: known.find(({ recipient }) => isSameRecipient(recipient, reader))?.since,
      })),
    };
  });
}

interface First {
  readonly recipient: RecipientName;
  readonly since: Since;
}

async function firstCommits(
  repository: Repository,
  paths: readonly string[],
  { configurations }: Tools,
  io: Io,
): Promise<Map<string, First[]>> {
  const blobs = repository.blobs();
  const reader = new VersionReader(io, repository.root, { configurations, blobs });
  const found = new Map<string, First[]>();
  try {
    for await (const { id: commit, date, changes } of repository.log(['-m', '--reverse', 'HEAD'], paths)) {
      for (const { path, after } of changes) {
        if (after === undefined) continue;
        const known = found.get(path) ?? [];
        found.set(path, known);
        for (const recipient of await recipientsIn(reader, path, after))
          if (!known.some((one) => isSameRecipient(one.recipient, recipient)))
            known.push({ recipient, since: { commit, date } });
      }
    }
  } finally {
    blobs.end();
  }
  return found;
}

/** A version that can't be read names nobody. */
async function recipientsIn(reader: VersionReader, path: string, blob: string): Promise<RecipientName[]> {
  return (
    (await attemptAsync(async () => {
      const bytes = await reader.bytes(path, blob);
      const version = bytes === undefined ? undefined : await reader.version(path, blob, bytes);
      return version?.metadata?.groups.flat().map(nameOf) ?? [];
    })) ?? []
  );
}
