import type { Format, PrintOptions } from '../core/splice/format.ts';
import { withPrintingStep } from '../core/splice/printing-step.ts';
import { behindAliases } from '../core/tree/alias.ts';
import { printPath } from '../core/tree/path.ts';
import type { MapNode, Path, TreeNode } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';

/**
 * The value at a path in the first document, as `--extract` prints it: a string raw, anything else as the output
 * format prints it; JSON prints no line break behind a value that is no object (sops `stores/json`, EmitValue).
 *
 * @throws SottoError `path-missing`
 */
export function extract(
  roots: readonly MapNode[],
  path: Path,
  output: Format,
  print: PrintOptions,
): string | Uint8Array {
  const node = nodeAt(roots, path);
  if (node.kind === 'value' && node.value.type === 'str') return node.value.bytes ?? node.value.text;
  if (output.binary !== undefined) {
    throw new SottoError('output-unsupported', 'only a string can be extracted as binary', {
      hint: 'leave --output-type out, or name a type that has values',
      inSops: node.kind === 'map' ? NO_BINARY_DATA : NO_BINARY_VALUE,
      hasParagraphs: true,
    });
  }
  const step = node.kind === 'map' ? 'Error dumping file' : 'Error dumping tree';
  const text = withPrintingStep(step, () => output.print([node], print));
  return node.kind === 'map' || output.name === 'yaml' ? text : text.trimEnd();
}

/** The value at a path in the first document. @throws SottoError `path-missing` */
export function nodeAt(roots: readonly MapNode[], path: Path): Exclude<TreeNode, { kind: 'alias' }> {
  let node: TreeNode | undefined = roots[0];
  for (const [depth, key] of path.entries()) {
    if (node !== undefined) node = child(node, key);
    if (node === undefined) throw missing(path.slice(0, depth + 1));
  }
  if (node === undefined) throw missing(path);
  return behindAliases(node);
}

/** What sops says of a mapping, and of a value, that is to be binary. */
const NO_BINARY_DATA = `Error dumping file: error emitting binary store: no binary data found in tree

This is likely not an encrypted binary file? If not, use --output-type to select the correct output type.`;
const NO_BINARY_VALUE =
  'Error dumping tree: Binary files are not structured and extracting a single value is not possible';

function child(node: TreeNode, key: string | number): TreeNode | undefined {
  const parent = behindAliases(node);
  if (parent.kind === 'map') {
    const entry = parent.items.find((item) => item.kind === 'entry' && item.key === key);
    return entry?.kind === 'entry' ? entry.value : undefined;
  }
  if (parent.kind !== 'list' || typeof key !== 'number') return undefined;
  return parent.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]))[key];
}

function missing(path: Path): SottoError {
  const last = path.at(-1);
  const what =
    typeof last === 'number'
      ? `component [${last}] accesses out of bounds`
      : `component ['${last}'] not found`;
  return new SottoError('path-missing', `error truncating tree: ${what}`, {
    hint: `the file has no value at ${printPath(path)}`,
  });
}
