import { conventionsOf } from '../../core/sops/conventions.ts';
import { isToken } from '../../core/sops/token.ts';
import { Edits } from '../../core/splice/edit.ts';
import { sealedFormat } from '../../core/splice/format.ts';
import { type Leaf, printPlace } from '../../core/splice/leaf.ts';
import { isSecret } from '../../core/splice/leaf-encryptor.ts';
import { collectLeaves } from '../../core/splice/leaf-walk.ts';
import type { OpenFile } from '../open.ts';

/** A file whose values are all tokens where its selector wants that. */
export interface Sealed {
  readonly text: string;
  /** Where values stood in clear, as in `["a"]["b"]`. */
  readonly places: readonly string[];
}

/** Encrypt values that somebody has put in clear into an encrypted file, in their places; its MAC does not fit then. */
export function sealClearValues({ document, cipher, policy }: OpenFile): Sealed {
  const format = sealedFormat(document.format);
  const conventions = conventionsOf(document.format);
  const edits = new Edits();
  const places: string[] = [];
  const isInClear = ({ node, encrypted, alias }: Leaf): boolean =>
    encrypted &&
    alias === undefined &&
    node.kind === 'value' &&
    node.place.syntax !== 'item' &&
    isSecret(node.value, conventions) &&
    !isToken(node.value.text);
  for (const leaf of collectLeaves(document, policy)) {
    if (!isInClear(leaf) || leaf.node.kind !== 'value') continue;
    const { place, value } = leaf.node;
    const token = { type: 'str', text: cipher.encrypt(value, leaf.aad) } as const;
    edits.addPlace(place, format.spell(place, { kind: 'value', value: token, place }, document));
    places.push(printPlace(leaf, document.text));
  }
  return { text: edits.apply(document.text), places };
}
