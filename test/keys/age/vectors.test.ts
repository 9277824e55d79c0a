import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readMetadata } from '../../../src/core/sops/metadata.ts';
import { KINDS_IN_GROUPS } from '../../../src/keys/index.ts';
import { type Case, casesOf, fileOf, findFile, VECTORS } from '../../support/cases.ts';
import { formatNamed } from '../../support/format-named.ts';
import { type Outcome, type Session, startSession, type World } from '../../support/session.ts';
import { AGE_IS_HYBRID, AGE_VERSION, ageDecrypt } from './peers.ts';

interface NamedKey {
  readonly kind: string;
  readonly recipient: string;
  readonly identity: string;
  readonly passphrase?: string;
}

const NAMED: { readonly [name: string]: NamedKey } = JSON.parse(
  readFileSync(join(VECTORS, 'keys/keys.json'), 'utf8'),
);
const KEYS = Object.values(NAMED);
const AGE_KEYS = KEYS.filter(({ kind }) => !kind.startsWith('pgp'));

let session: Session | undefined;
afterEach(() => session?.end());

/** A command in a folder of its own, with one identity file of the vectors in the place where its kind belongs. */
async function withKey(
  identity: string,
  args: readonly string[],
  files: { readonly [name: string]: string },
) {
  session?.end();
  const here = startSession();
  session = here;
  for (const [name, text] of Object.entries(files)) here.write(name, text);
  let questions = 0;
  const variable = identity.includes('ssh-') ? 'SOPS_AGE_SSH_PRIVATE_KEY_FILE' : 'SOPS_AGE_KEY_FILE';
  const world: World = {
    environment: { [variable]: join(VECTORS, identity) },
    askSecret: () => {
      questions += 1;
      return 'correct horse';
    },
  };
  const outcome: Outcome = await here.sotto(args, world);
  return { ...outcome, questions };
}

/** Cases in a format that can be read, with an identity that age has. */
const cases: readonly (readonly [string, Case, string])[] = casesOf('files').flatMap((one) => {
  if (formatNamed(one.format) === undefined) return [];
  const [identity, another] = one.identities ?? [];
  const isOurs = identity !== undefined && !identity.includes('pgp') && another === undefined;
  return isOurs && /^(?:key|real)-/.test(one.name) ? [[one.name, one, identity] as const] : [];
});

test.each(cases)('%s opens with the key of its vector', async (_, one, identity) => {
  const encrypted = findFile(one, 'encrypted') ?? '';
  const { exit, stdout, stderr, questions } = await withKey(identity, ['decrypt', encrypted], {
    [encrypted]: fileOf(one, encrypted),
  });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toBe(fileOf(one, findFile(one, 'decrypted') ?? ''));
  expect(questions).toBe(AGE_KEYS.find((key) => key.identity === identity)?.passphrase === undefined ? 0 : 1);
});

test('the vectors have every kind of age key', () => {
  console.info(`vectors with age keys: ${cases.length} files, ${AGE_KEYS.length} keys`);
  expect(new Set(AGE_KEYS.map(({ kind }) => kind)).size).toBe(7);
  expect(cases.length).toBeGreaterThan(15);
});

describe.each(AGE_KEYS.map((key) => [key.identity, key] as const))('for %s', (_, key) => {
  const plain = 'password: hunter2\n';

  test('a file is made with the fields that sops writes, and opens again', async () => {
    const encrypted = await withKey(key.identity, ['encrypt', '--age', key.recipient, 'a.yaml'], {
      'a.yaml': plain,
    });
    expect({ exit: encrypted.exit, stderr: encrypted.stderr }).toEqual({ exit: 0, stderr: '' });
    const [entry, another] = entriesOf(encrypted.stdout);
    expect(another).toBeUndefined();
    expect(Object.keys(entry ?? {}).sort()).toEqual(['enc', 'recipient']);
    expect(entry?.['recipient']).toBe(key.recipient);
    expect(String(entry?.['enc'])).toMatch(
      /^-----BEGIN AGE ENCRYPTED FILE-----\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END AGE ENCRYPTED FILE-----\n$/,
    );
    const decrypted = await withKey(key.identity, ['decrypt', 'a.yaml'], { 'a.yaml': encrypted.stdout });
    expect({ exit: decrypted.exit, stderr: decrypted.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(decrypted.stdout).toBe(plain);
    if (AGE_VERSION === undefined || key.passphrase !== undefined) return;
    if (key.kind.includes('pq') && !AGE_IS_HYBRID) return;
    const dataKey = ageDecrypt(join(VECTORS, key.identity), String(entry?.['enc']));
    expect(dataKey).toHaveLength(32);
  });
});

function entriesOf(text: string) {
  const [root] = formatNamed('yaml')?.read(text).roots ?? [];
  const metadata = root === undefined ? undefined : readMetadata(root, KINDS_IN_GROUPS);
  return (metadata?.groups ?? []).flat().map(({ fields }) => fields);
}
