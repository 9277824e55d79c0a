import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { yaml } from '../../src/formats/yaml/index.ts';
import { halvesOf } from '../../src/text/conflict-markers.ts';
import {
  ALICE,
  BOB,
  everythingIn,
  type MergeRepository,
  startMergeRepository,
} from '../support/merge-repository.ts';
import { openAll, sealNew, sealOnto, tokensIn } from '../support/merging.ts';
import { spawnSync } from '../support/processes.ts';
import { SOPS_MISSING, sopsOpens } from '../support/real-sops.ts';

if (SOPS_MISSING !== undefined) console.log(SOPS_MISSING);

const FILE = 'secrets/prod.yaml';
/** Every secret has it, so that it can be looked for; no other run has it. */
const MARK = `zq${process.pid}secretqz`;
const PLAIN = `# db
db:
  user: ${MARK}-user
  password: ${MARK}-one
api:
  token: ${MARK}-tok # rotated monthly
last: ${MARK}-last
`;

let repository: MergeRepository;
let start = '';
let sealed = '';

beforeAll(async () => {
  repository = startMergeRepository();
  sealed = await sealNew(PLAIN, yaml);
  repository.write(FILE, sealed);
  start = repository.commit('Start');
});
afterAll(() => repository.end());

let minute = 0;
/** The file with other values. */
async function changed(from: string, ...changes: readonly (readonly [string, string])[]): Promise<string> {
  minute += 1;
  let text = await openAll(from, yaml);
  for (const [was, is] of changes) {
    if (!text.includes(was)) throw new Error(`there is no ${was}`);
    text = text.replace(was, is);
  }
  return sealOnto(from, text, yaml, minute);
}

/** Opened here and, if it is there, by real sops. */
async function opened(text: string, name = 'opened.yaml'): Promise<string> {
  mkdirSync(repository.path('.git/look'), { recursive: true });
  repository.write(`.git/look/${name}`, text);
  sopsOpens(repository.path(`.git/look/${name}`), 'yaml', ALICE);
  return openAll(text, yaml);
}

function merge(branch: string, ...more: readonly string[]): ReturnType<MergeRepository['try']> {
  return repository.try(['merge', ...more, branch]);
}

