import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printRequest } from '../../src/commands/requests/request-file.ts';
import { readConfig } from '../../src/config/read.ts';
import { lastModifiedOf } from '../../src/core/tree/time.ts';
import { decrypt } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';
import { ALICE, as, BOB, CAROL } from '../support/git-session.ts';
import { killsOf, plant, type Tree, treeOf } from '../support/kills.ts';
import { GIT_ENVIRONMENT, startRepository } from '../support/repository.ts';
import { type Session, startSession } from '../support/session.ts';

/** In every value, so that it is found wherever it stands in clear. */
const SECRET = 'never-in-clear';
const FILES = 30;
const CONFIG = `# who is who
sotto:
  repository: 5b0f3c1e-7a11-4c1e-9d55-0f6b2a6f8c01
  people:
    ann: &ann { age: [${ALICE}] }
    bob: &bob { age: [${BOB}] }
  teams:
    leads: &leads { merge: [*ann, *bob] }
    ops: &ops { merge: [*ann, *bob] }
creation_rules:
  - path_regex: ^secrets/ann
    key_groups: [{ merge: [*ann] }]
  - path_regex: ^secrets/prod
    key_groups: [{ merge: [*leads] }]
  - path_regex: ^secrets/
    key_groups: [*ops]
`;
const REQUEST = printRequest({
  name: 'cleo',
  repository: '5b0f3c1e-7a11-4c1e-9d55-0f6b2a6f8c01',
  teams: ['ops'],
  recipients: [CAROL],
  created: lastModifiedOf(new Date()),
  proof: [],
});

/** What is killed, and what is done then. */
interface Case {
  readonly args: readonly string[];
  /** What is otherwise than in the repository that all have. */
  readonly files?: { readonly [path: string]: string };
  /** What finishes it. */
  readonly finish?: readonly (readonly string[])[];
  /** Who reads the files of ops when it is finished. */
  readonly readers: readonly string[];
  /** Who reads those of leads. */
  readonly leads: readonly string[];
  readonly changesConfig?: true;
  readonly needsGit?: true;
  /** How many files are moved into their places. */
  readonly moves: number;
}

const CASES: { readonly [name: string]: Case } = {
  add: {
    args: ['add', 'cleo', CAROL, '--to', 'ops', '--yes'],
    readers: [ALICE, BOB, CAROL],
    leads: [ALICE, BOB],
    changesConfig: true,
    moves: 21,
  },
  remove: {
    args: ['remove', 'bob', '--yes'],
    needsGit: true,
    readers: [ALICE],
    leads: [ALICE],
    changesConfig: true,
    moves: 31,
  },
  approve: {
    args: ['approve', 'cleo', '--yes', '--no-proof'],
    files: { '.sotto/requests/cleo.yaml': REQUEST },
    needsGit: true,
    finish: [
      ['sync', '--yes'],
      ['approve', 'cleo', '--yes', '--no-proof'],
    ],
    readers: [ALICE, BOB, CAROL],
    leads: [ALICE, BOB],
    moves: 21,
  },
  sync: {
    args: ['sync', '--yes'],
    files: {
      '.sops.yaml': CONFIG.replace('ops: &ops { merge: [*ann, *bob] }', 'ops: &ops { merge: [*ann] }'),
    },
    readers: [ALICE],
    leads: [ALICE, BOB],
    moves: 20,
  },
  rotate: {
    args: ['rotate', '-i', 'secrets'],
    finish: [['rotate', '-i', 'secrets']],
    readers: [ALICE, BOB],
    leads: [ALICE, BOB],
    moves: 30,
  },
  split: {
    args: ['split', 'secrets/dev/1.yaml', 'db.password', '--to', 'secrets/ann.yaml'],
    finish: [
      ['split', 'secrets/dev/1.yaml', 'db.password', '--to', 'secrets/ann.yaml'],
      ['sync', '--yes'],
    ],
    readers: [ALICE, BOB],
    leads: [ALICE, BOB],
    moves: 2,
  },
};

const keyOf = (name: string): string => readFileSync(join(VECTORS, `keys/age-${name}.txt`), 'utf8');
const [ann, bob] = [keyOf('alice'), keyOf('bob')];

let session: Session;
let sealed: Tree;
const plain: [path: string, text: string][] = Array.from({ length: FILES }, (_, number) => {
  const folder = number % 3 === 0 ? 'secrets/prod' : 'secrets/dev';
  return number % 5 === 4
    ? [`${folder}/${number}.json`, `{\n  "db": {"password": "${SECRET}-${number}"}\n}\n`]
    : [`${folder}/${number}.yaml`, `# of ${SECRET}\ndb:\n  user: me\n  password: ${SECRET}-${number}\n`];
});

let worlds = 0;
/** A folder with these files, perhaps a repository, where no process has been before. @returns its folder */
function world(files: Tree, git: boolean): string {
  worlds += 1;
  const folder = session.path(String(worlds));
  mkdirSync(folder);
  if (git) startRepository(folder);
  plant(folder, files);
  return folder;
}

const sotto = (folder: string, args: readonly string[]) => session.sotto(args, { ...as('alice'), folder });

