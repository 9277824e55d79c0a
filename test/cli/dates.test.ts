import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALICE, as, BOB, type GitSession, startGitSession } from '../support/git-session.ts';

const RULES = (readers = ALICE): string =>
  `creation_rules:\n  - age: ${readers}\nsotto:\n  lifecycle: true\n`;
const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const time = (number: number): string => `2026-01-0${number}T00:00:00Z`;

let here: GitSession;
beforeEach(() => {
  here = startGitSession();
  here.put({ '.sops.yaml': RULES() });
});
afterEach(() => here.end());

const on = async (number: number, ...args: readonly string[]): Promise<void> => {
  const { exit, stderr } = await here.sotto(args, { ...as('alice'), now: day(number) });
  if (exit !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  // Dates say nothing of how the file is written.
  expect(stderr).not.toContain('something else');
};

/** The field, with values in the place of the IDs of their tokens. */
async function dates(file: string, field = 'changed'): Promise<string | undefined> {
  const text = here.read(file);
  const found = new RegExp(`${field}["]?\\s*(?::|=)\\s*["'\`]?([^"'\`\\n]+)`).exec(text)?.[1];
  if (found === undefined) return undefined;
  const { stdout } = await here.sotto(['decrypt', '--output-type', 'json', file], as('alice'));
  const values = leavesOf(JSON.parse(stdout));
  const tokens = sealedValues(text);
  const named = (id: string): string =>
    values[tokens.findIndex((token) => token.includes(`iv:${id}`))] ?? '?';
  return found.replace(/[A-Za-z0-9+/]{8}(?= |;|$)/g, (id) => (id.startsWith('2026') ? id : named(id)));
}

/** The tokens of values in their order, without those of comments and of the metadata. */
function sealedValues(text: string): string[] {
  const body = text.split(/^(?:sops:|\[sops\]|sops_|\t"sops":|\s*"sops":)/m)[0] ?? '';
  return body.match(/ENC\[AES256_GCM,[^\]]*\]/g)?.filter((token) => !token.includes('type:comment')) ?? [];
}

function leavesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leavesOf)
    : [String(value)];
}

test.each([
  ['a.yaml', 'a: one\nb: two\n', '["b"]'],
  ['a.json', '{\n  "a": "one",\n  "b": "two"\n}\n', '["b"]'],
  ['a.env', 'A=one\nB=two\n', '["B"]'],
  ['a.ini', '[s]\na = one\nb = two\n', '["s"]["b"]'],
  ['a.toml', 'a = "one"\nb = "two"\n', '["b"]'],
])('%s: a value is dated when it comes, and again when it changes', async (file, text, path) => {
  here.put({ [file]: text });
  await on(1, 'encrypt', '-i', file);
  expect(await dates(file)).toBe(`${time(1)} *`);
  await on(2, 'set', file, path, '"three"');
  expect(await dates(file)).toBe(`${time(1)} *; ${time(2)} three`);
  await on(3, 'rotate', '-i', file);
  expect(await dates(file)).toBe(`${time(1)} *; ${time(2)} three`);
  // Set to what stood there before the last change, it is new again: the file did not say it any more.
  await on(4, 'set', file, path, '"two"');
  expect(await dates(file)).toBe(`${time(1)} *; ${time(4)} two`);
  await on(5, 'set', file, path, '"one"');
  expect(await dates(file)).toBe(`${time(1)} *`);
});

test('a binary file is one value', async () => {
  here.put({ 'a.bin': 'one' });
  await on(1, 'encrypt', '-i', 'a.bin');
  expect(await dates('a.bin')).toBe(`${time(1)} *`);
  await on(2, 'rotate', '-i', 'a.bin');
  expect(await dates('a.bin')).toBe(`${time(1)} *`);
  await on(3, 'set', 'a.bin', '["data"]', '"two"');
  expect(await dates('a.bin')).toBe(`${time(3)} *`);
});

