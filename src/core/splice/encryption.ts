import { SottoError } from '../../errors.ts';
import { lineOf } from '../../text/position.ts';
import type { Cipher } from '../sops/cipher.ts';
import { conventionsOf } from '../sops/conventions.ts';
import { createMac, sealMac } from '../sops/mac.ts';
import { type Metadata, type MetadataMap, readMetadata } from '../sops/metadata.ts';
import { ENCRYPTED_ALREADY, hasMetadata } from '../sops/metadata-key.ts';
import type { Policy, Selector } from '../sops/policy.ts';
import { printPath } from '../tree/path.ts';
import { markOf, withoutMark } from './byte-order-mark.ts';
import { carrierOf } from './carrier.ts';
import type { Dating, SealedValue } from './dating.ts';
import { Decisions, isBared } from './decisions.ts';
import { type Decryption, decryptDocument } from './decryption.ts';
import { type Draft, makeDraft } from './draft.ts';
import type { EarlierLeaves } from './earlier-leaves.ts';
import { expectedFrame, expectedNotes } from './expectation.ts';
import type { Document, Edit, Format } from './format.ts';
import { framed } from './frame.ts';
import type { KeptIvs } from './kept-ivs.ts';
import { LAYOUT_AAD, type LayoutNote, printLayout } from './layout.ts';
import { endNotes, gapNotes, leafNotes } from './layout-notes.ts';
import { pathOf } from './leaf.ts';
import { LeafEncryptor, type SealedLeaves } from './leaf-encryptor.ts';
import { collectLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import { bodyOf, metadataInsertions } from './metadata-edits.ts';
import { seenOtherwise } from './seen-selection.ts';
import { SplicedText } from './spliced-text.ts';
import type { Warning } from './warning.ts';

/** What encrypting needs besides the text. */
export interface EncryptSettings {
  readonly format: Format;
  readonly cipher: Cipher;
  readonly policy: Policy;
  /** Recipients, selector, version and what else the file keeps; `mac` and `lastModified` are made anew. */
  readonly metadata: Metadata;
  /** RFC 3339, UTC, whole seconds. */
  readonly lastModified: string;
  /** Indentation of the metadata block, as in `stores.*.indent`. */
  readonly indent?: number;
  /** The encrypted version whose tokens stay where values did not change. */
  readonly previous?: Decryption;
  /** More versions under the same data key, whose tokens count where the previous one has none. */
  readonly others?: readonly EarlierLeaves[];
  /** IVs of the same texts under the key before, for one that was drawn just now, and in its place. */
  readonly ivs?: KeptIvs | undefined;
  /** MACs that were sealed under the same data key: where the result has one of them, its seal stays. */
  readonly seals?: readonly Seal[];
  /** The source, read, without a byte order mark: with values that it can't say. */
  readonly document?: Document;
  /** Notes when values changed; left out, the file does not say it. */
  readonly dating?: Dating | undefined;
}

/** A MAC as it stands in the metadata of a file. */
export interface Seal extends Pick<Metadata, 'lastModified'> {
  /** What was sealed. */
  readonly mac: string;
  readonly token: string;
}

/** The seal of a file that was opened. */
export function sealOf({ mac, metadata }: Decryption): Seal {
  return { mac, token: metadata.mac, lastModified: metadata.lastModified };
}

/** An encrypted file. */
export interface Encryption {
  readonly text: string;
  /** False when the previous version already says all this; `text` is then its text. */
  readonly changed: boolean;
  /** Number of values and comments that are encrypted. */
  readonly encrypted: number;
  /** Number of values that the policy leaves in clear; nulls are not counted. */
  readonly clear: number;
  /** What the reader had to say about the source. */
  readonly warnings: readonly Warning[];
  /** The source, read; what is printed anew from trees has no text. */
  readonly document: Document;
  /** Its leaves, as the policy has them. */
  readonly leaves: Leaves;
}

/** sops's exit status for the reserved key in a later document, where it finds out only when it writes. */
const LATER_DOCUMENT = 4;
/** A draft whose shape is that of the final text needs no more rounds than this; each mends what the last moved. */
const MAX_ROUNDS = 6;
/**
 * Encrypt a file: the values that the policy selects are replaced in their places, the metadata goes to the
 * end, nothing else moves. The result is read back before it is returned.
 *
 * @throws SottoError `no-document`, `already-encrypted`, `input-invalid`, `encrypt-failed`
 */
export function encryptDocument(source: string, settings: EncryptSettings): Encryption {
  const { format, previous } = settings;
  const mark = markOf(source, format);
  const document = settings.document ?? format.read(withoutMark(source, format));
  refuseReserved(document);
  const carrier = carrierOf(document, settings.policy);
  const withAround = (own: readonly LayoutNote[]): LayoutNote[] => [
    ...(mark === '' ? [] : [{ document: 0, at: 'start', occurrence: 0, texts: [mark] } as const]),
    ...(carrier?.notes ?? []),
    ...own.filter((note) => carrier?.carried.has(note.document) !== true),
  ];
  const draft = settle(carrier?.document ?? document, settings, withAround);
  const report = {
    encrypted: countTokens(draft),
    clear: countClear(draft.leaves),
    warnings: [...(document.warnings ?? []), ...seenOtherwise(document, draft.leaves, settings.policy)],
    document,
    leaves: draft.leaves,
  };
  const layout = printLayout(withAround([...leafNotes(draft), ...gapNotes(draft), ...endNotes(draft)]));
  const isFit = previous?.isVouched === true && previous.misfit === undefined;
  if (isFit && previous.mac === draft.mac && previous.layout === layout) {
    if (bodyOf(draft.read) === bodyOf(draft.read.format.read(previous.source)))
      return { text: previous.source, changed: false, ...report };
  }
  const metadata = layout === draft.layout ? draft.metadata : finalMetadata(settings, draft.mac, layout);
  const final = finished(metadata, draft.read, sealedValues(draft), settings);
  const isDraft = final === draft.metadata;
  const sealed = isDraft ? draft.read : withOther(draft, final, settings);
  // Values that the source can't say were handed in with it; its text has to be read to see what it does say.
  const known = settings.document === undefined ? document : undefined;
  verify(source, known, sealed, isDraft ? draft.found : undefined, settings);
  return { text: sealed.text, changed: true, ...report };
}

/** The encrypted text, read, with other metadata than its draft has. */
function withOther(draft: Draft, metadata: Metadata, settings: EncryptSettings): Document {
  const { document, gaps, spliced } = draft;
  const insertions = metadataEdits(document, metadata, settings, gaps);
  return draft.read.format.read(spliced.with(insertions).text);
}

/**
 * The metadata with what takes the encrypted text: the dates of its values, if they are noted, and the frame, if the
 * text needs one. Every file whose values are encrypted gets its metadata here.
 *
 * @param document the encrypted text, read; what its own metadata says makes no difference
 */
export function finished(
  metadata: Metadata,
  document: Document,
  values: Iterable<SealedValue>,
  { format, cipher, dating, lastModified }: EncryptSettings,
): Metadata {
  const { sotto: before = {} } = metadata;
  const dates = dating?.fieldsFor(values, lastModified);
  const sotto = framed({ document, format, sotto: { ...before, ...dates }, cipher });
  return FINISHED.every((name) => sotto[name] === before[name]) ? metadata : withSotto(metadata, sotto);
}

const FINISHED = ['frame', 'changed', 'expires'];

/** The values of a draft that have a token. */
function* sealedValues({ leaves, sealed, found, pairs }: Draft): Generator<SealedValue> {
  for (let index = 0; index < leaves.length; index += 1) {
    const value = sealed.exact(index) ?? leaves.value(index);
    const pair = pairs[index] ?? -1;
    const token = pair < 0 || !sealed.hasToken(index) ? undefined : found.value(pair)?.text;
    if (value !== undefined && token !== undefined) yield { token, value };
  }
}

function withSotto({ sotto: _, ...metadata }: Metadata, sotto: MetadataMap): Metadata {
  return Object.keys(sotto).length === 0 ? metadata : { ...metadata, sotto };
}

const RESERVED_KEY =
  'Could not marshal tree: Error marshaling metadata: Found key "sops" in encrypted data, which is a reserved key used for SOPS metadata';

function countTokens({ leaves, sealed }: Draft): number {
  let count = 0;
  for (let index = 0; index < leaves.length; index += 1) if (sealed.hasToken(index)) count += 1;
  return count;
}

function countClear(leaves: Leaves): number {
  let count = 0;
  for (let index = 0; index < leaves.length; index += 1)
    if (!leaves.isEncrypted(index) && (leaves.value(index)?.type ?? 'null') !== 'null') count += 1;
  return count;
}

function refuseReserved(document: Document): void {
  if (document.roots.length === 0) {
    throw new SottoError('no-document', 'the file is empty', {
      inSops: 'File cannot be completely empty, it must contain at least one document',
      hint: 'an empty mapping, {}, is enough',
    });
  }
  for (const [number, root] of document.roots.entries()) {
    if (hasMetadata(root)) {
      throw new SottoError(
        'already-encrypted',
        "the file is encrypted already, or has an entry called 'sops' of its own",
        {
          hint: 'use "sotto edit" or "sotto set" to change it, or rename the entry',
          ...(number === 0
            ? { inSops: ENCRYPTED_ALREADY, hasParagraphs: true }
            : { inSops: RESERVED_KEY, exit: LATER_DOCUMENT }),
        },
      );
    }
  }
}

/** Encrypt until the leaves stand in the finished text where they were encrypted for. */
function settle(
  document: Document,
  settings: EncryptSettings,
  withAround: (own: readonly LayoutNote[]) => LayoutNote[],
): Draft {
  const { policy, cipher, previous, others = [] } = settings;
  const leaves = collectLeaves(document, policy);
  const encryptor = new LeafEncryptor(
    document,
    leaves,
    cipher,
    [...(previous === undefined ? [] : [previous.leaves]), ...others],
    settings.ivs,
  );
  const draftOf = (decisions: Decisions, gaps: ReadonlySet<number>): Draft => {
    const sealed = encryptor.seal(decisions);
    const mac = macOf(document, leaves, decisions, sealed, settings.metadata.macOnlyEncrypted);
    const plain = finalMetadata(settings, mac, '');
    const bare = metadataEdits(document, plain, settings, gaps);
    const spliced = SplicedText.splice(document.text, sealed.edits, bare, gaps);
    const sketch = { document, leaves, decisions, sealed, mac, spliced, insertions: bare, gaps };
    const notes = withAround(expectedNotes(sketch));
    const layout = printLayout(notes);
    const own = layout === '' ? plain : finalMetadata(settings, mac, layout);
    const metadata = withSotto(own, expectedFrame(sketch, own.sotto ?? {}, notes, settings));
    if (own === plain && metadata.sotto?.['frame'] === undefined)
      return makeDraft({ ...sketch, layout, metadata, policy });
    const insertions = metadataEdits(document, metadata, settings, gaps);
    return makeDraft({
      ...sketch,
      layout,
      metadata,
      insertions,
      spliced: spliced.with(insertions),
      policy,
    });
  };
  const isOther = document.format.sealed !== undefined;
  const own = Decisions.own(
    leaves,
    (index) => (isOther && leaves.isValue(index)) || isBared(leaves, index, leaves.isSelected(index)),
  );
  let draft = draftOf(own, new Set());
  let gaps: ReadonlySet<number> = new Set();
  if (draft.moved.size > 0) {
    // Comments at the end of a document can be drawn to the metadata below them; a blank line may keep them.
    const spaced = draftOf(own, draft.moved);
    if (spaced.moved.size === 0) {
      gaps = draft.moved;
      draft = spaced;
    }
  }
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (draft.settled) return readable(stillHidden(draft, own));
    draft = draftOf(draft.next, gaps);
  }
  throw unsettled(settings.metadata.selector);
}

