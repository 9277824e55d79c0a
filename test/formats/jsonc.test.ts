import { describe, expect, test } from 'vitest';
import { compilePolicy, type Selector } from '../../src/core/sops/policy.ts';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import { applyEdits } from '../../src/core/splice/edit.ts';
import type { Change } from '../../src/core/splice/format.ts';
import { collectLeaves } from '../../src/core/splice/leaf-walk.ts';
import type { CommentNode, EntryNode, TreeNode } from '../../src/core/tree/tree.ts';
import { json } from '../../src/formats/json/index.ts';
import { jsonc } from '../../src/formats/json/jsonc.ts';
import { yaml } from '../../src/formats/yaml/index.ts';
import { decrypt, encrypt, newIdentityFile, SottoError } from '../../src/index.ts';
import { parseValue } from '../../src/operations/set.ts';
import { jsoncText } from '../support/jsonc-documents.ts';
import fc from '../support/laws.ts';

const KEY = await newIdentityFile(new Date());
fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });
const RUNS = Number(process.env['SOTTO_RUNS'] ?? 300);

/** A tree in short: comments as they stand among the items, a `^` on those beside one. */
function show(node: TreeNode | EntryNode | CommentNode): unknown {
  switch (node.kind) {
    case 'comment':
      return `${node.inline ? '^' : '#'}${node.text}`;
    case 'entry':
      return { [node.key]: show(node.value) };
    case 'value':
      return node.value.text;
    case 'alias':
      return show(node.target);
    default:
      return node.items.map(show);
  }
}

describe('a comment belongs to the container that it stands in', () => {
  test.each([
    ['above an item', '{\n  // c\n  "a": 1\n}', ['# c', { a: '1' }]],
    ['beside an item', '{\n  "a": 1, // c\n  "b": 2\n}', ['^ c', { a: '1' }, { b: '2' }]],
    ['beside the last item', '{\n  "a": 1 // c\n}', ['^ c', { a: '1' }]],
    ['in front of a comma', '{ "a": 1 /* c */, "b": 2 }', ['^ c ', { a: '1' }, { b: '2' }]],
    ['in front of the next item', '{ "a": 1, /* c */ "b": 2 }', [{ a: '1' }, '# c ', { b: '2' }]],
    ['in front of a bracket', '{ "a": 1, /* c */ }', [{ a: '1' }, '# c ']],
    ['below the last item', '{\n  "a": 1\n  // c\n}', [{ a: '1' }, '# c']],
    ['between key and colon', '{ "a" /* c */ : /* d */ 1 }', ['# c ', '# d ', { a: '1' }]],
    ['in an object without items', '{ "a": { /* c */ } }', [{ a: ['# c '] }]],
    [
      'beside the bracket of a value',
      '{\n  "a": { // c\n    "b": 1\n  } // d\n}',
      ['^ c', '^ d', { a: [{ b: '1' }] }],
    ],
    ['in a list', '{ "a": [\n  1, // c\n  // d\n  2,\n] }', [{ a: ['^ c', '1', '# d', '2'] }]],
    [
      'of several lines',
      '{\n  /**\n   * c\n   *\n   * d\n   */\n  "a": 1\n}',
      ['# c', '#', '# d', { a: '1' }],
    ],
    ['with a margin', '{ /* c\n     d */ "a": 1 }', ['# c', '#d ', { a: '1' }]],
    ['between carriage returns', '{\r  // c\r  "a": 1\r}', ['# c', { a: '1' }]],
    ['that is empty', '{ /**/ "a": 1, //\n }', ['#', '^', { a: '1' }]],
  ])('%s', (_, text, expected) => {
    const [root] = jsonc.read(text).roots;
    expect(root?.items.map(show)).toEqual(expected);
  });

  test('but around the object it belongs to nothing in it', () => {
    const { roots, unseen } = jsonc.read('// a\n/* b */ { // c\n} // d');
    expect(roots[0]?.items).toEqual([]);
    expect(unseen?.[0]?.map(({ text }) => text)).toEqual([' a', ' b ', ' c', ' d']);
  });

  test('text in a string is no comment', () => {
    expect(jsonc.read('{ "//": "/* x */", }').roots[0]?.items.map(show)).toEqual([{ '//': '/* x */' }]);
  });

  test('YAML has a comment at the same item', () => {
    const text = '{\n  "db": { // c\n    "a": 1, // d\n    "b": 2\n  }\n}';
    const same = 'db: # c\n  a: 1 # d\n  b: 2\n';
    const textsOf = (node: TreeNode | undefined): unknown =>
      JSON.stringify(node && show(node)).replaceAll('^', '#');
    expect(textsOf(jsonc.read(text).roots[0])).toBe(textsOf(yaml.read(same).roots[0]));
  });
});

