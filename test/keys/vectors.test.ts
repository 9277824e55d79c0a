import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type KeyEntry, type Metadata, readMetadata } from '../../src/core/sops/metadata.ts';
import { combineShares } from '../../src/core/sops/shamir.ts';
import { KINDS_IN_GROUPS, recipientIdOf } from '../../src/keys/index.ts';
import { Keyring } from '../../src/keys/keyring.ts';
import { type Case, casesOf, fileOf, findFile, VECTORS } from '../support/cases.ts';
import { DIFFERENT } from '../support/differences.ts';
import { formatNamed } from '../support/format-named.ts';
import { GPG_MISSING, type GpgHome, startGpgHome } from '../support/gpg.ts';
import { spawnSync } from '../support/processes.ts';
import { type Session, startSession } from '../support/session.ts';

/** Why a case can't be played here; `undefined` if it can. */
async function reasonToSkip({
  format,
  recipients = [],
  identities = [],
  name,
}: Case): Promise<string | undefined> {
  if (formatNamed(format) === undefined) return `${format} is not supported yet`;
  if (DIFFERENT.get(name)?.exit !== undefined) return 'refused on purpose';
  if ([...recipients, ...identities].some(isPgp) && GPG_MISSING !== undefined) return GPG_MISSING;
  const keyring = new Keyring({});
  for (const id of recipients) {
    const kind = /^[0-9A-F]{40}$/.test(id) ? 'pgp' : id.startsWith('a') || id.startsWith('ssh-') ? 'age' : '';
    if (kind === '') return 'cloud keys are not supported yet';
    try {
      await keyring.recipient({ kind, id });
    } catch (error) {
      return error instanceof Error ? error.message.replace(/"[^"]*"/, '…') : 'unknown';
    }
  }
  // Passphrases are asked for on a terminal.
  return identities.some((file) => /passphrase|scrypt/.test(file))
    ? 'its identity has a passphrase'
    : undefined;
}

function isPgp(text: string): boolean {
  return /^[0-9A-F]{40}$|pgp-/.test(text);
}

const all = casesOf('files').filter(({ dataKey }) => dataKey !== undefined);
const reasons = await Promise.all(all.map(reasonToSkip));
const cases = all.filter((_, index) => reasons[index] === undefined).map((one) => [one.name, one] as const);

/** Everybody's keys, and nobody's. */
let everybody: GpgHome | undefined;
let session: Session | undefined;
beforeAll(() => {
  if (GPG_MISSING !== undefined) return;
  everybody = startGpgHome();
  for (const name of ['pgp-grace-rsa', 'pgp-heidi-ed25519']) everybody.importKey(`${name}.sec.asc`);
}, 60_000);
afterAll(() => everybody?.end());
afterEach(() => session?.end());

/** Variables with the identities of a case, and no others. */
function identitiesOf({ identities = [] }: Case): { [name: string]: string } {
  const age = identities.filter((file) => /\/age-/.test(file));
  const ssh = identities.find((file) => /\/ssh-/.test(file));
  return {
    SOPS_AGE_KEY: age.map((file) => readFileSync(join(VECTORS, file), 'utf8')).join('\n'),
    ...(ssh === undefined ? {} : { SOPS_AGE_SSH_PRIVATE_KEY_FILE: join(VECTORS, ssh) }),
    GNUPGHOME: identities.some(isPgp) ? (everybody?.path ?? '') : '/nowhere',
  };
}

function start(): Session {
  const here = startSession();
  session = here;
  return here;
}

/** Of these sops encrypts nothing, what looks like tokens, or another text; only under its name that is done as well. */
const REFUSED: ReadonlySet<string> = new Set([
  // A quote that is not closed: a new .env is read in the dialect of those who have quotes.
  'env-quotes',
  'sel-mac-only-nothing',
  'sel-nothing-encrypted',
  'yaml-comment-enc-lookalike',
  'yaml-enc-lookalike',
]);