function unsettled({ kind, pattern }: Selector): SottoError {
  if (kind === 'unencrypted_comment_regex') {
    return new SottoError('encrypt-failed', `an encrypted comment matches ${kind}: ${pattern}`, {
      hint: 'what it stands for would be in clear text then; write an expression that cannot match "ENC[AES256_GCM,…]"',
      inSops:
        'Error encrypting tree: Error walking tree: Encrypted comment matches UnencryptedCommentRegex! Make sure that UnencryptedCommentRegex cannot match an encrypted comment.',
    });
  }
  return new SottoError(
    'encrypt-failed',
    'comments change their place when the values around them are encrypted',
    { hint: 'move or remove the comments that stand between values at different depths' },
  );
}

/** @throws SottoError `encrypt-failed` when something that is to be encrypted would come to stand in a clear place */
function stillHidden(draft: Draft, own: Decisions): Draft {
  if (draft.decisions === own) return draft;
  let shown = 0;
  while (shown < draft.leaves.length && (draft.decisions.isEncrypted(shown) || !own.isEncrypted(shown)))
    shown += 1;
  if (shown === draft.leaves.length) return draft;
  const leaf = draft.leaves.get(shown);
  const what = leaf.node.kind === 'comment' ? 'a comment' : printPath(pathOf(leaf.at));
  throw new SottoError('encrypt-failed', `${what} would come to stand where it is not encrypted`, {
    line: lineOf(draft.document.text, leaf.node.place.start),
    hint: 'move the comment closer to what it belongs to, or remove it',
  });
}

