import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whatWasRead } from '../../src/commands/people/remove.ts';
import type { WorkItem } from '../../src/commands/people/work-list.ts';
import { encrypt, encryptOnto, rotate, set, unset, updateKeys } from '../../src/index.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { VECTORS } from '../support/cases.ts';
import { ALICE, BOB } from '../support/git-session.ts';
import fc from '../support/laws.ts';
import { spawnSync } from '../support/processes.ts';
import { REAL_SOPS, SOPS_MISSING } from '../support/real-sops.ts';
import { GIT_ENVIRONMENT } from '../support/repository.ts';
import { type Session, startSession } from '../support/session.ts';

/** An encrypted file, and what the oracle knows of it. */
interface Version {
  readonly text: string;
  /** The same for all versions that have one data key. */
  readonly key: number;
  readonly hasBob: boolean;
  readonly values: ReadonlyMap<string, string>;
}
type Files = ReadonlyMap<string, Version>;

const NAMES = ['a.yaml', 'b.yaml', 'c.yaml'];
const KEYS = ['k0', 'k1', 'k2'];
/** So few that values stand in several places, come back, and are swapped. */
const TEXTS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

const step = fc.record({
  verb: fc.constantFrom(
    ...(['set', 'set', 'set', 'unset', 'swap', 'move', 'rename', 'copy', 'remove', 'revert'] as const),
    ...(['rotate', 'anew', 'onto', 'let in', 'let out', 'shut out', 'sops rotate', 'sops set'] as const),
  ),
  file: fc.nat(2),
  other: fc.nat(2),
  key: fc.nat(2),
  text: fc.nat(5),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Commits with some steps each, on one of two branches; now and then one branch is merged into the other. */
const history = fc.array(
  fc.record({
    branch: fc.nat(1),
    merges: fc.nat(5).map((number) => number === 0),
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 2, maxLength: 9 },
);

const ALICE_KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const OPTIONS = { format: 'yaml', identities: ALICE_KEY } as const;

let session: Session;
let keys = 0;
beforeAll(() => {
  session = startSession();
});
afterAll(() => session.end());

async function sealed(values: ReadonlyMap<string, string>, hasBob: boolean): Promise<Version> {
  const recipients = hasBob ? [ALICE, BOB] : [ALICE];
  const { text } = await encrypt(plainOf(values), { format: 'yaml', recipients });
  keys += 1;
  return { text, key: keys, hasBob, values };
}

function plainOf(values: ReadonlyMap<string, string>): string {
  return [...values].map(([key, text]) => `${key}: ${text}\n`).join('');
}

/** One step on some files; what makes no sense there changes nothing. */
async function take(
  files: Map<string, Version>,
  { verb, ...at }: Step,
  past: readonly Files[],
): Promise<void> {
  const [name = '', other = ''] = [NAMES[at.file], NAMES[at.other]];
  const [key = '', said = ''] = [KEYS[at.key], TEXTS[at.text]];
  const version = files.get(name);
  if (verb === 'revert') {
    const old = past[at.text % past.length]?.get(name);
    if (old !== undefined) files.set(name, old);
    return;
  }
  if (version === undefined) {
    files.set(name, await sealed(new Map([[key, said]]), at.other > 0));
    return;
  }
  const { text, values } = version;
  const changed = (entries: readonly (readonly [string, string])[]): ReadonlyMap<string, string> =>
    new Map([...values, ...entries]);
  const becomes = (after: string, more: Partial<Version> = {}): void => {
    files.set(name, { ...version, text: after, ...more });
  };
  const renewed = (after: string, more: Partial<Version> = {}): void => {
    keys += 1;
    becomes(after, { ...more, key: keys });
  };
  const onto = async (now: ReadonlyMap<string, string>): Promise<void> =>
    becomes((await encryptOnto(text, plainOf(now), OPTIONS)).text, { values: now });
  switch (verb) {
    case 'set':
      return becomes((await set(text, key, said, OPTIONS)).text, { values: changed([[key, said]]) });
    case 'onto':
      return onto(changed([[key, said]]));
    case 'unset':
    case 'move': {
      const gone = values.get(key);
      if (gone === undefined || values.size === 1) return;
      const left = new Map([...values].filter(([one]) => one !== key));
      if (verb === 'unset') return becomes((await unset(text, key, OPTIONS)).text, { values: left });
      return onto(new Map([...left, [`n${at.other}`, gone]]));
    }
    case 'swap': {
      const [[one, first] = ['', ''], [two, second] = ['', '']] = values;
      return values.size < 2
        ? undefined
        : onto(
            changed([
              [one, second],
              [two, first],
            ]),
          );
    }
    case 'rename':
    case 'copy':
      files.set(other, version);
      if (verb === 'rename' && other !== name) files.delete(name);
      return;
    case 'remove':
      files.delete(name);
      return;
    case 'rotate':
      return renewed((await rotate(text, OPTIONS)).text);
    case 'anew':
      files.set(name, await sealed(values, version.hasBob));
      return;
    case 'let in':
    case 'let out': {
      const hasBob = verb === 'let in';
      const recipients = hasBob ? [ALICE, BOB] : [ALICE];
      return becomes((await updateKeys(text, { ...OPTIONS, recipients })).text, { hasBob });
    }
    case 'shut out':
      return renewed((await rotate(text, { ...OPTIONS, remove: [BOB] })).text, { hasBob: false });
    case 'sops rotate':
      return renewed(bySops(text, 'rotate', '-i', 'it.yaml') ?? (await rotate(text, OPTIONS)).text);
    case 'sops set': {
      const after = bySops(text, 'set', 'it.yaml', `["${key}"]`, JSON.stringify(said));
      return after === undefined ? undefined : becomes(after, { values: changed([[key, said]]) });
    }
  }
}

function bySops(text: string, ...args: readonly string[]): string | undefined {
  if (REAL_SOPS === undefined) return undefined;
  session.write('it.yaml', text);
  session.write('key.txt', ALICE_KEY);
  const env = { SOPS_AGE_KEY_FILE: session.path('key.txt'), HOME: '/nonexistent', PATH: process.env['PATH'] };
  const { status, stderr } = spawnSync(REAL_SOPS, args, { cwd: session.folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return session.read('it.yaml');
}

/** What happened: the files of all commits, and those of the last one on the first branch. */
interface Past {
  readonly commits: readonly Files[];
  readonly now: Files;
  /** For `git fast-import`. */
  readonly stream: string;
}

async function played(commits: typeof history extends fc.Arbitrary<infer One> ? One : never): Promise<Past> {
  const first: Files = new Map([
    [
      'a.yaml',
      await sealed(
        new Map([
          ['k0', 'alpha'],
          ['k1', 'beta'],
        ]),
        true,
      ),
    ],
    [
      'b.yaml',
      await sealed(
        new Map([
          ['k0', 'gamma'],
          ['k2', 'beta'],
        ]),
        false,
      ),
    ],
  ]);
  const past: Files[] = [first];
  const heads = [
    { files: first, mark: 1 },
    { files: first, mark: 1 },
  ];
  let stream = commit(0, 1, first, []);
  for (const { branch, merges, steps } of commits) {
    const [head, theirs] = [heads[branch], heads[1 - branch]];
    if (head === undefined || theirs === undefined) continue;
    const files = new Map(head.files);
    if (merges)
      for (const [name, version] of theirs.files)
        if (!files.has(name) || name > 'a') files.set(name, version);
    for (const one of steps) await take(files, one, past);
    past.push(files);
    const mark = past.length;
    stream += commit(branch, mark, files, [
      head.mark,
      ...(merges && theirs.mark !== head.mark ? [theirs.mark] : []),
    ]);
    heads[branch] = { files, mark };
  }
  return { commits: past, now: heads[0]?.files ?? first, stream };
}

function commit(branch: number, mark: number, files: Files, [from, ...merged]: readonly number[]): string {
  const when = `Ann <ann@example.org> ${1_767_000_000 + 60 * mark} +0000`;
  return [
    `commit refs/heads/${branch === 0 ? 'main' : 'side'}`,
    `mark :${mark}`,
    `author ${when}`,
    `committer ${when}`,
    'data 2\nx\n',
    ...(from === undefined ? [] : [`from :${from}`]),
    ...merged.map((one) => `merge :${one}`),
    'deleteall',
    ...[...files].map(
      ([name, { text }]) => `M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}`,
    ),
    '',
  ].join('\n');
}

let repositories = 0;
function planted({ stream, now }: Past): string {
  repositories += 1;
  const folder = session.path(`r${repositories}`);
  mkdirSync(folder);
  const git = (args: readonly string[], input = ''): void => {
    const { status, stderr } = spawnSync('git', args, { cwd: folder, env: GIT_ENVIRONMENT, input });
    if (status !== 0) throw new Error(String(stderr));
  };
  git(['init', '-q', '-b', 'main', '--template=']);
  git(['fast-import', '--quiet'], stream);
  for (const [name, { text }] of now) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, '.sops.yaml'), `creation_rules:\n  - age: ${ALICE}\n`);
  return folder;
}

async function listed(folder: string, key: string): Promise<readonly WorkItem[]> {
  const { HOME: _, ...git } = GIT_ENVIRONMENT;
  const io = nodeIo({ ...git, HOME: folder, SOPS_AGE_KEY: key }, folder);
  return (await whatWasRead({ name: BOB, warn: () => undefined }, io)).exposed;
}

const isOpen = ({ state }: WorkItem): boolean => state !== 'changed' && state !== 'gone';

test('the work list has all that somebody could read and that still stands, and closes nothing without proof', async () => {
  const seed = Number(process.env['SOTTO_TEST_SEED'] ?? Date.now() % 2 ** 31);
  console.info(
    `people/superset: SOTTO_TEST_SEED=${seed}${SOPS_MISSING === undefined ? '' : `; ${SOPS_MISSING}`}`,
  );
  let closed = 0;
  await fc.assert(
    fc.asyncProperty(history, async (commits) => {
      const past = await played(commits);
      const folder = planted(past);
      try {
        const versions = past.commits.flatMap((files) => [...files]);
        const open = new Set(versions.flatMap(([, { hasBob, key }]) => (hasBob ? [key] : [])));
        const readable = versions.filter(([, { key }]) => open.has(key));
        const known = new Set(readable.flatMap(([, { values }]) => [...values.values()]));
        const [withKey, without] = [await listed(folder, ALICE_KEY), await listed(folder, '')];
        const at = (items: readonly WorkItem[], file: string, path: string): WorkItem | undefined =>
          items.find((one) => one.file === file && one.path.join() === path);
        for (const [file, { values }] of past.now) {
          for (const [path, said] of values) {
            const item = at(withKey, file, path);
            // What she knows and stands is open; what is closed says what she never could read.
            if (known.has(said))
              expect(item === undefined ? 'missing' : isOpen(item), `${file} ${path}`).toBe(true);
            else if (item !== undefined) expect(item.state, `${file} ${path}`).toBe('changed');
            if (item?.state === 'changed') closed += 1;
          }
        }
        const standing = new Set([...past.now.values()].flatMap(({ values }) => [...values.values()]));
        for (const [file, { values }] of readable) {
          for (const [path, said] of values) {
            // Each place is in the list, or what stood there once is, with a key and without.
            const stood = readable.flatMap(([one, version]) =>
              one === file ? [version.values.get(path)] : [],
            );
            const isIn = (items: readonly WorkItem[]): boolean =>
              items.some((one) => one.file === file && one.path.join() === path) ||
              items.some((one) => stood.includes(past.now.get(one.file)?.values.get(one.path.join()) ?? ''));
            expect(isIn(withKey), `${file} ${path}`).toBe(true);
            expect(isIn(without), `${file} ${path}, without a key`).toBe(true);
            const item = at(withKey, file, path);
            if (item?.state !== 'gone') continue;
            closed += 1;
            expect(standing.has(said), `${file} ${path} is gone`).toBe(false);
          }
        }
        expect(without.filter((one) => !isOpen(one))).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: Number(process.env['SOTTO_TEST_RUNS'] ?? 40), seed },
  );
  // It would hold of a list that closes nothing.
  expect(closed).toBeGreaterThan(10);
});