describe.each(cases)('%s', (name, one) => {
  test('written by sops opens with its identities', async () => {
    const here = start();
    const file = findFile(one, 'encrypted') ?? '';
    here.write(file, readFileSync(join(one.folder, file)));
    const args = ['decrypt', '--input-type', one.format, '--output-type', one.format, file];
    const { exit, stdout, stderr } = await here.sotto(args, { environment: identitiesOf(one) });
    expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
    const expected = fileOf(one, findFile(one, 'decrypted') ?? '');
    if (DIFFERENT.get(name)?.text === true) expect(stdout).not.toBe(expected);
    else expect(stdout).toBe(expected);
  });

  test('written by sotto has the fields of sops, opens again, and for the tools of each key', async () => {
    const here = start();
    const clear = findFile(one, 'clear') ?? '';
    here.write(clear, readFileSync(join(one.folder, clear)));
    if (one.config !== undefined) here.write('.sops.yaml', one.config);
    const everything = { GNUPGHOME: everybody?.path ?? '/nowhere' };
    const program = REFUSED.has(name) ? 'sops' : 'sotto';
    const written = await here.sotto(one.args, { environment: everything, program });
    expect({ exit: written.exit, stderr: written.exit === 0 ? '' : written.stderr }).toEqual({
      exit: 0,
      stderr: '',
    });
    const file = findFile(one, 'encrypted') ?? '';
    const metadata = metadataOf(one, written.stdout);
    expect(shapeOf(metadata)).toEqual(shapeOf(metadataOf(one, fileOf(one, file))));

    here.write(file, written.stdout);
    const types = ['--input-type', one.format, '--output-type', one.format];
    const opened = await here.sotto(['decrypt', ...types, file], { environment: identitiesOf(one) });
    expect(opened).toEqual({ exit: 0, stdout: fileOf(one, clear), stderr: '' });

    if (isProven(metadata)) return;
    const parts = metadata.groups.map((group) => group.map(unwrapWithItsTool));
    const first = parts.flatMap((group) => group.find((part) => part !== undefined) ?? []);
    // Every recipient of a group has the same share, and all shares make the data key of the file.
    for (const group of parts) for (const part of group) if (part) expect(part).toEqual(group.find(Boolean));
    if (metadata.groups.length > 1 && first.length === metadata.groups.length)
      expect(combineShares(first).length).toBe(32);
  });
});

function metadataOf(one: Case, text: string): Metadata {
  const [root] = formatNamed(one.format)?.read(text.replace(/^\ufeff/, '')).roots ?? [];
  const metadata = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  if (metadata === undefined) throw new Error('no metadata');
  return metadata;
}

/** Who can open a file, and which fields say so. */
function shapeOf({ groups, threshold }: Metadata): unknown {
  const entryShape = (entry: KeyEntry): string =>
    [entry.kind, recipientIdOf(entry), ...Object.keys(entry.fields).sort()].join(' ');
  return { groups: groups.map((group) => group.map(entryShape)), threshold };
}

/** Recipients whose tool opened a file that is for them alone. */
const proven = new Set<string>();

/** Whether a file is for one recipient alone, for whom its tool has opened another: what is in it makes no difference. */
function isProven({ groups: [group = [], another] }: Metadata): boolean {
  const [entry, second] = group;
  if (another !== undefined || second !== undefined || entry === undefined) return false;
  const recipient = `${entry.kind} ${recipientIdOf(entry)}`;
  if (proven.has(recipient)) return true;
  proven.add(recipient);
  return false;
}

/** A part of the data key, unwrapped by age or gpg themselves; `undefined` if the tool is not here. */
function unwrapWithItsTool({ kind, fields: { recipient, enc } }: KeyEntry): Uint8Array | undefined {
  if (typeof enc !== 'string') throw new Error('no enc');
  if (kind === 'pgp') return everybody?.gpg(['-d'], enc);
  const identity = Object.values(KEYS).find((key) => key.recipient === recipient);
  if (identity === undefined || identity.passphrase !== undefined) return undefined;
  if (identity.kind.includes('pq')) return undefined;
  return unwrapWithAge(identity.identity, enc);
}

const KEYS: {
  readonly [name: string]: { kind: string; recipient: string; identity: string; passphrase?: string };
} = JSON.parse(readFileSync(join(VECTORS, 'keys/keys.json'), 'utf8'));

function unwrapWithAge(identity: string, enc: string): Uint8Array | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-age-'));
  try {
    // ssh refuses nothing here, but a copy of the key can't be changed by a tool.
    const key = join(folder, 'key');
    writeFileSync(key, readFileSync(join(VECTORS, identity)), { mode: 0o600 });
    const { status, stdout, stderr, error } = spawnSync('age', ['-d', '-i', key], { input: enc });
    if (error !== undefined) return undefined;
    if (status !== 0) throw new Error(`age: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('what can not be played here says so', () => {
  const skipped = all.flatMap((one, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [`skipped: ${one.name}: ${reason}`];
  });
  console.info(skipped.join('\n'));
  expect(skipped.length + cases.length).toBe(all.length);
});
