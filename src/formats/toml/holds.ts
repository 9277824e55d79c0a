import { printPath } from '../../core/tree/path.ts';
import { parseTime } from '../../core/tree/time.ts';
import type { Path, TreeNode } from '../../core/tree/tree.ts';
import type { Value } from '../../core/tree/value.ts';
import { SottoError } from '../../errors.ts';

/**
 * Refuse what TOML can't hold.
 *
 * @param path of the node
 * @throws SottoError `output-unsupported` naming the first path
 */
export function checkHolds(node: TreeNode, path: Path = []): void {
  switch (node.kind) {
    case 'alias':
      return checkHolds(node.target, path);
    case 'value':
      return checkValue(node.value, path);
    case 'list': {
      const items = node.items.filter((item) => item.kind !== 'comment');
      for (const [index, item] of items.entries()) checkHolds(item, [...path, index]);
      return;
    }
    default: {
      const keys = new Set<string>();
      for (const item of node.items) {
        if (item.kind === 'comment') continue;
        const below = [...path, item.key];
        if (keys.has(item.key)) throw lacks('a key twice', below);
        keys.add(item.key);
        checkHolds(item.value, below);
      }
    }
  }
}

function checkValue(value: Value, path: Path): void {
  if (value.type === 'null') throw lacks('null', path);
  if (value.bytes !== undefined) throw lacks('a string that is no UTF-8', path);
  if (value.type !== 'time') return;
  const { zone = '' } = parseTime(value.text) ?? {};
  if (zone !== 'Z' && !/^[-+](?:[01]\d|2[0-3]):[0-5]\d$/.test(zone)) throw lacks('such a time zone', path);
}

function lacks(what: string, path: Path): SottoError {
  const where = path.length === 0 ? 'the value' : printPath(path);
  return new SottoError('output-unsupported', `TOML can't hold ${what}: ${where}`, {
    hint: 'take it out, or choose YAML, which holds everything, as the type',
  });
}
