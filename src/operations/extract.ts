import type { Format, PrintOptions } from '../core/splice/format.ts';
import { withPrintingStep } from '../core/splice/printing-step.ts';
import { pathIn, type WantedPath } from '../core/tree/find-path.ts';
import { nodesAt } from '../core/tree/lookup.ts';
import { missingPath } from '../core/tree/missing-path.ts';
import type { MapNode, Path, TreeNode } from '../core/tree/tree.ts';
import { behindAliases } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';

/**
 * The value at a path in the first document, as `--extract` prints it: a string raw, anything else as the output
 * format prints it; JSON prints no line break behind a value that is no object (sops `stores/json`, EmitValue).
 *
 * @throws SottoError `path-missing`
 */
export function extract(
  roots: readonly MapNode[],
  path: WantedPath,
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

/** The value at a path in the first document. @throws SottoError `path-missing`, `path-invalid`, `path-ambiguous` */
export function nodeAt(roots: readonly MapNode[], wanted: WantedPath): Exclude<TreeNode, { kind: 'alias' }> {
  const [root] = roots;
  const path = pathIn(root, wanted);
  const [node] = root === undefined ? [] : nodesAt(root, path);
  if (node === undefined) throw missingPath(root, path, saidInSops);
  return behindAliases(node);
}

/** What sops says of a mapping, and of a value, that is to be binary. */
const NO_BINARY_DATA = `Error dumping file: error emitting binary store: no binary data found in tree

This is likely not an encrypted binary file? If not, use --output-type to select the correct output type.`;
const NO_BINARY_VALUE =
  'Error dumping tree: Binary files are not structured and extracting a single value is not possible';

function saidInSops(missing: Path): string {
  const last = missing.at(-1);
  const what =
    typeof last === 'number'
      ? `component [${last}] accesses out of bounds`
      : `component ['${last}'] not found`;
  return `error truncating tree: ${what}`;
}
