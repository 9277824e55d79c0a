import { expect, test } from 'vitest';
import type { FormatName } from '../../src/formats/index.ts';
import { encrypt, newIdentityFile, render } from '../../src/index.ts';

test('the library fills templates', async () => {
  const { text: identities, recipient } = await newIdentityFile(new Date());
  const seal = async (text: string, format: FormatName) => ({
    text: (await encrypt(text, { format, recipients: [recipient] })).text,
    format,
  });
  const files = [
    await seal('db: {user: a, password: b}\n', 'yaml'),
    await seal('{"db": {"user": "c"}}', 'json'),
  ];
  expect(await render('{{ db.user }}:<< db.password >>', { files, identities })).toEqual({
    text: 'c:<< db.password >>',
    changed: true,
    warnings: [],
  });
  const delimiters = '<< >>';
  const { text } = await render('{{ db.user }}:<< db.password >>', { files, identities, delimiters });
  expect(text).toBe('{{ db.user }}:b');
  await expect(render('\n{{ db.x }}', { files, identities })).rejects.toMatchObject({
    code: 'path-missing',
    details: { line: 2, column: 4 },
  });
});
