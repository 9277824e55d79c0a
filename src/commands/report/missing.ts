import type { Path } from '../../core/tree/tree.ts';
import { attemptAsync } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { matrixOf } from '../../operations/compare/matrix.ts';
import { readVersion, type Version } from '../../operations/compare/version.ts';
import { environmentsOf } from '../environments.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { readSource } from '../source.ts';

/** A value that some environments have, and others have not. */
export interface MissingValue {
  readonly path: Path;
  readonly document: number;
  readonly has: readonly string[];
  readonly lacks: readonly string[];
}

/** Files that are the same thing for several environments. */
export interface Family {
  readonly files: readonly string[];
  /** As {@link files}. */
  readonly names: readonly string[];
  readonly missing: readonly MissingValue[];
}

/** Words that are names of environments, in names of files and folders. */
const ENVIRONMENTS: ReadonlySet<string> = new Set(
  'dev devel development local test testing qa uat int integration stage staging preprod preview prod production live'.split(
    ' ',
  ),
);

/**
 * What is missing between the files of environments. They are told by their names: `secrets/dev.yaml` and
 * `secrets/prod.yaml`, or `dev/db.env` and `prod/db.env`. No key is used.
 */
export async function missingBetween(
  files: readonly string[],
  options: CommonOptions,
  { configurations }: Pick<Tools, 'configurations'>,
  io: Io,
): Promise<Family[]> {
  const families = new Map<string, string[]>();
  for (const file of files) {
    const family = familyOf(file);
    if (family !== file) families.set(family, [...(families.get(family) ?? []), file]);
  }
  const found: Family[] = [];
  for (const members of families.values()) {
    if (members.length < 2) continue;
    const names = environmentsOf(members).map(({ name }) => name);
    const versions: Version[] = [];
    for (const file of members) {
      const version = await attemptAsync(async () =>
        readVersion(await readSource(io, { ...options, file, name: file }, configurations, 'open')),
      );
      if (version !== undefined) versions.push(version);
    }
    // One that can't be read is told of elsewhere.
    if (versions.length === members.length)
      found.push({ files: members, names, missing: lacking(versions, names) });
  }
  return found;
}

/** The name of a file without that of its environment. */
function familyOf(file: string): string {
  return file
    .split(/([/._-])/)
    .map((part) => (ENVIRONMENTS.has(part.toLowerCase()) ? '{env}' : part))
    .join('');
}

function lacking(versions: readonly Version[], names: readonly string[]): MissingValue[] {
  return matrixOf(versions).flatMap(({ path, document, cells }) => {
    const lacks = names.filter((_, index) => cells[index]?.state === 'missing');
    return lacks.length === 0
      ? []
      : [{ path, document, lacks, has: names.filter((name) => !lacks.includes(name)) }];
  });
}
