import { pathOf } from '../core/splice/leaf.ts';
import type { Warning } from '../core/splice/warning.ts';
import { plainText } from '../core/tree/plain-text.ts';
import type { MapNode, Path } from '../core/tree/tree.ts';
import { type OpenFile, valuesOf } from './open.ts';
import { skippedDocuments } from './variables.ts';

/** One value of a decrypted file. */
export interface FlatValue {
  readonly path: Path;
  /** As sops spells it where only strings can stand. */
  readonly text: string;
  /** Its bytes where they are no UTF-8. */
  readonly bytes?: Uint8Array | undefined;
  /** It is encrypted in the file, and no mere yes or no. */
  readonly isSecret: boolean;
  /** It is encrypted in the file, whatever it is. */
  readonly isEncrypted: boolean;
}

/** All values of a file's first document, with their paths, and where their keys stand. @throws SottoError those of {@link valuesOf} */
export async function flatten(file: OpenFile): Promise<{
  readonly root: MapNode | undefined;
  readonly values: readonly FlatValue[];
  readonly warnings: readonly Warning[];
}> {
  const { opened, warnings } = await valuesOf(file);
  const values = [...opened].flatMap(({ leaf, plain, token }): FlatValue[] => {
    if ('comment' in plain || leaf.document !== 0) return [];
    const isEncrypted = token !== '';
    const isSecret = isEncrypted && plain.type !== 'bool' && plain.type !== 'null';
    return [{ path: pathOf(leaf.at), text: plainText(plain), bytes: plain.bytes, isSecret, isEncrypted }];
  });
  const { roots } = file.document;
  return { root: roots[0], values, warnings: [...warnings, ...skippedDocuments(roots.length)] };
}
