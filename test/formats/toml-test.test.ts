import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TreeNode } from '../../src/core/tree/tree.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { decrypt, encrypt, newIdentityFile, SottoError } from '../../src/index.ts';
import { corpus, skipped } from '../support/cases.ts';

const KEY = await newIdentityFile(new Date());
const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What TOML 1.0 refuses and TOML 1.1, which we read, allows. */
const SINCE_1_1: ReadonlySet<string> = new Set([
  'invalid/datetime/no-secs.toml',
  'invalid/local-datetime/no-secs.toml',
  'invalid/local-time/no-secs.toml',
  'invalid/inline-table/linebreak-01.toml',
  'invalid/inline-table/linebreak-02.toml',
  'invalid/inline-table/linebreak-03.toml',
  'invalid/inline-table/linebreak-04.toml',
  'invalid/inline-table/trailing-comma.toml',
  'invalid/string/basic-byte-escapes.toml',
]);

/** A tree as toml-test spells it, with our types. */
type Data = readonly [type: string, text: string] | { readonly [key: string]: Data };

function dataOf(node: TreeNode): Data {
  if (node.kind === 'alias') return dataOf(node.target);
  if (node.kind === 'value') return [node.value.type, node.value.text];
  if (node.kind === 'list')
    return listed(node.items.flatMap((item) => (item.kind === 'comment' ? [] : [dataOf(item)])));
  return Object.fromEntries(
    node.items.flatMap((item) => (item.kind === 'entry' ? [[item.key, dataOf(item.value)]] : [])),
  );
}

/** A list, told apart from a value. */
function listed(items: readonly Data[]): Data {
  return Object.fromEntries(items.map((item, index) => [`[${index}]`, item]));
}

function expectedData(tagged: unknown): Data {
  if (Array.isArray(tagged)) return listed(tagged.map(expectedData));
  const { type, value, ...others } = tagged as Record<string, unknown>;
  if (typeof type === 'string' && typeof value === 'string' && Object.keys(others).length === 0)
    return expectedValue(type, value);
  return Object.fromEntries(
    Object.entries(tagged as Record<string, unknown>).map(([key, inner]) => [key, expectedData(inner)]),
  );
}

function expectedValue(type: string, value: string): Data {
  switch (type) {
    case 'string':
      return ['str', value];
    case 'integer':
      return ['int', value];
    case 'bool':
      return ['bool', value === 'true' ? 'True' : 'False'];
    case 'float':
      return ['float', floatText(value)];
    default:
      return ['str', dateText(value)];
  }
}

function floatText(value: string): string {
  if (value.includes('nan')) return 'NaN';
  if (value.includes('inf')) return value.startsWith('-') ? '-Inf' : '+Inf';
  return String(Number(value)) === '0' && value.startsWith('-') ? '-0' : String(Number(value));
}

/** toml-test prints fractions with as many digits as it likes, and a zero offset in two ways. */
function dateText(value: string): string {
  return value
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '')
    .replace(/[-+]00:00$/, 'Z');
}

function normalised(data: Data): Data {
  if (Array.isArray(data)) {
    const [type = '', text = ''] = data;
    if (type === 'float' && /\d/.test(text)) return [type, floatText(text)];
    return [type, /^\d\d(?:\d\d-|:)/.test(text) ? dateText(text) : text];
  }
  return Object.fromEntries(Object.entries(data).map(([key, inner]) => [key, normalised(inner)]));
}

async function roundTrip(bytes: Uint8Array): Promise<string> {
  let text: string;
  try {
    text = STRICT_UTF_8.decode(bytes);
  } catch {
    return 'refused: no UTF-8';
  }
  try {
    const { text: sealed } = await encrypt(text, { format: 'toml', recipients: [KEY.recipient] });
    const back = await decrypt(sealed, { format: 'toml', identities: KEY.text });
    return back.text === text ? 'byte for byte' : 'CHANGED';
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'input-invalid') throw error;
    expect(error.details).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
    return 'refused';
  }
}

describe.each(['1.0.0', '1.1.0'])('toml-test for TOML %s', (version) => {
  const folder = corpus('toml-test');
  if (folder === undefined) {
    test.skip(skipped('toml-test'));
    return;
  }
  const names = readFileSync(join(folder, `files-toml-${version}`), 'utf8')
    .split('\n')
    .filter((name) => name.endsWith('.toml'));

  test('every valid file comes back byte for byte, every other one is refused', {
    timeout: 120_000,
  }, async () => {
    const counts = new Map<string, number>();
    const wrong: string[] = [];
    for (const name of names) {
      const isNew = version === '1.0.0' && SINCE_1_1.has(name);
      const kind = name.startsWith('valid') ? 'valid' : isNew ? 'valid since 1.1' : 'invalid';
      const result = await roundTrip(readFileSync(join(folder, name)));
      counts.set(`${kind}, ${result}`, (counts.get(`${kind}, ${result}`) ?? 0) + 1);
      if (result.startsWith('refused') !== (kind === 'invalid') || result === 'CHANGED')
        wrong.push(`${name}: ${result}`);
    }
    console.info(`toml-test ${version}: ${JSON.stringify(Object.fromEntries(counts))}`);
    expect(wrong).toEqual([]);
  });

  test.each(names.filter((name) => name.startsWith('valid')))('%s has the values of toml-test', (name) => {
    const text = STRICT_UTF_8.decode(readFileSync(join(folder, name))).replace(/^\ufeff/, '');
    const tagged: unknown = JSON.parse(readFileSync(join(folder, name.replace(/toml$/, 'json')), 'utf8'));
    const [root] = toml.read(text).roots;
    expect(root && normalised(dataOf(root))).toEqual(normalised(expectedData(tagged)));
  });
});
