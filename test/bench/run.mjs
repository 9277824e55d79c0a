// Benchmarks; run with: npm run bench. They print, and assert nothing. With a sops binary in the PATH, its time too.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bench } from 'tinybench';

const MAIN = fileURLToPath(new URL('../../dist/bin/sotto.js', import.meta.url));
const { decrypt, encrypt, newIdentityFile } = await import(
  new URL('../../dist/index.js', import.meta.url).href
);

const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
const key = await newIdentityFile(new Date());
writeFileSync(join(folder, 'key.txt'), key.text);
const environment = { ...process.env, SOPS_AGE_KEY_FILE: join(folder, 'key.txt'), HOME: folder };
const sops = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((path) => join(path, 'sops'))
  .find((path) => spawnSync(path, ['--version']).status === 0);

function nested(count) {
  const lines = [];
  for (let i = 0; i < count; i += 1) {
    if (i % 10 === 0) lines.push(`group${i / 10}:`);
    lines.push(`  key${i}: value number ${i}`);
  }
  return `${lines.join('\n')}\n`;
}

function flat(count) {
  return Array.from({ length: count }, (_, i) => `key${i}: value number ${i}\n`).join('');
}

const withComments = (count) => flat(count).replaceAll('\n', ' # beside\n');

/** The same flat values in each format, and with a comment beside each where a format can have them. */
const FORMATS = [
  ['yaml', flat],
  ['yaml, with comments', withComments],
  [
    'json',
    (count) =>
      `{\n${flat(count)
        .trimEnd()
        .replace(/^(\w+): (.*)$/gm, '  "$1": "$2"')
        .replaceAll('\n', ',\n')}\n}\n`,
  ],
  ['dotenv', (count) => flat(count).replaceAll(': ', '=')],
  ['dotenv standard', (count) => flat(count).replace(/: (.*)/g, '="$1"'), { dialect: 'standard' }],
  [
    'dotenv standard, with comments',
    (count) => withComments(count).replace(/: (.*) #/g, '="$1" #'),
    { dialect: 'standard' },
  ],
  ['ini', (count) => `[s]\n${flat(count).replaceAll(': ', ' = ')}`],
  ['toml', (count) => flat(count).replace(/: (.*)/g, ' = "$1"')],
  ['toml, with comments', (count) => withComments(count).replace(/: (.*) #/g, ' = "$1" #')],
];

/** Values a second, by format. */
async function rates() {
  for (const [name, make, options = {}] of FORMATS) {
    const [format] = name.split(/\W/, 1);
    const count = 10_000;
    const text = make(count);
    const times = [];
    for (let run = 0; run < 3; run += 1) {
      const start = performance.now();
      const sealed = await encrypt(text, { format, ...options, recipients: [key.recipient] });
      const middle = performance.now();
      await decrypt(sealed.text, { format, identities: key.text });
      times.push([middle - start, performance.now() - middle]);
    }
    const [enc, dec] = [0, 1].map((part) =>
      (count / Math.min(...times.map((time) => time[part]))).toFixed(0),
    );
    console.log(
      `${name.padEnd(34)} encrypt ${enc.padStart(5)}, decrypt ${dec.padStart(5)} values a millisecond`,
    );
  }
}

/** Milliseconds of the fastest of some runs of a program. */
function timeOf(program, args, runs = 3) {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    execFileSync(program, args, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 1 << 30,
    });
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Peak memory of a run of sotto, in MB. */
function memoryOf(args) {
  const script = `process.argv.splice(1, 0, 'x'); const { run } = await import(${JSON.stringify(new URL('../../dist/cli/run.js', import.meta.url).href)}); const { nodeIo } = await import(${JSON.stringify(new URL('../../dist/io/node-io.js', import.meta.url).href)}); const code = await run(${JSON.stringify(args)}, nodeIo()); if (code !== 0) throw new Error('exit ' + code); console.error(process.resourceUsage().maxRSS);`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stderr.trim().split('\n').at(-1)) / 1024;
}

const show = (ms) => (ms < 100 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`);

function compare(label, args, withSops = true, runs = 3) {
  const ours = timeOf(process.execPath, [MAIN, ...args], runs);
  const theirs = sops !== undefined && withSops ? timeOf(sops, args, 1) : undefined;
  const ratio = theirs === undefined ? '' : `   sops ${show(theirs)}   ratio ${(ours / theirs).toFixed(2)}`;
  console.log(`${label.padEnd(34)} ${show(ours).padStart(9)}${ratio}`);
}

try {
  console.log('In the process');
  const bench = new Bench({ time: 500 });
  for (const count of [10, 1000]) {
    const text = nested(count);
    const { text: sealed } = await encrypt(text, { format: 'yaml', recipients: [key.recipient] });
    bench.add(`encrypt ${count} values`, () =>
      encrypt(text, { format: 'yaml', recipients: [key.recipient] }).then(() => {}),
    );
    bench.add(`decrypt ${count} values`, () =>
      decrypt(sealed, { format: 'yaml', identities: key.text }).then(() => {}),
    );
  }
  await bench.run();
  console.table(bench.table());

  console.log('By format');
  await rates();

  console.log('Whole processes');
  compare('cold start (--version)', ['--version'], true, 10);
  const age = ['--age', key.recipient];
  for (const [shape, make] of [
    ['nested', nested],
    ['flat', flat],
  ]) {
    for (const count of [10, 1000, 100_000]) {
      const name = `${shape}${count}.yaml`;
      writeFileSync(join(folder, name), make(count));
      const { text } = await encrypt(make(count), { format: 'yaml', recipients: [key.recipient] });
      writeFileSync(join(folder, `enc-${name}`), text);
      // sops needs a minute and a half for 100,000 flat values.
      const withSops = shape === 'nested' || count < 100_000 || process.env['SOTTO_BENCH_ALL'] !== undefined;
      compare(`encrypt ${count} values ${shape}`, ['encrypt', ...age, name], withSops);
      compare(`decrypt ${count} values ${shape}`, ['decrypt', `enc-${name}`], withSops);
    }
  }

  const { Keyring } = await import(new URL('../../dist/keys/keyring.js', import.meta.url).href);
  const { parseIdentities } = await import(new URL('../../dist/index.js', import.meta.url).href);
  const keyring = new Keyring({ identities: parseIdentities(key.text, 'bench') });
  const recipient = keyring.recipient({ kind: 'age', id: key.recipient });
  const dataKey = new Uint8Array(32);
  const entries = await Promise.all(Array.from({ length: 1000 }, () => recipient.wrap(dataKey)));
  const perFile = async (label, work) => {
    await work(entries[0]);
    const start = performance.now();
    for (const entry of entries) await work({ ...entry });
    console.log(
      `${label.padEnd(34)} ${((performance.now() - start) / entries.length).toFixed(3).padStart(6)} ms`,
    );
  };
  console.log('Keys, a file');
  await perFile('unwrap, age X25519', (entry) => keyring.open({ groups: [[entry]] }));
  await perFile('wrap, age X25519', () =>
    keyring.recipient({ kind: 'age', id: key.recipient }).wrap(dataKey),
  );

  const { Masker } = await import(new URL('../../dist/masking/masker.js', import.meta.url).href);
  const masker = new Masker(Array.from({ length: 100 }, () => randomBytes(24).toString('base64')));
  const log = Buffer.from(
    'Nov 24 12:00:00 web[7]: GET /index.html?x=1 200 user=ann took 12 ms\n'.repeat(1000),
  );
  const before = process.cpuUsage();
  for (let i = 0; i < 5000; i += 1) masker.push(log);
  const { user } = process.cpuUsage(before);
  console.log(
    `mask a log, 100 secrets            ${((5000 * log.length) / user).toFixed(0).padStart(6)} MB/s`,
  );

  mkdirSync(join(folder, 'many'));
  const { text: small } = await encrypt(nested(10), { format: 'yaml', recipients: [key.recipient] });
  for (let i = 0; i < 1000; i += 1) writeFileSync(join(folder, 'many', `${i}.yaml`), small);
  const { recipient: another } = await newIdentityFile(new Date());
  writeFileSync(join(folder, '.sops.yaml'), `creation_rules:\n  - age: ${key.recipient},${another}\n`);
  const ours = timeOf(process.execPath, [MAIN, 'updatekeys', '--yes', 'many'], 1);
  let line = `updatekeys over 1,000 files        ${show(ours).padStart(9)}`;
  if (sops !== undefined) {
    writeFileSync(join(folder, 'one.yaml'), small);
    const theirs = timeOf(sops, ['updatekeys', '--yes', 'one.yaml'], 1) * 1000;
    line += `   sops, a process each ${show(theirs)}   ratio ${(ours / theirs).toFixed(2)}`;
  }
  console.log(line);

  const megabytes = 50;
  const big = flat(Math.round((megabytes * 1e6) / 29));
  writeFileSync(join(folder, 'big.yaml'), big);
  console.log(
    `peak memory, ${(big.length / 1e6).toFixed(0)} MB encrypted        ${memoryOf(['encrypt', ...age, '--output', 'enc-big.yaml', 'big.yaml']).toFixed(0)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
