import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Commit } from '../../../src/io/git/log.ts';
import { openRepository, type Repository } from '../../../src/io/git/repository.ts';
import { nodeIo } from '../../../src/io/node-io.ts';
import { GIT_ENVIRONMENT, startRepository, type TestRepository } from '../../support/repository.ts';

const NAMES = ['a.yaml', 'with blank', 'quo"te', 'line\nbreak', 'ümlaut/x', '-flag', ':(top)', '*.yaml'];

let made: TestRepository;
let repository: Repository;
let first = '';
let second = '';

const at = (folder: string, more = {}): Promise<Repository> =>
  openRepository(nodeIo({ ...GIT_ENVIRONMENT, ...more }, folder));
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

beforeAll(async () => {
  made = startRepository();
  for (const name of NAMES) made.write(name, `first of ${name}\n`);
  first = made.commit('one\ntwo\n\nbody');
  made.write('a.yaml', 'second\n');
  made.git('mv', 'with blank', 'moved');
  second = made.commit('');
  repository = await at(made.folder);
});
afterAll(() => made.end());

describe('a repository', () => {
  test('is found from any folder below, and where it is', async () => {
    const root = realpathSync(made.folder);
    const below = await at(made.path('ümlaut'));
    expect({ ...below }).toEqual({
      root,
      gitFolder: join(root, '.git'),
      commonFolder: join(root, '.git'),
      prefix: 'ümlaut/',
      head: second,
    });
    expect((await below.lsFiles()).length).toBe(NAMES.length);
  });

  test('may be a linked work tree', async () => {
    const linked = made.path('.git/linked');
    made.git('worktree', 'add', '-q', linked, first);
    const { root, gitFolder, commonFolder } = await at(linked);
    expect([root, gitFolder, commonFolder]).toEqual([
      realpathSync(linked),
      join(realpathSync(made.folder), '.git/worktrees/linked'),
      join(realpathSync(made.folder), '.git'),
    ]);
    expect(text(await (await at(linked)).run(['rev-parse', 'HEAD']))).toBe(`${first}\n`);
  });

  test('that is not there, and a git that is not there, are errors that say so', async () => {
    await expect(at('/')).rejects.toMatchObject({ code: 'not-a-repository', exit: 2 });
    await expect(at(made.path('.git'))).rejects.toMatchObject({ code: 'not-a-repository' });
    await expect(at(made.folder, { PATH: 'bin:/nowhere' })).rejects.toMatchObject({
      code: 'git-missing',
      exit: 2,
    });
  });

  test('does not run a git that lies in the working folder', async () => {
    made.write('bin/git', '#!/bin/sh\ntouch ran\n');
    chmodSync(made.path('bin/git'), 0o755);
    await at(made.folder, { PATH: `bin:.:${GIT_ENVIRONMENT['PATH']}` });
    expect(existsSync(made.path('ran'))).toBe(false);
    rmSync(made.path('bin'), { recursive: true });
  });

  test('says what git said when something fails', async () => {
    await expect(repository.run(['cat-file', '-t', 'nothing'])).rejects.toMatchObject({
      code: 'git-failed',
      message: 'git cat-file failed: Not a valid object name nothing',
    });
    await expect(repository.changesBetween('main', 'nowhere')).rejects.toMatchObject({ code: 'git-failed' });
  });
});

