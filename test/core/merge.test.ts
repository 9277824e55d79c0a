import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeDocuments } from '../../src/core/merge/merge-documents.ts';
import { loadFormat } from '../../src/formats/index.ts';
import { commentsOf, MODEL_WRITERS, plainOf, tripleFor } from '../support/merge-models.ts';
import { expectedComments, expectedOf } from '../support/merge-oracle.ts';
import { saidBy } from '../support/said-by.ts';

const RUNS = Math.ceil(Number(process.env['SOTTO_RUNS'] ?? 300) / 2);
fc.configureGlobal({ seed: Number(process.env['SOTTO_SEED'] ?? 20261124) });

describe('merging what texts say', () => {
  test.each(Object.entries(MODEL_WRITERS))(
    '%s: as an oracle has it, with every comment',
    async (name, { ability, write }) => {
      const format = await loadFormat(name === 'minified' ? 'json' : name);
      if (format === undefined) throw new Error(`no format ${name}`);
      const counts = { clean: 0, conflicts: 0 };
      fc.assert(
        fc.property(tripleFor(ability), (triple) => {
          const texts = { base: write(triple.base), ours: write(triple.ours), theirs: write(triple.theirs) };
          const base = format.read(texts.base);
          const ours = format.read(texts.ours);
          const theirs = format.read(texts.theirs);
          const merged = mergeDocuments({ base, ours, theirs });
          const swapped = mergeDocuments({ base, ours: theirs, theirs: ours });
          expect(swapped.conflicts.map(({ path }) => path).sort()).toEqual(
            merged.conflicts.map(({ path }) => path).sort(),
          );
          expect(merged.conflicts.filter(({ kind }) => kind === 'document')).toEqual([]);
          const [was, mine, other] = [triple.base, triple.ours, triple.theirs].map(commentsOf);
          const shared = was?.filter((comment) => mine?.includes(comment) && other?.includes(comment)) ?? [];
          for (const [half, own] of [
            [merged.ours, mine],
            [merged.theirs, other],
          ] as const) {
            const added = own?.filter((comment) => was?.includes(comment) !== true) ?? [];
            for (const comment of [...shared, ...added]) expect(half).toContain(comment);
          }
          const expected = expectedOf(triple.base, triple.ours, triple.theirs);
          const values = merged.conflicts.filter(({ kind }) => kind !== 'comment');
          expect(values.length > 0).toBe(expected.conflicts.length > 0);
          if (expected.merged === undefined) {
            counts.conflicts += 1;
            expect(saidBy(format.read(merged.ours))).not.toEqual(saidBy(format.read(merged.theirs)));
            return;
          }
          if (merged.conflicts.length === 0) counts.clean += 1;
          for (const half of [merged.ours, merged.theirs])
            expect(saidBy(format.read(half))).toEqual(plainOf(expected.merged));
          if (merged.conflicts.length > 0) return;
          const wanted = expectedComments(
            commentsOf(triple.base),
            commentsOf(triple.ours),
            commentsOf(triple.theirs),
          );
          for (const comment of wanted) expect(merged.ours).toContain(comment);
        }),
        { numRuns: RUNS },
      );
      console.log(`merging ${name}: ${counts.clean} clean, ${counts.conflicts} with conflicts`);
      expect(counts.clean).toBeGreaterThan(RUNS / 4);
    },
  );
});