function refusal(read: () => unknown): { message: string; at: string; hint: string } {
  try {
    read();
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { line, column, hint = '' } = error.details;
    return { message: error.message, at: `${line}:${column}`, hint };
  }
  throw new Error('it was read');
}

describe('what else is no JSON is refused', () => {
  test.each([
    ['{ "a": 1 /* x', 'expected a comma or }', '1:10', 'the comment does not end'],
    ['{\n  // a\u2028b\n}', 'expected a key in double quotes', '2:3', 'line separator'],
    ["{ 'a': 1 }", 'expected a key in double quotes', '1:3', 'double quotes only'],
    ['{ a: 1 }', 'expected a key in double quotes', '1:3', ''],
    ['{ "a": 1,, }', 'expected a key in double quotes', '1:10', ''],
    ['{,}', 'expected a key in double quotes', '1:2', ''],
    ['{ "a": [,] }', 'expected a value', '1:9', ''],
    ['{ "a": 01 }', 'expected a comma or }', '1:9', ''],
    ['{ "a": 1 # x\n}', 'expected a comma or }', '1:10', ''],
    ['{ "a": 1 / 2 }', 'expected a comma or }', '1:10', ''],
    ['{ "a": "x\ny" }', 'control character', '1:10', ''],
    ['// only this\n', 'the file is empty', '2:1', '{}'],
    ['[1] // x', 'top-level object', '1:1', ''],
    ['{} // x\n{}', 'text behind the object', '2:1', 'JSON Lines'],
    ['{} x', 'text behind the object', '1:4', 'take out the rest'],
    ['{} /', 'text behind the object', '1:4', 'take out the rest'],
  ])('%j', (text, message, at, hint) => {
    const error = refusal(() => jsonc.read(text));
    expect(error.message).toMatch(/^not valid JSONC: /);
    expect(error.message).toContain(message);
    expect(error.at).toBe(at);
    expect(error.hint).toContain(hint);
  });

  test.each([
    ['{\n  // c\n  "a": 1\n}', '2:3'],
    ['{ "a": /* c */ 1 }', '1:8'],
    ['{ "a": 1, }', '1:11'],
    ['{ "a": [1, 2,] }', '1:14'],
    ['{} // c', '1:4'],
    ['/* c */ {}', '1:1'],
  ])('as JSON %j is refused, with a hint', (text, at) => {
    const error = refusal(() => json.read(text));
    expect(error.at).toBe(at);
    expect(error.hint).toContain("--input-type jsonc reads such a file, but sops can't read the result");
  });

  test('as JSON an object on each line is refused, with a hint', () => {
    expect(refusal(() => json.read('{"a":1}\n{"a":2}\n')).hint).toContain('JSON Lines');
  });
});

async function sealed(text: string, selector?: Selector): Promise<string> {
  const options = {
    format: 'jsonc',
    recipients: [KEY.recipient],
    // Some selectors leave everything in clear.
    allowNothing: true,
    selector,
  } as const;
  const result = (await encrypt(text, options)).text;
  const back = await decrypt(result, { format: 'jsonc', identities: KEY.text });
  expect(back).toMatchObject({ text, warnings: [] });
  return result;
}

/** The encrypted text without the metadata, with short tokens. */
async function shape(text: string, selector?: Selector): Promise<string> {
  return change(await sealed(text, selector), ['sops']).replaceAll(/ENC\[[^\]]*\]/g, 'ENC');
}

