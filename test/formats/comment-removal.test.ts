import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/core/splice/edit.ts';
import { sameTree, withoutValue } from '../../src/core/tree/changed-tree.ts';
import type { Path } from '../../src/core/tree/tree.ts';
import { standard } from '../../src/formats/dotenv/index.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { COMMENTED, type Commented, WRITERS } from '../support/commented-documents.ts';
import fc from '../support/laws.ts';
import { requireFormat } from '../support/sealing.ts';

const MARK = /(?:apart|head|side)-\w+/g;
const marksIn = (text: string): string[] => [...(text.match(MARK) ?? [])].sort();

describe('a value that goes takes the comments along that belong to it, and no others', () => {
  for (const [name, write] of Object.entries(WRITERS)) {
    const [word = ''] = name.split(/[ ,]/);
    const format = word === 'standard' ? standard : word === 'toml' ? toml : requireFormat(word);
    test(name, () => {
      fc.assert(
        fc.property(COMMENTED, fc.nat(), fc.nat(), (entries, at, below) => {
          const text = `${write(entries)}\n`;
          const document = format.read(text);
          const [root] = document.roots;
          const one = entries[at % entries.length];
          fc.pre(one !== undefined && root !== undefined);
          const child = one.children[below % (one.children.length + 1)];
          const gone = child !== undefined && text.includes(`${child.name}`) ? child : one;
          const path = pathTo(name, one, gone === one ? undefined : gone, at % entries.length);
          const changed = applyEdits(text, format.change(document, { op: 'remove', document: 0, path }));
          const after = format.read(changed).roots[0];
          expect(after !== undefined && sameTree(after, withoutValue(root, path)), changed).toBe(true);
          const own = [gone.name, ...gone.children.map((inner) => inner.name)];
          const kept = marksIn(text).filter((mark) => {
            const [kind = '', owner = ''] = mark.split('-');
            return !own.includes(owner) || (kind === 'apart' && owner === gone.name);
          });
          expect(marksIn(changed), `${text}--- ${path}\n${changed}`).toEqual(kept);
        }),
        { numRuns: 300 },
      );
    });
  }
});

function pathTo(name: string, { name: key }: Commented, child: Commented | undefined, at: number): Path {
  const below = child === undefined ? [] : [child.name];
  if (name === 'yaml list') return ['list', at, ...below];
  return name === 'yaml in braces' ? ['m', key, ...below] : [key, ...below];
}
