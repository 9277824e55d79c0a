import type { Conflict } from '../../core/merge/merge-blocks.ts';
import { mergeDocuments } from '../../core/merge/merge-documents.ts';
import { conventionsOf } from '../../core/sops/conventions.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { ENCRYPT_NOTHING } from '../../core/sops/policy.ts';
import { hasTokens, isToken } from '../../core/sops/token.ts';
import { joinedDates } from '../../core/splice/dating.ts';
import { type Document, sealedFormat } from '../../core/splice/format.ts';
import { collectLeaves } from '../../core/splice/leaf-walk.ts';
import { bodyOf, withMetadataText } from '../../core/splice/metadata-edits.ts';
import { isSameRecipient } from '../../keys/index.ts';
import { type EncryptedFile, readEncrypted, type Source } from '../open.ts';
import type { MergeInput } from './open-versions.ts';
import type { MergeOptions } from './options.ts';
import type { MergeResult } from './result.ts';
import { mergeSettings } from './settings.ts';
import { isEncrypted } from './sides.ts';

/**
 * Merge without a key: tokens are values that nobody can read. That is right if all three versions have one data key,
 * and the values come out as those of one side, whose MAC is theirs then.
 *
 * @param settle for which side conflicts are settled; they take a key unless given
 * @returns `undefined` where it takes a key
 */
export function mergeKeyless(
  sources: MergeInput,
  options: Pick<MergeOptions, 'indent' | 'names' | 'isNamed'>,
  settle?: 'ours' | 'theirs',
): MergeResult | undefined {
  const files = readAll(sources);
  if (files === undefined) return undefined;
  const { base, ours, theirs } = files;
  if (!sharesToken(base, ours) || !sharesToken(base, theirs)) return undefined;
  const settings = mergeSettings({ base: base.metadata, ours: ours.metadata, theirs: theirs.metadata });
  const { groups, selector, macOnlyEncrypted, threshold, version, unknown } = settings;
  const isPlain =
    JSON.stringify([selector, macOnlyEncrypted]) ===
    JSON.stringify([ours.metadata.selector, ours.metadata.macOnlyEncrypted]);
  if (settings.conflicts.length > 0 || groups.length > 1 || !isPlain) return undefined;
  const [o, a, b] = [base, ours, theirs].map(bare);
  if (o === undefined || a === undefined || b === undefined) return undefined;
  const merged = mergeDocuments({ base: o, ours: a, theirs: b });
  if (merged.conflicts.length > 0 && settle === undefined) return undefined;
  const document = a.format.read(merged[settle ?? 'ours']);
  const side = [ours, theirs].find((one) => {
    const own = bare(one);
    return (
      sequenceOf(document, macOnlyEncrypted) === sequenceOf(own, macOnlyEncrypted) && fits(one, own, document)
    );
  });
  if (side === undefined) return undefined;
  const { threshold: _, sotto, ...kept } = ours.metadata;
  const { changed: _changed, expires: _expires, ...own } = side.metadata.sotto ?? {};
  const dates =
    sources.ours.isDated?.() === true
      ? joinedDates(
          tokensOf({ document }),
          [ours, theirs].map((version) => ({ tokens: tokensOf(version), metadata: version.metadata })),
        )
      : {};
  const ownSotto = { ...own, ...dates };
  const metadata: Metadata = {
    ...kept,
    groups: groups.map((group) => group.flatMap(({ ours: mine, theirs: other }) => mine ?? other ?? [])),
    ...(threshold === undefined ? {} : { threshold }),
    version,
    unknown,
    mac: side.metadata.mac,
    lastModified: side.metadata.lastModified,
    ...(Object.keys(ownSotto).length === 0 ? {} : { sotto: ownSotto }),
  };
  const text = withMetadataText(document, metadata, { format: document.format, indent: options.indent });
  const incoming = groups
    .flat()
    .filter(({ ours: mine, name }) => mine === undefined && !options.isNamed(name));
  return {
    ours: text,
    theirs: text,
    conflicts: [],
    merged: merged.merged,
    warnings: [
      ...settings.gone
        .filter((name) => !groups.flat().some((one) => isSameRecipient(one.name, name)))
        .map((name) => ({
          message: `${options.names.describe(name)} goes, and the data key stays as it was`,
          hint: 'sotto rotate -i FILE gives the file a new one',
        })),
      ...incoming.map(({ name }) => ({
        message: `${options.names.describe(name)} can read the file from now on, and no rule of this side names that recipient`,
        hint: 'sotto sync FILE takes out whom no rule names',
      })),
    ],
  };
}

/** What conflicts, as far as that can be told without a key. @returns `undefined` if it can't */
export function conflictsKeyless(sources: MergeInput): readonly Conflict[] | undefined {
  const files = readAll(sources);
  if (files === undefined) return undefined;
  const { base, ours, theirs } = files;
  if (!sharesToken(base, ours) || !sharesToken(base, theirs)) return undefined;
  return mergeDocuments({ base: bare(base), ours: bare(ours), theirs: bare(theirs) }).conflicts;
}

/** @returns `undefined` if one of them stands in clear, or there is no base */
function readAll({
  base,
  ours,
  theirs,
}: MergeInput): { base: EncryptedFile; ours: EncryptedFile; theirs: EncryptedFile } | undefined {
  const isReadable = (source: Source | undefined): source is Source =>
    source !== undefined && source.text !== '' && isEncrypted(source);
  if (!isReadable(base) || !isReadable(ours) || !isReadable(theirs)) return undefined;
  return { base: readEncrypted(base), ours: readEncrypted(ours), theirs: readEncrypted(theirs) };
}

/** The encrypted text of a file without its metadata, read. */
function bare({ document }: EncryptedFile): Document {
  return sealedFormat(document.format).read(bodyOf(document));
}

/** Whether two versions have a token in common, and so the data key. */
function sharesToken(one: EncryptedFile, other: EncryptedFile): boolean {
  const known = new Set(tokensOf(one));
  return tokensOf(other).some((token) => known.has(token));
}

function tokensOf({ document }: Pick<EncryptedFile, 'document'>): string[] {
  return document.text.match(/ENC\[AES256_GCM,[^\]]*\]/g) ?? [];
}

/** What the MAC covers: values in their order, those in clear left out under `mac_only_encrypted`. */
function sequenceOf(document: Document, onlyEncrypted: boolean): string {
  const { isNull } = conventionsOf(document.format);
  const values: string[] = [];
  for (const { node } of collectLeaves(document, ENCRYPT_NOTHING)) {
    if (node.kind !== 'value' || node.place.syntax === 'item') continue;
    if (onlyEncrypted && !isToken(node.value.text)) continue;
    if (!isNull(node.value)) values.push(`${node.value.type} ${node.value.text}`);
  }
  return JSON.stringify(values);
}

/** Whether what a version says about how it is written holds for the merged text. */
function fits({ metadata: { sotto } }: EncryptedFile, own: Document, merged: Document): boolean {
  return sotto === undefined || own.text === merged.text || !hasTokens(JSON.stringify(sotto));
}
