import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { KeyEntry, Metadata } from '../../core/sops/metadata.ts';
import { attemptAsync, SottoError } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import { mayBeSealed } from '../../operations/check/sealed-file.ts';
import type { Version } from '../../operations/compare/version.ts';
import {
  type Held,
  type HeldNow,
  type HeldVersion,
  heldAs,
  statementsIn,
} from '../../operations/exposed/held.ts';
import { numbered, Skeleton, takeApart } from '../../operations/exposed/skeleton.ts';
import type { KeyOpener } from '../../operations/open.ts';
import type { Configurations } from '../configurations.ts';
import { VersionReader } from '../git/version-reader.ts';

/** An object under the name of a file. */
interface Sighting {
  readonly file: string;
  readonly id: string;
  /** The first commit that has it. */
  readonly commit: string;
  readonly date: string;
}

/** A version that was read. */
export interface ReadVersion extends HeldVersion {
  readonly id: string;
  readonly metadata: Metadata;
}

/** The encrypted files of a repository, as they are and as they were on any branch. */
export class HeldHistory {
  /** False once something could not be read that looks encrypted. */
  isWhole = true;
  readonly #repository: Repository;
  readonly #configurations: Configurations;
  readonly #io: Io;
  /** What versions of a file are, but for their tokens; the last ones that were met. */
  readonly #skeletons = new Map<string, readonly Known[]>();
  /** Of all wrapped keys one copy, which does not keep the text of its file in memory. */
  readonly #wrapped = new Map<string, string>();
  /** What an object says, by its id and the file's name. */
  readonly #known = new Map<string, readonly Held[]>();

  constructor(repository: Repository, configurations: Configurations, io: Io) {
    this.#repository = repository;
    this.#configurations = configurations;
    this.#io = io;
  }

  /** All versions, newest first, without a key; nobody in question can read any of them yet. */
  async versions(): Promise<ReadVersion[]> {
    const found: ReadVersion[] = [];
    const reader = this.#reader(undefined);
    for await (const { sighting, bytes } of this.#read(await this.#sightings())) {
      const closed = await this.#closed(reader, sighting, bytes);
      if (closed === undefined) continue;
      const { metadata, values } = closed;
      const entries = metadata.groups.flat();
      this.#known.set(keyOf(sighting), values);
      found.push({
        ...sighting,
        metadata,
        isReadable: false,
        keys: entries.flatMap(({ fields }) =>
          typeof fields['enc'] === 'string' ? [this.#own(fields['enc'].trim())] : [],
        ),
        values,
      });
    }
    return found;
  }

  /** Versions once more, opened where keys here do that. */
  async opened(versions: readonly ReadVersion[], keys: KeyOpener): Promise<ReadVersion[]> {
    const found: ReadVersion[] = [];
    const known = new Map(versions.map((one) => [keyOf(one), one]));
    this.#known.clear();
    const reader = this.#reader(keys);
    for await (const { sighting, bytes } of this.#read(versions)) {
      const closed = known.get(keyOf(sighting));
      const version = await this.#sealed(reader, sighting.file, sighting.id, bytes);
      if (closed === undefined || version === undefined) continue;
      const values = heldIn(version);
      this.#known.set(keyOf(sighting), values);
      found.push({ ...closed, values });
    }
    return found;
  }

  /** The files of the work tree. What is in an object that was read is not read again. */
  async now(keys: KeyOpener | undefined): Promise<HeldNow[]> {
    const { root } = this.#repository;
    const found: HeldNow[] = [];
    const reader = this.#reader(keys);
    for (const path of this.#io.filesBelow(root)) {
      const file = relative(root, path).replaceAll('\\', '/');
      const bytes = this.#io.read(path);
      const known = this.#known.get(keyOf({ file, id: this.#objectOf(bytes) }));
      const values = known ?? (await this.#valuesNow(reader, file, bytes));
      if (values !== undefined) found.push({ file, values });
    }
    return found;
  }

  async #valuesNow(
    reader: VersionReader,
    file: string,
    bytes: Uint8Array,
  ): Promise<readonly Held[] | undefined> {
    const version = await this.#sealed(reader, file, undefined, bytes);
    return version?.metadata === undefined ? undefined : heldIn(version);
  }

  /** The name that git gives to bytes (gitformat-pack(5)). */
  #objectOf(bytes: Uint8Array): string {
    const hash = createHash((this.#repository.head?.length ?? 0) > 40 ? 'sha256' : 'sha1');
    return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  }

  async #sightings(): Promise<Sighting[]> {
    const found = new Map<string, Sighting>();
    // Merges once for each parent, and what stands in stashes, too.
    for await (const { id: commit, date, changes } of this.#repository.log(['--all', '-m', '--root'])) {
      for (const { path: file, after: id } of changes) {
        if (id === undefined) continue;
        const key = keyOf({ file, id });
        // The oldest commit counts, and the order of those.
        found.delete(key);
        found.set(key, { file, id, commit, date });
      }
    }
    return [...found.values()];
  }

  async *#read<One extends Sighting>(
    sightings: readonly One[],
  ): AsyncGenerator<{ readonly sighting: Sighting; readonly bytes: Uint8Array }> {
    let number = 0;
    for await (const { id, bytes } of this.#repository.catFiles(sightings.map((one) => one.id))) {
      const sighting = sightings[number];
      number += 1;
      if (sighting === undefined || bytes === undefined) continue;
      const { file, commit, date } = sighting;
      yield { sighting: { file, id, commit, date }, bytes };
    }
  }