describe('encrypting', () => {
  test('puts tokens into comments, and leaves their marks and margins', async () => {
    expect(
      await shape(
        '// a\n{\n  /* b */ "k": "v", // c\n  /**\n   * d\n   *\n   * e\n   */\n  "l": [ 1, /* f */ ]\n}\n//\n',
      ),
    ).toBe(
      '//ENC\n{\n  /*ENC*/ "k": "ENC", //ENC\n  /**\n   *ENC\n   *\n   *ENC\n   */\n  "l": [ "ENC", /*ENC*/ ]\n}\n//\n',
    );
  });

  test('keeps a byte order mark and carriage returns', async () => {
    const text = '\ufeff{\r\n  // c\r\n  "a": 1, /* d\r\n  e */\r\n}\r\n';
    expect(await sealed(text)).not.toContain('\ufeff');
  });

  test('hides a comment that nothing is beside, and one beside null', async () => {
    expect(await sealed('{} // hush')).not.toContain('hush');
    expect(await sealed('{ "a": null /* hush */ } // hush')).not.toContain('hush');
  });

  test('leaves a comment around the object readable where nothing there is encrypted', async () => {
    const selector: Selector = { kind: 'encrypted_regex', pattern: '^secret$' };
    expect(await shape('// a\n{\n  "x": 1,\n  "secret": 2\n}\n// b\n', selector)).toBe(
      '// a\n{\n  "x": 1,\n  "secret": "ENC"\n}\n//ENC\n',
    );
  });

  test.each([
    ['{\n  // secret\n  "a": 1,\n  "b": 2\n}\n', '{\n  // secret\n  "a": "ENC",\n  "b": 2\n}\n'],
    ['{\n  "a": 1,\n  "b": 2 // secret\n}\n', '{\n  "a": 1,\n  "b": "ENC" // secret\n}\n'],
    ['{\n  "a": 1, // secret\n  "b": 2,\n}\n', '{\n  "a": "ENC", // secret\n  "b": 2,\n}\n'],
    [
      '{\n  "a": { // secret\n    "x": 1, // c\n    "y": [2]\n  },\n  "b": 2\n}\n',
      '{\n  "a": { // secret\n    "x": "ENC", //ENC\n    "y": ["ENC"]\n  },\n  "b": 2\n}\n',
    ],
    ['{ "a": 1, /* secret */ "b": 2 }\n', '{ "a": 1, /* secret */ "b": "ENC" }\n'],
    ['// secret\n{ // secret\n  "a": 1\n}\n', '// secret\n{ // secret\n  "a": 1\n}\n'],
    [
      '{\n  // secret\n  "a": 1,\n\n  // d\n  "b": 2\n}\n',
      '{\n  // secret\n  "a": "ENC",\n\n  // d\n  "b": 2\n}\n',
    ],
  ])('follows a comment selector: %j', async (text, expected) => {
    expect(await shape(text, { kind: 'encrypted_comment_regex', pattern: 'secret' })).toBe(expected);
  });
});

const [object, list] = ['{"x": [1]}', '[1, 2]'];

function change(text: string, path: (string | number)[], value?: string): string {
  const where = { document: 0, path };
  const what: Change =
    value === undefined ? { op: 'remove', ...where } : { op: 'set', ...where, node: parseValue(value, json) };
  const changed = applyEdits(text, jsonc.change(jsonc.read(text), what));
  jsonc.read(changed);
  return changed;
}

