import { expect, test } from 'vitest';
import { asSops, open, requireFormat, seal } from '../sealing.ts';

const yaml = requireFormat('yaml');

test('a float that sops prints like an int keeps its token and its type', async () => {
  const before = await open(asSops('a: float(-0@a:)\nb: float(1@b:)\nc: str(x@c:)\nsops:\n'), yaml, true);
  expect(before.text).toBe('a: -0\nb: 1\nc: x\n');
  const after = await open(await seal('a: -0\nb: 1\nc: z\n', yaml, undefined, before), yaml);
  expect(after.leaves.map(({ token }) => token).slice(0, 2)).toEqual(
    before.leaves.map(({ token }) => token).slice(0, 2),
  );
  expect(after.text).toBe('a: -0\nb: 1\nc: z\n');
  expect(after.layout).toBe('');
});
