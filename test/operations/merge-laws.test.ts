import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadFormat } from '../../src/formats/index.ts';
import { MODEL_WRITERS, plainOf, tripleFor } from '../support/merge-models.ts';
import { expectedOf } from '../support/merge-oracle.ts';
import { mergeTexts, openAll, sealNew, sealOnto, tokensIn } from '../support/merging.ts';
import { saidBy } from '../support/said-by.ts';

const RUNS = Math.ceil(Number(process.env['SOTTO_RUNS'] ?? 300) / 5);
fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

describe('merging encrypted files', () => {
  test.each(Object.entries(MODEL_WRITERS))('%s: the laws of merging', async (name, { ability, write }) => {
    const format = await loadFormat(name === 'minified' ? 'json' : name);
    if (format === undefined) throw new Error(`no format ${name}`);
    const counts = { clean: 0, conflicts: 0 };
    await fc.assert(
      fc.asyncProperty(tripleFor(ability), async (triple) => {
        const plain = { base: write(triple.base), ours: write(triple.ours), theirs: write(triple.theirs) };
        const base = await sealNew(plain.base, format);
        const ours = await sealOnto(base, plain.ours, format, 1);
        const theirs = await sealOnto(base, plain.theirs, format, 2);
        // merge(A, A) = A; merge(base, A, base) = A, and merge(base, base, A) = A.
        expect(await mergeTexts(base, ours, ours, format)).toMatchObject({
          ours,
          theirs: ours,
          conflicts: [],
        });
        expect(await mergeTexts(base, ours, base, format)).toMatchObject({
          ours,
          theirs: ours,
          conflicts: [],
        });
        const merged = await mergeTexts(base, ours, theirs, format);
        const expected = expectedOf(triple.base, triple.ours, triple.theirs);
        const isClean = merged.conflicts.length === 0;
        if (isClean) counts.clean += 1;
        else counts.conflicts += 1;
        for (const half of isClean ? [merged.ours] : [merged.ours, merged.theirs]) {
          const text = await openAll(half, format);
          if (expected.merged !== undefined)
            expect(saidBy(format.read(text))).toEqual(plainOf(expected.merged));
          // What neither side touched keeps its token.
          const shared = tokensIn(base).filter((token) => ours.includes(token) && theirs.includes(token));
          for (const token of shared) expect(half).toContain(token);
        }
        // Tokens are those of a side, but for what only the merge says: texts of several lines.
        if (isClean && !ability.blocks)
          for (const token of tokensIn(merged.ours))
            if (!token.endsWith('type:comment]')) expect(ours + theirs).toContain(token);
      }),
      { numRuns: RUNS },
    );
    console.log(`merging encrypted ${name}: ${counts.clean} clean, ${counts.conflicts} with conflicts`);
  });
});
