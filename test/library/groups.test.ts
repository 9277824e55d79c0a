import { expect, test } from 'vitest';
import { compareKeys, decrypt, encrypt, newIdentityFile, updateKeys } from '../../src/index.ts';

const CLEAR = 'password: hunter2\n';
const yaml = { format: 'yaml' } as const;

test('the library encrypts for groups, and gives a file other groups', async () => {
  const [ann, ben, cat] = await Promise.all([1, 2, 3].map(() => newIdentityFile(new Date())));
  if (ann === undefined || ben === undefined || cat === undefined) throw new Error('no identities');
  const groups = [[ann.recipient], [ben.recipient], [cat.recipient]];
  const { text, warnings } = await encrypt(CLEAR, { ...yaml, recipients: { groups, threshold: 2 } });
  expect(warnings).toEqual([]);
  const opened = await decrypt(text, { ...yaml, identities: [ann.text, cat.text] });
  expect(opened.text).toBe(CLEAR);
  await expect(decrypt(text, { ...yaml, identities: ann.text })).rejects.toMatchObject({
    code: 'no-key-fits',
  });

  const all = { ...yaml, identities: [ann.text, ben.text, cat.text] };
  expect((await compareKeys(text, { groups }, yaml)).changed).toBe(false);
  const stricter = await updateKeys(text, { ...all, recipients: { groups, threshold: 3 } });
  await expect(decrypt(stricter.text, { ...yaml, identities: [ann.text, cat.text] })).rejects.toMatchObject({
    code: 'no-key-fits',
  });
  const flat = await updateKeys(stricter.text, { ...all, recipients: groups.flat() });
  expect((await decrypt(flat.text, { ...yaml, identities: ben.text })).text).toBe(CLEAR);
});
