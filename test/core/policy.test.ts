import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decrypt, encrypt } from '../../src/index.ts';
import { VECTORS } from '../cases.ts';

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
