import { describe, expect, test } from 'vitest';
import { strengthWarnings } from '../../src/keys/group-warnings.ts';
import type { Recipient } from '../../src/keys/kind.ts';

const one = (id: string, isPostQuantum: boolean): Recipient => ({
  kind: 'age',
  id,
  isPostQuantum,
  wrap: () => Promise.reject(new Error('not here')),
});
const [pq, pq2, classic, classic2] = [
  one('pq', true),
  one('pq2', true),
  one('age', false),
  one('ssh', false),
];

describe('a quantum computer', () => {
  test.each([
    ['finds no way past post-quantum recipients', [[pq, pq2]], 1, false],
    ['is no matter where nobody cares', [[classic, classic2]], 1, false],
    ['finds a way through a classic one beside them', [[pq, classic]], 1, true],
    ['needs as many classic ways as groups', [[pq], [classic]], 2, false],
    ['finds them where enough groups have one', [[pq, classic], [classic2], [pq2]], 2, true],
    ['does not find a third', [[pq, classic], [classic2], [pq2]], 3, false],
  ])('%s', async (_, groups, threshold, isWeak) => {
    const warnings = await strengthWarnings(groups, threshold);
    expect(warnings.length).toBe(isWeak ? 1 : 0);
  });

  test('is warned about with the names of the weak ones', async () => {
    expect((await strengthWarnings([[pq, classic]], 1))[0]?.message).toBe(
      'post-quantum recipients are mixed with others, so a quantum computer could open the file through age',
    );
  });
});