describe('what is in a repository', () => {
  test('the index and revisions hold files of any name', async () => {
    expect((await repository.lsTree(first)).map(({ path }) => path).sort()).toEqual([...NAMES].sort());
    const [entry, ...others] = await repository.lsFiles(['line\nbreak']);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ mode: '100644', stage: 0, path: 'line\nbreak' });
    expect((await repository.lsFiles(['*.yaml'])).map(({ path }) => path)).toEqual(['*.yaml']);
    expect((await repository.lsFiles(['-flag', ':(top)'])).length).toBe(2);
  });

  test('revisions are found; a flag is none', async () => {
    expect(await repository.find('HEAD~1')).toBe(first);
    expect(await repository.find('main:a.yaml')).toMatch(/^[0-9a-f]{40}$/);
    expect(await repository.find('nothing')).toBeUndefined();
    expect(await repository.find('--all')).toBeUndefined();
  });

  test('objects come in the order of the questions, whatever they hold', async () => {
    const large = new Uint8Array(300_000).map((_, index) => index % 251);
    made.write('large', large);
    made.write('empty', '');
    made.git('add', 'large', 'empty');
    const ids = ['large', 'empty', 'a.yaml'].map((name) => made.git('rev-parse', `:${name}`).trim());
    const asked = [
      ...ids,
      '0'.repeat(40),
      ...Array.from({ length: 700 }, (_, index) => ids[index % 3] ?? ''),
    ];
    const lengths: (number | undefined)[] = [];
    for await (const { id, bytes } of repository.catFiles(asked)) {
      expect(id).toBe(asked[lengths.length]);
      lengths.push(bytes?.length);
    }
    expect(lengths.slice(0, 5)).toEqual([300_000, 0, 7, undefined, 300_000]);
    expect(lengths.length).toBe(asked.length);
    const blobs = repository.blobs();
    expect(text(await blobs.read(ids[2] ?? ''))).toBe('second\n');
    expect(Buffer.compare((await blobs.read(ids[0] ?? '')) ?? new Uint8Array(), large)).toBe(0);
    blobs.end();
  });

  test('changes are told between revisions, in the index and in the work tree', async () => {
    const told = (changes: Awaited<ReturnType<Repository['changesBetween']>>) =>
      changes.map(({ kind, path, before, after }) => [kind, path, before !== undefined, after !== undefined]);
    expect(told(await repository.changesBetween(first, second))).toEqual([
      ['modified', 'a.yaml', true, true],
      ['added', 'moved', false, true],
      ['removed', 'with blank', true, false],
    ]);
    made.write('a.yaml', 'third\n');
    expect(told(await repository.changesInTree('HEAD', ['a.yaml']))).toEqual([
      ['modified', 'a.yaml', true, false],
    ]);
    expect(told(await repository.changesStaged('HEAD', ['a.yaml']))).toEqual([]);
    made.git('add', 'a.yaml');
    expect(told(await repository.changesStaged('HEAD', ['a.yaml']))).toEqual([
      ['modified', 'a.yaml', true, true],
    ]);
    made.git('reset', '-q', '--hard');
  });

  test('the log tells commits with what they changed', async () => {
    const seen: Commit[] = [];
    for await (const commit of repository.log(['main'])) seen.push(commit);
    expect(
      seen.map(({ id, parents, author, date, subject }) => ({ id, parents, author, date, subject })),
    ).toEqual([
      { id: second, parents: [first], author: 'Ann', date: '2026-01-02T03:05:05+00:00', subject: '' },
      { id: first, parents: [], author: 'Ann', date: '2026-01-02T03:04:05+00:00', subject: 'one two' },
    ]);
    expect(seen.map(({ changes }) => changes.length)).toEqual([3, NAMES.length]);
  });

  test('a merge comes once for each parent if that is asked for', async () => {
    made.git('checkout', '-q', '-b', 'side', first);
    made.write('side', 'x');
    const side = made.commit('side');
    made.git('checkout', '-q', 'main');
    made.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    const merges: Commit[] = [];
    for await (const commit of repository.log(['-m', '--merges', 'main'])) merges.push(commit);
    expect(merges.map(({ parents }) => parents)).toEqual([
      [second, side],
      [second, side],
    ]);
    expect(merges.map(({ changes }) => changes.map(({ path }) => path))).toEqual([
      ['side'],
      ['a.yaml', 'moved', 'with blank'],
    ]);
  });
});

describe('settings', () => {
  test('are read, set and taken away, each in this clone', async () => {
    expect(await repository.config('sotto.reveal')).toBeUndefined();
    await repository.setConfig('merge.sotto.driver', 'a "b"; c\nd');
    await repository.setConfig('merge.sotto.driver', 'a "b"; c\ne');
    expect(await repository.config('merge.sotto.driver')).toBe('a "b"; c\ne');
    expect(await repository.localConfig('merge.sotto.driver')).toEqual(['a "b"; c\ne']);
    await repository.unsetConfig('merge.sotto.driver');
    await repository.unsetConfig('merge.sotto.driver');
    expect(await repository.config('merge.sotto.driver')).toBeUndefined();
    // The guards of other commands are no settings of the user's.
    expect(await repository.config('core.fsmonitor')).toBeUndefined();
    await expect(repository.setConfig('nonsense', 'x')).rejects.toMatchObject({ code: 'git-failed' });
  });

  test('make git run no program while it reads', async () => {
    const hostile = startRepository();
    hostile.write('a', 'x\n');
    hostile.write('.gitattributes', '* diff=evil filter=evil\n');
    hostile.commit('one');
    const evil = `touch ${hostile.path('ran')}; cat`;
    for (const name of [
      'core.fsmonitor',
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'gpg.program',
    ])
      hostile.git('config', name, evil);
    for (const name of ['filter.evil.clean', 'filter.evil.smudge', 'core.pager'])
      hostile.git('config', name, evil);
    hostile.git('config', 'filter.evil.required', 'true');
    hostile.git('config', 'log.showSignature', 'true');
    hostile.write('a', 'y\n');
    mkdirSync(hostile.path('.git/hooks'), { recursive: true });
    const opened = await at(hostile.folder, { SOPS_AGE_KEY: 'x' });
    await opened.lsFiles();
    expect(await opened.changesInTree('HEAD')).toMatchObject([
      { path: 'a', kind: 'modified', after: undefined },
    ]);
    await opened.changesStaged('HEAD');
    for await (const _ of opened.log(['HEAD'])) await opened.changesBetween('HEAD', 'HEAD');
    expect(existsSync(hostile.path('ran'))).toBe(false);
    hostile.end();
  });

  test('of the environment private keys do not reach git', async () => {
    const own = await at(made.folder, {
      SOPS_AGE_KEY: 'AGE-SECRET-KEY-1X',
      GIT_INDEX_FILE: made.path('other'),
    });
    await own.setConfig('alias.show-variables', '!env');
    const printed = text(await own.run(['show-variables']));
    expect(printed).not.toContain('AGE-SECRET-KEY');
    expect(printed).toContain(`GIT_INDEX_FILE=${made.path('other')}\n`);
    await own.unsetConfig('alias.show-variables');
  });
});