describe('setting a value', () => {
  test.each<[string, string, (string | number)[], string, string]>([
    ['in its place', '{\n  "a": 1 // c\n}', ['a'], '2', '{\n  "a": 2 // c\n}'],
    ['behind a comment beside', '{\n  "a": 1 // c\n}', ['b'], '2', '{\n  "a": 1, // c\n  "b": 2\n}'],
    ['behind a block comment', '{\n  "a": 1 /* c */\n}', ['b'], '2', '{\n  "a": 1 /* c */,\n  "b": 2\n}'],
    ['behind both', '{\n  "a": 1 /* c */ // d\n}', ['b'], '2', '{\n  "a": 1 /* c */, // d\n  "b": 2\n}'],
    ['behind a trailing comma', '{\n  "a": 1, // c\n}', ['b'], '2', '{\n  "a": 1, // c\n  "b": 2,\n}'],
    ['above a comment at the end', '{\n  "a": 1\n  // c\n}', ['b'], '2', '{\n  "a": 1,\n  "b": 2\n  // c\n}'],
    ['on one line', '{ "a": 1, /* c */ }', ['b'], '2', '{ "a": 1, "b": 2, /* c */ }'],
    ['after a comment ended the line', '{ "a": 1 // c\n}', ['b'], '2', '{ "a": 1, // c\n"b": 2\n}'],
    [
      'below the comment of the last',
      '{\n  "a": 1,\n\n  // c\n  "b": 2\n}',
      ['c'],
      '3',
      '{\n  "a": 1,\n\n  // c\n  "b": 2,\n  "c": 3\n}',
    ],
    [
      'in an object with a comment only',
      '{\n  "a": {\n    // c\n  }\n}',
      ['a', 'b'],
      '2',
      '{\n  "a": {\n    // c\n    "b": 2\n  }\n}',
    ],
    ['in one on one line', '{ "a": { /* c */ } }', ['a', 'b'], '2', '{ "a": { /* c */ "b": 2 } }'],
    [
      'in a list with a comment only',
      '{\n  "a": [ // c\n  ]\n}',
      ['a', 0],
      '2',
      '{\n  "a": [ // c\n    2\n  ]\n}',
    ],
    [
      'as a collection',
      '{\n  "a": [\n    1, // c\n  ]\n}',
      ['a', 1],
      object,
      '{\n  "a": [\n    1, // c\n    {\n      "x": [\n        1\n      ]\n    },\n  ]\n}',
    ],
    ['with carriage returns', '{\r\n  "a": 1 // c\r\n}', ['b'], '2', '{\r\n  "a": 1, // c\r\n  "b": 2\r\n}'],
    [
      'with a comment at the colon',
      '{\n  "a" /* c */: 1\n}',
      ['b'],
      list,
      '{\n  "a" /* c */: 1,\n  "b": [\n    1,\n    2\n  ]\n}',
    ],
  ])('%s', (_, text, path, value, expected) => {
    expect(change(text, path, value)).toBe(expected);
  });
});

describe('removing a value', () => {
  test.each<[string, string, (string | number)[], string]>([
    ['takes the comment beside it', '{\n  "a": 1, // c\n  "b": 2\n}', ['a'], '{\n  "b": 2\n}'],
    ['takes the comments above it', '{\n  // c\n  /* d */\n  "a": 1,\n  "b": 2\n}', ['a'], '{\n  "b": 2\n}'],
    ['leaves those of the next', '{\n  "a": 1,\n  // c\n  "b": 2\n}', ['a'], '{\n  // c\n  "b": 2\n}'],
    [
      'leaves those of the one before',
      '{\n  "a": 1, // c\n  // d\n  "b": 2\n}',
      ['b'],
      '{\n  "a": 1 // c\n}',
    ],
    [
      'leaves those that stand apart',
      '{\n  // c\n\n  "a": 1,\n  "b": 2\n}',
      ['a'],
      '{\n  // c\n\n  "b": 2\n}',
    ],
    ['leaves those at the end', '{\n  "a": 1,\n  "b": 2\n  // c\n}', ['b'], '{\n  "a": 1\n  // c\n}'],
    ['leaves the one at the bracket', '{ // c\n  "a": 1\n}', ['a'], '{ // c\n}'],
    ['leaves a trailing comma', '{\n  "a": 1,\n  "b": 2, // c\n}', ['b'], '{\n  "a": 1,\n}'],
    [
      'leaves none where there was none',
      '{\n  "a": 1, /* c */\n  "b": 2 // d\n}',
      ['b'],
      '{\n  "a": 1 /* c */\n}',
    ],
    ['on one line', '{ "a": 1, /* c */ "b": 2, "c": 3 }', ['b'], '{ "a": 1, "c": 3 }'],
    ['on one line, the first', '{ "a": 1, /* c */ "b": 2 }', ['a'], '{ /* c */ "b": 2 }'],
    ['on one line, the last', '{ "a": [1, /* c */ 2 /* d */] }', ['a', 1], '{ "a": [1] }'],
    ['with a blank in front of the comma', '{ "a": 1 , "b": 2 }', ['b'], '{ "a": 1 }'],
    ['empties an object', '{ "a": {\n  // c\n  "b": 1, // d\n} }', ['a', 'b'], '{ "a": {} }'],
    [
      'keeps the groups apart',
      '{\n  "a": 1,\n\n  "b": 2,\n\n  "c": 3\n}',
      ['b'],
      '{\n  "a": 1,\n\n  "c": 3\n}',
    ],
    ['with commas in front', '{\n    "a": 1\n    // c\n  , "b": 2\n}', ['a'], '{\n    // c\n  "b": 2\n}'],
    ['before a bracket behind a comment', '{ "a": [1, // c\n2] }', ['a', 1], '{ "a": [1 // c\n] }'],
  ])('%s', (_, text, path, expected) => {
    expect(change(text, path)).toBe(expected);
  });
});