/** @throws SottoError `encrypt-failed` when a value would be another one in clear text */
function readable(draft: Draft): Draft {
  const [leaf] = draft.misread;
  if (leaf === undefined) return draft;
  const where = printPath(pathOf(leaf.at));
  throw new SottoError('encrypt-failed', `${where} can't be in clear text: sops would read another value`, {
    line: lineOf(draft.document.text, leaf.node.place.start),
    hint: 'let it be encrypted as well, or write another value',
  });
}

/** As {@link metadataInsertions}, with a blank line in front of the metadata of some documents. */
function metadataEdits(
  document: Document,
  metadata: Metadata,
  settings: EncryptSettings,
  gaps: ReadonlySet<number>,
): (readonly Edit[])[] {
  return metadataInsertions(document, metadata, settings).map((edits, number) => {
    const last = gaps.has(number) ? edits.at(-1) : undefined;
    return last === undefined ? edits : [...edits.slice(0, -1), { ...last, text: `\n${last.text}` }];
  });
}

function macOf(
  { format }: Document,
  leaves: Leaves,
  decisions: Decisions,
  { hasToken, exact }: SealedLeaves,
  onlyEncrypted: boolean,
): string {
  const mac = createMac(onlyEncrypted, conventionsOf(format));
  for (let index = 0; index < leaves.length; index += 1) {
    const value = exact(index) ?? leaves.value(index);
    if (value !== undefined) mac.update(value, decisions.isEncrypted(index), hasToken(index));
  }
  return mac.digest();
}

