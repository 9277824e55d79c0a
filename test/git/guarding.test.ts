import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { yaml } from '../../src/formats/yaml/index.ts';
import { encrypt } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';
import {
  ALICE,
  BOB,
  everythingIn,
  type MergeRepository,
  startMergeRepository,
} from '../support/merge-repository.ts';
import { openAll, RECIPIENT, sealNew, sealOnto, tokensIn } from '../support/merging.ts';
import { spawnSync } from '../support/processes.ts';
import { sopsOpens } from '../support/real-sops.ts';

const CAROL = join(VECTORS, 'keys/age-carol.txt');
const recipientIn = (file: string): string => /age1[a-z0-9]+/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';

const FILE = 'secrets/prod.yaml';
/** Every secret has it, so that it can be looked for. */
const MARK = 'zqsecretqz';
const PLAIN = `# first\ndb:\n  user: ${MARK}-user\n  password: ${MARK}-one\nlast: ${MARK}-last\n`;

let repository: MergeRepository;
/** All three read. */
let team = '';
let sealed = '';
/** Alice alone reads. */
let alone = '';
let own = '';

beforeAll(async () => {
  repository = startMergeRepository();
  sealed = await sealNew(PLAIN, yaml, [RECIPIENT, recipientIn(BOB), recipientIn(CAROL)]);
  repository.write(FILE, sealed);
  team = repository.commit('Team');
  own = await sealNew(PLAIN, yaml);
  alone = repository.branch('alone', team, { [FILE]: own });
});
afterAll(() => repository.end());

/** On a new branch, somebody does not read any more, and there is a new data key. */
function without(name: string, reader: string): void {
  repository.git('checkout', '-q', '-B', name, team);
  const rotated = repository.sotto(['rotate', '-i', '--rm-age', recipientIn(reader), FILE]);
  expect(rotated).toMatchObject({ status: 0 });
  repository.commit(`Without ${name}`);
}

function opens(reader: string): boolean {
  return repository.sotto(['decrypt', FILE], { SOPS_AGE_KEY_FILE: reader }).status === 0;
}

/** The file in the work tree, opened here and, if it is there, by real sops. */
function opened(): Promise<string> {
  sopsOpens(repository.path(FILE), 'yaml', ALICE);
  return openAll(repository.read(FILE), yaml);
}

describe('a merge never lets anybody read more', () => {
  test.each([
    ['ours', 'no-bob', 'added'],
    ['theirs', 'added', 'no-bob'],
  ])('8: %s removed bob, and a value was added: his key does not open it', async (_, ours, theirs) => {
    without('no-bob', BOB);
    const added = await sealOnto(sealed, `${PLAIN}new: ${MARK}-new\n`, yaml, 1);
    repository.branch('added', team, { [FILE]: added });
    repository.git('checkout', '-q', ours);
    expect(repository.try(['merge', theirs])).toMatchObject({ status: 0 });
    expect(await opened()).toBe(`${PLAIN}new: ${MARK}-new\n`);
    expect([opens(BOB), opens(CAROL)]).toEqual([false, true]);
    const known = new Set(tokensIn(added));
    expect(tokensIn(repository.read(FILE)).filter((token) => known.has(token))).toEqual([]);
  });

  test('9: each side removed another, and neither of them opens the result', async () => {
    without('no-bob', BOB);
    without('no-carol', CAROL);
    expect(repository.try(['merge', 'no-bob'])).toMatchObject({ status: 0 });
    expect(await opened()).toBe(PLAIN);
    expect([opens(BOB), opens(CAROL)]).toEqual([false, false]);
  });

  test('10: a forged file with a reader of its own shows him nothing of ours', async () => {
    repository.branch('ours', alone, {
      [FILE]: await sealOnto(own, PLAIN.replace('-one', '-ours'), yaml, 1),
    });
    const forged = await sealNew(PLAIN.replace('-last', '-planted'), yaml, [RECIPIENT, recipientIn(BOB)]);
    repository.branch('forged', alone, { [FILE]: forged });
    repository.git('checkout', '-q', 'ours');
    const { status, out } = repository.try(['merge', 'forged']);
    expect(status).toBe(0);
    expect(out).toMatch(/stays out/);
    expect(await opened()).toBe(PLAIN.replace('-one', '-ours').replace('-last', '-planted'));
    expect(opens(BOB)).toBe(false);
    const ivs = new Set(forged.match(/iv:[^,]+/g));
    expect((repository.read(FILE).match(/iv:[^,]+/g) ?? []).filter((iv) => ivs.has(iv))).toEqual([]);
  });

  test('10: a forged file with a weaker selector is a conflict, and nothing stands in clear', async () => {
    const ours = await sealOnto(own, PLAIN.replace('-one', '-ours'), yaml, 1);
    repository.branch('ours', alone, { [FILE]: ours });
    const weak = await encrypt('db:\n  user: planted\n  password: planted\nlast: planted\n', {
      format: 'yaml',
      recipients: [RECIPIENT],
      selector: { kind: 'encrypted_regex', pattern: '^last$' },
    });
    repository.branch('weak', alone, { [FILE]: weak.text });
    repository.git('checkout', '-q', 'ours');
    expect(repository.try(['merge', 'weak'])).toMatchObject({ status: 1 });
    expect(repository.read(FILE)).not.toContain(MARK);
    repository.git('merge', '--abort');
    expect(repository.read(FILE)).toBe(ours);
  });
});

