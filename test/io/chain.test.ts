import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { appendRecord, setAside } from '../../src/io/chain/append.ts';
import { printLine, sha256 } from '../../src/io/chain/link.ts';
import { type ChainCheck, verifyChain } from '../../src/io/chain/verify.ts';
import { execFileSync } from '../support/processes.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'sotto-chain-'));
let path: string;
let number = 0;
beforeEach(() => {
  number += 1;
  path = join(ROOT, String(number), 'audit.jsonl');
});
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

const OPTIONS = { timeout: 20_000 };
const check = (): ChainCheck => verifyChain([...setAside(path), path]);
const locks = (): string[] => readdirSync(join(path, '..')).filter((name) => name.includes('.turn-'));

test('a chain is whole, each record is tied to the one before, and only the owner can read it', async () => {
  for (const n of [1, 2, 3]) await appendRecord(path, { n }, OPTIONS);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  expect(records).toMatchObject([
    { n: 1, seq: 1, prev: null },
    { n: 2, seq: 2, prev: sha256(lines[0] ?? '') },
    { n: 3, seq: 3, prev: sha256(lines[1] ?? '') },
  ]);
  expect(check()).toMatchObject({ records: 3, first: 1, last: 3, breaks: [], halves: [] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  expect(locks()).toEqual([]);
});

test('a full file is put aside, and the chain goes on', async () => {
  for (let n = 0; n < 40; n += 1) await appendRecord(path, { n }, { ...OPTIONS, rotationSize: 2000 });
  expect(setAside(path).length).toBeGreaterThan(2);
  expect(check()).toMatchObject({ records: 40, breaks: [] });
  // Ended between putting it aside and the next record.
  rmSync(path);
  const left = verifyChain(setAside(path)).last ?? 0;
  await appendRecord(path, { n: 'after' }, OPTIONS);
  expect(check()).toMatchObject({ last: left + 1, breaks: [] });
  const [oldest = ''] = setAside(path);
  rmSync(oldest);
  expect(check().breaks).toMatchObject([{ line: 1, kind: 'start-missing' }]);
  expect(verifyChain([...setAside(path), path], true).breaks).toEqual([]);
});

test('half a line of somebody who was ended is mended, and no break', async () => {
  await appendRecord(path, { n: 1 }, OPTIONS);
  appendFileSync(path, '{"n":2,"seq":2,"pre');
  expect(check()).toMatchObject({ breaks: [], halves: [{ line: 2 }] });
  for (const n of [3, 4]) await appendRecord(path, { n }, OPTIONS);
  expect(check()).toMatchObject({ records: 3, last: 3, breaks: [], halves: [{ line: 2 }] });
  // Only as long as it is the half that was there.
  writeFileSync(path, readFileSync(path, 'utf8').replace('"seq":2,"pre', '"seq":2,"pro'));
  expect(check().breaks).toMatchObject([{ line: 2, kind: 'unreadable' }]);
});

test('the turn of somebody who died is taken over, and swept', async () => {
  await appendRecord(path, { n: 1 }, OPTIONS);
  for (const attempt of [0, 1]) symlinkSync('999999 1 x y', `${path}.turn-2-${attempt}`);
  const elsewhere = `${process.pid} 1 ${(await import('../../src/io/chain/holder.ts')).thisProcess().split(' ').slice(2).join(' ')}`;
  rmSync(`${path}.turn-2-0`);
  symlinkSync(elsewhere, `${path}.turn-2-0`);
  rmSync(`${path}.turn-2-1`);
  await appendRecord(path, { n: 2 }, OPTIONS);
  expect(check()).toMatchObject({ records: 2, breaks: [] });
  expect(locks()).toEqual([]);
});

test('where somebody else holds the turn it is given up in time', async () => {
  const { thisProcess } = await import('../../src/io/chain/holder.ts');
  await appendRecord(path, { n: 1 }, OPTIONS);
  symlinkSync(thisProcess(), `${path}.turn-2-0`);
  await expect(appendRecord(path, { n: 2 }, { timeout: 50 })).rejects.toThrow('others are writing');
  expect(check()).toMatchObject({ records: 1 });
});

test.skipIf(process.platform === 'win32')(
  'what is no regular file is refused, and nobody waits for a reader of it',
  async () => {
    await appendRecord(path, { n: 1 }, OPTIONS);
    const folder = dirname(path);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const odd of [pipe, folder, '/dev/zero'])
      await expect(appendRecord(odd, { n: 2 }, OPTIONS), odd).rejects.toThrow('it is no regular file');
    expect(() => verifyChain(['/dev/zero'])).toThrow('it is no regular file');
    const link = join(folder, 'link');
    symlinkSync(path, link);
    await expect(appendRecord(link, { n: 2 }, OPTIONS)).rejects.toThrow('ELOOP');
    expect(readdirSync(folder).sort()).toEqual(['audit.jsonl', 'link', 'pipe']);
  },
);

test('folders are made, but where there can be none', async () => {
  const deep = join(dirname(path), 'a', 'b', 'audit.jsonl');
  await Promise.all([1, 2, 3].map((n) => appendRecord(deep, { n }, OPTIONS)));
  expect(verifyChain([deep])).toMatchObject({ records: 3, breaks: [] });
  expect(statSync(join(dirname(path), 'a')).mode & 0o777).toBe(0o700);
  // Where there is a /proc, Node tries for ever to make several folders at once in it.
  if (process.platform === 'linux')
    await expect(appendRecord('/proc/sotto/a/audit.jsonl', { n: 1 }, OPTIONS)).rejects.toThrow('ENOENT');
  await expect(appendRecord(join(deep, 'audit.jsonl'), { n: 1 }, OPTIONS)).rejects.toThrow('ENOTDIR');
});

const WRITER = `
  import { appendRecord } from ${JSON.stringify(new URL('../../dist/io/chain/append.js', import.meta.url).href)};
  const [path, count, id] = process.argv.slice(1);
  for (let n = 0; n < Number(count); n++) {
    await appendRecord(path, { id, n }, { timeout: 20000, rotationSize: 30000 });
    if (n === 4) process.stdout.write('.');
  }
`;

test('many processes write at once, half of them are ended, and the chain is whole', async () => {
  const [processes, each] = [8, 40];
  const ended = Array.from({ length: processes }, (_, id) => {
    const args = ['--input-type=module', '-e', WRITER, path, String(each), String(id)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (id % 2 === 1) child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), id));
    return new Promise<number | null>((accept) => child.on('close', accept));
  });
  const statuses = await Promise.all(ended);
  expect(statuses.filter((status) => status === 0).length).toBeGreaterThanOrEqual(processes / 2);
  const { records, last, breaks } = check();
  expect(breaks).toEqual([]);
  expect(records).toBe(last);
  expect(records).toBeGreaterThanOrEqual((processes / 2) * each + (processes / 2) * 5);
  const all = [...setAside(path), path].flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  const whole = all.flatMap((line): string[] => {
    const { id, n } = line.endsWith('"}') ? JSON.parse(line) : {};
    return id === undefined ? [] : [`${id} ${n}`];
  });
  // Nobody's record is there twice, and of those that came to their end none is missing.
  expect(new Set(whole).size).toBe(whole.length);
  for (let n = 0; n < each; n += 1) expect(whole).toContain(`0 ${n}`);
}, 60_000);

