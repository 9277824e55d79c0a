import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RuntimeFile, RuntimeFolder } from '../../src/io/runtime-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (generation: number): RuntimeFile[] =>
  ['a', 'b/c'].map((target) => ({
    target,
    content: Buffer.from(String(generation).repeat(5_000)),
    mode: 0o440,
    owner: {},
  }));

/** Opens the files of whatever generation is there, over and over, and tells what it saw that should not be. */
const READER = `
const { openSync, closeSync, fstatSync, readFileSync, readlinkSync } = require('node:fs');
let looks = 0;
const odd = new Set();
process.on('SIGTERM', () => { console.log(JSON.stringify({ looks, odd: [...odd] })); process.exit(0); });
const look = () => {
  const end = Date.now() + 5;
  while (Date.now() < end) {
    looks += 1;
    let link;
    try { link = readlinkSync('live'); } catch (error) { odd.add('no link: ' + error.code); continue; }
    try {
      const texts = ['a', 'b/c'].map((name) => {
        const file = openSync(link + '/' + name);
        if ((fstatSync(file).mode & 0o7777) !== 0o440) odd.add('mode');
        const text = readFileSync(file, 'utf8');
        closeSync(file);
        return text;
      });
      if (texts[0] !== texts[1] || texts[0].length % 5000 !== 0 || texts[0] === '') odd.add('half');
    } catch (error) {
      // Its generation has gone since; then the link leads elsewhere.
      if (readlinkSync('live') === link) odd.add('no file: ' + error.code);
    }
  }
  setImmediate(look);
};
console.log('reading');
look();
`;

test('a reader finds one generation as a whole, at any moment', async () => {
  const path = join(folder, 'live');
  await new RuntimeFolder(path).replace(filesOf(1), []);
  const reader = spawn(process.execPath, ['-e', READER], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = '';
  await new Promise<void>((accept) => {
    reader.stdout.on('data', (bytes: Buffer) => {
      seen += bytes.toString();
      accept();
    });
  });
  for (let generation = 2; generation < 25; generation += 1)
    await new RuntimeFolder(path).replace(filesOf(generation), []);
  const ended = new Promise((accept) => reader.on('close', accept));
  reader.kill();
  await ended;
  const { looks, odd } = JSON.parse(seen.replace('reading\n', ''));
  expect(odd).toEqual([]);
  expect(looks).toBeGreaterThan(20);
});

test('remembers the commands that are yet to be run', async () => {
  const path = join(folder, 'live');
  const files = filesOf(1);
  await new RuntimeFolder(path).replace(files, ['b/c']);
  expect(new RuntimeFolder(path).due(files)).toEqual(['b/c']);
  await new RuntimeFolder(path).replace(filesOf(2), ['a', 'gone']);
  expect(new RuntimeFolder(path).due(files)).toEqual(['a']);
  new RuntimeFolder(path).remember([]);
  expect(new RuntimeFolder(path).due(files)).toEqual([]);
});
