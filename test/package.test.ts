import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { manPages } from '../src/cli/manual/man-pages.ts';
import { allVerbs } from '../src/cli/verbs/index.ts';
import { execFileSync } from './support/processes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Modules that a module of dist/ names: of our own, those of `await import` too, and the files that it reads. */
const NAMES = /(?:\bfrom |\bimport |\bimport\(|\(import\.meta\.url\)\()["'](\.{1,2}\/[^"']+)["']/g;

test('the package holds every file that its library and its program load, every man page, and no source of the program', async () => {
  const [pack] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' }),
  );
  const packed: string[] = pack.files.map(({ path }: { path: string }) => path);
  const needed = [...neededBy('dist/index.js', 'dist/bin/sotto.js')];
  expect(needed.filter((path) => !packed.includes(path))).toEqual([]);
  const pages = [...manPages(await allVerbs(), '').keys()].map((name) => `man/${name}`).sort();
  expect(packed.filter((path) => path.startsWith('man/')).sort()).toEqual(pages);
  // npm installs those that are named one by one.
  const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(man.sort()).toEqual(pages.map((path) => `./${path}`));
  expect(packed.filter((path) => /^(?:src|test|dist\/cli)\//.test(path))).toEqual([]);
});

function neededBy(...paths: string[]): Set<string> {
  const needed = new Set(paths);
  for (const path of needed) {
    if (!path.endsWith('.js')) continue;
    const text = readFileSync(join(ROOT, path), 'utf8');
    for (const [, name = ''] of text.matchAll(NAMES))
      needed.add(relative(ROOT, join(ROOT, dirname(path), name)));
  }
  return needed;
}
