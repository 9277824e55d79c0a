import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eachFile, expandFiles, type FileResult } from '../../src/commands/batch.ts';
import { rotate } from '../../src/commands/rotate.ts';
import { sync } from '../../src/commands/sync.ts';
import { encrypt } from '../../src/index.ts';
import type { Io } from '../../src/io/io.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { type Session, startSession } from '../support/session.ts';

let session: Session;
let io: Io;
beforeEach(() => {
  session = startSession();
  io = nodeIo({}, session.folder);
});
afterEach(() => session.end());

/** Give each file a new text; of those that were changed meanwhile, and that can't be written, an error comes. */
function rewrite(files: readonly string[], changed: ReadonlySet<string> = new Set()): Promise<FileResult[]> {
  return eachFile<FileResult>(
    files,
    {
      work: async (file) => ({
        file,
        write: {
          path: io.absolute(file),
          content: `new ${file}`,
          known: { name: file, content: Buffer.from(changed.has(file) ? 'older' : 'old') },
        },
      }),
      failed: (file, error) => ({ file, error }),
      warn: () => undefined,
    },
    io,
  );
}

test('many files are written together, each as a whole, with its mode, and nothing beside them', async () => {
  mkdirSync(session.path('other'));
  const files = Array.from({ length: 150 }, (_, index) => (index % 3 === 0 ? `other/${index}` : `${index}`));
  for (const file of files) session.write(file, 'old');
  chmodSync(session.path('other/3'), 0o640);
  const results = await rewrite(files);
  expect(results.map(({ file, error }) => [file, error])).toEqual(files.map((file) => [file, undefined]));
  expect(results.filter(({ write }) => write !== undefined)).toEqual([]);
  for (const file of files) expect(session.read(file)).toBe(`new ${file}`);
  expect(statSync(session.path('other/3')).mode & 0o777).toBe(0o640);
  expect([...readdirSync(session.folder), ...readdirSync(session.path('other'))]).toHaveLength(151);
});

test('one that can not be written, or was changed meanwhile, does not stop the others', async () => {
  for (const file of ['a', 'changed', 'b']) session.write(file, 'old');
  const results = await rewrite(['a', 'gone/x', 'changed', 'b'], new Set(['changed']));
  expect(results.map(({ error }) => error?.message.replace(session.folder, ''))).toEqual([
    undefined,
    "can't write /gone/x: no such file or directory",
    'changed was changed meanwhile; it is left as it is',
    undefined,
  ]);
  expect(['a', 'changed', 'b'].map(session.read)).toEqual(['new a', 'old', 'new b']);
  expect(readdirSync(session.folder).sort()).toEqual(['a', 'b', 'changed']);
});

test('a file and a link to it are one', async () => {
  session.write('a', 'text');
  symlinkSync('a', session.path('link'));
  const files = await expandFiles(io, ['link', 'a', './a', 'missing'], async () => []);
  expect(files).toEqual(['link', 'missing']);
});

test('a text of any length is written, and compared with what is there, in UTF-8', async () => {
  // Pieces of it end in the middle of a character.
  const text = `x${'😀'.repeat(800_000)}`;
  const path = session.path('long');
  await io.write(path, text);
  expect(session.read('long') === text).toBe(true);
  await io.write(path, 'new', { known: { name: 'long', content: text } });
  expect(session.read('long')).toBe('new');
  for (const content of ['ne', 'new and more', `${text}x`, '']) {
    const writing = io.write(path, 'newer', { known: { name: 'long', content } });
    await expect(writing, content.slice(0, 20)).rejects.toThrow('was changed meanwhile');
  }
  expect(session.read('long')).toBe('new');
});

test('of a folder each file is read twice: to see what it is, and to work on it', async () => {
  const files = Array.from({ length: 5 }, (_, index) => session.path(`in/${index}.yaml`));
  mkdirSync(session.path('in'));
  for (const file of files) await io.write(file, 'a: ENC[AES256_GCM,data:\nsops:\n');
  const reads: string[] = [];
  const counting: Io = {
    ...io,
    read: (path) => {
      reads.push(path);
      return io.read(path);
    },
  };
  const options = { files: ['in'], inPlace: true, warn: () => undefined };
  const results = await rotate(options, counting);
  expect(results.map(({ error }) => error?.code)).toEqual(files.map(() => 'input-invalid'));
  expect(reads.sort()).toEqual([...files, ...files].sort());
});

test('what add and remove write are few files at a time, however many there are', async () => {
  const key = readFileSync(new URL('../vectors/keys/age-alice.txt', import.meta.url), 'utf8');
  const recipient = /age1\w+/.exec(key)?.[0] ?? '';
  const { text } = await encrypt('a: b\n', { format: 'yaml', recipients: [recipient] });
  mkdirSync(session.path('in'));
  for (let index = 0; index < 70; index += 1) session.write(`in/${index}.yaml`, text);
  session.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n    mac_only_encrypted: true\n`);
  const own = nodeIo({ SOPS_AGE_KEY: key, HOME: session.folder }, session.folder);
  const sizes: number[] = [];
  const counting: Io = {
    ...own,
    writeAll: (files) => {
      sizes.push(files.length);
      return own.writeAll(files);
    },
  };
  const options = { files: [], check: false, keepGoing: false, warn: () => undefined };
  const results = await sync({ ...options, confirm: async () => true }, counting);
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['synced']));
  // Each takes two open files; a system may allow 256.
  expect(sizes).toEqual([64, 6]);
});
