import { expect, test } from 'vitest';
import { encrypt, encryptOnto, newIdentityFile } from '../../src/index.ts';

const KEY = await newIdentityFile(new Date());

test('an encrypted comment keeps its token when one in clear says the same', async () => {
  const plain = 'open: 1\n# note\n# secret\n# note\na: 2\n';
  const options = { format: 'yaml', identities: KEY.text } as const;
  const sealed = await encrypt(plain, {
    ...options,
    recipients: [KEY.recipient],
    selector: { kind: 'encrypted_comment_regex', pattern: 'secret' },
  });
  const tokens = sealed.text.match(/#ENC\[.*\]/g) ?? [];
  expect(tokens).toHaveLength(1);
  const changed = await encryptOnto(sealed.text, plain.replace('open: 1', 'open: 3'), options);
  expect(changed.text).toContain(tokens[0]);
});
