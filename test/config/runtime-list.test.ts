import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome, Session } from '../support/session.ts';
import { startSession } from '../support/session.ts';

let session: Session;
beforeAll(() => {
  session = startSession();
});
afterAll(() => session.end());

function render(text: string): Promise<Outcome> {
  session.write('files.yaml', text);
  return session.sotto(['render', '--runtime-dir', 'live', 'files.yaml']);
}

const one = (more: string): string => `files:\n  - target: a\n    value: b\n${more}`;

test.each([
  ['', 'the list is empty'],
  ['- a\n', 'the document is a list'],
  ['from: [a]\n', 'there is no files in it'],
  ['files: []\n', 'files is empty'],
  ['files: {}\n', 'files is no list'],
  ['files: [a]\n', 'an item of files is no mapping'],
  ['files: [{value: a}]\n', 'a file has no target'],
  ['files: [{target: a}]\n', 'a file has neither of template, value, file'],
  ['fils: []\n', 'did you mean files?'],
  [one('    template: c\n'), 'a file has several of template, value, file'],
  [one('    onchange: [c]\n'), 'did you mean on-change?'],
  [one('    on-change: systemctl reload x\n'), 'on-change is no list'],
  [one('    mode: 9\n'), 'the mode is not three octal digits'],
  [one('    mode: "4755"\n'), 'the mode is not three octal digits'],
  [one('    owner: -x\n'), 'the owner can not be the name of a user'],
  [one('    owner: "a:b:c"\n'), 'the owner can not be the name of a user'],
  [one('  - target: a\n    value: c\n'), 'a is made twice'],
  [one('  - target: a/b/c\n    value: c\n'), 'a can not be a file and a folder'],
  ...['/a', '../a', 'a/../b', './a', 'a//b', 'a/', '"a\\tb"', '"a\\e[2Jb"', '"a\\x00b"'].map(
    (target): [string, string] => [`files: [{target: ${target}, value: b}]\n`, 'target is no'],
  ),
])('refuses the list %j', async (text, message) => {
  const { exit, stdout, stderr } = await render(text);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain('files.yaml');
  expect(stderr).not.toContain('\u001b');
  expect(existsSync(session.path('live.d'))).toBe(false);
});

test('the schema of the list has the fields that are read', async () => {
  const schema = JSON.parse(readFileSync('schemas/runtime-files.schema.json', 'utf8'));
  const fieldsOf = async (text: string): Promise<string[]> => {
    const { stderr } = await render(text);
    return (/it can have (.*)/.exec(stderr)?.[1] ?? '').split(', ').sort();
  };
  expect(await fieldsOf('zzzzzzzz: 1\n')).toEqual(Object.keys(schema.properties).sort());
  expect(await fieldsOf(one('    zzzzzzzz: 1\n'))).toEqual(Object.keys(schema.$defs.file.properties).sort());
});
