import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = (name: string): URL => new URL(`../${name}`, import.meta.url);
const README = readFileSync(root('README.md'), 'utf8');
const PAGES = readdirSync(root('docs/deploy'));

test.each(PAGES)('%s begins with the command or file to copy, and the README leads to it', (page) => {
  const text = readFileSync(root(`docs/deploy/${page}`), 'utf8');
  expect(text).toMatch(/^# .+\n\n```\w*\n/);
  expect(README).toContain(`(docs/deploy/${page})`);
});

test.each(PAGES)('what %s links to is there', (page) => {
  const text = readFileSync(root(`docs/deploy/${page}`), 'utf8');
  const links = [...text.matchAll(/\]\((?!https:)([^)#]+)(?:#[\w-]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(new URL(link, root(`docs/deploy/${page}`))))).toEqual([]);
});
