// Whole processes: this program on Node and as a binary, beside sops and rops.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flat, json, mixed, nested } from './documents.mjs';
import { alternate, measure } from './programs.mjs';

/** Goals, as ratios of wall clock: the work, whose time, against whose, and the most that it may be. */
export const GOALS = [
  ['--version', 'binary', 'sops', 0.85],
  ['decrypt yaml 10', 'binary', 'sops', 0.75],
  ['decrypt yaml 1000', 'binary', 'sops', 0.5],
  ['encrypt yaml 1000', 'binary', 'sops', 0.5],
  ['decrypt yaml 100000', 'binary', 'rops', 0.5],
  ['encrypt yaml 100000', 'binary', 'rops', 0.7],
  ['decrypt yaml 100000', 'binary', 'sops', 0.06],
  ['encrypt yaml 100000', 'binary', 'sops', 0.06],
  ['decrypt mixed 100000', 'binary', 'sops', 0.1],
  ['encrypt mixed 100000', 'binary', 'sops', 0.1],
  ['decrypt yaml 100000', 'node', 'rops', 0.8],
  ['encrypt yaml 100000', 'node', 'rops', 1],
  ['decrypt json 100000', 'binary', 'rops', 1],
  ['encrypt json 100000', 'binary', 'rops', 1.2],
  ['set in yaml 100000', 'binary', 'sops', 0.08],
  ['updatekeys, a file', 'node', 'sops', 0.05],
  ['rotate, a file', 'node', 'sops', 0.05],
  ['add, a file', 'node', 'sops', 0.05],
  ['remove, a file', 'node', 'sops', 0.05],
];

const SHAPES = { yaml: ['yaml', nested], flat: ['yaml', flat], mixed: ['yaml', mixed], json: ['json', json] };

/** Above this number of values sops takes minutes for some shapes: one round of it is enough. */
const MANY = 10_000;

/**
 * Measure everything.
 *
 * @param context `programs`, `folder`, `environment`, `recipient`, `another` recipient, `isQuick`
 * @returns rows: name of the work, and what each program took
 */
export function measureProcesses({ programs, folder, environment, recipient, another, isQuick, report }) {
  const options = { cwd: folder, env: environment };
  const rows = [];
  const add = (name, commands, rounds, where = options) => {
    const row = { name, ...alternate(commands, rounds, where) };
    rows.push(row);
    report(row);
  };
  const runs = (args, but = []) =>
    Object.fromEntries(
      Object.entries(programs)
        .filter(([name]) => !but.includes(name))
        .map(([name, command]) => [name, { command: [...command, ...args] }]),
    );
  // rops takes a file for a second input as soon as its stdin is no terminal.
  const onFile = (verb, args, file, format, but) => {
    const all = runs([verb, ...args, file], but);
    if (all.rops !== undefined)
      all.rops = { command: [...programs.rops, verb, '-f', format, ...args], stdin: join(folder, file) };
    return all;
  };

  add('empty node', { node: { command: [process.execPath, '-e', '0'] } }, 10);
  add('--version', runs(['--version'], ['rops']), 10);
  const age = ['--age', recipient];
  const sizes = isQuick ? [10, 1000, 10_000] : [10, 1000, 10_000, 100_000];
  for (const [shape, [format, make]] of Object.entries(SHAPES)) {
    for (const count of shape === 'yaml' ? sizes : sizes.slice(-1)) {
      const plain = `${shape}-${count}.${format}`;
      const sealed = `${shape}-${count}.enc.${format}`;
      writeFileSync(join(folder, plain), make(count));
      measure({ command: [...programs.node, 'encrypt', ...age, '--output', sealed, plain] }, options);
      const rounds = count > MANY ? 3 : 9;
      // sops takes more than a minute for 100,000 keys of one mapping, and for as many in JSON; rops knows no comments.
      const but = [
        ...(count > MANY && (shape === 'flat' || shape === 'json') ? ['sops'] : []),
        ...(shape === 'mixed' ? ['rops'] : []),
      ];
      add(`decrypt ${shape} ${count}`, onFile('decrypt', [], sealed, format, but), rounds);
      add(`encrypt ${shape} ${count}`, onFile('encrypt', age, plain, format, but), rounds);
    }
  }
  const largest = sizes.at(-1);
  add(
    `set in yaml ${largest}`,
    Object.fromEntries(
      Object.entries(runs(['set', 'set.yaml', '["group1"]["key11"]', '"another"'], ['rops'])).map(
        ([name, run]) => [
          name,
          () => {
            cpSync(join(folder, `yaml-${largest}.enc.yaml`), join(folder, 'set.yaml'));
            return run;
          },
        ],
      ),
    ),
    3,
  );
  addDiff({ add, programs, folder, environment });
  addPeople(rows, { programs, folder, environment, recipient, another, isQuick, report });
  addFiles(rows, { programs, folder, options, recipient, another, isQuick, report });
  return rows;
}

/** `diff` of a small file in a repository, beside an empty process and `git status`. */
function addDiff({ add, programs, folder, environment }) {
  const repository = join(folder, 'repository');
  const options = { cwd: repository, env: environment };
  const git = (...args) => measure({ command: ['git', ...args] }, options);
  mkdirSync(repository);
  cpSync(join(folder, 'yaml-10.enc.yaml'), join(repository, 'secrets.yaml'));
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'one');
  measure({ command: [...programs.node, 'set', 'secrets.yaml', 'group0.key1', '"another"'] }, options);
  add('git status', { node: { command: ['git', 'status'] } }, 9, options);
  for (const verb of [['decrypt', 'secrets.yaml'], ['diff'], ['diff', '--staged']])
    add(`${verb.join(' ')}, a small file`, { node: { command: [...programs.node, ...verb] } }, 9, options);
}