describe('12: without a driver, as where a hosting service merges', () => {
  /** What the text merge of git gives, in a clone that knows no driver. */
  function mergedInClone(ours: string, theirs: string): string {
    const clone = repository.path(`.git/clone-${ours}`);
    repository.git('clone', '-q', '-b', ours, repository.folder, clone);
    expect(repository.try(['-C', clone, 'merge', `origin/${theirs}`])).toMatchObject({ status: 0 });
    return readFileSync(join(clone, FILE), 'utf8');
  }

  test('a newcomer and a value are merged, and both open the result', async () => {
    const changed = PLAIN.replace('-user', '-changed');
    repository.branch('value', alone, { [FILE]: await sealOnto(own, changed, yaml, 1) });
    repository.git('checkout', '-q', '-B', 'newcomer', alone);
    repository.write('.sops.yaml', `creation_rules:\n  - age: ${recipientIn(BOB)},${RECIPIENT}\n`);
    expect(repository.sotto(['updatekeys', '--yes', FILE])).toMatchObject({ status: 0 });
    repository.commit('Let bob in');
    repository.write(FILE, mergedInClone('newcomer', 'value'));
    expect(await opened()).toBe(changed);
    expect([opens(ALICE), opens(BOB)]).toEqual([true, true]);
    repository.git('checkout', '-q', '-f', 'main');
  });

  test('so are a comment and a value', async () => {
    repository.branch('value2', alone, {
      [FILE]: await sealOnto(own, PLAIN.replace('-last', '-changed'), yaml, 1),
    });
    repository.git('checkout', '-q', '-B', 'comment', alone);
    const edited = repository.sotto(['edit', FILE], { EDITOR: 'sed -i "s/first/the very first/"' });
    expect(edited).toMatchObject({ status: 0 });
    repository.commit('Comment');
    repository.write(FILE, mergedInClone('comment', 'value2'));
    expect(await opened()).toBe(PLAIN.replace('-last', '-changed').replace('first', 'the very first'));
    repository.git('checkout', '-q', '-f', 'main');
  });
});

test('14: in a submodule the driver merges, and resolve settles a conflict', async () => {
  repository.branch('sub1', alone, { [FILE]: await sealOnto(own, PLAIN.replace('-user', '-1'), yaml, 1) });
  const two = PLAIN.replace('-one', '-2');
  repository.branch('sub2', alone, { [FILE]: await sealOnto(own, two, yaml, 2) });
  repository.branch('sub3', alone, { [FILE]: await sealOnto(own, two.replace('-2', '-3'), yaml, 3) });
  const outer = repository.path('.git/outer');
  repository.git('init', '-q', outer);
  const source = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '-b', 'sub1'];
  repository.git('-C', outer, ...source, repository.folder, 'team secrets');
  const inner = join(outer, 'team secrets');
  for (const name of ['merge.sotto.driver', 'merge.sotto.recursive', 'merge.sotto-virtual.driver'])
    repository.git('-C', inner, 'config', name, repository.git('config', name).trim());
  expect(repository.try(['-C', inner, 'merge', 'origin/sub2'])).toMatchObject({ status: 0 });
  const read = (): Promise<string> => openAll(readFileSync(join(inner, FILE), 'utf8'), yaml);
  expect(await read()).toBe(two.replace('-user', '-1'));
  expect(repository.try(['-C', inner, 'merge', 'origin/sub3'])).toMatchObject({ status: 1 });
  const { stderr } = spawnSync(repository.path('.git/bin/sotto'), ['resolve', '--theirs'], {
    cwd: inner,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: ALICE, HOME: '/nonexistent' },
  });
  expect(stderr).toContain(`resolved ${FILE} (1 conflict), staged`);
  expect(await read()).toBe(two.replace('-user', '-1').replace('-2', '-3'));
});

test('nothing readable is left anywhere', () => {
  expect(repository.git('fsck', '--full', '--strict')).not.toMatch(/error|missing/);
  expect(everythingIn(repository)).not.toContain(MARK);
});
