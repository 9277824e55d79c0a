import { attempt, SottoError } from '../../errors.ts';
import { exactValues, withExactValues } from './exact-values.ts';
import type { Document, Format, PrintOptions } from './format.ts';
import { type Leaf, pathOf, placeTexts } from './leaf.ts';
import { plainLeaves } from './leaf-walk.ts';
import type { Leaves } from './leaves.ts';
import type { OpenedLeaves } from './opened-leaves.ts';
import type { OpenedValues } from './opened-values.ts';
import { plainRoots } from './plain-tree.ts';
import type { Restored } from './restore.ts';

/**
 * Print a file from its values and comments alone, as sops prints it: nothing of how the encrypted text writes them is
 * taken over.
 *
 * @param document the encrypted text, read
 * @param format the plain text's
 * @throws SottoError `output-unsupported`; `markup-unvouched` when the print does not read as the values
 */
export function reprint(
  document: Document,
  format: Format,
  values: OpenedValues,
  options: PrintOptions,
): Restored {
  const text = format.print(plainRoots(document, values), options);
  const read = attempt(() => format.read(text));
  const leaves = read && plainLeaves(read);
  const order = leaves === undefined ? [] : inOrderOf(values.opened, leaves);
  const exact = read && exactValues(read, values.opened, order, leaves);
  if (read === undefined || leaves === undefined || exact === undefined) {
    throw new SottoError(
      'markup-unvouched',
      'nobody vouches for how the file is written, and what sops prints for it reads otherwise',
      {
        hint: 'compare the file with git; --accept-markup takes it as it is',
      },
    );
  }
  const texts = order.map((index) => placeTexts(text, leaves.get(index).node.place)).values();
  const spelled = Array.from(values.opened, ({ plain }) =>
    'comment' in plain ? [] : (texts.next().value ?? []),
  );
  return { document: withExactValues(read, exact), spelled: (index) => spelled[index] ?? [] };
}

/**
 * The values of a print in the order in which they stood before: in TOML some go in front of others.
 *
 * @returns their numbers among the leaves
 */
function inOrderOf(opened: OpenedLeaves, leaves: Leaves): number[] {
  const byPath = new Map<string, number[]>();
  const found = [...leaves].flatMap(({ node }, index) => (node.kind === 'value' ? [index] : []));
  for (const index of found) {
    const key = pathKey(leaves.get(index));
    const same = byPath.get(key);
    if (same === undefined) byPath.set(key, [index]);
    else same.push(index);
  }
  for (const same of byPath.values()) same.reverse();
  const sorted = [...opened].flatMap(({ leaf, plain }) =>
    'comment' in plain ? [] : (byPath.get(pathKey(leaf))?.pop() ?? []),
  );
  return sorted.length === found.length ? sorted : found;
}

function pathKey({ document, at }: Leaf): string {
  return JSON.stringify([document, ...pathOf(at)]);
}
