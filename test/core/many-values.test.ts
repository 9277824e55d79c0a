import { expect, test } from 'vitest';
import { createNobleCipher } from '../../src/core/sops/noble-cipher.ts';
import type { Format } from '../../src/core/splice/format.ts';
import { toml } from '../../src/formats/toml/index.ts';
import { open, requireFormat, seal } from '../support/sealing.ts';

// So many that they are encrypted together; what is seen must be what is seen of a few.
const COUNT = 400;

const yamlLine = (index: number): string => `key${index}: wert ü ${index} # note ${index}\n`;

const SOURCES: readonly (readonly [Format, (index: number) => string])[] = [
  [requireFormat('yaml'), yamlLine],
  [
    requireFormat('json'),
    (index) => `${index === 0 ? '{' : ','}\n  "key${index}": ${index}${index === COUNT - 1 ? '\n}\n' : ''}`,
  ],
  [requireFormat('dotenv'), (index) => `KEY${index}=value ${index}\n`],
  [
    requireFormat('ini'),
    (index) => `${index === 0 ? '[s]\n' : ''}key${index} = ${'long '.repeat(index % 60)}${index}\n`,
  ],
  [toml, (index) => `key${index} = "${index % 3 === 0 ? '' : index}"\n`],
];

const sourceOf = (line: (index: number) => string): string =>
  Array.from({ length: COUNT }, (_, index) => line(index)).join('');

test.each(SOURCES.map(([format, line]) => ({ name: format.name, format, line })))(
  '$name of many values comes back, and opens without node:crypto',
  async ({ format, line }) => {
    const source = sourceOf(line);
    const sealed = await seal(source, format);
    expect((await open(sealed, format)).text).toBe(source);
    const noble = createNobleCipher(new Uint8Array(32).fill(7));
    const { leaves } = await open(sealed, format);
    const tokens = [...leaves].filter(({ token }) => token !== '');
    expect(tokens.length).toBeGreaterThan(COUNT - 1);
    for (const { token, leaf, plain } of tokens.slice(0, 50)) {
      const opened = noble.decrypt(token, leaf.aad);
      if ('comment' in plain) expect(opened).toHaveProperty('comment');
      else expect(opened).toEqual(plain);
    }
  },
);

test.each(SOURCES.map(([format, line]) => ({ name: format.name, format, line })))(
  'the changed one of many values of $name is named',
  async ({ format, line }) => {
    const sealed = await seal(sourceOf(line), format);
    const [, iv = '', later = ''] = /key250.*?iv:(.)(.)/i.exec(sealed) ?? [];
    const changed = sealed.replace(
      /(key250.*?iv:)../i,
      (_, before) => before + (iv === 'A' ? 'B' : 'A') + later,
    );
    await expect(open(changed, format)).rejects.toThrow(/key250.*: does not decrypt/i);
  },
);

test('a comment of many that was moved is a warning, and all values are there', async () => {
  const format = requireFormat('yaml');
  const source = `a:\n  deep: 1 # inside\n${sourceOf(yamlLine)}`;
  const sealed = await seal(source, format);
  const inside = /#(ENC\S+)/.exec(sealed)?.[1] ?? '';
  const moved = sealed.replace(/(key300: .*)#ENC.*/, (_, before) => `${before}#${inside}`);
  const { text, warnings } = await open(moved, format);
  expect(warnings.map(({ message }) => message)).toEqual([
    'an encrypted comment does not decrypt; it was changed or moved',
  ]);
  expect(text).toContain('key300: wert ü 300 #');
  expect(text).toContain('key301: wert ü 301 # note 301\n');
});
