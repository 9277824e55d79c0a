// Writes the man pages into man/, from the declarations of verbs and the table of errors, and their names into
// package.json, where npm looks for them one by one; part of "npm run build".
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { manPages } from '../dist/cli/manual/man-pages.js';
import { allVerbs } from '../dist/cli/verbs/index.js';

const seconds = process.env.SOURCE_DATE_EPOCH;
const date = (seconds === undefined ? new Date() : new Date(Number(seconds) * 1000))
  .toISOString()
  .slice(0, 10);
const folder = new URL('../man/', import.meta.url);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const pages = manPages(await allVerbs(), date);
for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);

const file = new URL('../package.json', import.meta.url);
const before = readFileSync(file, 'utf8');
const man = [...pages.keys()]
  .map((name) => name.slice(0, -'.1'.length))
  .sort()
  .map((name) => `./man/${name}.1`);
const after = `${JSON.stringify({ ...JSON.parse(before), man }, undefined, 2)}\n`;
if (after !== before) writeFileSync(file, after);
