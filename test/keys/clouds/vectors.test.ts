import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Case, casesOf, VECTORS } from '../../support/cases.ts';
import { OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, recordedAnswer, recordedFor, startCloud } from '../../support/cloud.ts';
import { startSession } from '../../support/session.ts';

const CASES = casesOf('kms');

let cloud: Cloud;
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  cloud = await startCloud([
    'vault.example.com',
    'kms.eu-west-101.myhuaweicloud.eu',
    'cloudkms.googleapis.com',
    'oauth2.googleapis.com',
    '*.eu-west-1.amazonaws.com',
    '*.us-east-1.amazonaws.com',
    '*.cn-north-1.amazonaws.com.cn',
    'testvault.vault.azure.net',
    'login.microsoftonline.com',
  ]);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => cloud?.end());

interface KmsCase extends Case {
  readonly home?: { readonly [name: string]: string };
  readonly decryptEnv?: { readonly [name: string]: string };
}

function begin(one: KmsCase) {
  const session = startSession({ ...one.env, ...cloud.environment });
  for (const [name, text] of Object.entries(one.home ?? {})) {
    mkdirSync(dirname(session.path(name)), { recursive: true });
    session.write(name, text);
  }
  if (one.config !== undefined) session.write('.sops.yaml', one.config);
  session.write('subject', 'fake.federated.token');
  const [identity] = one.identities ?? [];
  const environment = {
    ...one.decryptEnv,
    HOME: session.folder,
    SOPS_HC_VAULT_ALLOWLIST: 'https://vault.example.com',
    ...(one.name === 'azure-workload-identity'
      ? { AZURE_FEDERATED_TOKEN_FILE: session.path('subject') }
      : {}),
    ...(identity === undefined ? {} : { SOPS_AGE_KEY_FILE: join(VECTORS, identity) }),
  };
  // Packages of the clouds read the variables of the process.
  for (const [name, value] of Object.entries({ ...one.env, ...environment })) vi.stubEnv(name, value);
  const recorded = recordedFor(one.folder);
  cloud.answer = (request) => recordedAnswer(recorded, request);
  const suffix = extname(one.args.at(-1) ?? '');
  const sotto = (...args: readonly string[]) => session.sotto(args, { environment });
  return { session, sotto, suffix };
}

describe.skipIf(OPENSSL_MISSING !== undefined).each(CASES)('$name, which real sops made', (one) => {
  test('opens here, as the service was asked by sops', async () => {
    const { session, sotto, suffix } = begin(one);
    session.write(`encrypted${suffix}`, readFileSync(join(one.folder, `encrypted${suffix}`)));
    const { exit, stdout, stderr } = await sotto('decrypt', `encrypted${suffix}`);
    if (one.exit === undefined) {
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(stdout).toBe(readFileSync(join(one.folder, `decrypted${suffix}`), 'utf8'));
    } else {
      expect({ exit, stdout }).toEqual({ exit: one.exit, stdout: '' });
      // As the service said to sops.
      expect(stderr).toMatch(/InvalidCiphertextException\n[\s\S]*explain kms-key-wrong/);
    }
    session.end();
  });

  test('is made here, with the wrapped key that the service gave sops', async () => {
    const { session, sotto } = begin(one);
    const plain = one.args.at(-1) ?? '';
    session.write(plain, readFileSync(join(one.folder, plain)));
    const { exit, stdout, stderr } = await sotto(...one.args);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const wrapped = recordedFor(one.folder)
      .filter(({ phase }) => phase === 'encrypt')
      .flatMap(
        ({ response }) => /"(?:cipher_?text|CiphertextBlob|value)": ?"([^"]+)"/.exec(response)?.[1] ?? [],
      );
    expect(wrapped).not.toEqual([]);
    for (const enc of wrapped) expect(stdout).toContain(enc);
    session.end();
  });
});
