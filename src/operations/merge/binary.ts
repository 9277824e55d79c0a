import { loadCipher } from '../../core/sops/load-cipher.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { encryptContent, openRoots } from '../content.ts';
import { datingOf, valuesOf } from '../open.ts';
import { withMetadata } from '../with-metadata.ts';
import type { OpenMerge } from './open-versions.ts';
import type { MergeOptions } from './options.ts';
import type { MergeResult, Settled } from './result.ts';
import type { OpenSide } from './sides.ts';

/** Merge a file that is encrypted as one value. */
export async function mergeBinary(
  { ours, theirs, base }: OpenMerge,
  { settings: { threshold }, key }: Settled,
  options: MergeOptions,
): Promise<MergeResult> {
  const [mine, other, was] = await Promise.all(
    [ours, theirs, base].map((side) => (side === undefined ? undefined : bytesOf(side))),
  );
  if (mine === undefined || other === undefined) throw new Error('two versions are merged');
  const sealed = async (side: OpenSide, name: 'ours' | 'theirs'): Promise<string> => {
    const { threshold: _, ...kept } = side.file.metadata;
    const metadata: Metadata = {
      ...kept,
      groups: key.groups,
      ...(threshold === undefined ? {} : { threshold }),
    };
    if (key.sharedWith.includes(name))
      return withMetadata(side.file, await valuesOf(side.file), metadata, options.indent);
    const { format, policy } = side.file;
    const { content, opened } = await openRoots(side.file);
    const cipher = await loadCipher(key.dataKey);
    return encryptContent(content, {
      format,
      policy,
      metadata,
      cipher,
      dating: datingOf(side.file, opened),
      lastModified: lastModifiedOf(options.now),
    }).text;
  };
  const isSame = (one: Uint8Array | undefined, another: Uint8Array | undefined): boolean =>
    one !== undefined && another !== undefined && Buffer.compare(one, another) === 0;
  const { warnings } = key;
  if (isSame(mine, other) || isSame(was, other) || isSame(was, mine)) {
    const isTheirs = !isSame(mine, other) && isSame(was, mine);
    const text = await (isTheirs ? sealed(theirs, 'theirs') : sealed(ours, 'ours'));
    return { ours: text, theirs: text, conflicts: [], merged: isTheirs ? 1 : 0, warnings };
  }
  return {
    ours: await sealed(ours, 'ours'),
    theirs: await sealed(theirs, 'theirs'),
    conflicts: [{ path: [], document: 0, kind: 'both-changed' }],
    merged: 0,
    warnings,
  };
}

async function bytesOf({ file }: OpenSide): Promise<Uint8Array | undefined> {
  const { content } = await openRoots(file);
  const [root] = content.roots;
  return root === undefined ? undefined : file.format.binary?.print(root);
}