  /** What a version says without a key. It is only read where it differs in more than tokens from those that were. */
  async #closed(
    reader: VersionReader,
    { file, id }: Sighting,
    bytes: Uint8Array,
  ): Promise<Pick<ReadVersion, 'metadata' | 'values'> | undefined> {
    const text = latin1(bytes);
    if (!mayBeSealed(text)) return undefined;
    const apart = takeApart(text);
    const skeleton = apart === undefined ? undefined : await this.#skeletonOf(reader, file, apart.bones);
    if (apart !== undefined && skeleton !== undefined)
      return { metadata: skeleton.metadata, values: skeleton.valuesOf(apart) };
    const version = await this.#sealed(reader, file, id, bytes);
    return version?.metadata === undefined
      ? undefined
      : { metadata: version.metadata, values: heldIn(version) };
  }

  async #skeletonOf(reader: VersionReader, file: string, bones: string): Promise<Skeleton | undefined> {
    const all = this.#skeletons.get(file) ?? [];
    const known = all.find((one) => one.bones === bones);
    if (known !== undefined) return known.skeleton;
    const bytes = Buffer.from(numbered(bones), 'latin1');
    const version = await attemptAsync(() => reader.version(file, undefined, bytes));
    const skeleton = version === undefined ? undefined : Skeleton.of(version);
    this.#skeletons.set(file, [{ bones, skeleton }, ...all.slice(0, SKELETONS - 1)]);
    return skeleton;
  }

  #reader(keys: KeyOpener | undefined): VersionReader {
    const tools = { configurations: this.#configurations, blobs: this.#repository.blobs(), keys };
    return new VersionReader(this.#io, this.#repository.root, tools);
  }

  /** A version that is encrypted, or looks so; `undefined` for any other. */
  async #sealed(
    reader: VersionReader,
    file: string,
    id: string | undefined,
    bytes: Uint8Array,
  ): Promise<Version | undefined> {
    if (!mayBeSealed(latin1(bytes))) return undefined;
    try {
      return await reader.version(file, id, bytes);
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      this.isWhole = false;
      return undefined;
    }
  }

  #own(text: string): string {
    const known = this.#wrapped.get(text);
    if (known !== undefined) return known;
    const own = Buffer.from(text).toString();
    this.#wrapped.set(own, own);
    return own;
  }
}

/** Bones, and what its texts say, if one can tell for all of them. */
interface Known {
  readonly bones: string;
  readonly skeleton: Skeleton | undefined;
}

/** Of each file: branches have few at a time. */
const SKELETONS = 4;

function heldIn(version: Version): Held[] {
  return Array.from(statementsIn(version), heldAs);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function keyOf({ file, id }: Pick<Sighting, 'file' | 'id'>): string {
  return `${id} ${file}`;
}

/** Versions that recipients can read, by the entries of their metadata. Most files have the same ones. */
export function readableBy(versions: readonly ReadVersion[], gone: readonly RecipientName[]): ReadVersion[] {
  const known = new Map<string, boolean>();
  const isReader = (entry: KeyEntry): boolean => {
    const name = nameOf(entry);
    const key = `${name.kind} ${name.id}`;
    const is = known.get(key) ?? gone.some((one) => isSameRecipient(one, name));
    known.set(key, is);
    return is;
  };
  return versions.map((one) => ({ ...one, isReadable: one.metadata.groups.flat().some(isReader) }));
}
