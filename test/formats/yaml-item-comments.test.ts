import { expect, test } from 'vitest';
import { decrypt, encrypt, newIdentityFile, set } from '../../src/index.ts';

const KEY = await newIdentityFile(new Date());
const YAML = { format: 'yaml', identities: KEY.text } as const;

/** As sops writes it: an encrypted comment in a list is an item of it. */
async function bySops(text: string, pattern: string): Promise<string> {
  const selector = { kind: 'encrypted_comment_regex', pattern } as const;
  const sealed = await encrypt(text, { format: 'yaml', recipients: [KEY.recipient], selector });
  return sealed.text.replaceAll(/^( *)#ENC\[/gm, '$1- ENC[');
}

test.each([
  'l:\n    # enc\n    # a\n    - b\n    - c\n',
  'l:\n    # enc\n    # a\n    # b\n    - c: d\n      e:\n        - f\n    - g\n',
  'l:\n    # x\n    # enc\n    # a\n    - - b\n      - c\n    # enc\n    - d\n',
])('comments above an encrypted one that sops made an item select what is below it: %j', async (text) => {
  const file = await bySops(text, 'enc');
  expect(file).toMatch(/^ +- ENC\[.*,type:comment\]$/m);
  const { text: plain, warnings } = await decrypt(file, YAML);
  expect(plain).toBe(text);
  expect(warnings.map(({ message }) => message).join()).toMatch(
    /^\["l"\]\[0\].* is taken to be selected by a comment above it/,
  );
  // A change writes it so that nothing has to be assumed.
  const changed = await set(file, '["l"][1]', 'h', YAML);
  expect(changed.text).not.toMatch(/^ +- ENC\[.*,type:comment\]$/m);
  expect((await decrypt(changed.text, YAML)).warnings).toEqual([]);
});

test('nothing is said where no comment above an encrypted one selects anything', async () => {
  const file = await bySops('# enc\nl:\n    # a\n    - b\n    # c\n    - d\n', 'enc');
  expect(await decrypt(file, YAML)).toMatchObject({
    text: '# enc\nl:\n    # a\n    - b\n    # c\n    - d\n',
    warnings: [],
  });
});
