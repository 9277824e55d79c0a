import type { Conflict } from '../../core/merge/merge-blocks.ts';
import { type MergedText, mergeDocuments } from '../../core/merge/merge-documents.ts';
import { loadCipher } from '../../core/sops/load-cipher.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { compilePolicy } from '../../core/sops/policy.ts';
import { withoutMark } from '../../core/splice/byte-order-mark.ts';
import { type DatedVersion, Dating } from '../../core/splice/dating.ts';
import { type Decryption, decryptDocument } from '../../core/splice/decryption.ts';
import { encryptDocument, sealOf } from '../../core/splice/encryption.ts';
import type { Document, Format } from '../../core/splice/format.ts';
import type { Warning } from '../../core/splice/warning.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { SottoError } from '../../errors.ts';
import { recordChange } from '../audit.ts';
import { guardOf, type KnownLeaf } from '../exposure.ts';
import { readEncrypted } from '../open.ts';
import { mergeBinary } from './binary.ts';
import { mergedKey } from './data-key.ts';
import { mergeKeyless } from './keyless.ts';
import { type MergeInput, type OpenMerge, openVersions } from './open-versions.ts';
import type { MergeOptions } from './options.ts';
import type { MergeResult, Settled } from './result.ts';
import { mergeSettings } from './settings.ts';

/**
 * Merge three versions of an encrypted file on what they say. Everything that only one side changed is in the result;
 * what both changed is settled for either side, and each of the two texts is a whole encrypted file. Tokens of values
 * that did not change stay. Nobody can read more than before.
 *
 * @throws SottoError when a version is no encrypted file, or not what was encrypted
 */
export async function merge(input: MergeInput, options: MergeOptions): Promise<MergeResult> {
  const same = oneSided(input);
  if (same !== undefined) return clean(same);
  const opened = await openVersions(input, options.keyring);
  if ('closed' in opened) return mergeKeyless(input, options) ?? bothWhole(input, 'document', opened.closed);
  try {
    const result = await mergeOpen(opened, options);
    return { ...result, warnings: [...opened.warnings, ...result.warnings] };
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    if (error.code === 'value-exposed') return { ...bothWhole(input, 'selector'), warnings: [said(error)] };
    if (error.is('wrap-failed')) return bothWhole(input, 'document', error);
    throw error;
  }
}

/** The text that git itself would take, or that both sides have. */
function oneSided({ base, ours, theirs }: MergeInput): string | undefined {
  if (ours.text === theirs.text || base?.text === theirs.text) return ours.text;
  return base?.text === ours.text ? theirs.text : undefined;
}

function clean(text: string): MergeResult {
  return { ours: text, theirs: text, conflicts: [], merged: 0, warnings: [] };
}

/** Both versions as they are: each of them is a whole file. */
function bothWhole({ ours, theirs }: MergeInput, kind: Conflict['kind'], closed?: SottoError): MergeResult {
  const conflicts = [{ path: [], document: 0, kind }];
  return { ours: ours.text, theirs: theirs.text, conflicts, merged: 0, closed, warnings: [] };
}

function said({ message, details: { hint } }: SottoError): Warning {
  return hint === undefined ? { message } : { message, hint };
}

async function mergeOpen(sides: OpenMerge, options: MergeOptions): Promise<MergeResult> {
  if (isBinary(sides)) return mergeBinary(sides, await settledFor(sides, options), options);
  const { text, conflicts, warnings, seal } = await plainMerge(sides, options);
  const { merged } = text;
  if (options.isVirtual === true && text.conflicts.length > 0) {
    const neutral = text.settled('base') ?? sides.base?.decryption?.text ?? text.ours;
    return { ...clean(await seal(neutral, true)), merged, warnings };
  }
  const first = await seal(text.ours, conflicts.length === 0);
  if (text.conflicts.length === 0) return { ours: first, theirs: first, conflicts, merged, warnings };
  return { ours: first, theirs: await seal(text.theirs, false, first), conflicts, merged, warnings };
}

function isBinary({ ours }: OpenMerge): boolean {
  return ours.decryption === undefined;
}

async function settledFor({ ours, theirs, base }: OpenMerge, options: MergeOptions): Promise<Settled> {
  const settings = mergeSettings({
    base: base?.file.metadata,
    ours: ours.file.metadata,
    theirs: theirs.file.metadata,
  });
  const key = await mergedKey({
    keys: { base: base?.file.key.dataKey, ours: ours.file.key.dataKey, theirs: theirs.file.key.dataKey },
    settings,
    oursEntries: ours.file.metadata.groups.flat(),
    keyring: options.keyring,
    names: options.names,
    isNamed: options.isNamed,
  });
  return { settings, key };
}

