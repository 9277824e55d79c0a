import { SottoError } from '../../errors.ts';
import type { Plaintext } from '../sops/cipher.ts';
import { conventionsOf } from '../sops/conventions.ts';
import { createMac } from '../sops/mac.ts';
import type { Metadata } from '../sops/metadata.ts';
import { type LeafChange, mapNode, mapTree } from '../tree/map-tree.ts';
import { printPath } from '../tree/path.ts';
import type { CommentNode, MapNode, ValueNode } from '../tree/tree.ts';
import { sameValue, type Value, valueBytes } from '../tree/value.ts';
import type { SealedValue } from './dating.ts';
import {
  type Encryption,
  type EncryptSettings,
  finalMetadata,
  finished,
  notComingBack,
  writtenMetadata,
} from './encryption.ts';
import { readsAs } from './exact-values.ts';
import { type Document, type Format, sealedFormat } from './format.ts';
import { type Leaf, pathOf } from './leaf.ts';
import { isSecret, plainOf } from './leaf-encryptor.ts';
import { collectLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import { withMetadataText } from './metadata-edits.ts';
import { openDocument } from './opened-values.ts';
import { withPrintingStep } from './printing-step.ts';
import { seenOtherwise } from './seen-selection.ts';

/** Comments can come to stand elsewhere in another format; each round encrypts them for where they stood in the last. */
const MAX_ROUNDS = 6;

/** The token of each value and comment that is encrypted. */
type Tokens = ReadonlyMap<ValueNode | CommentNode, string>;

/**
 * Encrypt trees that stand in no text of the format yet, because they come from another one: they are printed with
 * their tokens in place, so that what the format can't hold in clear (bytes, NaN in JSON) can be encrypted all the same.
 * The result is read back before it is returned.
 *
 * @throws SottoError `output-unsupported` when the format can't hold them, `encrypt-failed`
 */
export function encryptTree(trees: readonly MapNode[], settings: EncryptSettings): Encryption {
  const format = sealedFormat(settings.format);
  const roots = trees.map(expandMap).map((root) => format.arrange?.(root) ?? root);
  const conventions = conventionsOf(format);
  const source = { format, text: '', roots };
  const all = collectLeaves(source, settings.policy);
  const leaves = [...all];
  const mac = createMac(settings.metadata.macOnlyEncrypted, conventions);
  for (const { node, encrypted } of leaves)
    if (node.kind === 'value')
      mac.update(node.value, encrypted, encrypted && isSecret(node.value, conventions));
  const metadata = finalMetadata(settings, mac.digest(), '');
  const made = new Map<ValueNode | CommentNode, { readonly aad: string; readonly token: string }>();
  let aads: readonly string[] = leaves.map(({ aad }) => aad);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const tokens = tokensFor(leaves, aads, settings, made);
    const printed = withPrintingStep('Could not marshal tree', () =>
      format.print(
        roots.map((root) => sealedMap(root, tokens)),
        settings,
      ),
    );
    const bare = readPrinted(format, printed);
    const document = withMetadata(bare, metadata, settings);
    const found = [...collectLeaves(document, settings.policy)];
    const places = placesOf(roots, leaves, document, found);
    if (places.every((aad, index) => aad === aads[index])) {
      const final = finished(metadata, document, sealedValues(leaves, tokens), settings);
      const sealed = final === metadata ? document : withMetadata(bare, final, settings);
      verify(leaves, sealed, settings);
      const clear = leaves.filter(({ node, encrypted }) => node.kind === 'value' && !encrypted).length;
      return {
        text: sealed.text,
        changed: true,
        encrypted: tokens.size,
        clear,
        warnings: seenOtherwise(source, all, settings.policy),
        document: source,
        leaves: all,
      };
    }
    aads = places;
  }
  throw new SottoError('encrypt-failed', 'comments change their place in the other format', {
    hint: 'take them out, or keep the format of the file',
  });
}

function* sealedValues(leaves: readonly Leaf[], tokens: Tokens): Generator<SealedValue> {
  for (const { node } of leaves) {
    const token = tokens.get(node);
    if (token !== undefined && node.kind === 'value') yield { token, value: node.value };
  }
}

function withMetadata(bare: Document, metadata: Metadata, settings: EncryptSettings): Document {
  return bare.format.read(withMetadataText(bare, metadata, settings));
}

/** A place in what was printed says nothing to who has the source. @throws SottoError `output-unsupported` */
function readPrinted(format: Format, text: string): Document {
  try {
    return format.read(text);
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'input-invalid') throw error;
    throw new SottoError('output-unsupported', `${format.name} can't hold it: ${error.message}`, {
      inSops: `Could not marshal tree: ${format.name} can't hold it: ${error.message}`,
      hint: 'mend that in the file, or keep its format',
    });
  }
}

