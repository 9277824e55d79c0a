import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readMetadata } from '../../src/core/sops/metadata.ts';
import { decrypt } from '../../src/index.ts';
import { KINDS_IN_GROUPS, recipientIdOf } from '../../src/keys/index.ts';
import { type Case, casesOf, fileOf, findFile, VECTORS } from '../support/cases.ts';
import { DIFFERENT, OTHER_WORDS } from '../support/differences.ts';
import { formatNamed } from '../support/format-named.ts';
import { GPG_MISSING, type GpgHome, startGpgHome } from '../support/gpg.ts';
import { type Outcome, type Session, startSession } from '../support/session.ts';

let session: Session | undefined;
afterEach(() => session?.end());

/** A keyring with the public keys only. */
let publicKeys: GpgHome | undefined;
beforeAll(() => {
  if (GPG_MISSING !== undefined) return;
  publicKeys = startGpgHome();
  for (const name of ['pgp-grace-rsa', 'pgp-heidi-ed25519']) publicKeys.importKey(`${name}.pub.asc`);
}, 60_000);
afterAll(() => publicKeys?.end());

/** Play a case in a folder of its own, as the vectors were made. */
async function play(
  one: Case,
  input: string | undefined,
  program = 'sotto',
): Promise<Outcome & { readonly session: Session }> {
  session?.end();
  const here = startSession();
  session = here;
  if (input !== undefined) here.write(`file.${extensionOf(input)}`, readFileSync(join(one.folder, input)));
  if (one.config !== undefined) here.write('.sops.yaml', one.config);
  const environment = { ...one.env, SOPS_AGE_KEY: keysOf(one), GNUPGHOME: publicKeys?.path ?? '/nowhere' };
  return { ...(await here.sotto(one.args, { environment, stdin: one.stdin ?? '', program })), session: here };
}

/** The recorded text of a case that fails, or ours where that is another one on purpose. */
function wordsOf(name: string, { stderr = '' }: { readonly stderr?: string }): string {
  return OTHER_WORDS.get(name)?.says ?? stderr;
}

/** The first line that says what failed: lines of the log are not it. */
function firstLine({ stderr }: Outcome, folder: string): string {
  const lines = stderr.split('\n').filter((line) => !/^\[\w+\]\s+time=/.test(line));
  return (lines[0] ?? '').replaceAll(folder, '<dir>');
}

function exitUnderSops(name: string, { exit }: { readonly exit?: number }): number | undefined {
  const row = DIFFERENT.get(name);
  return row?.isOwnNameOnly === true ? exit : (row?.exit ?? exit);
}

async function expectWordsOfSops(name: string, one: Case, input: string | undefined): Promise<void> {
  const outcome = await play(one, input, 'sops');
  const exit = exitUnderSops(name, one);
  const said = firstLine(outcome, outcome.session.folder);
  expect({ exit: outcome.exit, said }).toEqual({ exit, said: exit === 0 ? '' : wordsOf(name, one) });
}