/** Milliseconds a file: one process of ours for many files, one of sops for each. */
function addFiles(rows, { programs, folder, options, recipient, another, isQuick, report }) {
  const count = isQuick ? 100 : 1000;
  const sealed = readFileSync(join(folder, 'yaml-10.enc.yaml'));
  const many = join(folder, 'many');
  writeFileSync(join(folder, '.sops.yaml'), `creation_rules:\n  - age: ${recipient},${another}\n`);
  for (const verb of ['updatekeys', 'rotate']) {
    const args = verb === 'updatekeys' ? ['updatekeys', '--yes'] : ['rotate', '-i', '--accept-file'];
    const row = { name: `${verb}, a file` };
    for (const name of ['node', 'binary']) {
      if (programs[name] === undefined) continue;
      rmSync(many, { recursive: true, force: true });
      mkdirSync(many);
      for (let i = 0; i < count; i += 1) writeFileSync(join(many, `${i}.yaml`), sealed);
      const { wall, cpu, memory } = measure({ command: [...programs[name], ...args, 'many'] }, options);
      row[name] = { wall: wall / count, cpu: cpu / count, memory };
    }
    if (programs.sops !== undefined) {
      const own = verb === 'updatekeys' ? ['updatekeys', '--yes'] : ['rotate', '-i'];
      row.sops = alternate(
        {
          sops: () => {
            writeFileSync(join(folder, 'one.yaml'), sealed);
            return { command: [...programs.sops, ...own, 'one.yaml'] };
          },
        },
        20,
        options,
      ).sops;
    }
    rows.push(row);
    report(row);
  }
  rmSync(join(folder, '.sops.yaml'));
}

/** Milliseconds a file: somebody joins and leaves a repository of many files; beside sops, of which each file takes a process. */
function addPeople(rows, { programs, folder, environment, recipient, another, isQuick, report }) {
  const count = isQuick ? 100 : 1000;
  const repository = join(folder, 'people');
  const options = { cwd: repository, env: environment };
  const git = (...args) => measure({ command: ['git', ...args] }, options);
  const people = (team) => `sotto:
  people:
    ann: &ann { age: [${recipient}] }
    cleo: &cleo { age: [${another}] }
  teams:
    ops: &ops { merge: [${team}] }
creation_rules:
  - key_groups: [*ops]
`;
  mkdirSync(join(repository, 'secrets'), { recursive: true });
  git('init', '-q');
  for (const [verb, team, args, sops] of [
    ['add', '*ann', ['add', 'cleo', '--to', 'ops', '--yes'], ['updatekeys', '--yes']],
    ['remove', '*ann, *cleo', ['remove', 'cleo', '--yes'], ['rotate', '-i', '--rm-age', another]],
  ]) {
    const row = { name: `${verb}, a file` };
    const begin = () => {
      writeFileSync(join(repository, '.sops.yaml'), people(team));
      for (let i = 0; i < count; i += 1) writeFileSync(join(repository, `secrets/${i}.yaml`), nested(10));
      measure({ command: [...programs.node, 'encrypt', '-i', 'secrets'] }, options);
      git('add', '-A');
      git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', verb);
    };
    for (const name of ['node', 'binary']) {
      if (programs[name] === undefined) continue;
      begin();
      const { wall, cpu, memory } = measure({ command: [...programs[name], ...args] }, options);
      row[name] = { wall: wall / count, cpu: cpu / count, memory };
    }
    if (programs.sops !== undefined) {
      begin();
      writeFileSync(join(repository, '.sops.yaml'), people(verb === 'add' ? '*ann, *cleo' : '*ann'));
      let file = 0;
      const one = () => {
        file += 1;
        return { command: [...programs.sops, ...sops, `secrets/${file}.yaml`] };
      };
      row.sops = alternate({ sops: one }, 20, options).sops;
    }
    rows.push(row);
    report(row);
  }
}

/** Peak memory and time of large files, and their sizes in MB. */
export function measureLarge({ programs, folder, environment, recipient, report }) {
  const options = { cwd: folder, env: environment };
  const rows = [];
  const large = [
    ['large.yaml', flat(1_900_000)],
    ['large.bin', Buffer.alloc(100_000_000, 'binary file ')],
  ];
  for (const [name, content] of large) {
    writeFileSync(join(folder, name), content);
    const size = content.length / 1e6;
    for (const program of ['node', 'binary']) {
      const command = programs[program];
      if (command === undefined) continue;
      const sealed = `sealed-${name}`;
      for (const [verb, args] of [
        ['encrypt', ['encrypt', '--age', recipient, '--output', sealed, name]],
        ['decrypt', ['decrypt', '--output', `opened-${name}`, sealed]],
      ]) {
        const result = measure({ command: [...command, ...args] }, options);
        const row = { name: `${verb} ${name}`, program, size, ...result, times: result.memory / size };
        rows.push(row);
        report(row);
      }
    }
    rmSync(join(folder, name));
  }
  return rows;
}