function tokensFor(
  leaves: readonly Leaf[],
  aads: readonly string[],
  { cipher, format }: EncryptSettings,
  made: Map<ValueNode | CommentNode, { readonly aad: string; readonly token: string }>,
): Tokens {
  const conventions = conventionsOf(format);
  const tokens = new Map<ValueNode | CommentNode, string>();
  const wanted: {
    readonly node: ValueNode | CommentNode;
    readonly plain: Plaintext;
    readonly aad: string;
  }[] = [];
  for (const [index, { node, encrypted, inList }] of leaves.entries()) {
    const plain = plainOf(node, inList);
    if (!encrypted || !isSecret(plain, conventions)) continue;
    const aad = aads[index] ?? '';
    const before = made.get(node);
    if (before?.aad === aad) tokens.set(node, before.token);
    else wanted.push({ node, plain, aad });
  }
  const tokensMade = cipher.encryptAll({
    length: wanted.length,
    plain: (number) => wanted[number]?.plain ?? { comment: '' },
    aad: (number) => wanted[number]?.aad ?? '',
  });
  for (const [number, token] of tokensMade.entries()) {
    const want = wanted[number];
    if (want === undefined) continue;
    made.set(want.node, { aad: want.aad, token });
    tokens.set(want.node, token);
  }
  return tokens;
}

/**
 * Where the leaves stand in the printed text. Comments that the format has no place for are gone.
 *
 * @returns the AAD of each leaf
 */
function placesOf(
  roots: readonly MapNode[],
  leaves: readonly Leaf[],
  document: Document,
  found: readonly Leaf[],
): string[] {
  if (document.roots.length !== roots.length) {
    const message = `${document.format.name} holds one document, and there are ${roots.length}`;
    throw new SottoError('output-unsupported', message, {
      inSops: `Could not marshal tree: ${message}`,
      hint: 'split the file, or keep its format',
    });
  }
  const values = found.filter(({ node }) => node.kind === 'value').values();
  const comments = found.filter(({ node }) => node.kind === 'comment');
  const hasComments = leaves.filter(({ node }) => node.kind === 'comment').length === comments.length;
  const order = comments.values();
  const places = leaves.map((leaf) => {
    if (leaf.node.kind === 'comment' && !hasComments) return leaf.aad;
    const pair = (leaf.node.kind === 'comment' ? order : values).next().value;
    const moved = leaf.node.kind === 'value' && pair?.aad !== leaf.aad;
    if (pair === undefined || moved || pair.encrypted !== leaf.encrypted) throw otherwise(document, leaf);
    return pair.aad;
  });
  const more = values.next().value;
  if (more !== undefined) throw otherwise(document, more);
  return places;
}

function otherwise({ format }: Document, leaf: Leaf): SottoError {
  return new SottoError(
    'encrypt-failed',
    `${printPath(pathOf(leaf.at))} would read otherwise in ${format.name}`,
    {
      hint: 'keep the format of the file, or choose another selector: comments do not stand everywhere',
    },
  );
}

function verify(leaves: readonly Leaf[], document: Document, settings: EncryptSettings): void {
  const metadata = writtenMetadata(document, settings);
  if (metadata !== undefined) {
    const found = collectLeaves(document, settings.policy);
    refuseRespelled(leaves, document.format, found, settings);
    const { opened } = openDocument(document, { ...settings, metadata }, found);
    const values = [...opened].flatMap(({ plain }) => ('comment' in plain ? [] : [plain]));
    const wanted = leaves.flatMap(({ node }) => (node.kind === 'comment' ? [] : [node.value]));
    const isSame = wanted.every((value, index) => {
      const other = values[index];
      // What a token says is the value itself; in clear, it is what the format can say of it.
      return other !== undefined && (sameValue(other, value) || readsAs(other, value, document.format));
    });
    if (isSame && values.length === wanted.length) return;
  }
  throw notComingBack('its values');
}

/**
 * A format of texts only can spell a value otherwise than the MAC has it: the boolean `True` is `true` in dotenv.
 *
 * @throws SottoError `output-unsupported` for a value in clear that would not be the same to the MAC
 */
function refuseRespelled(
  leaves: readonly Leaf[],
  format: Format,
  all: Leaves,
  { metadata: { macOnlyEncrypted } }: EncryptSettings,
): void {
  if (macOnlyEncrypted) return;
  const { hashed, isNull } = conventionsOf(format);
  const bytesOf = (value: Value): Uint8Array =>
    isNull(value) ? new Uint8Array() : valueBytes(hashed(value));
  const found = [...all].flatMap(({ node }) => (node.kind === 'value' ? [node] : []));
  const own = leaves.filter(({ node }) => node.kind === 'value');
  for (const [index, { node, encrypted, at }] of own.entries()) {
    const other = found[index];
    if (encrypted || node.kind !== 'value' || other === undefined) continue;
    if (Buffer.compare(bytesOf(node.value), bytesOf(other.value)) === 0) continue;
    const message = `${printPath(pathOf(at))} would be another value in clear in ${format.name}`;
    throw new SottoError('output-unsupported', message, {
      inSops: `Could not marshal tree: ${message}`,
      hint: 'let it be encrypted, write it as a text (in quotes), or keep the format of the file',
    });
  }
}

/** The tree with what aliases stand for in their places, so that each value stands in one place. */
function expandMap(map: MapNode): MapNode {
  const copies: LeafChange = {
    value: (node) => ({ ...node }),
    comment: (node) => ({ ...node }),
    alias: ({ target }) => mapNode(target, copies),
  };
  return mapTree(map, copies);
}

function sealedMap(map: MapNode, tokens: Tokens): MapNode {
  return mapTree(map, {
    value: (node) => {
      const token = tokens.get(node);
      return token === undefined ? node : { ...node, value: { type: 'str', text: token } };
    },
    comment: (node) => {
      const token = tokens.get(node);
      return token === undefined ? node : { ...node, text: token };
    },
  });
}
