import { describe, expect, test } from 'vitest';
import { isMetadata } from '../../src/core/sops/metadata-key.ts';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import type { Format } from '../../src/core/splice/format.ts';
import type { TreeNode } from '../../src/core/tree/tree.ts';
import { SottoError } from '../../src/errors.ts';
import { json } from '../../src/formats/json/index.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { jsonText, yamlText } from '../support/documents.ts';
import fc from '../support/laws.ts';
import { tomlText } from '../support/toml-document.ts';

fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

const print = (text: string, format: Format): string => toml.print(format.read(text).roots);

type Data = string | Data[] | { [key: string]: Data };

/** Types and texts; a time is a string in TOML. */
function dataOf(node: TreeNode): Data {
  if (node.kind === 'alias') return dataOf(node.target);
  if (node.kind === 'value') return `${node.value.type.replace('time', 'str')} ${node.value.text}`;
  if (node.kind === 'list')
    return node.items.flatMap((item) => (item.kind === 'comment' ? [] : [dataOf(item)]));
  const entries = node.items.flatMap((item) => (item.kind === 'entry' ? [item] : []));
  return Object.fromEntries(entries.map(({ key, value }) => [key, dataOf(value)]));
}

describe('printing TOML', () => {
  test('values come first, tables have headers, types survive', () => {
    const source = `# Top.
name: "123"
inner: # about inner
    deep:
        x: 1
    # A port.
    port: 8080 # beside
on: true
ratio: 1.0
large: 1e30
never: .inf
when: 2024-01-02T03:04:05Z
day: 2024-01-02
text: |
    two
    lines "quoted"
regex: ^\\d+$
ports: [1, 2]
empty: {}
none: []
servers:
    - host: a
      tags: [x]
    # second
    - host: b
mixed:
    - 1
    - {a: b}
"quoted key": it's
# End.
`;
    expect(print(source, yaml)).toBe(`# Top.
name = "123"
on = true
ratio = 1.0
large = 1e+30
never = inf
when = 2024-01-02T03:04:05Z
day = 2024-01-02T00:00:00Z
text = """
two
lines "quoted"
"""
regex = '^\\d+$'
ports = [1, 2]
none = []
mixed = [1, { a = "b" }]
"quoted key" = "it's"
# End.

# about inner
[inner]
# A port.
port = 8080 # beside

[inner.deep]
x = 1

[empty]

[[servers]]
host = "a"
tags = ["x"]

# second
[[servers]]
host = "b"
`);
  });

  test('a long array, and one with comments, has a line for each item', () => {
    const long = `long: [${Array.from({ length: 20 }, (_, i) => 10_000 + i).join(', ')}]\n`;
    expect(print(long, yaml)).toMatch(/^long = \[\n {4}10000,\n {4}10001,\n/);
    expect(print('a:\n    # one\n    - 1\n', yaml)).toBe('a = [\n    # one\n    1,\n]\n');
  });

  test.each([
    ['{"a": {"b": [1, {"c": null}]}, "d": null}', json, `null: ["a"]["b"][1]["c"]`],
    ['{"a": 1, "a": 2}', json, 'a key twice: ["a"]'],
    ['a: !!binary /w==\n', yaml, 'a string that is no UTF-8: ["a"]'],
  ])('%j is refused, with its place', (text, format, message) => {
    expect(() => print(text, format)).toThrow(
      expect.objectContaining({
        code: 'output-unsupported',
        exit: 4,
        message: expect.stringContaining(message),
      }),
    );
  });

  test.each([
    ['yaml', yaml, yamlText],
    ['json', json, jsonText],
    ['toml', toml, tomlText],
  ] as const)('what is printed of generated %s reads as the same data', (_, format, texts) => {
    let printed = 0;
    fc.assert(
      fc.property(texts, (text) => {
        let node: TreeNode | undefined;
        try {
          [node] = format.read(withoutMark(text, format)).roots;
        } catch (error) {
          fc.pre(!(error instanceof SottoError));
          throw error;
        }
        fc.pre(node?.kind === 'map' && !node.items.some(isMetadata));
        let result: string;
        try {
          result = toml.print([node]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'output-unsupported' });
          return;
        }
        printed += 1;
        const [back] = toml.read(result).roots;
        expect(back && dataOf(back)).toEqual(dataOf(node));
      }),
      { numRuns: Number(process.env['SOTTO_RUNS'] ?? 300) },
    );
    expect(printed).toBeGreaterThan(20);
  });
});