function keysOf(one: Case): string {
  return (one.identities ?? []).map((name) => readFileSync(join(VECTORS, name), 'utf8')).join('\n');
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function casesHere(folder: string): [string, Case][] {
  return casesOf(folder)
    .filter(({ format }) => formatNamed(format) !== undefined)
    .map((one) => [one.name, one]);
}

const isOther = (name: string): boolean => DIFFERENT.get(name)?.text === true;

describe.each(casesHere('ops'))('ops %s', (name, one) => {
  test('ends as in sops', async () => {
    const { exit, stdout, stderr, session: here } = await play(one, one.before);
    const expected = DIFFERENT.get(name)?.exit ?? one.exit;
    const said = one.args.includes('rotate') ? stderr.replace(WRAPPED_FOR, '') : stderr;
    const isSilent = expected === 0 && !TALKING.has(name);
    expect({ exit, said }).toEqual({ exit: expected, said: isSilent ? '' : said });
    if (exit !== one.exit) return;
    const file = `file.${extensionOf(one.before ?? '')}`;
    if (one.stdout !== undefined) expect(stdout.trimEnd()).toBe(fileOf(one, one.stdout).trimEnd());
    if (one.after === undefined) {
      expect(here.read(file)).toBe(fileOf(one, one.before ?? ''));
      return;
    }
    const clear = await decrypt(here.read(file), { format: one.format, identities: keysOf(one) });
    const afterDecrypted = findFile(one, 'after-decrypted') ?? '';
    expect(clear.text).toBe(fileOf(one, afterDecrypted));
    if (!one.args.includes('rotate'))
      expectTokensKept(fileOf(one, one.before ?? ''), here.read(file), fileOf(one, one.after));
  });
});

describe.each(casesHere('ops').filter(([, one]) => one.exit !== 0))(
  'ops %s under the name sops',
  (name, one) => {
    test('fails with the words of sops', async () => {
      await expectWordsOfSops(name, one, one.before);
    });
  },
);

/** What `rotate` says where sops says nothing. */
const WRAPPED_FOR = /^the new data key of \S+ is wrapped for\n(?: {2}group \d+\n| {4}\S+\n)+/;

/** Cases in which there is something to say. */
const TALKING: ReadonlySet<string> = new Set([
  'updatekeys-add',
  'updatekeys-groups',
  'updatekeys-same',
  'convert-multi-doc-json',
]);

/** All tokens that sops kept are kept here. */
function expectTokensKept(before: string, after: string, sops: string): void {
  const kept = tokensOf(before).filter((token) => sops.includes(token));
  expect(kept.filter((token) => !after.includes(token))).toEqual([]);
}

function tokensOf(text: string): string[] {
  return text.match(/ENC\[[^\]]*\]/g) ?? [];
}

describe.each(casesHere('reject'))('reject %s', (name, one) => {
  test('is refused with the exit code of sops', async () => {
    const file = findFile(one, 'file');
    const { exit, stdout, stderr } = await play(one, file);
    const expected = DIFFERENT.get(name)?.exit ?? one.exit;
    expect({ exit, stderr: expected === 0 ? stderr : '' }).toEqual({ exit: expected, stderr: '' });
    if (expected === 0) return;
    expect(stdout).toBe('');
    expect(stderr).toMatch(/\S/);
    expect(stderr).not.toMatch(/\n\s+at \S+ \(|internal/);
  });

  test('fails with the words of sops under that name', async () => {
    await expectWordsOfSops(name, one, findFile(one, 'file'));
  });
});

describe.each(casesHere('lenient'))('lenient %s', (name, one) => {
  test('opens as in sops', async () => {
    const { exit, stdout, stderr } = await play(one, findFile(one, 'file'));
    expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
    const expected = fileOf(one, findFile(one, 'decrypted') ?? '');
    if (isOther(name)) expect(stdout).not.toBe(expected);
    else expect(stdout).toBe(expected);
  });
});

describe.each(casesHere('accept-but-weak'))('accepted by sops %s', (name, one) => {
  test('is refused where nothing is lost by it, and else opens', async () => {
    const { exit, stdout, stderr } = await play(one, findFile(one, 'file'));
    const expected = DIFFERENT.get(name)?.exit ?? 0;
    expect({ exit, said: exit === expected ? '' : stderr }).toEqual({ exit: expected, said: '' });
    const decrypted = findFile(one, 'decrypted');
    if (exit === 0 && decrypted !== undefined && !isOther(name)) expect(stdout).toBe(fileOf(one, decrypted));
  });
});

interface RuleCase {
  readonly name: string;
  readonly config: string | null;
  readonly configPath?: string;
  readonly otherFiles?: { readonly [path: string]: string };
  readonly path: string;
  readonly cwd?: string;
  readonly args?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly exit: number;
  readonly stderr?: string;
  readonly groups?: readonly (readonly string[])[];
  readonly needs?: string;
  readonly [selector: string]: unknown;
}

const SELECTORS = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
];

/** What the file of a rule holds, by its suffix. */
const CONTENTS: { readonly [suffix: string]: string } = {
  json: '{\n  "data": "x",\n  "a": {"b": 1},\n  "b": "y"\n}\n',
  env: 'data=x\na=1\nb=y\n',
  ini: 'data = x\n[a]\nb = 1\n',
};

