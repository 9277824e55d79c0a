import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Case, casesOf } from '../../support/cases.ts';
import { OPENSSL_MISSING } from '../../support/certificates.ts';
import { type Cloud, recordedAnswer, recordedFor, startCloud } from '../../support/cloud.ts';
import { startSession } from '../../support/session.ts';

/** Kinds of key that this machine opens by itself. */
const KINDS = /^(vault|huawei|gcp)/;
const CASES = casesOf('kms').filter(({ name }) => KINDS.test(name));

let cloud: Cloud;
beforeAll(async () => {
  if (OPENSSL_MISSING !== undefined) return;
  cloud = await startCloud([
    'vault.example.com',
    'kms.eu-west-101.myhuaweicloud.eu',
    'cloudkms.googleapis.com',
    'oauth2.googleapis.com',
  ]);
});
afterAll(() => cloud?.end());

function begin(one: Case & { readonly home?: { readonly [name: string]: string } }) {
  const session = startSession({ ...one.env, ...cloud.environment });
  for (const [name, text] of Object.entries(one.home ?? {})) session.write(name, text);
  if (one.config !== undefined) session.write('.sops.yaml', one.config);
  const recorded = recordedFor(one.folder);
  cloud.answer = (request) => recordedAnswer(recorded, request);
  return { session, suffix: extname(one.args.at(-1) ?? '') };
}

describe.skipIf(OPENSSL_MISSING !== undefined).each(CASES)('$name, which real sops made', (one) => {
  test('opens here, as the service was asked by sops', async () => {
    const { session, suffix } = begin(one);
    session.write(`encrypted${suffix}`, readFileSync(join(one.folder, `encrypted${suffix}`)));
    const { exit, stdout, stderr } = await session.sotto(['decrypt', `encrypted${suffix}`], {
      environment: { SOPS_HC_VAULT_ALLOWLIST: 'https://vault.example.com' },
    });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join(one.folder, `decrypted${suffix}`), 'utf8'));
    session.end();
  });

  test('is made here, with the wrapped key that the service gave sops', async () => {
    const { session } = begin(one);
    const plain = one.args.at(-1) ?? '';
    session.write(plain, readFileSync(join(one.folder, plain)));
    const { exit, stdout, stderr } = await session.sotto(one.args);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const wrapped = recordedFor(one.folder)
      .filter(({ phase }) => phase === 'encrypt')
      .flatMap(({ response }) => /"cipher_?text": ?"([^"]+)"/.exec(response)?.[1] ?? []);
    for (const enc of wrapped) expect(stdout).toContain(enc);
    session.end();
  });
});