/** The metadata with MAC and layout, and of our own additions nothing else; a layout that did not change keeps its token. */
export function finalMetadata(settings: EncryptSettings, mac: string, layout: string): Metadata {
  const { cipher, lastModified, previous } = settings;
  const { sotto, ...metadata } = settings.metadata;
  const kept = previous !== undefined && previous.layout === layout ? sotto?.['layout'] : undefined;
  const token =
    layout === '' ? undefined : (kept ?? cipher.encrypt({ type: 'str', text: layout }, LAYOUT_AAD));
  const ours = { ...settings.format.sottoFields, ...(token === undefined ? {} : { layout: token }) };
  const seal = settings.seals?.find((one) => one.mac === mac);
  return {
    ...metadata,
    lastModified: seal?.lastModified ?? lastModified,
    mac: seal?.token ?? sealMac(cipher, mac, lastModified),
    ...(Object.keys(ours).length === 0 ? {} : { sotto: ours }),
  };
}

/**
 * Decrypt the result and compare: nothing is handed out that does not come back byte for byte.
 *
 * @param known the source, read
 * @param document the encrypted text, read
 * @param found its leaves, where they are known
 */
function verify(
  source: string,
  known: Document | undefined,
  document: Document,
  found: Leaves | undefined,
  settings: EncryptSettings,
): void {
  const metadata = writtenMetadata(document, settings);
  if (metadata !== undefined) {
    const { format, cipher, policy } = settings;
    const decryption = decryptDocument(document, { format, cipher, policy, metadata, known }, found);
    if (decryption.text === source) return;
  }
  throw notComingBack('the source');
}

/** The metadata that an encrypted text has come to say. */
export function writtenMetadata(
  { roots: [root], format }: Document,
  { metadata: { lists } }: EncryptSettings,
): Metadata | undefined {
  return root === undefined ? undefined : readMetadata(root, lists, conventionsOf(format));
}

/** The error for an encrypted text that is not handed out. */
export function notComingBack(what: string): SottoError {
  return new SottoError('internal', `the encrypted text does not decrypt to ${what}`, {
    hint: 'nothing was written; please report this with a file that shows it',
  });
}
