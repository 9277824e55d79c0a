import { expect, test } from 'vitest';
import { detectFormat } from '../../src/formats/index.ts';
import { casesOf, fileOf, findFile } from '../support/cases.ts';

/** Formats that look like another one in what has no name for its type. */
const ALIKE: ReadonlyMap<string, string> = new Map([['json-data', 'binary']]);

test('every file that sops wrote is told by its content', () => {
  const told = new Map<string, number>();
  for (const one of casesOf('files')) {
    const name = findFile(one, 'encrypted');
    if (name === undefined || one.args.includes('--output-type')) continue;
    const found = detectFormat(fileOf(one, name));
    expect([one.name, found]).toEqual([one.name, ALIKE.get(one.name) ?? one.format]);
    told.set(one.format, (told.get(one.format) ?? 0) + 1);
  }
  expect([...told.keys()].sort()).toEqual(['binary', 'dotenv', 'ini', 'json', 'yaml']);
});

test('every file that rops wrote is told by its content', () => {
  for (const one of casesOf('toml-rops')) {
    expect([one.name, detectFormat(fileOf(one, 'encrypted.toml'))]).toEqual([one.name, 'toml']);
  }
});

test.each(['', 'a: 1\n', 'sops:\n    mac: x\n', '{"sops": {}}', 'sops_mac=\n'])(
  'the plain text %j is none of them',
  (text) => {
    expect(detectFormat(text)).toBeUndefined();
  },
);
