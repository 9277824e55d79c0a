import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilePolicy, DEFAULT_SELECTOR } from '../../src/core/sops/policy.ts';
import { withoutMark } from '../../src/core/splice/byte-order-mark.ts';
import { pathOf } from '../../src/core/splice/leaf.ts';
import { collectLeaves } from '../../src/core/splice/leaf-walk.ts';
import { decrypt, encrypt, SottoError } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';
import { formatNamed } from '../support/format-named.ts';

interface Leaf {
  readonly path?: readonly (string | number)[];
  readonly type: string;
  readonly text?: string;
  readonly hex?: string;
}

interface Row extends Partial<Leaf> {
  readonly source: string;
  readonly printed?: string;
  readonly leaves?: readonly Leaf[];
  readonly refused?: { readonly exit: number; readonly stderr: string };
  readonly decryptRefused?: unknown;
}

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';
const policy = await compilePolicy(DEFAULT_SELECTOR);

/** Rows in which sotto does something else than sops, and why. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ['a #c', 'a comment beside a value stays beside it'],
  ['<<', 'the string << keeps the spelling of the file; sops prints it with a tag'],
  ['\ufeffx', 'a byte order mark inside the text is refused; sops drops it'],
  ['[s]x\na=1\n', 'text behind a section is refused; sops drops it'],
  ['a=x\\\\\n', 'a value is printed so that sops reads it back; sops would read on in the next line'],
  ['a = \\;x\n', 'the same'],
  ['a = x \\; y\n', 'the same'],
  ['- = 1\n- = 2\n', 'keys named - open; sops prints them so that it reads comments'],
]);

function rowsOf(name: string): [string, Row][] {
  const rows: Row[] = JSON.parse(readFileSync(join(VECTORS, name), 'utf8'));
  return rows.map((row) => [JSON.stringify(row.source), row]);
}

const TABLES = [
  ['yaml-scalars.json', 'yaml', (source: string) => `v: ${source}\n`],
  ['yaml-blocks.json', 'yaml', (source: string) => `v: ${source}`],
  ['json-values.json', 'json', (source: string) => `{"v": ${source}}`],
  ['dotenv-lines.json', 'dotenv', (source: string) => source],
  ['ini-lines.json', 'ini', (source: string) => source],
] as const;

describe.each(TABLES)('%s', (table, name, wrap) => {
  const format = formatNamed(name);
  if (format === undefined) throw new Error(`no format ${name}`);

  test.each(rowsOf(table).filter(([, { source }]) => !DIFFERENT.has(source)))('%s', async (_, row) => {
    const text = wrap(row.source);
    const encrypted = encrypt(text, { format: name, recipients: [RECIPIENT] });
    if (row.refused !== undefined) {
      const error = await encrypted.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(SottoError);
      expect(error).toHaveProperty('exit', row.refused.exit);
      return;
    }
    const { text: sealed } = await encrypted;
    expect((await decrypt(sealed, { format: name, identities: KEY })).text).toBe(text);

    const document = { ...format.read(withoutMark(text, format)), unseen: [] };
    const expected = row.leaves ?? (row.type === undefined ? [] : [{ ...row, path: ['v'] }]);
    const leaves = [...collectLeaves(document, policy)].flatMap(({ node, at }) =>
      node.kind === 'comment'
        ? [{ type: 'comment', value: node.text, path: [...pathOf(at)] }]
        : [
            {
              type: node.value.type,
              value:
                node.value.bytes === undefined
                  ? node.value.text
                  : Buffer.from(node.value.bytes).toString('hex'),
              path: [...pathOf(at)],
            },
          ],
    );
    const wanted = expected.filter(({ type }) => type !== 'map' && type !== 'list');
    expect(leaves).toEqual(
      wanted.map(({ type, text: value, hex, path = ['v'] }) => ({ type, value: value ?? hex ?? '', path })),
    );
    if (row.printed !== undefined) expect(format.print(document.roots)).toBe(row.printed);
  });
});
