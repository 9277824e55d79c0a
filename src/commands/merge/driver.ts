import { basename } from 'node:path';
import type { Conflict } from '../../core/merge/merge-blocks.ts';
import { mergeDocuments } from '../../core/merge/merge-documents.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { attempt } from '../../errors.ts';
import { loadFormat } from '../../formats/index.ts';
import type { Io } from '../../io/io.ts';
import { nameOf } from '../../keys/index.ts';
import type { Names } from '../../keys/names.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { merge } from '../../operations/merge/merge.ts';
import { readEncrypted } from '../../operations/open.ts';
import { type Marking, withMarkers } from '../../text/conflict-markers.ts';
import { mergeLines } from '../../text/three-way.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { fileMerge, type Versions } from './file-merge.ts';

/** What git tells a merge driver (gitattributes(5), "Defining a custom merge driver"). */
export interface DriverOptions extends CommonOptions {
  /** Files that hold the three versions; the result goes to `ours`. */
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly marking: Marking;
  /** The file that is merged, from the top of the work tree. */
  readonly path: string;
  /** The result is a base for another merge, and must have no markers. */
  readonly isVirtual: boolean;
}

/** How a merge ended. */
export interface DriverResult {
  /** `plain`: no version is encrypted, and nothing was done. */
  readonly outcome: 'merged' | 'conflict' | 'plain';
  readonly conflicts: readonly Conflict[];
  readonly merged: number;
  /** Who could open the file, where nobody here can. */
  readonly who?: readonly string[] | undefined;
  readonly warnings: readonly Warning[];
}

/** Merge a file for git. @throws SottoError when it can't be done */
export async function driveMerge(options: DriverOptions, io: Io): Promise<DriverResult> {
  const { path, marking, isVirtual } = options;
  const [base, ours, theirs] = [options.base, options.ours, options.theirs].map((file) =>
    io.read(io.absolute(file)),
  );
  if (base === undefined || ours === undefined || theirs === undefined)
    throw new Error('three files were read');
  const versions: Versions = { base, ours, theirs };
  const tools = toolsOf(io, options);
  const target = io.absolute(path);
  const file = await fileMerge(versions, target, options, tools, io);
  if (file === undefined) return mergePlain(versions, options, io);
  const result = await merge(file.input, { ...file.options, isVirtual });
  const { conflicts, merged, warnings, closed } = result;
  const isClean = conflicts.length === 0;
  const text = isClean ? result.ours : withMarkers(result.ours, result.theirs, marking);
  await io.write(io.absolute(options.ours), text);
  const who = closed === undefined ? undefined : readersOf(file.input.ours, file.options.names);
  return { outcome: isClean ? 'merged' : 'conflict', conflicts, merged, who, warnings };
}

const NOTHING_ENCRYPTED: DriverResult = { outcome: 'plain', conflicts: [], merged: 0, warnings: [] };

/**
 * Merge a file of which no version is encrypted. The rules merge on what they say, so that two people who add a recipient
 * each don't conflict; all else is left to git, but for a base of another merge: what conflicts is as it was there.
 */
async function mergePlain(versions: Versions, options: DriverOptions, io: Io): Promise<DriverResult> {
  const { path, isVirtual } = options;
  const [base, ours, theirs] = [versions.base, versions.ours, versions.theirs].map((bytes) =>
    Buffer.from(bytes ?? []).toString('latin1'),
  );
  if (base === undefined || ours === undefined || theirs === undefined)
    throw new Error('three texts are merged');
  const isRules = basename(path) === '.sops.yaml';
  const rules = isRules ? await mergeRules(versions) : undefined;
  const lines = rules === undefined && isVirtual ? mergeLines(base, ours, theirs) : undefined;
  const bytes = lines === undefined ? undefined : Buffer.from(lines.isClean ? lines.ours : base, 'latin1');
  const merged = rules ?? bytes;
  if (merged === undefined) return NOTHING_ENCRYPTED;
  await io.write(io.absolute(options.ours), merged);
  return { ...NOTHING_ENCRYPTED, outcome: 'merged' };
}

/** @returns `undefined` if they conflict, or can't be read */
async function mergeRules({ base, ours, theirs }: Versions): Promise<string | undefined> {
  const yaml = await loadFormat('yaml');
  return attempt(() => {
    const [a, b, o] = [ours, theirs, base].map((bytes) =>
      bytes === undefined || bytes.length === 0 ? undefined : yaml?.read(decodeUtf8(bytes)),
    );
    if (a === undefined || b === undefined) return undefined;
    const merged = mergeDocuments({ base: o, ours: a, theirs: b });
    return merged.conflicts.length === 0 ? merged.ours : undefined;
  });
}

/** The names of those who can open a version. */
function readersOf(source: Parameters<typeof readEncrypted>[0], names: Names): string[] {
  const { metadata } = readEncrypted(source);
  return metadata.groups.flat().map((entry) => names.nameOf(nameOf(entry)) ?? names.describe(nameOf(entry)));
}