describe('git merge', () => {
  test('1: different values, also on adjacent lines, are merged, and other tokens stay', async () => {
    repository.branch('one', start, { [FILE]: await changed(sealed, ['-user', '-other']) });
    repository.branch('two', start, { [FILE]: await changed(sealed, ['-one', '-two'], ['-last', '-end']) });
    repository.git('checkout', '-q', 'one');
    expect(merge('two')).toMatchObject({ status: 0 });
    const merged = repository.read(FILE);
    expect(await opened(merged)).toBe(
      PLAIN.replace('-user', '-other').replace('-one', '-two').replace('-last', '-end'),
    );
    const kept = tokensIn(sealed).filter((token) => merged.includes(token));
    expect(kept).toHaveLength(tokensIn(sealed).length - 3);
  });

  test('2: the same value conflicts, and each half is a whole file', async () => {
    repository.branch('ours', start, { [FILE]: await changed(sealed, ['-tok', '-ours'], ['-user', '-u']) });
    repository.branch('theirs', start, {
      [FILE]: await changed(sealed, ['-tok', '-theirs'], ['-last', '-l']),
    });
    repository.git('checkout', '-q', 'ours');
    const { status, out } = merge('theirs');
    expect(status).toBe(1);
    expect(out).toContain(
      'sotto: secrets/prod.yaml: 1 conflict: api.token (1 other change merged); sotto resolve secrets/prod.yaml',
    );
    const text = repository.read(FILE);
    expect(text.match(/^<{7} HEAD$/gm)).toHaveLength(2);
    const halves = halvesOf(text);
    const both = PLAIN.replace('-user', '-u').replace('-last', '-l');
    expect(await opened(halves?.ours ?? '')).toBe(both.replace('-tok', '-ours'));
    expect(await opened(halves?.theirs ?? '')).toBe(both.replace('-tok', '-theirs'));
    repository.git('merge', '--abort');
    expect(repository.read(FILE)).not.toContain('<<<<');
  });

  test('3: ten commits are rebased over a change of a value, and each of them opens', async () => {
    repository.branch('upstream', start, { [FILE]: await changed(sealed, ['-last', '-up']) });
    repository.git('checkout', '-q', '-B', 'feature', start);
    let text = sealed;
    for (let number = 0; number < 10; number += 1) {
      text = await changed(text, ['api:\n', `k${number}: ${MARK}-${number}\napi:\n`]);
      repository.write(FILE, text);
      repository.commit(`Add k${number}`);
    }
    expect(repository.try(['rebase', 'upstream'])).toMatchObject({ status: 0 });
    for (let back = 0; back < 10; back += 1) {
      const plain = await opened(repository.git('show', `HEAD~${back}:${FILE}`));
      expect(plain).toContain('-up');
      expect(plain.match(/^k\d/gm)).toHaveLength(10 - back);
    }
  });

  test('4: cherry-pick, revert and stash pop', async () => {
    const two = await changed(sealed, ['-one', '-two']);
    const commit = repository.branch('picked', start, { [FILE]: two });
    repository.branch('picker', start, { [FILE]: await changed(sealed, ['-user', '-picker']) });
    expect(repository.try(['cherry-pick', '-x', commit])).toMatchObject({ status: 0 });
    const after = PLAIN.replace('-user', '-picker').replace('-one', '-two');
    expect(await opened(repository.read(FILE))).toBe(after);
    repository.write(FILE, await changed(repository.read(FILE), ['-last', '-later']));
    repository.commit('Later');
    expect(repository.try(['revert', '--no-edit', 'HEAD~1'])).toMatchObject({ status: 0 });
    expect(await opened(repository.read(FILE))).toBe(
      after.replace('-two', '-one').replace('-last', '-later'),
    );
    repository.write(FILE, await changed(repository.read(FILE), ['-tok', '-stashed']));
    expect(repository.try(['stash'])).toMatchObject({ status: 0 });
    repository.write(FILE, await changed(repository.read(FILE), ['-picker', '-again']));
    repository.commit('Meanwhile');
    expect(repository.try(['stash', 'pop'])).toMatchObject({ status: 0 });
    expect(await opened(repository.read(FILE))).toMatch(/-again[\s\S]*-stashed/);
    repository.git('checkout', '-q', '-f', 'main');
  });

  test('5: criss-cross: the inner conflict does not show, and leaves no markers in the base', async () => {
    const left = repository.branch('left', start, { [FILE]: await changed(sealed, ['-tok', '-left']) });
    const right = repository.branch('right', start, { [FILE]: await changed(sealed, ['-tok', '-right']) });
    const both = await changed(sealed, ['-tok', '-agreed']);
    for (const [name, other] of [
      ['left', right],
      ['right', left],
    ] as const) {
      repository.git('checkout', '-q', name);
      expect(merge(other)).toMatchObject({ status: 1 });
      repository.write(FILE, both);
      repository.commit(`Merge into ${name}`);
    }
    repository.write(FILE, await changed(both, ['-user', '-criss']));
    repository.commit('One more on the right');
    repository.git('checkout', '-q', 'left');
    repository.write(FILE, await changed(both, ['-last', '-cross']));
    repository.commit('One more on the left');
    expect(merge('right')).toMatchObject({ status: 0 });
    const text = repository.read(FILE);
    expect(text).not.toContain('<<<<');
    expect(await opened(text)).toBe(
      PLAIN.replace('-tok', '-agreed').replace('-user', '-criss').replace('-last', '-cross'),
    );
  });

  test('6: an octopus, which has no drivers, is refused or opens', async () => {
    repository.branch('arm1', start, { [FILE]: await changed(sealed, ['-user', '-arm1']) });
    repository.branch('arm2', start, { [FILE]: await changed(sealed, ['-last', '-arm2']) });
    repository.branch('body', start, { 'notes.txt': 'x\n' });
    const { status } = repository.try(['merge', 'arm1', 'arm2']);
    if (status === 0) expect(await opened(repository.read(FILE))).toMatch(/-arm1[\s\S]*-arm2/);
    else repository.try(['reset', '-q', '--hard']);
    expect(repository.read(FILE)).not.toContain('-----nothing');
  });

  test.each([
    ['killed', '#!/bin/sh\nkill -9 $$\n'],
    ['missing', undefined],
  ])('7: with the driver %s there are markers, and never ours alone', async (name, script) => {
    const own = await changed(sealed, ['-tok', `-own-${name}`]);
    repository.branch(`own-${name}`, start, { [FILE]: own });
    repository.branch(`other-${name}`, start, { [FILE]: await changed(sealed, ['-tok', `-other-${name}`]) });
    repository.git('checkout', '-q', `own-${name}`);
    mkdirSync(repository.path('.git/none'), { recursive: true });
    if (script !== undefined) repository.write('.git/none/sotto', script);
    const PATH = `${repository.path('.git/none')}:/usr/bin:/bin`;
    if (script !== undefined) repository.try(['config', 'x.y', 'z']);
    if (script !== undefined) (await import('node:fs')).chmodSync(repository.path('.git/none/sotto'), 0o755);
    expect(repository.try(['merge', `other-${name}`], { PATH })).toMatchObject({ status: 1 });
    expect(repository.read(FILE)).toMatch(/^<<<<<<< /m);
    repository.git('merge', '--abort');
    expect(repository.read(FILE)).toBe(own);
  });

  test('11: without a key, newcomer and value are merged; two values are not, and it says who can', async () => {
    repository.branch('value', start, { [FILE]: await changed(sealed, ['-user', '-valued']) });
    repository.branch('mine', start, { [FILE]: await changed(sealed, ['-last', '-mine']) });
    const nobody = { SOPS_AGE_KEY_FILE: '/nonexistent' };
    const { status, out } = repository.try(['merge', 'value'], nobody);
    expect(status).toBe(1);
    expect(out).toMatch(/secrets\/prod\.yaml: no key here, age1\S+ can; sotto resolve/);
    const halves = halvesOf(repository.read(FILE));
    expect(await opened(halves?.ours ?? '')).toContain('-mine');
    expect(await opened(halves?.theirs ?? '')).toContain('-valued');
    repository.git('merge', '--abort');
    repository.git('checkout', '-q', '-B', 'joined', start);
    const recipient = /age1\w+/.exec(readFileSync(BOB, 'utf8'))?.[0] ?? '';
    expect(repository.sotto(['rotate', '--help']).status).toBe(0);
    repository.write('.sops.yaml', `creation_rules:\n  - age: ${recipient},${/age1\w+/.exec(sealed)?.[0]}\n`);
    expect(repository.sotto(['updatekeys', '--yes', FILE])).toMatchObject({ status: 0 });
    repository.commit('Let bob in');
    expect(repository.try(['merge', 'value'], nobody)).toMatchObject({ status: 0 });
    expect(await opened(repository.read(FILE))).toContain('-valued');
    expect(repository.sotto(['decrypt', FILE], { SOPS_AGE_KEY_FILE: BOB }).out).toContain('-valued');
  });

  test('recipients whom two people add to the rules are both there', () => {
    const rules = (more: string): string =>
      `creation_rules:\n  - path_regex: a\n    age:\n      - age1a\n${more}`;
    repository.git('checkout', '-q', '-f', '-B', 'rules', start);
    repository.write('.gitattributes', '.sops.yaml merge=sotto\nsecrets/** -text merge=sotto\n');
    repository.write('.sops.yaml', rules(''));
    const from = repository.commit('Rules');
    repository.branch('rules1', from, { '.sops.yaml': rules('      - age1b\n') });
    repository.branch('rules2', from, { '.sops.yaml': rules('      - age1c\n') });
    expect(merge('rules1')).toMatchObject({ status: 0 });
    expect(repository.read('.sops.yaml')).toBe(rules('      - age1c\n      - age1b\n'));
  });

  test('a plain file that the patterns match is merged as git merges it', () => {
    repository.git('checkout', '-q', '-f', '-B', 'plain', start);
    repository.write('secrets/readme.txt', 'a\nb\nc\n');
    const from = repository.commit('Plain');
    repository.branch('plain1', from, { 'secrets/readme.txt': 'A\nb\nc\n' });
    repository.branch('plain2', from, { 'secrets/readme.txt': 'a\nb\nC\n' });
    expect(merge('plain1')).toMatchObject({ status: 0 });
    expect(repository.read('secrets/readme.txt')).toBe('A\nb\nC\n');
  });

  test('nothing readable is left anywhere', () => {
    expect(repository.git('fsck', '--full', '--strict')).not.toMatch(/error|missing/);
    expect(everythingIn(repository)).not.toContain(MARK);
    // Others may have folders there, for what they do at the same time.
    for (const folder of readdirSync('/dev/shm').filter((name) => name.startsWith('sotto')))
      expect(
        spawnSync('grep', ['-rlsa', '-D', 'skip', '--', MARK, `/dev/shm/${folder}`], { encoding: 'utf8' })
          .stdout,
      ).toBe('');
  });
});
