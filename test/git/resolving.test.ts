import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { yaml } from '../../src/formats/yaml/index.ts';
import { halvesOf } from '../../src/text/conflict-markers.ts';
import {
  ALICE,
  everythingIn,
  type MergeRepository,
  startMergeRepository,
} from '../support/merge-repository.ts';
import { openAll, sealNew, sealOnto } from '../support/merging.ts';
import { spawnSync } from '../support/processes.ts';
import { REAL_SOPS, sopsOpens } from '../support/real-sops.ts';

const FILE = 'secrets/prod.yaml';
const MARK = 'zqsecretqz';
const PLAIN = `db:\n  user: ${MARK}-user\napi:\n  token: ${MARK}-tok\nlast: ${MARK}-last\n`;
const OURS = PLAIN.replace('-tok', '-ours').replace('-user', '-u');
const THEIRS = PLAIN.replace('-tok', '-theirs').replace('-last', '-l');
/** What both sides have come to but for the token. */
const BOTH = PLAIN.replace('-user', '-u').replace('-last', '-l');

/** What a shell would take for something else. */
const ODD_BRANCH = `edit-$it"'x`;

let repository: MergeRepository;
let start = '';

/** An editor that shows what it was given, and takes the upper halves of conflicts. */
const EDITOR = `#!/bin/sh
cp "$1" "$SEEN"; echo "$1" >> "$SEEN.path"
sed -i -e '/^||||||| /,/^>>>>>>> /d' -e '/^<<<<<<< /d' "$1"
`;

function conflicting(): void {
  repository.try(['merge', '--abort']);
  repository.git('checkout', '-q', '-f', 'ours');
  repository.git('reset', '-q', '--hard', 'was-ours');
  expect(repository.try(['merge', 'theirs']).status).toBe(1);
}

beforeAll(async () => {
  repository = startMergeRepository();
  repository.write('.git/bin/editor', EDITOR);
  chmodSync(repository.path('.git/bin/editor'), 0o755);
  const sealed = await sealNew(PLAIN, yaml);
  repository.write(FILE, sealed);
  start = repository.commit('Start');
  repository.branch('theirs', start, { [FILE]: await sealOnto(sealed, THEIRS, yaml, 1) });
  repository.branch('ours', start, { [FILE]: await sealOnto(sealed, OURS, yaml, 2) });
  repository.git('tag', 'was-ours');
}, 60_000);
afterAll(() => repository.end());

const seen = (): { readonly [name: string]: string } => ({
  EDITOR: 'editor',
  SEEN: repository.path('.git/seen'),
});

