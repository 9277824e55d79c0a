import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../src/index.ts';
import { type Session, startSession } from '../support/session.ts';

const { text: identity, recipient } = await newIdentityFile(new Date());

const YAML = `# the top
name: "123"
port: 5432
rate: 1.50
on: true
none: null
when: 2024-01-02
lines: |
  a
  b
hosts:
  - one
  - name: two
`;

let session: Session;
beforeEach(() => {
  session = startSession({ SOPS_AGE_KEY: identity, SOPS_AGE_RECIPIENTS: recipient });
  session.write('a.yaml', YAML);
  session.write('a.json', '{"name": "123", "rate": 1.50, "hosts": ["one", {"name": "two"}]}');
  session.write('flat.yaml', '# note\nA: "1"\nB: 2\nC: 2.0\nD: null\nE: |\n  x\n  y\n');
  session.write('key.bin', Buffer.from([0, 255, 10]));
  session.write('text.txt', 'hello\n');
});
afterEach(() => session.end());

/** Encrypt to a type, and decrypt that to another: what comes of it. */
async function convert(file: string, sealed: string, opened: string): Promise<string> {
  const first = await session.sotto(['encrypt', '--output-type', sealed, file]);
  expect({ ...first, stdout: '' }).toEqual({ exit: 0, stdout: '', stderr: '' });
  session.write('sealed', first.stdout);
  const { exit, stdout, stderr } = await session.sotto([
    'decrypt',
    '--input-type',
    sealed,
    '--output-type',
    opened,
    'sealed',
  ]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout;
}

describe('a file goes into another format', () => {
  const JSON_OF_YAML = `{
	"name": "123",
	"port": 5432,
	"rate": 1.5,
	"on": true,
	"none": null,
	"when": "2024-01-02T00:00:00Z",
	"lines": "a\\nb\\n",
	"hosts": [
		"one",
		{
			"name": "two"
		}
	]
}
`;
  test.each([
    ['a.yaml', 'json', 'json', JSON_OF_YAML],
    ['a.yaml', 'yaml', 'json', JSON_OF_YAML],
    [
      'a.json',
      'yaml',
      'json',
      '{\n\t"name": "123",\n\t"rate": 1.5,\n\t"hosts": [\n\t\t"one",\n\t\t{\n\t\t\t"name": "two"\n\t\t}\n\t]\n}\n',
    ],
    ['a.json', 'yaml', 'yaml', 'name: "123"\nrate: 1.5\nhosts:\n    - one\n    - name: two\n'],
    ['key.bin', 'yaml', 'yaml', 'data: !!binary AP8K\n'],
    ['key.bin', 'json', 'json', '{\n\t"data": "\\u0000\\ufffd\\n"\n}\n'],
    ['text.txt', 'binary', 'binary', 'hello\n'],
    ['text.txt', 'binary', 'yaml', 'data: |\n    hello\n'],
    ['text.txt', 'yaml', 'binary', 'hello\n'],
  ])('%s through %s into %s', async (file, sealed, opened, expected) => {
    expect(await convert(file, sealed, opened)).toBe(expected);
  });
});

test('types survive: a string of digits stays a string', async () => {
  expect(await convert('a.yaml', 'json', 'yaml')).toContain('name: "123"\nport: 5432\nrate: 1.5\n');
});

test('the indentation of the output follows the settings', async () => {
  session.write('.sops.yaml', 'creation_rules: [{}]\nstores: {json: {indent: 2}, yaml: {indent: 2}}\n');
  expect(await convert('a.json', 'yaml', 'json')).toContain('\n  "rate": 1.5');
  const { stdout } = await session.sotto(['--indent', '1', 'encrypt', '--output-type', 'json', 'a.yaml']);
  expect(stdout).toContain('\n "name": "ENC[');
});

test('a key that was made in one format opens in the other after a rotation', async () => {
  const { stdout } = await session.sotto(['encrypt', '--output-type', 'json', 'a.yaml']);
  session.write('b.json', stdout);
  expect((await session.sotto(['rotate', '-i', 'b.json'])).exit).toBe(0);
  const { stdout: port } = await session.sotto(['decrypt', '--extract', '["port"]', 'b.json']);
  expect(port).toBe('5432');
});

test('what a format can not hold is refused with its first path', async () => {
  session.write('nan.yaml', 'a: {b: .nan}\n');
  const sealed = await session.sotto(['encrypt', '--output-type', 'json', 'nan.yaml']);
  session.write('nan.json', sealed.stdout);
  const { exit, stderr } = await session.sotto(['decrypt', 'nan.json']);
  expect({ exit, first: stderr.split('\n')[0] }).toEqual({
    exit: 4,
    first: 'error: JSON has no NaN',
  });
});

test('several documents do not fit into JSON: nothing is lost silently', async () => {
  session.write('two.yaml', 'a: 1\n---\nb: 2\n');
  const { exit, stdout, stderr } = await session.sotto(['encrypt', '--output-type', 'json', 'two.yaml']);
  expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
  expect(stderr).toContain('json holds one document, and there are 2');
});

test('a selector for comments means nothing in a format without comments', async () => {
  session.write('.sops.yaml', `creation_rules: [{age: ${recipient}, unencrypted_comment_regex: public}]\n`);
  session.write('c.yaml', '# public\na: 1\nb: 2\n');
  const { exit, stdout, stderr } = await session.sotto(['encrypt', '--output-type', 'json', 'c.yaml'], {
    environment: { SOPS_AGE_RECIPIENTS: '' },
  });
  expect({ exit, stdout }).toEqual({ exit: 23, stdout: '' });
  expect(stderr).toContain('a would read otherwise in json');
});

test('an editor shows a binary file as it is, and what it wrote is encrypted', async () => {
  const sealed = await session.sotto(['encrypt', 'text.txt']);
  session.write('sealed.txt', sealed.stdout);
  const environment = { SOPS_EDITOR: `sh -c 'grep -q "^hello$" "$0" && echo changed >> "$0"'` };
  expect(await session.sotto(['edit', 'sealed.txt'], { environment })).toEqual({
    exit: 0,
    stdout: '',
    stderr: '',
  });
  expect((await session.sotto(['decrypt', 'sealed.txt'])).stdout).toBe('hello\nchanged\n');
  expect((await session.sotto(['edit', 'sealed.txt'], { environment: { SOPS_EDITOR: 'true' } })).exit).toBe(
    200,
  );
});

test.each(['true', '1.0', 'null', '~'])(
  'a value in clear that dotenv would spell otherwise than its MAC is named: %s',
  async (value) => {
    session.write('c.yaml', `v: ${value}\nx: secret\n`);
    const args = ['encrypt', '--encrypted-regex', '^x$', '--output-type', 'dotenv', 'c.yaml'];
    const { exit, stdout, stderr } = await session.sotto(args);
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    expect(stderr).toContain('v would be another value in clear in dotenv');
  },
);