beforeAll(async () => {
  const { PATH: _, HOME: __, ...git } = GIT_ENVIRONMENT;
  session = startSession(git);
  const folder = world(new Map([['.sops.yaml', CONFIG], ...plain]), false);
  const { exit, stderr } = await sotto(folder, ['encrypt', '-i', ...plain.map(([path]) => path)]);
  expect(exit, stderr).toBe(0);
  sealed = treeOf(folder);
});
afterAll(() => session.end());

describe.each(Object.entries(CASES))('%s, killed at every change of the disk', (name, one) => {
  test('leaves whole files, and what comes then finishes it', async () => {
    const start = new Map([...sealed, ...Object.entries(one.files ?? {})]);
    const folder = world(start, one.needsGit === true);
    const kills = await killsOf(folder, async () => {
      const { exit, stderr } = await sotto(folder, one.args);
      expect(exit, stderr).toBe(0);
    });
    const seen = new Set<string>();
    for (const [number, { at, left }] of kills.entries()) {
      const what = `killed at change ${number + 1}, ${at}`;
      await expectWhole(start, left, what);
      const changed = changedIn(start, left).length;
      // What differs only in how much stands beside the files ends in the same way; and so does the middle of many files.
      const state = `${changed} ${besideIn(left).length > 0}`;
      const isMiddle = changed > 3 && changed < one.moves - 2 && changed % 5 > 0;
      if (seen.has(state) || isMiddle) continue;
      seen.add(state);
      await expectFinished(one, left, what);
    }
    console.info(`${name}: ${kills.length - 1} kills, after ${seen.size} of which it was finished`);
    expect(kills.filter(({ at }) => at === 'rename')).toHaveLength(one.moves);
  });
});

const isSealed = (path: string): boolean => path.startsWith('secrets/') && !path.includes('.sotto-');
const besideIn = (tree: Tree): string[] => [...tree.keys()].filter((path) => path.includes('.sotto-'));
const recipientsIn = (text: string): string[] => [...new Set(text.match(/age1[a-z0-9]{58}/g))].sort();

function changedIn(start: Tree, left: Tree): string[] {
  const paths = new Set([...start.keys(), ...left.keys()]);
  return [...paths].filter((path) => !path.includes('.sotto-') && start.get(path) !== left.get(path));
}

async function expectWhole(start: Tree, left: Tree, what: string): Promise<void> {
  const config = left.get('.sops.yaml') ?? '';
  expect(readConfig(config, '.sops.yaml').rules, what).toHaveLength(3);
  const hasLeft = !/^ {4}ops: .*\*bob/m.test(config);
  for (const [path, text = ''] of left) {
    expect(text.includes(SECRET), `${what}: ${path} is in clear`).toBe(false);
    if (!isSealed(path) || start.get(path) === text || text === '') continue;
    expect(await opened(path, text, ann), `${what}: ${path}`).toBeDefined();
    if (hasLeft) expect(await opened(path, text, bob), `${what}: ${path}`).toBeUndefined();
    for (const recipient of recipientsIn(text)) expect(config, `${what}: ${path}`).toContain(recipient);
  }
  for (const [path] of plain) expect(left.has(path), `${what}: ${path}`).toBe(true);
  expect(await secretsIn(left), what).toBe(FILES);
}

async function expectFinished(one: Case, left: Tree, what: string): Promise<void> {
  const folder = world(left, one.needsGit === true);
  for (const args of one.finish ?? [['sync', '--yes']]) {
    const { exit, stderr } = await sotto(folder, args);
    // What was done before the end is not done again.
    if (args[0] === 'sync') expect(exit, `${what}: ${stderr}`).toBe(0);
  }
  const done = treeOf(folder);
  expect(besideIn(done), what).toEqual([]);
  expect(await secretsIn(done), what).toBe(FILES);
  // Before the configuration is written, nothing is begun.
  const isBegun = one.changesConfig !== true || left.get('.sops.yaml') !== CONFIG;
  for (const [path, text = ''] of done) {
    if (path.startsWith('secrets/dev/'))
      expect(recipientsIn(text), `${what}: ${path}`).toEqual(
        (isBegun ? one.readers : [ALICE, BOB]).toSorted(),
      );
    if (path.startsWith('secrets/prod/'))
      expect(recipientsIn(text), `${what}: ${path}`).toEqual((isBegun ? one.leads : [ALICE, BOB]).toSorted());
  }
  expect([...done.keys()].filter((path) => path.startsWith('.sotto/requests/c'))).toEqual([]);
}

/** How many of the secrets Ann can read, wherever they stand. */
async function secretsIn(tree: Tree): Promise<number> {
  const found = new Set<string>();
  for (const [path, text = ''] of tree) {
    const said = isSealed(path) && text !== '' ? await opened(path, text, ann) : undefined;
    for (const [secret] of (said ?? '').matchAll(/never-in-clear-\d+/g)) found.add(secret);
  }
  return found.size;
}

const known = new Map<string, Promise<string | undefined>>();
/** What a file says to somebody; `undefined` if it can't be opened. */
function opened(path: string, text: string, identities: string): Promise<string | undefined> {
  const format = path.endsWith('json') ? 'json' : 'yaml';
  const key = `${identities}${text}`;
  const said =
    known.get(key) ??
    decrypt(text, { format, identities }).then(
      (result) => result.text,
      () => undefined,
    );
  known.set(key, said);
  return said;
}
