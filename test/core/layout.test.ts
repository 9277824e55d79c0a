import { expect, test } from 'vitest';
import { SottoError } from '../../src/errors.ts';
import { yamlText } from '../support/documents.ts';
import fc from '../support/laws.ts';
import { open, requireFormat, seal } from '../support/sealing.ts';

const yaml = requireFormat('yaml');
const LAYOUT = /^ {8}layout: (.*)$/m;

fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

async function sealed(text: string): Promise<string | undefined> {
  try {
    return await seal(text, yaml);
  } catch (error) {
    if (error instanceof SottoError && error.code !== 'internal') return undefined;
    throw error;
  }
}

async function valuesOf(text: string): Promise<unknown[]> {
  const { leaves } = await open(text, yaml);
  return [...leaves].map(({ leaf, plain }) => [leaf.document, leaf.aad, plain]);
}

test('the notes of another text change no value', { timeout: 120_000 }, async () => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(yamlText, yamlText, async (text, another) => {
      const [own, other] = [await sealed(text), await sealed(another)];
      const [mine, stale] = [LAYOUT.exec(own ?? '')?.[1], LAYOUT.exec(other ?? '')?.[1]];
      fc.pre(own !== undefined && mine !== undefined && stale !== undefined);
      tried += 1;
      const mixed = own.replaceAll(mine, () => stale);
      expect(await valuesOf(mixed)).toEqual(await valuesOf(own));
    }),
    { numRuns: Number(process.env['SOTTO_RUNS'] ?? 300) },
  );
  expect(tried).toBeGreaterThan(30);
});

test.each([
  ['the end of another text', 'a: 1\n---\nb: 2\n', 'a: 1\n---\nb: 2'],
  ['the documents of another text', 'a: 0x1\n---\nb: 0x2', 'a: 0x1\nb: 0x2'],
])('notes on %s are left out', async (_, text, another) => {
  const [own, other] = [await seal(text, yaml), await seal(another, yaml)];
  const mine = LAYOUT.exec(own)?.[0] ?? '    version: 3.13.2';
  const stale = LAYOUT.exec(other)?.[0] ?? '';
  const mixed = own.replaceAll(mine, () =>
    mine.includes('layout') ? stale : `    sotto:\n${stale}\n${mine}`,
  );
  expect((await open(mixed, yaml)).document.roots).toHaveLength(2);
  expect(await valuesOf(mixed)).toEqual(await valuesOf(own));
});