test('metadata goes in and out without a trace, and no comment comes to stand elsewhere', {
  timeout: 120_000,
}, async () => {
  const policies = await Promise.all(
    (['encrypted_comment_regex', 'unencrypted_comment_regex'] as const).map((kind) =>
      compilePolicy({ kind, pattern: '[a-f]qz' }),
    ),
  );
  const node = parseValue('{"mac": "x", "age": [{"enc": "y"}]}', json);
  fc.assert(
    fc.property(jsoncText, (source) => {
      const text = withoutMark(source, jsonc);
      const plain = jsonc.read(text);
      const set: Change = { op: 'set', document: 0, path: ['sops'], node, metadata: true };
      const inside = jsonc.read(applyEdits(text, jsonc.change(plain, set)));
      const removal = jsonc.change(inside, { op: 'remove', document: 0, path: ['sops'] });
      expect(applyEdits(inside.text, removal)).toBe(text);
      for (const policy of policies) {
        const leaves = [plain, inside].map((document) =>
          [...collectLeaves(document, policy)].map(({ node, aad, encrypted }) => [
            node.kind === 'comment' ? node.text : node.value,
            aad,
            encrypted,
          ]),
        );
        expect(leaves[1]).toEqual(leaves[0]);
      }
    }),
    { numRuns: RUNS },
  );
});

describe('printing', () => {
  const COMMENTED = `{
	// about a
	"a": 1,
	// beside b
	"b": [
		// in b
		2,
		3
		// at the end of b
	],
	"c": {
		// only this
	},
	"d": {}
	// at the end
}
`;

  test('has comments above what they are about', () => {
    const text =
      '# about a\na: 1\nb: # beside b\n  # in b\n  - 2\n  - 3\n  # at the end of b\nc: {}\nd: {}\n# at the end\n';
    const [root] = yaml.read(text).roots;
    expect(root && jsonc.print([root])).toBe(COMMENTED.replace('{\n\t\t// only this\n\t}', '{}'));
  });

  test('gives the tree back, comments included', () => {
    const [root] = jsonc.read(COMMENTED).roots;
    expect(root && jsonc.print([root])).toBe(COMMENTED);
    expect(root && jsonc.print([root], { indent: 2 })).toBe(COMMENTED.replaceAll('\t', '  '));
  });

  test('keeps a comment with a line break one comment', () => {
    const comment: CommentNode = {
      kind: 'comment',
      text: 'a */ "b": 1\nc',
      inline: false,
      place: { start: 0, end: 0, syntax: 'comment' },
    };
    const [root] = json.read('{"k": 1}').roots;
    expect(root && jsonc.print([{ ...root, items: [comment, ...root.items] }])).toBe(
      '{\n\t/*a * / "b": 1\nc*/\n\t"k": 1\n}\n',
    );
  });
});