test('a renamed key, another format, and other readers change no date', async () => {
  here.put({ 'a.yaml': 'a: one\nb: two\n', 'new.yaml': 'A: one\nb: two\nc: [three, two]\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  await on(2, 'encrypt', '-i', '--onto', 'a.yaml', 'new.yaml');
  expect(await dates('a.yaml')).toBe(`${time(1)} *; ${time(2)} three`);
  here.put({ '.sops.yaml': RULES(`${ALICE},${BOB}`) });
  await on(3, 'updatekeys', '-y', 'a.yaml');
  expect(await dates('a.yaml')).toBe(`${time(1)} *; ${time(2)} three`);
  await on(4, 'rotate', '--output-type', 'json', '--output', 'a.json', 'a.yaml');
  expect(await dates('a.json')).toBe(`${time(1)} *; ${time(2)} three`);
});

test('values that move to another file take their dates along', async () => {
  here.put({ 'a.yaml': 'a: one\nb: two\n', 'old.yaml': 'x: three\n' });
  await on(1, 'encrypt', '-i', 'a.yaml', 'old.yaml');
  await on(2, 'set', 'a.yaml', 'c', '"four"');
  await on(3, 'split', 'a.yaml', 'b', '--to', 'new.yaml');
  await on(3, 'split', 'a.yaml', 'c', '--to', 'old.yaml');
  expect(await dates('new.yaml')).toBe(`${time(1)} *`);
  expect(await dates('old.yaml')).toBe(`${time(1)} *; ${time(2)} four`);
  expect(await dates('a.yaml')).toBe(`${time(1)} *`);
});

test('only a configuration that asks for dates gets them, and nobody under the name sops', async () => {
  here.put({ 'a.yaml': 'a: one\n', 'b.yaml': 'b: one\n' });
  await here.sotto(['encrypt', '-i', 'a.yaml'], { ...as('alice'), program: 'sops' });
  expect(here.read('a.yaml')).not.toContain('changed');
  await here.sotto(['set', 'a.yaml', '["a"]', '"two"'], { ...as('alice'), program: 'sops' });
  expect(here.read('a.yaml')).not.toContain('changed');
  here.put({ '.sops.yaml': `creation_rules:\n  - age: ${ALICE}\n` });
  await on(1, 'encrypt', '-i', 'b.yaml');
  expect(here.read('b.yaml')).not.toContain('sotto');
});

test('of values that were there before nothing is said', async () => {
  here.put({ '.sops.yaml': `creation_rules:\n  - age: ${ALICE}\n`, 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.put({ '.sops.yaml': RULES() });
  await on(2, 'set', 'a.yaml', 'b', '"three"');
  expect(await dates('a.yaml')).toBe(`${time(2)} three`);
  await on(3, 'set', 'a.yaml', 'c', '"one"');
  expect(await dates('a.yaml')).toBe(`${time(2)} three`);
});

test('decrypt, edit, encrypt keeps tokens and dates, if the committed version opens', async () => {
  const plain = 'a: one\n# about b\nb: two\n';
  here.put({ 'a.yaml': plain });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  const before = here.read('a.yaml');
  here.put({ 'a.yaml': plain });
  await on(2, 'encrypt', '-i', 'a.yaml');
  expect(here.read('a.yaml')).toBe(before);
  here.put({ 'a.yaml': plain.replace('two', 'three') });
  await on(3, 'encrypt', '-i', 'a.yaml');
  expect(await dates('a.yaml')).toBe(`${time(1)} *; ${time(3)} three`);
  expect(sealedValues(here.read('a.yaml'))[0]).toBe(sealedValues(before)[0]);
  expect(here.read('a.yaml')).toContain(/enc: \|[^-]*-+BEGIN[^-]*-+\n\s+\S+/.exec(before)?.[0]);
});

test('a reader more gets the old data key, a reader less makes a new one; dates and IVs stay', async () => {
  here.put({ '.sops.yaml': RULES(`${ALICE},${BOB}`), 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  const before = sealedValues(here.read('a.yaml'));
  here.put({ '.sops.yaml': RULES(), 'a.yaml': 'a: one\nb: three\n' });
  await on(2, 'encrypt', '-i', 'a.yaml');
  expect(await dates('a.yaml')).toBe(`${time(1)} *; ${time(2)} three`);
  const after = sealedValues(here.read('a.yaml'));
  expect(after[0]).not.toBe(before[0]);
  const iv = (token = ''): string | undefined => /iv:([^,]+)/.exec(token)?.[1];
  expect(iv(after[0])).toBe(iv(before[0]));
  expect(iv(after[1])).not.toBe(iv(before[1]));
  expect((await here.sotto(['decrypt', 'a.yaml'], as('bob'))).exit).toBe(128);
  here.commit({});
  here.put({ '.sops.yaml': RULES(`${ALICE},${BOB}`), 'a.yaml': 'a: one\nb: three\n' });
  await on(3, 'encrypt', '-i', 'a.yaml');
  expect(sealedValues(here.read('a.yaml'))).toEqual(after);
  expect((await here.sotto(['decrypt', 'a.yaml'], as('bob'))).stdout).toBe('a: one\nb: three\n');
});

test('a committed version whose MAC does not hold gives its IVs, and no key', async () => {
  here.put({ 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  const text = here.read('a.yaml');
  here.commit({ 'a.yaml': text.replace(/^b: .*\n/m, '') });
  const [token] = sealedValues(text);
  here.put({ 'a.yaml': 'a: one\n' });
  await on(2, 'encrypt', '-i', 'a.yaml');
  const [after = ''] = sealedValues(here.read('a.yaml'));
  expect(after).not.toBe(token);
  expect(after).toContain(/iv:[^,]+/.exec(token ?? '')?.[0]);
  expect(await dates('a.yaml')).toBe(`${time(1)} *`);
});

test('without a key it is an ordinary encrypt, which makes nothing young, and says so', async () => {
  here.put({ 'a.yaml': 'a: one\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  here.commit({});
  here.put({ 'a.yaml': 'a: one\n' });
  const { exit, stderr } = await here.sotto(['encrypt', '-i', 'a.yaml'], { now: day(2) });
  expect(exit).toBe(0);
  expect(stderr).toContain('the version in HEAD does not open, so nobody can tell which values are new');
  expect(here.read('a.yaml')).not.toContain('changed:');
  here.commit({});
  await on(3, 'set', 'a.yaml', 'b', '"new"');
  expect(await dates('a.yaml')).toBe(`${time(3)} new`);
});

test('in a repository with quotes of dotenv, and in a folder below, too', async () => {
  here.put({ 'deep/.env': 'A="one"\nB=two # why\n' });
  await on(1, 'encrypt', '-i', 'deep/.env');
  here.commit({});
  const before = here.read('deep/.env');
  here.put({ 'deep/.env': 'A="one"\nB=two # why\n' });
  await on(2, 'encrypt', '-i', 'deep/.env');
  expect(here.read('deep/.env')).toBe(before);
});

const merged = async (world: Parameters<GitSession['sotto']>[1]): Promise<number> => {
  const names = ['.git/base', '.git/ours', '.git/theirs'];
  const { exit } = await here.sotto(['merge-driver', ...names, '7', 'a.yaml'], { ...world, now: day(9) });
  here.put({ 'a.yaml': here.read('.git/ours') });
  return exit;
};

test('a merge has the dates of both sides, with a key, and without one where none is needed', async () => {
  here.put({ 'a.yaml': 'a: one\nb: two\n' });
  await on(1, 'encrypt', '-i', 'a.yaml');
  const base = here.read('a.yaml');
  await on(2, 'set', 'a.yaml', 'a', '"three"');
  const ours = here.read('a.yaml');
  here.put({ 'a.yaml': base });
  await on(3, 'set', 'a.yaml', 'c', '"four"');
  const theirs = here.read('a.yaml');
  here.put({ '.git/base': base, '.git/ours': ours, '.git/theirs': theirs });
  expect(await merged(as('alice'))).toBe(0);
  expect(await dates('a.yaml')).toBe(`${time(1)} *; ${time(2)} three; ${time(3)} four`);
  // A value on one side, a reader on the other.
  here.put({ '.sops.yaml': RULES(`${ALICE},${BOB}`), 'a.yaml': base });
  await on(4, 'updatekeys', '-y', 'a.yaml');
  here.put({ '.git/base': base, '.git/ours': here.read('a.yaml'), '.git/theirs': ours });
  expect(await merged({})).toBe(0);
  expect(await dates('a.yaml')).toBe(`${time(1)} *; ${time(2)} three`);
});

test('when a certificate or a web token ends is noted, and goes along', async () => {
  const claims = Buffer.from(JSON.stringify({ exp: 1893456000 })).toString('base64url');
  const token = `eyJhbGciOiJub25lIn0.${claims}.c2ln`;
  here.put({ 'a.yaml': `a: one\nb: ${token}\n` });
  await on(1, 'encrypt', '-i', 'a.yaml');
  expect(await dates('a.yaml', 'expires')).toBe(`2030-01-01T00:00:00Z ${token}`);
  await on(2, 'rotate', '-i', 'a.yaml');
  await on(2, 'set', 'a.yaml', 'a', '"two"');
  expect(await dates('a.yaml', 'expires')).toBe(`2030-01-01T00:00:00Z ${token}`);
  await on(3, 'set', 'a.yaml', 'b', '"eyJ.no.token"');
  expect(await dates('a.yaml', 'expires')).toBeUndefined();
});
