// Work inside of one process: values by format, growth with their number, keys, masking, and where the time goes.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS, nested } from './documents.mjs';

const built = (path) => new URL(`../../dist/${path}`, import.meta.url).href;
const { decrypt, encrypt, parseIdentities } = await import(built('index.js'));

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

/** Values a millisecond, by format. */
export async function rates(key) {
  const rows = [];
  for (const [name, make, options = {}] of FORMATS) {
    const [format] = name.split(/\W/, 1);
    const count = 10_000;
    const text = make(count);
    const times = [];
    for (let run = 0; run < 3; run += 1) {
      const [sealing, sealed] = await timed(() =>
        encrypt(text, { format, ...options, recipients: [key.recipient] }),
      );
      const [opening] = await timed(() => decrypt(sealed.text, { format, identities: key.text }));
      times.push([sealing, opening]);
    }
    const [encrypts, decrypts] = [0, 1].map((part) => count / Math.min(...times.map((time) => time[part])));
    rows.push({ name, encrypts, decrypts });
  }
  return rows;
}

/** Microseconds a value, by their number. */
export async function growth(key, counts) {
  const rows = [];
  for (const count of counts) {
    const text = nested(count);
    const [sealing, sealed] = await timed(() =>
      encrypt(text, { format: 'yaml', recipients: [key.recipient] }),
    );
    const [opening] = await timed(() => decrypt(sealed.text, { format: 'yaml', identities: key.text }));
    rows.push({ count, encrypts: (1000 * sealing) / count, decrypts: (1000 * opening) / count });
  }
  return rows;
}

/** Milliseconds to wrap and unwrap a data key with age. */
export async function keys(key) {
  const { Keyring } = await import(built('keys/keyring.js'));
  const keyring = new Keyring({ identities: parseIdentities(key.text, 'bench') });
  const recipient = await keyring.recipient({ kind: 'age', id: key.recipient });
  const entries = [];
  const [wrapping] = await timed(async () => {
    for (let i = 0; i < 1000; i += 1) entries.push(await recipient.wrap(new Uint8Array(32)));
  });
  const [unwrapping] = await timed(async () => {
    for (const entry of entries) await keyring.open({ groups: [[{ ...entry }]] });
  });
  return { wrap: wrapping / entries.length, unwrap: unwrapping / entries.length };
}

/** Milliseconds of CPU time to merge files whose sides changed two values each, and added one: the first time, and then. */
export async function merging(key, count) {
  const { encryptOnto, parseIdentities: parse } = await import(built('index.js'));
  const { Keyring } = await import(built('keys/keyring.js'));
  const { NO_NAMES } = await import(built('keys/names.js'));
  const { loadFormat } = await import(built('formats/index.js'));
  const { merge } = await import(built('operations/merge/merge.js'));
  const format = await loadFormat('yaml');
  const lines = nested(count).split('\n');
  const at = (line) => lines.findIndex((text, index) => index >= line && /^ +\w+: \w/.test(text));
  const other = (from) =>
    [1, 2].reduce((all, part) => all.with(at(from * part), `${lines[at(from * part)]}x`), lines);
  const options = { format: 'yaml', identities: key.text };
  const base = (await encrypt(lines.join('\n'), { format: 'yaml', recipients: [key.recipient] })).text;
  const side = async (from) =>
    (await encryptOnto(base, `${other(from).join('\n')}new${from}: 1\n`, options)).text;
  const [ours, theirs] = [await side(30), await side(count / 3)];
  const keyring = new Keyring({ identities: parse(key.text, 'bench') });
  const source = (text) => ({ text, format });
  const times = [];
  for (let run = 0; run < 4; run += 1) {
    const before = process.cpuUsage();
    const { conflicts } = await merge(
      { base: source(base), ours: source(ours), theirs: source(theirs) },
      { keyring, names: NO_NAMES, now: new Date(), isNamed: () => true },
    );
    const { user, system } = process.cpuUsage(before);
    if (conflicts.length > 0) throw new Error('the merge of the benchmark conflicts');
    times.push((user + system) / 1000);
  }
  return { first: times[0], again: Math.min(...times.slice(1)) };
}

/** Megabytes a second of CPU time, through a masker of 100 secrets. */
export async function masking() {
  const { Masker } = await import(built('masking/masker.js'));
  const masker = new Masker(Array.from({ length: 100 }, () => randomBytes(24).toString('base64')));
  const log = Buffer.from(
    'Nov 24 12:00:00 web[7]: GET /index.html?x=1 200 user=ann took 12 ms\n'.repeat(1000),
  );
  const before = process.cpuUsage();
  for (let i = 0; i < 5000; i += 1) masker.push(log);
  return (5000 * log.length) / process.cpuUsage(before).user;
}

/** The functions that took most of a command's time themselves, with their share of it. */
export function profile([program, main], args, { folder, environment }) {
  const output = mkdtempSync(join(folder, 'profile-'));
  const run = spawnSync(program, ['--cpu-prof', `--cpu-prof-dir=${output}`, main, ...args], {
    cwd: folder,
    env: environment,
    stdio: 'ignore',
  });
  if (run.status !== 0) throw new Error(`the profile of ${args[0]} ended with ${run.status}`);
  const { nodes, samples, timeDeltas } = JSON.parse(
    readFileSync(join(output, readdirSync(output)[0]), 'utf8'),
  );
  rmSync(output, { recursive: true });
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']));
  const self = new Map();
  let total = 0;
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample);
    self.set(name, (self.get(name) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  }
  return [...self]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([name, time]) => ({ name, share: time / total }));
}
