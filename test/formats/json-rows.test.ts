import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Document } from '../../src/core/splice/format.ts';
import { plainLeaves } from '../../src/core/splice/leaf-walk.ts';
import type { TreeNode } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { json } from '../../src/formats/json/index.ts';
import { jsonc } from '../../src/formats/json/jsonc.ts';

/** Between tokens: blanks, or a comment as long, beside which nothing is a row. */
const BLANKS = '    ';
const COMMENT = '/**/';

const keyToken = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('"a"', '"b"', '"key"', '""', '"a key of more than sixteen letters"'),
  },
  { weight: 1, arbitrary: fc.constantFrom('"sops"', '"so\\u0070s"', '"\\ud83d"', '"é\\n"', '"🔑"') },
);

const scalarToken = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('"a"', '"a text of more than sixteen letters"', '7', 'true', 'null'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '""',
      '"\\"quoted\\" and \\u00e9"',
      '"<a> & \u2028"',
      '"\\ud83d"',
      '"sixteen letters and 🔑"',
      '"sixteen letters and half a \ud83d"',
      '-0',
      '1.0',
      '-12.5e-3',
      '1e21',
      '9223372036854775808',
      '123456789012345678',
      'false',
    ),
  },
);

const { map } = fc.letrec<{ value: string[]; map: string[]; list: string[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    { weight: 5, arbitrary: scalarToken.map((token) => [token]) },
    { weight: 2, arbitrary: tie('map') },
    { weight: 1, arbitrary: tie('list') },
  ),
  map: fc
    .array(fc.tuple(keyToken, tie('value')), { maxLength: 6 })
    .map((entries) => ['{', ...joined(entries.map(([key, value]) => [key, ':', ...value])), '}']),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => ['[', ...joined(items), ']']),
}));

function joined(items: readonly string[][]): string[] {
  return items.flatMap((item, index) => (index === 0 ? item : [',', ...item]));
}

/** A tree without its comments, and its entries as nodes. */
function bare(node: TreeNode): unknown {
  const { kind, place } = node;
  if (node.kind === 'map') {
    const items = node.items.flatMap((item) =>
      item.kind === 'entry' ? [{ ...item, value: bare(item.value) }] : [],
    );
    return { kind, place, items };
  }
  if (node.kind === 'list')
    return {
      kind,
      place,
      items: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [bare(item)])),
    };
  return node;
}

/** What is read, or why it is not. */
function readingOf(read: () => Document): Document | { readonly error: unknown } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { line, column } = error.details;
    return { error: { message: error.message.replace('JSONC', 'JSON'), line, column } };
  }
}

function rowsIn(document: Document): number {
  const leaves = plainLeaves(document);
  return Array.from({ length: leaves.length }, (_, index) => leaves.row(index)).filter((row) => row >= 0)
    .length;
}

test('entries that are rows are those that are read as nodes beside comments, places and oddities too', () => {
  let [values, rows, behindLists] = [0, 0, 0];
  fc.assert(
    fc.property(map, (tokens) => {
      const document = json.read(tokens.join(BLANKS));
      const commented = jsonc.read(tokens.join(COMMENT));
      const [root, other] = [document.roots[0], commented.roots[0]];
      expect(root && bare(root)).toEqual(other && bare(other));
      expect(json.firstOdd?.(document)).toBe(json.firstOdd?.(commented));
      expect(rowsIn(commented)).toBe(0);
      values += plainLeaves(document).length;
      rows += rowsIn(document);
      if (tokens.includes('[')) behindLists += rowsIn(document);
    }),
    { numRuns: 250 },
  );
  // All but what stands right in lists.
  expect(rows / values).toBeGreaterThan(0.6);
  expect(behindLists).toBeGreaterThan(100);
});

const brokenToken = fc.constantFrom(
  '',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  "'a'",
  '"\\x"',
  '"a\tb"',
  '"more than sixteen letters and \u0001"',
  '01',
  '1e999',
  'nul',
  '{}',
  '"sops"',
);

test('what is no JSON is refused for the same reason, at the same place, beside comments and without them', () => {
  let refused = 0;
  fc.assert(
    fc.property(map, fc.nat(), brokenToken, (tokens, number, broken) => {
      const changed = tokens.with(number % tokens.length, broken);
      const reading = readingOf(() => json.read(changed.join(BLANKS)));
      const other = readingOf(() => jsonc.read(changed.join(COMMENT)));
      // A comma behind the last item is no mistake where comments are none.
      if (!('error' in reading) || /,\s*[}\]]/.test(changed.join(''))) return;
      refused += 1;
      expect(reading).toEqual(other);
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(100);
});

test('an object is a row of a thousand levels, and none of one more', () => {
  const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
  expect(readingOf(() => json.read(nested(1000)))).toHaveProperty('roots');
  expect(() => json.read(nested(1001))).toThrow('nested deeper than 1000 levels');
});

test('entries between comments are rows again', () => {
  const entries = Array.from({ length: 30 }, (_, index) => `"key${index}": ${index}`);
  const text = `{\n${entries.slice(0, 10).join(',\n')},\n// about the next\n${entries.slice(10).join(',\n')}\n}\n`;
  const document = jsonc.read(text);
  expect(rowsIn(document)).toBeGreaterThan(25);
  const root = document.roots[0];
  const plain = json.read(text.replace('// about the next', ' '.repeat(17))).roots[0];
  expect(root && bare(root)).toEqual(plain && bare(plain));
});