/** The formats of encrypted texts. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\{/, 'json'],
  [/^sops_mac=/m, 'dotenv'],
  [/^\[sops\]/m, 'ini'],
];

/** The recipients in the metadata of an encrypted text, sorted, group by group. */
function recipientsIn(text: string): { groups: string[][] | undefined; threshold: number | undefined } {
  const [, name = 'yaml'] = KINDS.find(([pattern]) => pattern.test(text)) ?? [];
  const [root] = formatNamed(name)?.read(text).roots ?? [];
  const metadata = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  return {
    groups: metadata?.groups.map((group) => group.map(recipientIdOf).sort()),
    threshold: metadata?.threshold,
  };
}

/** The indentation of one level of the metadata. */
function stepOf(text: string): string | undefined {
  const [, outer = '', inner] = /^([ \t]*)"?sops"?:.*\n([ \t]*)/m.exec(text) ?? [];
  return inner?.slice(outer.length);
}

const rules: RuleCase[] = JSON.parse(readFileSync(join(VECTORS, 'config-rules.json'), 'utf8'));

/** Why a rule can't be tried here. */
function reasonToSkip({ needs }: RuleCase): string | undefined {
  return needs === 'the PGP public keys' ? GPG_MISSING : undefined;
}

describe.each(rules.filter((one) => reasonToSkip(one) === undefined).map((one) => [one.name, one] as const))(
  'rule %s',
  (name, one) => {
    test('finds the keys and the selector of sops', async () => {
      const here = startSession();
      session = here;
      const put = (path: string, text: string): void => {
        mkdirSync(dirname(here.path(path)), { recursive: true });
        here.write(path, text.replaceAll('<dir>', here.folder));
      };
      if (one.config !== null) put(one.configPath ?? '.sops.yaml', one.config);
      for (const [path, text] of Object.entries(one.otherFiles ?? {})) put(path, text);
      put(one.path, CONTENTS[extensionOf(one.path)] ?? 'data: x\na:\n  b: 1\nb: y\n');
      const cwd = join(here.folder, one.cwd ?? '.');
      mkdirSync(cwd, { recursive: true });
      const path = one.cwd === undefined ? one.path : join(here.folder, one.path);
      const args = one.args ?? ['encrypt', path];
      const environment = { GNUPGHOME: publicKeys?.path ?? '/nowhere', ...one.env };
      const { exit, stdout, stderr } = await here.sotto(args, { environment, folder: cwd });
      const row = DIFFERENT.get(`rule ${name}`);
      const expected = row?.exit ?? one.exit;
      expect({ exit, stderr: exit === expected ? '' : stderr }).toEqual({ exit: expected, stderr: '' });
      if (one.exit !== 0) {
        const underSops = await here.sotto(args, { environment, folder: cwd, program: 'sops' });
        const said = firstLine(underSops, here.folder);
        expect({ exit: underSops.exit, said }).toEqual({
          exit: exitUnderSops(`rule ${name}`, one),
          said: exitUnderSops(`rule ${name}`, one) === 0 ? '' : wordsOf(`rule ${name}`, one),
        });
        return;
      }
      if (expected !== 0) return;
      const { groups, threshold } = recipientsIn(stdout);
      expect(groups).toEqual(one.groups?.map((group) => [...group].sort()));
      expect(threshold).toBe(one['shamir_threshold']);
      for (const selector of SELECTORS) {
        const found = new RegExp(`^\\s*"?(?:sops_)?${selector}(?:"?: |=| += )(.*?),?$`, 'm').exec(
          stdout,
        )?.[1];
        const given = one[selector];
        if (given === undefined) expect(found).toBeUndefined();
        else expect(found).toContain(String(given));
      }
      if (typeof one['indentOfSecondLine'] === 'string')
        expect(stepOf(stdout)).toBe(one['indentOfSecondLine']);
    });
  },
);

test('every row of other words is about a case that fails, and is another text than that of sops', () => {
  const failing = new Map<string, Pick<Case, 'exit' | 'stderr'>>([
    ...['ops', 'reject'].flatMap((folder) => casesHere(folder)),
    ...rules.map((one) => [`rule ${one.name}`, one] as const),
  ]);
  const idle = [...OTHER_WORDS].filter(
    ([name, { says }]) => (failing.get(name)?.exit ?? 0) === 0 || failing.get(name)?.stderr === says,
  );
  expect(idle).toEqual([]);
});

test('what can not be played here says so', () => {
  if (GPG_MISSING !== undefined) console.info(GPG_MISSING);
  expect(rules.length).toBeGreaterThan(0);
});
