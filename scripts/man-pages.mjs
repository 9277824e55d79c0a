// Writes the man pages into man/, from the tables of verbs, flags and errors; part of "npm run build".
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { manPages } from '../dist/cli/manual/man-pages.js';

const seconds = process.env.SOURCE_DATE_EPOCH;
const date = (seconds === undefined ? new Date() : new Date(Number(seconds) * 1000))
  .toISOString()
  .slice(0, 10);
const folder = new URL('../man/', import.meta.url);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of manPages(date)) writeFileSync(new URL(name, folder), text);
