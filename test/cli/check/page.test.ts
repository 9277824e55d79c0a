import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkPage } from '../../../src/cli/manual/check-page.ts';
import { FINDING_IDS, FINDINGS } from '../../../src/operations/check/findings.ts';

test('docs/check.md is what "npm run docs" makes', () => {
  const text = readFileSync(new URL('../../../docs/check.md', import.meta.url), 'utf8');
  expect(text).toBe(checkPage());
});

test('each finding says in sentences what led to it, and what to do', () => {
  for (const id of FINDING_IDS) {
    const { title, cause, fix } = FINDINGS[id];
    expect(title, id).toMatch(/^[a-z.].*[^.]$/);
    expect(cause, id).toMatch(/\.$/);
    expect(fix.length, id).toBeGreaterThan(5);
  }
});
