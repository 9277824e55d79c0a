import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decrypt, encrypt } from '../../src/index.ts';
import { VECTORS } from '../support/cases.ts';

const KEY = readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8');
const RECIPIENT = /age1[a-z0-9]+/.exec(KEY)?.[0] ?? '';

test('an empty selector is none, as in sops', async () => {
  const { text } = await encrypt('a: 1\nb_unencrypted: 2\n', {
    format: 'yaml',
    recipients: [RECIPIENT],
    selector: { kind: 'encrypted_regex', pattern: '' },
  });
  expect(text).toContain('b_unencrypted: 2\n');
  expect(text).toContain('unencrypted_suffix: _unencrypted\n');
  expect((await decrypt(text, { format: 'yaml', identities: KEY })).text).toBe('a: 1\nb_unencrypted: 2\n');
});

test('an expression on comments that matches encrypted ones is refused, as in sops', async () => {
  const options = { format: 'yaml', recipients: [RECIPIENT] } as const;
  const selector = { kind: 'unencrypted_comment_regex', pattern: 'ENC' } as const;
  await expect(encrypt('# secret\na: 1\n', { ...options, selector })).rejects.toMatchObject({
    code: 'encrypt-failed',
    exit: 23,
    message: 'an encrypted comment matches unencrypted_comment_regex: ENC',
  });
  const anchored = { kind: 'unencrypted_comment_regex', pattern: '^ public' } as const;
  const { text } = await encrypt('# public\na: 1\n# secret\nb: 2\n', { ...options, selector: anchored });
  expect(text).toMatch(/^# public\na: 1\n#ENC\[.*\]\nb: ENC\[/);
});