describe('sotto resolve', () => {
  test('lists what conflicts, and for whom', () => {
    conflicting();
    expect(repository.sotto(['resolve', '--list'])).toEqual({
      status: 1,
      out: `${FILE}   api.token   both changed   openable here\n`,
    });
    const closed = repository.sotto(['resolve', '--list', '--json'], { SOPS_AGE_KEY_FILE: '/nonexistent' });
    expect(JSON.parse(closed.out)).toMatchObject({
      version: 1,
      files: [
        { file: FILE, openable: false, conflicts: [{ path: '["api"]["token"]', kind: 'both-changed' }] },
      ],
    });
  });

  test('shows what conflicts and nothing else, in a private folder, and stages what comes back', async () => {
    conflicting();
    const { status, out } = repository.sotto(['resolve', FILE], seen());
    expect([status, out]).toEqual([0, `resolved ${FILE} (1 conflict), staged\nnext: git commit\n`]);
    const shown = repository.read('.git/seen');
    expect(shown).toMatch(
      new RegExp(
        `^db:\\n  user: ${MARK}-u\\napi:\\n<<<<<<< HEAD  \\(Ann, 2026-01-02\\)\\n  token: ${MARK}-ours\\n\\|\\|\\|\\|\\|\\|\\| base\\n  token: ${MARK}-tok\\n=======\\n  token: ${MARK}-theirs\\n>>>>>>> theirs  \\(Ann, 2026-01-02\\)\\nlast: ${MARK}-l\\n$`,
      ),
    );
    const path = repository.read('.git/seen.path').trim();
    expect(path).toMatch(/\/sotto-\w+\/prod\.yaml$/);
    expect(existsSync(path)).toBe(false);
    expect(await openAll(repository.read(FILE), yaml)).toBe(BOTH.replace('-tok', '-ours'));
    expect(repository.git('diff', '--name-only', '--diff-filter=U')).toBe('');
    // For the search below.
    repository.write('.git/seen', '');
  });

  test('a text with markers is not taken, and the file stays as it was', () => {
    conflicting();
    const before = repository.read(FILE);
    const { status, out } = repository.sotto(['resolve', FILE], { EDITOR: 'true' });
    expect(status).toBe(1);
    expect(out).toContain('markers');
    expect(repository.read(FILE)).toBe(before);
  });

  test.each([
    [['--ours'], '-ours'],
    [['--theirs'], '-theirs'],
    [['--take', 'api.token=theirs'], '-theirs'],
  ])('%s starts no editor', async (flags, token) => {
    conflicting();
    expect(repository.sotto(['resolve', ...flags], { EDITOR: 'false' })).toMatchObject({ status: 0 });
    expect(await openAll(repository.read(FILE), yaml)).toBe(BOTH.replace('-tok', token));
  });

  test('markers that were added are found without the name of the file', () => {
    conflicting();
    repository.git('add', '-A');
    expect(repository.sotto(['resolve', '--list']).out).toContain(FILE);
    expect(repository.sotto(['resolve', '--ours'])).toMatchObject({ status: 0 });
    expect(repository.read(FILE)).not.toContain('<<<<<<<');
    expect(repository.sotto(['resolve', '--list']).out).toBe('');
  });

  test('what does not conflict is not there to be taken', () => {
    conflicting();
    const { status, out } = repository.sotto(['resolve', '--take', 'db.user=theirs', FILE]);
    expect(status).toBe(1);
    expect(out).toContain('these do: api.token');
  });

  test('13: markers that were committed are mended in a fresh clone', async () => {
    conflicting();
    repository.commit('With markers');
    const clone = repository.path('.git/clone');
    repository.git('clone', '-q', repository.folder, clone);
    const [program = '', ...args] = [
      'sh',
      '-c',
      `cd '${clone}' && '${repository.path('.git/bin/sotto')}' resolve --theirs ${FILE}`,
    ];
    const ended = spawnSync(program, args, {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: ALICE, HOME: '/nonexistent' },
    });
    expect(ended.stderr).toContain('resolved');
    const { readFileSync } = await import('node:fs');
    expect(await openAll(readFileSync(`${clone}/${FILE}`, 'utf8'), yaml)).toBe(
      BOTH.replace('-tok', '-theirs'),
    );
  });

  test('without a repository, the halves are what there is', async () => {
    conflicting();
    const text = repository.read(FILE);
    const { mkdtempSync, readFileSync, rmSync, writeFileSync } = await import('node:fs');
    const folder = mkdtempSync('/tmp/sotto-test-');
    writeFileSync(`${folder}/x.yaml`, text);
    const ended = spawnSync(
      'sh',
      ['-c', `cd '${folder}' && '${repository.path('.git/bin/sotto')}' resolve --ours x.yaml`],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: ALICE, HOME: '/nonexistent' },
      },
    );
    expect(ended.stderr).toContain('resolved x.yaml (1 conflict)\n');
    expect(await openAll(readFileSync(`${folder}/x.yaml`, 'utf8'), yaml)).toBe(BOTH.replace('-tok', '-ours'));
    rmSync(folder, { recursive: true });
  });

  test('halves that were picked by hand get a MAC that fits', async () => {
    conflicting();
    const { ours = '', theirs = '' } = halvesOf(repository.read(FILE)) ?? {};
    // Their token, our MAC: what an editor's "accept" leaves.
    const token = (text: string): string => /token: (\S+)/.exec(text)?.[1] ?? '';
    repository.write(FILE, ours.replace(token(ours), token(theirs)));
    expect(repository.sotto(['decrypt', FILE]).status).toBe(51);
    expect(repository.sotto(['resolve', FILE], { EDITOR: 'false' })).toMatchObject({ status: 0 });
    expect(await openAll(repository.read(FILE), yaml)).toBe(BOTH.replace('-tok', '-theirs'));
  });

  test('a value that was put in clear is encrypted, once somebody says that it is right', async () => {
    repository.git('checkout', '-q', '-f', '-B', 'pasted', start);
    const sealed = repository.read(FILE);
    repository.write(FILE, sealed.replace(/user: ENC\[[^\]]*\]/, `user: ${MARK}-pasted`));
    const { status, out } = repository.sotto(['resolve', FILE]);
    expect([status, out.includes('["db"]["user"]')]).toEqual([1, true]);
    expect(out).not.toContain(`${MARK}-pasted`);
    const ended = spawnSync(repository.path('.git/bin/sotto'), ['resolve', FILE], {
      cwd: repository.folder,
      encoding: 'utf8',
      input: 'y\n',
      env: { PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: ALICE, HOME: '/nonexistent' },
    });
    expect(ended.stderr).toContain('resolved');
    expect(repository.read(FILE)).not.toContain(MARK);
    expect(await openAll(repository.read(FILE), yaml)).toBe(PLAIN.replace('-user', '-pasted'));
    repository.git('reset', '-q', '--hard');
  });

  test('a side that deleted the file', async () => {
    repository.git('checkout', '-q', '-f', '-B', 'deleting', start);
    repository.git('rm', '-q', FILE);
    repository.commit('Delete');
    expect(repository.try(['merge', 'theirs']).status).toBe(1);
    expect(repository.sotto(['resolve', FILE])).toMatchObject({ status: 1 });
    expect(repository.sotto(['resolve', '--ours', FILE])).toMatchObject({ status: 0 });
    expect(existsSync(repository.path(FILE))).toBe(false);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  describe('--tool', () => {
    /** Shows what it was given, and takes the whole of their side. */
    const TOOL = `cat "$LOCAL" "$REMOTE" "$BASE" "$MERGED" > "$SEEN"; echo "$LOCAL $REMOTE $BASE $MERGED" > "$SEEN.path"; cp "$REMOTE" "$MERGED"`;
    afterAll(() => repository.try(['config', '--remove-section', 'mergetool.mine']));

    test('opens both sides and the base as whole files in plain text, and takes what it leaves', async () => {
      conflicting();
      repository.git('config', 'mergetool.mine.cmd', TOOL);
      const ended = repository.sotto(['resolve', '--tool', 'mine'], { ...seen(), EDITOR: 'false' });
      expect(ended).toEqual({
        status: 0,
        out: `resolved ${FILE} (1 conflict), staged\nnext: git commit\n`,
      });
      const whole = ['-ours', '-theirs', '-tok'].map((token) => BOTH.replace('-tok', token)).join('');
      const shown = repository.read('.git/seen');
      repository.write('.git/seen', '');
      expect(shown.slice(0, whole.length)).toBe(whole);
      expect(shown.slice(whole.length)).toContain('\n||||||| base\n');
      expect(await openAll(repository.read(FILE), yaml)).toBe(BOTH.replace('-tok', '-theirs'));
      const paths = repository.read('.git/seen.path').trim().split(' ');
      const [folder] = /^.*\/sotto-\w+\//.exec(paths[0] ?? '') ?? [];
      expect(paths).toEqual(
        ['_LOCAL', '_REMOTE', '_BASE', ''].map((version) => `${folder}prod${version}.yaml`),
      );
      expect(existsSync(folder ?? '')).toBe(false);
    });

    test('what it leaves with markers is not taken; a status counts where git trusts it', () => {
      conflicting();
      const before = repository.read(FILE);
      repository.git('config', 'mergetool.mine.cmd', 'exit 3');
      const untrusted = repository.sotto(['resolve', '--tool', 'mine']);
      expect([untrusted.status, untrusted.out.includes('markers')]).toEqual([1, true]);
      repository.git('config', 'mergetool.mine.cmd', 'cp "$REMOTE" "$MERGED"; exit 3');
      repository.git('config', 'mergetool.mine.trustExitCode', 'true');
      const trusted = repository.sotto(['resolve', '--tool', 'mine']);
      expect(trusted.status).not.toBe(0);
      expect(trusted.out).toContain('the merge tool failed: exit status 3');
      expect(trusted.out).toContain('check mergetool.mine.cmd');
      expect(repository.read(FILE)).toBe(before);
    });

    test('a setting that a file of the work tree makes runs nothing', () => {
      conflicting();
      repository.write('team.gitconfig', '[mergetool "planted"]\n\tcmd = touch "$SEEN.ran"\n');
      repository.git('config', 'include.path', '../team.gitconfig');
      expect(repository.git('config', 'mergetool.planted.cmd')).toContain('touch');
      const { status, out } = repository.sotto(['resolve', '--tool', 'planted'], seen());
      repository.git('config', '--unset', 'include.path');
      expect(status).not.toBe(0);
      expect(out).toContain('have no mergetool.planted.cmd');
      expect(existsSync(repository.path('.git/seen.ran'))).toBe(false);
      repository.git('clean', '-q', '-f');
    });
  });

  test('git mergetool takes it for one of its own', async () => {
    conflicting();
    repository.git('config', 'mergetool.sotto.cmd', 'sotto resolve "$MERGED"');
    repository.git('config', 'mergetool.sotto.trustExitCode', 'true');
    repository.git('config', 'mergetool.keepBackup', 'false');
    expect(repository.try(['mergetool', '-y', '-t', 'sotto'], seen())).toMatchObject({ status: 0 });
    expect(await openAll(repository.read(FILE), yaml)).toBe(BOTH.replace('-tok', '-ours'));
    repository.write('.git/seen', '');
  });
});

