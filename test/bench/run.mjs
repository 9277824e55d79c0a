// Benchmarks; run with: npm run bench [-- --quick]. They print, and assert nothing. Where sops or rops is on the PATH, and
// where the binary was built, they are measured in the same run, by turns. What counts is the ratios.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLOUD_GOALS, measureClouds } from './clouds.mjs';
import { growth, keys, masking, merging, profile, rates } from './in-process.mjs';
import { GOALS, measureLarge, measureProcesses } from './processes.mjs';
import { programs as findPrograms } from './programs.mjs';
import { CHECK_GOALS, measureChecks } from './repository.mjs';

const { newIdentityFile } = await import(new URL('../../dist/index.js', import.meta.url).href);
const RESULTS = fileURLToPath(new URL('../../bench/results.json', import.meta.url));

const isQuick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
const key = await newIdentityFile(new Date());
const { recipient: another } = await newIdentityFile(new Date());
const keyFile = join(folder, 'key.txt');
writeFileSync(keyFile, key.text);
const environment = {
  ...process.env,
  SOPS_AGE_KEY_FILE: keyFile,
  ROPS_AGE: key.text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY')),
  SOPS_DISABLE_VERSION_CHECK: 'true',
  HOME: folder,
};
const programs = findPrograms();
const names = Object.keys(programs);

const show = (ms) => (ms < 100 ? ms.toFixed(1) : ms.toFixed(0));
const ratio = (a, b) => (a === undefined || b === undefined ? '' : (a.wall / b.wall).toFixed(3));
const print = (...cells) =>
  console.log(cells.map((cell, index) => String(cell).padEnd(index === 0 ? 28 : 18)).join(''));

function printRow(row) {
  const best = row.binary ?? row.node;
  const cells = names.map((name) =>
    row[name] === undefined ? '-' : `${show(row[name].wall)} (${row[name].memory.toFixed(0)})`,
  );
  print(row.name, ...cells, ratio(best, row.sops), ratio(best, row.rops));
}

try {
  console.log('Whole processes: median wall clock in ms, and peak memory in MB');
  const ours = programs.binary === undefined ? 'node' : 'binary';
  print('', ...names, `${ours} to sops`, `${ours} to rops`);
  const processes = measureProcesses({
    programs,
    folder,
    environment,
    recipient: key.recipient,
    another,
    isQuick,
    report: printRow,
  });

  const clouds = await measureClouds({ programs, folder, report: printRow });

  console.log('\nIn a repository, in ms: check, git status, an empty process of Node');
  const checks = measureChecks({
    programs,
    folder,
    environment,
    recipient: key.recipient,
    isQuick,
    report: ({ name, node, git, empty }) =>
      print(name, show(node.wall), show(git.wall), show(empty.wall), ratio(node, empty)),
  });

  console.log('\nGoals');
  const goals = [...GOALS, ...CLOUD_GOALS, ...CHECK_GOALS].flatMap(([name, who, other, most]) => {
    const row = [...processes, ...clouds, ...checks].find((one) => one.name === name);
    if (row?.[who] === undefined || row[other] === undefined) return [];
    const reached = row[who].wall / row[other].wall;
    return [{ name, who, other, most, reached, isReached: reached <= most }];
  });
  for (const goal of goals)
    print(
      `${goal.name}`,
      `${goal.who} to ${goal.other}`,
      goal.reached.toFixed(3),
      `at most ${goal.most}`,
      goal.isReached ? '' : 'missed',
    );

  console.log('\nValues a millisecond, in one process');
  const formats = await rates(key);
  for (const { name, encrypts, decrypts } of formats)
    print(name, `encrypt ${encrypts.toFixed(0)}`, `decrypt ${decrypts.toFixed(0)}`);

  console.log('\nMicroseconds a value, by their number');
  const grown = await growth(key, [100, 1000, 10_000, 100_000, ...(isQuick ? [] : [1_000_000])]);
  for (const { count, encrypts, decrypts } of grown)
    print(count, `encrypt ${encrypts.toFixed(1)}`, `decrypt ${decrypts.toFixed(1)}`);

  const wrapped = await keys(key);
  console.log(`\nKeys, a file: wrap ${wrapped.wrap.toFixed(3)} ms, unwrap ${wrapped.unwrap.toFixed(3)} ms`);
  const merged = await merging(key, 10_000);
  console.log(
    `Merging 10,000 values: ${merged.first.toFixed(0)} ms of CPU time, then ${merged.again.toFixed(0)} ms`,
  );
  const masked = await masking();
  console.log(`Masking, 100 secrets: ${masked.toFixed(0)} MB/s`);

  const largest = isQuick ? 10_000 : 100_000;
  const profiles = {};
  for (const [verb, args] of [
    ['decrypt', [`yaml-${largest}.enc.yaml`]],
    ['encrypt', ['--age', key.recipient, `yaml-${largest}.yaml`]],
  ]) {
    profiles[verb] = profile(programs.node, [verb, ...args], { folder, environment });
    console.log(`\nWhere the time goes: ${verb} ${largest} values on Node`);
    for (const { name, share } of profiles[verb]) print(name, `${(100 * share).toFixed(1)} %`);
  }

  let large = [];
  if (!isQuick) {
    console.log('\nLarge files: peak memory');
    large = measureLarge({
      programs,
      folder,
      environment,
      recipient: key.recipient,
      report: ({ name, program, size, wall, memory, times }) =>
        print(
          name,
          program,
          `${size.toFixed(0)} MB`,
          `${show(wall)} ms`,
          `${memory.toFixed(0)} MB`,
          `${times.toFixed(1)} times`,
        ),
    });
  }

  mkdirSync(fileURLToPath(new URL('../../bench', import.meta.url)), { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cpus: cpus().length, node: process.version };
  const results = {
    machine,
    processes,
    clouds,
    checks,
    goals,
    formats,
    growth: grown,
    keys: wrapped,
    masking: masked,
    merging: merged,
    profiles,
    large,
  };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  console.log('\nwritten to bench/results.json');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