/** A merge on plain text, which can be encrypted. */
export interface PlainMerge {
  readonly text: MergedText;
  /** Of values and of settings. */
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly Warning[];
  /**
   * Encrypt a text: with tokens and seals of the versions that have the same data key.
   *
   * @param isFinal the text is the whole result: where its MAC is that of a version, it keeps its seal
   * @param onto another text that was encrypted, whose tokens stay
   * @throws SottoError `value-exposed`, and those of encrypting
   */
  readonly seal: (text: string, isFinal: boolean, onto?: string) => Promise<string>;
}

/** Merge versions that are open, and no binary files. @throws SottoError as {@link mergedKey} */
export async function plainMerge(sides: OpenMerge, options: MergeOptions): Promise<PlainMerge> {
  const { settings, key } = await settledFor(sides, options);
  const [ours, theirs] = [sides.ours.decryption, sides.theirs.decryption];
  if (ours === undefined || theirs === undefined) throw new Error('a binary file has no plain text');
  const text = mergeDocuments({
    base: baseDocument(sides, ours.document),
    ours: ours.document,
    theirs: theirs.document,
  });
  const seal = await sealerFor({ ours, theirs, sides, settings, key, options });
  const conflicts: Conflict[] = [
    ...text.conflicts,
    ...settings.conflicts.map((kind) => ({ path: [], document: 0, kind })),
  ];
  return { text, conflicts, warnings: [...ours.warnings, ...theirs.warnings, ...key.warnings], seal };
}

/** What the base says, if it is in the dialect that ours is in. */
function baseDocument({ base, inClear }: OpenMerge, ours: Document): Document | undefined {
  if (inClear === undefined) return base?.decryption?.document;
  try {
    return ours.format.read(withoutMark(inClear.text, ours.format));
  } catch {
    return undefined;
  }
}

interface SealerParts extends Settled {
  readonly ours: Decryption;
  readonly theirs: Decryption;
  readonly sides: OpenMerge;
  readonly options: MergeOptions;
}

async function sealerFor({
  ours,
  theirs,
  sides,
  settings,
  key,
  options,
}: SealerParts): Promise<PlainMerge['seal']> {
  const { file } = sides.ours;
  const { sotto: _, threshold: __, ...kept } = file.metadata;
  const { selector, macOnlyEncrypted, version, unknown, threshold } = settings;
  const merged: Metadata = {
    ...kept,
    groups: key.groups,
    ...(threshold === undefined ? {} : { threshold }),
    selector,
    macOnlyEncrypted,
    version,
    unknown,
  };
  const shared = key.sharedWith.map((side) => (side === 'ours' ? ours : theirs));
  const cipher = await loadCipher(key.dataKey);
  const policy = await compilePolicy(selector);
  const format: Format = file.format;
  const lastModified = lastModifiedOf(options.now);
  const indent = options.indent === undefined ? {} : { indent: options.indent };
  // Nothing that was encrypted anywhere may come to stand in clear text.
  const before = {
    get leaves() {
      return knownLeaves(ours, sides.base?.decryption, theirs);
    },
  };
  const guard = guardOf(before, file, () => false);
  const dating =
    file.source.isDated?.() === true ? new Dating([datedVersion(ours), datedVersion(theirs)]) : undefined;
  const opened = (text: string): Decryption => {
    const read = readEncrypted({ text, format });
    return decryptDocument(read.document, { ...read, format, cipher, policy });
  };
  return async (text, isFinal, onto) => {
    const earlier = onto === undefined ? [] : [opened(onto)];
    const versions = [...earlier, ...shared];
    // Notes on the layout keep their token where they are those of a version.
    const first = versions.find(({ layout }) => layout !== '') ?? versions[0];
    const sotto = first?.metadata.sotto;
    const result = encryptDocument(text, {
      dating,
      format,
      cipher,
      policy,
      metadata: sotto === undefined ? merged : { ...merged, sotto },
      lastModified,
      seals: isFinal ? shared.map(sealOf) : earlier.map(sealOf),
      others: versions.filter((version) => version !== first).map(({ leaves }) => leaves),
      ...indent,
      // It is no version as a whole: that was looked at before.
      ...(first === undefined ? {} : { previous: { ...first, isVouched: false } }),
    });
    guard(result);
    await recordChange(file, result.text);
    return result.text;
  };
}

function datedVersion({ leaves, metadata }: Decryption): DatedVersion {
  return { opened: leaves.opened, metadata };
}

/** What is known of the values of all versions: each token once, and of theirs only what is encrypted. */
function* knownLeaves(
  ours: Decryption,
  base: Decryption | undefined,
  theirs: Decryption,
): Generator<KnownLeaf> {
  const seen = new Set<string>();
  for (const { leaves } of base === undefined ? [ours, theirs] : [ours, base, theirs]) {
    const isTheirs = leaves === theirs.leaves;
    for (const leaf of leaves) {
      const isNew = leaf.token === '' ? !isTheirs : leaves === ours.leaves || !seen.has(leaf.token);
      if (!isNew) continue;
      seen.add(leaf.token);
      yield leaf;
    }
  }
}
