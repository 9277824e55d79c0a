import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PAGE = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8');
const source = (path: string): URL => new URL(`../${path}`, import.meta.url);

test('the page on the architecture names declarations that are where it says', () => {
  const named = [...PAGE.matchAll(/`(\w+)` \((?:`(\w+)`, )?`(src\/[\w/.-]+\.ts)`\)/g)];
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(([, name, , path = '']) => {
    const file = source(path);
    const declared = new RegExp(
      `^export (?:abstract |async |declare )*(?:function|class|const|interface|type) ${name}\\b`,
      'm',
    );
    return !existsSync(file) || !declared.test(readFileSync(file, 'utf8'));
  });
  expect(missing.map(([text]) => text)).toEqual([]);
});

test('the page on the architecture names files and folders that are there', () => {
  const paths = [...PAGE.matchAll(/`((?:src|docs)\/[\w/.-]+)`/g)].map(([, path = '']) => path);
  expect(paths.filter((path) => !existsSync(source(path)))).toEqual([]);
});
