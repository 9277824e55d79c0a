// What is done in a repository, beside git and an empty process: its time is files and git, not this program's pace alone.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nested } from './documents.mjs';
import { alternate } from './programs.mjs';

/** Goals, as ratios of wall clock: the work, whose time, against whose, and the most that it may be. */
export const CHECK_GOALS = [
  ['check 1000 files, cold', 'node', 'empty', 35],
  ['check 1000 files, warm', 'node', 'empty', 9],
  ['check 10000 files, cold', 'node', 'empty', 90],
  ['expiry of 10000 files', 'node', 'empty', 20],
  ['report of 10000 files', 'node', 'empty', 200],
  ['exposure, 1000 commits', 'node', 'empty', 40],
  ['hook, 3 staged files', 'node', 'start', 1.5],
  ['diff of a small file', 'node', 'start', 1.5],
];

/** Values in each encrypted file. */
const VALUES = 21;

/**
 * Measure what is done in a repository, half of whose files are encrypted.
 *
 * @param context `programs`, `folder`, `environment`, `recipient`, `isQuick`
 * @returns rows: name of the work, and what this program, `git status` and an empty Node took
 */
export function measureChecks(context) {
  const { programs, folder, environment, recipient, isQuick, report } = context;
  const rows = [];
  const empty = { command: [process.execPath, '-e', '0'] };
  const git = { command: ['git', 'status', '--short'] };
  const add = (name, args, cwd, rounds, others = {}) => {
    const commands = { node: { command: [...programs.node, ...args] }, git, empty, ...others };
    const row = { name, ...alternate(commands, rounds, { cwd, env: environment }) };
    rows.push(row);
    report(row);
  };
  for (const count of isQuick ? [1000] : [1000, 10_000]) {
    const repository = join(folder, `repository-${count}`);
    makeRepository({ programs, repository, environment, recipient, count });
    rmSync(join(repository, '.git/sotto'), { recursive: true, force: true });
    add(`check ${count} files, cold`, ['check'], repository, 1);
    add(`check ${count} files, warm`, ['check'], repository, 3);
    if (count === 10_000) {
      const dated = makeDated(context);
      add(`expiry of ${count} files`, ['expiry'], dated, 3);
      add(`report of ${count} files`, ['report', '--html', join(folder, 'report.html')], dated, 1);
      add('exposure, 1000 commits', ['exposure', recipient], makeHistory(context), 3);
    }
    if (count !== 1000) continue;
    const start = { command: [...programs.node, 'decrypt', 'secrets/0.yaml'] };
    for (const name of [2, 4, 6]) {
      const set = [...programs.node, 'set', `secrets/${name}.yaml`, 'staged', '1'];
      run(set, { cwd: repository, env: environment });
    }
    run(['git', 'add', '-A'], { cwd: repository, env: environment });
    add('hook, 3 staged files', ['check', '--staged'], repository, 5, { start });
    add('diff of a small file', ['diff', 'secrets/2.yaml'], repository, 5, { start });
  }
  return rows;
}

function makeRepository({ programs, repository, environment, recipient, count }) {
  const options = { cwd: repository, env: environment };
  mkdirSync(join(repository, 'secrets'), { recursive: true });
  mkdirSync(join(repository, 'plain'));
  writeFileSync(
    join(repository, '.sops.yaml'),
    `creation_rules:\n  - path_regex: ^secrets/\n    age: ${recipient}\n`,
  );
  for (let index = 0; index < count; index += 1) {
    const folder = index % 2 === 0 ? 'secrets' : 'plain';
    writeFileSync(join(repository, `${folder}/${index}.yaml`), nested(VALUES));
  }
  run(['git', 'init', '-q', '.'], options);
  run([...programs.node, 'encrypt', '-i', 'secrets'], options);
  run(['git', 'add', '-A'], options);
  run(
    ['git', '-c', 'user.name=b', '-c', 'user.email=b@example.org', 'commit', '-qm', 'All', '--no-verify'],
    options,
  );
}

/** A repository of 10,000 files with 100,000 values, all of which have a date. @returns its folder */
function makeDated({ programs, folder, environment, recipient }) {
  const repository = join(folder, 'dated');
  const options = { cwd: repository, env: environment };
  mkdirSync(join(repository, 'secrets'), { recursive: true });
  writeFileSync(
    join(repository, '.sops.yaml'),
    `creation_rules:\n  - age: ${recipient}\nsotto:\n  lifecycle: true\n  secrets:\n    - { owner: all, max_age: 90d }\n`,
  );
  for (let index = 0; index < 10_000; index += 1)
    writeFileSync(join(repository, `secrets/${index}.yaml`), nested(10));
  run(['git', 'init', '-q', '.'], options);
  run([...programs.node, 'encrypt', '-i', 'secrets'], options);
  run(['git', 'add', '-A'], options);
  return repository;
}

/** A repository of 1,000 commits, each of which has other tokens in 30 files of 10 values. @returns its folder */
function makeHistory({ programs, folder, environment, recipient }) {
  const repository = join(folder, 'history');
  const options = { cwd: repository, env: environment };
  mkdirSync(repository);
  writeFileSync(join(repository, '.sops.yaml'), `creation_rules:\n  - age: ${recipient}\n`);
  writeFileSync(join(repository, 'a.yaml'), nested(10));
  run(['git', 'init', '-q', '.'], options);
  run([...programs.node, 'encrypt', '-i', 'a.yaml'], options);
  const text = readFileSync(join(repository, 'a.yaml'), 'utf8');
  const renewed = () => text.replace(/,iv:[^,]+/g, () => `,iv:${randomBytes(32).toString('base64')}`);
  const data = (content) => `data ${Buffer.byteLength(content)}\n${content}\n`;
  const commits = Array.from({ length: 1000 }, (_, number) => {
    const files = Array.from(
      { length: 30 },
      (__, index) => `M 100644 inline s/${index}.yaml\n${data(renewed())}`,
    );
    const time = 1_700_000_000 + 60 * number;
    return `commit refs/heads/main\ncommitter b <b@example.org> ${time} +0000\n${data('set')}${files.join('')}\n`;
  });
  run(['git', 'fast-import', '--quiet'], { ...options, input: commits.join('') });
  run(['git', 'checkout', '-qf', 'main'], options);
  return repository;
}

function run([program, ...args], options) {
  const { status, stderr, error } = spawnSync(program, args, { ...options, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
}
