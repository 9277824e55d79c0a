import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halvesOf, withBase, withMarkers } from '../../src/text/conflict-markers.ts';

const RUNS = Number(process.env['SOTTO_RUNS'] ?? 300);
fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

const TEXT = fc
  .array(fc.constantFrom('a', 'b', 'c', '', '{', '  x: 1', '=', '<<', '|'), { minLength: 1, maxLength: 9 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));
const MARKING = { size: 7, ours: 'HEAD', theirs: 'feature' };

test('the halves of a text with markers are the two texts', () => {
  fc.assert(
    fc.property(TEXT, TEXT, TEXT, (ours, theirs, base) => {
      fc.pre(ours !== theirs);
      for (const text of [withMarkers(ours, theirs, MARKING), withBase(base, ours, theirs, MARKING)])
        expect(halvesOf(text)).toEqual({ ours, theirs, labels: { ours: 'HEAD', theirs: 'feature' } });
    }),
    { numRuns: RUNS * 5 },
  );
});

test('what was there before stands in the middle', () => {
  expect(withBase('1\nwas\n3\n', '1\nours\n3\n', '1\ntheirs\n3\n', MARKING)).toBe(
    '1\n<<<<<<< HEAD\nours\n||||||| base\nwas\n=======\ntheirs\n>>>>>>> feature\n3\n',
  );
  expect(withBase('1\n3\n', '1\nours\n3\n', '1\ntheirs\n3\n', MARKING)).toContain('||||||| base\n=======\n');
  expect(withBase('1\nwas\n', '1\n', '1\ntheirs\n', MARKING)).toBe(
    '1\n<<<<<<< HEAD\n||||||| base\nwas\n=======\ntheirs\n>>>>>>> feature\n',
  );
});

test.each([
  ['no markers', 'a\n'],
  ['half of a conflict', '<<<<<<< a\n1\n=======\n2\n'],
  ['markers that look like a heading', '=======\n'],
])('%s is no conflict', (_, text) => {
  expect(halvesOf(text)).toBeUndefined();
});
