import { SottoError } from '../errors.ts';
import type { Document, Format, PrintOptions } from './format.ts';
import { heldValues, valuesIn, withValues } from './held-values.ts';
import { placeTexts, plainLeaves } from './leaf.ts';
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
  const held = read && heldValues(read, valuesIn(values.leaves, values.opened));
  if (read === undefined || held === undefined) {
    throw new SottoError(
      'markup-unvouched',
      'nobody vouches for how the file is written, and what sops prints for it reads otherwise',
      {
        hint: 'compare the file with git; --accept-markup takes it as it is',
      },
    );
  }
  const printed = plainLeaves(read)
    .filter(({ node }) => node.kind === 'value')
    .map(({ node }) => placeTexts(text, node.place))
    .values();
  const spelled = values.opened.map(({ plain }) => ('comment' in plain ? [] : (printed.next().value ?? [])));
  return { document: withValues(read, held), spelled };
}

function readBack(format: Format, text: string): Document | undefined {
  try {
    return format.read(text);
  } catch (error) {
    if (error instanceof SottoError) return undefined;
    throw error;
  }
}