test('any record that is changed, removed or moved is found; but for the last ones, that they are gone', () => {
  const chain = (count: number): string[] => {
    const lines: string[] = [];
    for (let seq = 1; seq <= count; seq += 1) {
      const before = lines.at(-1);
      const prev = before === undefined ? null : sha256(before);
      lines.push(printLine({ file: `/${seq}`, verb: 'get' }, { seq, prev, mended: false }));
    }
    return lines;
  };
  const verified = (lines: readonly string[]): ChainCheck => {
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return verifyChain([path]);
  };
  const lines = chain(12);
  rmSync(join(path, '..'), { recursive: true, force: true });
  const at = fc.nat(lines.length - 1);
  path = join(ROOT, `law-${number}.jsonl`);
  expect(verified(lines).breaks).toEqual([]);
  fc.assert(
    fc.property(
      at,
      at,
      fc.nat(10_000),
      fc.string({ minLength: 1, maxLength: 1 }),
      (one, other, offset, char) => {
        const line = lines[one] ?? '';
        const place = offset % line.length;
        const edited = lines.with(one, line.slice(0, place) + char + line.slice(place + 1));
        const swapped = lines.with(one, lines[other] ?? '').with(other, line);
        const renewed = lines.with(one, chain(20)[one + 1] ?? '');
        const isFound = (changed: readonly string[]): boolean => {
          const { breaks, records, halves } = verified(changed);
          if (changed.join('\n') === lines.join('\n')) return breaks.length === 0;
          const isCut = lines.slice(0, changed.length).join('\n') === changed.join('\n');
          return breaks.length > 0 || halves.length > 0 || (isCut && records < lines.length);
        };
        return [edited, swapped, renewed, lines.toSpliced(one, 1), lines.toSpliced(other, 0, line)].every(
          isFound,
        );
      },
    ),
  );
});

test('a break has its line and its kind', () => {
  const one = printLine({ a: 1 }, { seq: 1, prev: null, mended: false });
  const two = printLine({ a: 2 }, { seq: 2, prev: sha256(one), mended: false });
  const three = printLine({ a: 3 }, { seq: 3, prev: sha256(two), mended: false });
  const other = printLine({ a: 'x' }, { seq: 2, prev: sha256(one), mended: false });
  path = join(ROOT, `kinds-${number}.jsonl`);
  const kinds = (...lines: string[]): string[] => {
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return verifyChain([path]).breaks.map(({ line, kind }) => `${line} ${kind}`);
  };
  expect(kinds(one, two, three)).toEqual([]);
  expect(kinds(one, two.replace('"a":2', '"a":7'), three)).toEqual(['2 edited']);
  expect(kinds(one, three)).toEqual(['2 removed']);
  expect(kinds(two, three)).toEqual(['1 start-missing']);
  expect(kinds(one, three, two)).toEqual(['2 removed', '3 moved']);
  expect(kinds(one, other, three)).toEqual(['3 replaced']);
  expect(kinds(one, 'nonsense', three)).toEqual(['2 unreadable', '3 removed']);
});
