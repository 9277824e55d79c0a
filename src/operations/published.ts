import type { Warning } from '../core/splice/warning.ts';
import { printPath } from '../core/tree/path.ts';
import {
  type EntryNode,
  isItemComment,
  type MapNode,
  NOWHERE,
  type Path,
  type TreeNode,
} from '../core/tree/tree.ts';
import type { Value } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';
import { oneLine } from '../formats/json/print.ts';

/**
 * The values of a file as one JSON object, as sops publishes them: comments are left out, times are texts, of keys
 * that repeat the last one counts, documents are laid over each other.
 *
 * @param roots one for each document
 * @throws SottoError `output-unsupported` for what JSON can't hold
 */
export function publishedText(roots: readonly MapNode[]): { text: string; warnings: readonly Warning[] } {
  const items = roots.flatMap((root) => root.items);
  const text = oneLine(dataOf({ kind: 'map', items, place: NOWHERE }, []));
  return { text, warnings: overlaid(roots) };
}

/** sops does so without a word. */
function overlaid(roots: readonly MapNode[]): Warning[] {
  if (roots.length < 2) return [];
  const keys = roots.map(
    ({ items }) => new Set(items.flatMap((item) => (item.kind === 'entry' ? [item.key] : []))),
  );
  const all = keys.flatMap((one) => [...one]);
  const repeated = [...new Set(all.filter((key, index) => all.indexOf(key) !== index))];
  const message = `the ${roots.length} documents of the file become one`;
  if (repeated.length === 0) return [{ message }];
  return [{ message: `${message}; of ${repeated.join(', ')} only the last counts` }];
}

/** A tree as JSON can hold it. */
function dataOf(node: TreeNode, path: Path): TreeNode {
  switch (node.kind) {
    case 'alias':
      return dataOf(node.target, path);
    case 'list': {
      const items = node.items
        .filter((item) => item.kind !== 'comment')
        .filter((item) => !isItemComment(item));
      return { ...node, items: items.map((item, index) => dataOf(item, [...path, index])) };
    }
    case 'map': {
      const entries = node.items.filter((item): item is EntryNode => item.kind === 'entry');
      const last = new Map(entries.map((entry) => [entry.key, entry]));
      const items = [...last.values()].map((entry) => ({
        ...entry,
        value: dataOf(entry.value, [...path, entry.key]),
      }));
      return { ...node, items };
    }
    default:
      checkValue(node.value, path);
      return node;
  }
}

function checkValue({ type, text, bytes }: Value, path: Path): void {
  if (bytes === undefined && (type !== 'float' || Number.isFinite(Number(text)))) return;
  const [what, hint] =
    bytes === undefined ? ['finite number', 'make it a text'] : ['text in UTF-8', 'keep it in base64'];
  throw new SottoError(
    'output-unsupported',
    `the value at ${printPath(path)} is no ${what}, and JSON can not hold it`,
    {
      hint,
    },
  );
}