describe('git, and other programs', () => {
  test('14: a rename and an edit, two files of one name, and names with blanks and quotes', async () => {
    const odd = `secrets/o'dd "na me.yaml`;
    const sealed = await sealNew(PLAIN, yaml);
    repository.git('checkout', '-q', '-f', '-B', 'odd', start);
    repository.write(odd, sealed);
    const from = repository.commit('Odd');
    repository.branch(ODD_BRANCH, from, {
      [odd]: await sealOnto(sealed, PLAIN.replace('-tok', '-e'), yaml, 3),
    });
    repository.git('checkout', '-q', '-B', 'renamed', from);
    repository.git('mv', odd, 'secrets/plain.yaml');
    repository.write('secrets/plain.yaml', await sealOnto(sealed, PLAIN.replace('-user', '-r'), yaml, 4));
    repository.commit('Rename');
    expect(repository.try(['merge', ODD_BRANCH])).toMatchObject({ status: 0 });
    expect(await openAll(repository.read('secrets/plain.yaml'), yaml)).toBe(
      PLAIN.replace('-tok', '-e').replace('-user', '-r'),
    );
    repository.branch('added', from, {
      'secrets/new.yaml': await sealNew('a: 1\n', yaml),
      [odd]: await sealOnto(sealed, PLAIN.replace('-tok', '-1'), yaml, 5),
    });
    repository.branch('added-too', from, {
      'secrets/new.yaml': await sealNew('b: 2\n', yaml),
      [odd]: await sealOnto(sealed, PLAIN.replace('-tok', '-2'), yaml, 6),
    });
    const { status, out } = repository.try(['merge', 'added']);
    expect(status).toBe(1);
    expect(out).toContain(`sotto: ${odd}: 1 conflict: api.token; sotto resolve`);
    expect(await openAll(repository.read('secrets/new.yaml'), yaml)).toBe('b: 2\na: 1\n');
    expect(repository.sotto(['resolve', '--theirs'])).toMatchObject({ status: 0 });
    expect(await openAll(repository.read(odd), yaml)).toBe(PLAIN.replace('-tok', '-1'));
  });

  test('14: a base in clear, another work tree, and a sparse one', async () => {
    repository.git('checkout', '-q', '-f', '-B', 'clear', start);
    repository.write('secrets/late.yaml', 'a: 1\nb: 2\n');
    const from = repository.commit('In clear');
    const sealed = await sealNew('a: 1\nb: 2\n', yaml);
    repository.branch('sealed', from, {
      'secrets/late.yaml': await sealOnto(sealed, 'a: 1\nb: 3\n', yaml, 7),
    });
    const tree = repository.path('.git/tree');
    repository.git('worktree', 'add', '-q', '-b', 'also', tree, from);
    const { writeFileSync, readFileSync } = await import('node:fs');
    writeFileSync(`${tree}/secrets/late.yaml`, await sealOnto(sealed, 'a: 4\nb: 2\n', yaml, 8));
    repository.git('-C', tree, 'commit', '-q', '-a', '-m', 'Seal');
    repository.git('-C', tree, 'sparse-checkout', 'set', 'secrets');
    expect(repository.try(['-C', tree, 'merge', 'sealed'])).toMatchObject({ status: 0 });
    expect(await openAll(readFileSync(`${tree}/secrets/late.yaml`, 'utf8'), yaml)).toBe('a: 4\nb: 3\n');
  });

  test.skipIf(REAL_SOPS === undefined)('15: real sops edits one branch, sotto the other', async () => {
    repository.git('checkout', '-q', '-f', '-B', 'by-sops', start);
    spawnSync(REAL_SOPS ?? '', ['set', repository.path(FILE), '["db"]["user"]', `"${MARK}-sops"`], {
      encoding: 'utf8',
      env: { SOPS_AGE_KEY_FILE: ALICE, HOME: '/nonexistent', PATH: process.env['PATH'] },
    });
    repository.commit('By sops');
    repository.branch('by-sotto', start, {
      [FILE]: await sealOnto(
        repository.git('show', `${start}:${FILE}`),
        PLAIN.replace('-tok', '-sotto'),
        yaml,
        9,
      ),
    });
    expect(repository.try(['merge', 'by-sops'])).toMatchObject({ status: 0 });
    const plain = await openAll(repository.read(FILE), yaml);
    expect(plain).toMatch(/-sops[\s\S]*-sotto/);
    expect(sopsOpens(repository.path(FILE), 'yaml', ALICE)).toContain('-sotto');
  });

  test('12: without a driver, a web editor that leaves a line is found by check', () => {
    conflicting();
    const { ours = '', theirs = '' } = halvesOf(repository.read(FILE)) ?? {};
    const token = (text: string): string => /token: (\S+)/.exec(text)?.[1] ?? '';
    repository.write(FILE, ours.replace(token(ours), token(theirs)));
    expect(repository.sotto(['check', FILE]).out).toMatch(/mac-(?:stale|mismatch)/);
  });

  test('rerere, reflog, objects and folders hold nothing readable', () => {
    repository.git('config', 'rerere.enabled', 'true');
    conflicting();
    expect(repository.sotto(['resolve', '--ours'])).toMatchObject({ status: 0 });
    repository.commit('Resolved');
    expect(readdirSync(repository.path('.git/rr-cache')).length).toBeGreaterThan(0);
    expect(everythingIn(repository)).not.toContain(MARK);
    expect(repository.git('fsck', '--full', '--strict')).not.toMatch(/error|missing/);
  });
});
