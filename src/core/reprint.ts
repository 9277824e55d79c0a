import { SottoError } from '../errors.ts';
import type { Document, Format, PrintOptions } from './format.ts';
import { heldValues, type ReadValue, valuesIn, withValues } from './held-values.ts';
import { type Leaf, pathOf, placeTexts, plainLeaves } from './leaf.ts';
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
  const read = readBack(format, text);
  const wanted = valuesIn(values.leaves, values.opened);
  const printed = read === undefined ? [] : inOrderOf(wanted, read);
  const held = read && heldValues(read, wanted, printed);
  if (read === undefined || held === undefined) {
    throw new SottoError(
      'markup-unvouched',
      'nobody vouches for how the file is written, and what sops prints for it reads otherwise',
      {
        hint: 'compare the file with git; --accept-markup takes it as it is',
      },
    );
  }
  const texts = printed.map(({ node }) => placeTexts(text, node.place)).values();
  const spelled = values.opened.map(({ plain }) => ('comment' in plain ? [] : (texts.next().value ?? [])));
  return { document: withValues(read, held), spelled };
}

/** The values of a print in the order in which they stood before: in TOML some go in front of others. */
function inOrderOf(values: readonly ReadValue[], read: Document): Leaf[] {
  const byPath = new Map<string, Leaf[]>();
  const found = plainLeaves(read).filter(({ node }) => node.kind === 'value');
  for (const leaf of found) {
    const same = byPath.get(pathKey(leaf));
    if (same === undefined) byPath.set(pathKey(leaf), [leaf]);
    else same.push(leaf);
  }
  for (const same of byPath.values()) same.reverse();
  const sorted = values.flatMap(({ leaf }) => byPath.get(pathKey(leaf))?.pop() ?? []);
  return sorted.length === found.length ? sorted : found;
}

function pathKey({ document, at }: Leaf): string {
  return JSON.stringify([document, ...pathOf(at)]);
}

function readBack(format: Format, text: string): Document | undefined {
  try {
    return format.read(text);
  } catch (error) {
    if (error instanceof SottoError) return undefined;
    throw error;
  }
}
