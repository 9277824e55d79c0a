import { describe, expect, test } from 'vitest';
import type { Format } from '../../src/core/splice/format.ts';
import { requireFormat, seal } from '../support/sealing.ts';

/** A format that keeps the texts that are read with it. */
function watched(name: string): { readonly format: Format; readonly texts: string[] } {
  const texts: string[] = [];
  const own = requireFormat(name);
  const format: Format = {
    ...own,
    read: (text) => {
      texts.push(text);
      return { ...own.read(text), format };
    },
  };
  return { format, texts };
}

describe('encrypting reads', () => {
  test.each([
    ['yaml', 'a: b\nlist:\n  - 1\n  - c # d\n'],
    ['json', '{\n\t"a": "b",\n\t"c": [1, true]\n}\n'],
    ['ini', '[a]\nb = c\n'],
  ])('%s: the source once, and the result once', async (name, source) => {
    const { format, texts } = watched(name);
    const text = await seal(source, format);
    expect(texts).toEqual([source, text]);
  });

  test('the result also where it has notes that its draft did not have', async () => {
    const { format, texts } = watched('yaml');
    const text = await seal('a: 0x1F\n', format);
    expect(text).toContain('layout:');
    expect(texts).toContain(text);
  });
});

const yaml = requireFormat('yaml');

test('nothing is handed out that does not come back byte for byte', async () => {
  const forgetful: Format = {
    ...yaml,
    read: (text) => ({ ...yaml.read(text), format: forgetful }),
    change: (document, change) => {
      const blank = document.text.indexOf('\n\n');
      const lost = change.op === 'remove' ? [{ start: blank, end: blank + 1, text: '' }] : [];
      return [...lost, ...yaml.change(document, change)];
    },
  };
  expect(await seal('a: 1\n\nb: 2\n', yaml)).toContain('b: ENC[');
  await expect(seal('a: 1\n\nb: 2\n', forgetful)).rejects.toMatchObject({
    code: 'internal',
    message: 'the encrypted text does not decrypt to the source',
  });
});
