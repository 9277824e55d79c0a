import { SottoError } from '../../errors.ts';
import type { Policy } from '../sops/policy.ts';
import type { ValueNode } from '../tree/tree.ts';
import { sameValue } from '../tree/value.ts';
import { applyEdits } from './edit.ts';
import type { Document } from './format.ts';
import type { LayoutNote } from './layout.ts';
import type { Leaf } from './leaf.ts';
import { collectLeaves, plainLeaves } from './leaf-walk.ts';

/** What is encrypted in place of a source whose own text can't have the metadata where other programs look for it. */
export interface Carrier {
  readonly document: Document;
  /** The documents that have another text, or would not come back as they are; the others are the source's own. */
  readonly carried: ReadonlySet<number>;
  /** Notes that bring them back. */
  readonly notes: readonly LayoutNote[];
}

/**
 * A text with the values and comments of a source that is written otherwise; see `Format.carry`.
 *
 * @returns `undefined` where the source can be encrypted as it is
 * @throws SottoError `encrypt-failed` where another text would read otherwise, or leave in clear what is to be encrypted
 */
export function carrierOf(source: Document, policy: Policy): Carrier | undefined {
  const { format, text, bodies } = source;
  const texts = format.carry?.(source) ?? [];
  if (bodies === undefined || texts.every((own) => own === undefined)) return undefined;
  const own = bodies.map(({ start, end }) => text.slice(start, end));
  const carried = [...own.keys()].filter((number) => texts[number] !== undefined);
  const document = withFractions(
    source,
    format.read(own.map((body, number) => texts[number] ?? body).join('')),
  );
  if (!isSame([...collectLeaves(source, policy)], [...collectLeaves(document, policy)])) throw unlike();
  return {
    document,
    carried: new Set(carried),
    notes: carried.map((number) => ({
      document: number,
      at: 'whole',
      occurrence: 0,
      texts: [own[number] ?? ''],
    })),
  };
}

/** sops prints the float 1.0 as the integer 1; here it has to stay a float. */
function withFractions(source: Document, printed: Document): Document {
  const wanted = valuesOf(source);
  const edits = valuesOf(printed).flatMap(({ value, place: { end } }, index) => {
    const isFloat = wanted[index]?.value.type === 'float' && value.type === 'int';
    return isFloat ? [{ start: end, end, text: '.0' }] : [];
  });
  return edits.length === 0 ? printed : printed.format.read(applyEdits(printed.text, edits));
}

function valuesOf(document: Document): ValueNode[] {
  return [...plainLeaves(document)].flatMap(({ node }) => (node.kind === 'value' ? [node] : []));
}

/** The same values are encrypted, and no comment is in clear that was to be encrypted. */
function isSame(source: readonly Leaf[], carrier: readonly Leaf[]): boolean {
  const [wanted, found] = [valueLeaves(source), valueLeaves(carrier)];
  const shown = new Set(clearComments(source));
  return (
    wanted.length === found.length &&
    wanted.every((leaf, index) => isSameLeaf(leaf, found[index])) &&
    clearComments(carrier).every((text) => shown.has(text))
  );
}

function isSameLeaf(a: Leaf, b: Leaf | undefined): boolean {
  return (
    b !== undefined &&
    a.document === b.document &&
    a.aad === b.aad &&
    a.encrypted === b.encrypted &&
    a.node.kind === 'value' &&
    b.node.kind === 'value' &&
    sameValue(a.node.value, b.node.value)
  );
}

function valueLeaves(leaves: readonly Leaf[]): Leaf[] {
  return leaves.filter(({ node }) => node.kind === 'value');
}

function clearComments(leaves: readonly Leaf[]): string[] {
  return leaves.flatMap(({ node, encrypted }) => (node.kind === 'comment' && !encrypted ? [node.text] : []));
}

function unlike(): SottoError {
  return new SottoError('encrypt-failed', 'a document in braces would read otherwise once it is encrypted', {
    hint: 'write it without the outermost braces, one key a line',
  });
}
