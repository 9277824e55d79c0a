import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const path = (name: string): string => fileURLToPath(new URL(`../examples/${name}`, import.meta.url));

test('the example of the library runs', () => {
  expect(execFileSync(process.execPath, [path('library/example.mjs')], { encoding: 'utf8' })).toBe(
    'byte for byte\nhunter3\n',
  );
});

test('the demo runs to its end', { timeout: 60_000 }, () => {
  const output = execFileSync(process.execPath, [path('demo/demo.mjs')], { encoding: 'utf8' });
  expect(output.match(/✓/g)).toHaveLength(4);
  expect(output).toContain(
    '# His key opens nothing any more\nbob$ sotto decrypt secrets/values.yaml\nFailed',
  );
});
