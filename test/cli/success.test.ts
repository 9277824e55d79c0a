import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome, Session } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

const TOKEN = 'db.token';

const { ALICE = '', BOB = '', CAROL = '' } = RECIPIENTS;

let session: Session;
beforeEach(async () => {
  session = await startWithFiles();
  session.write(
    '.sops.yaml',
    `creation_rules:
  - path_regex: groups
    key_groups:
      - age: [${ALICE}] # ann
      - age: [${BOB}] # ben
      - age: &cleo [${CAROL}]
    shamir_threshold: 2
  - path_regex: png
    age: ${ALICE},${BOB}
  - encrypted_regex: ^(password|token)$
    age:
      - ${ALICE} # ann
      - ${BOB} # ben
`,
  );
  session.write('both.key', session.read('alice.key') + session.read('bob.key'));
  mkdirSync(session.path('secrets'));
  session.write('secrets/a.yaml', 'service: shop\napi_key: k\ndb:\n  password: x\n  token: y\nempty: ""\n');
});
afterEach(() => session.end());

/** At a terminal. */
function typed(args: readonly string[], program = 'sotto'): Promise<Outcome> {
  const environment = { SOPS_AGE_KEY_FILE: session.path('both.key'), EDITOR: 'sed -i s/9/8/' };
  return session.sotto(args, { isTerminal: true, program, environment });
}

/** In a pipe or a script. */
function piped(args: readonly string[]): Promise<Outcome> {
  const environment = { SOPS_AGE_KEY_FILE: session.path('both.key'), EDITOR: 'sed -i s/9/8/' };
  return session.sotto(args, { environment });
}

/** A command at a terminal, and the line that it ends with. */
const LINES: readonly (readonly [string, readonly string[]])[] = [
  [
    'encrypted 2 of 4 values in secrets/a.yaml for ann, ben; clear: service, api_key',
    ['encrypt', '-i', 'secrets/a.yaml'],
  ],
  ['set db.token in secrets/a.yaml, encrypted for ann, ben', ['set', 'secrets/a.yaml', TOKEN, '"9"']],
  ['unchanged: secrets/a.yaml', ['set', '--idempotent', 'secrets/a.yaml', TOKEN, '"9"']],
  [
    'encrypted 2 of 4 values in secrets/a.yaml for ann, ben; clear: service, api_key',
    ['edit', 'secrets/a.yaml'],
  ],
  ['took db.token out of secrets/a.yaml, encrypted for ann, ben', ['unset', 'secrets/a.yaml', TOKEN]],
  ['decrypted: plain is in clear now', ['decrypt', '--output', 'plain', 'secrets/a.yaml']],
  ['unchanged: secrets/a.yaml', ['encrypt', '-i', '--onto', 'secrets/a.yaml', 'plain']],
  ['wrote made', ['render', '-f', 'secrets/a.yaml', '--output', 'made', 'template']],
  ['decrypted: secrets/a.yaml is in clear now', ['decrypt', '-i', 'secrets/a.yaml']],
  ['encrypted the one value in one.yaml for ann, ben', ['encrypt', '-i', 'one.yaml']],
  ['encrypted logo.png as a whole for ann, ben', ['encrypt', '-i', 'logo.png']],
  [
    'encrypted all 2 values in groups.yaml for 2 of 3 key groups (ann | ben | cleo)',
    ['encrypt', '-i', 'groups.yaml'],
  ],
  ['groups.yaml has 2 key groups now', ['groups', 'delete', '-i', '-f', 'groups.yaml', '2']],
];

describe('success', () => {
  const prepare = (): void => {
    session.write('template', '{{ db.password }}');
    session.write('one.yaml', 'password: x\n');
    session.write('logo.png', Buffer.from([0x89, 0xff, 0]));
    session.write('groups.yaml', 'a: 1\nb: 2\n');
  };

  test('speaks at a terminal, in one line', async () => {
    prepare();
    for (const [line, args] of LINES) {
      const { exit, stdout, stderr } = await typed(args);
      expect({ args, exit, stdout, last: stderr }).toEqual({ args, exit: 0, stdout: '', last: `${line}\n` });
    }
  });

  test('says what is left to do when somebody was taken out', async () => {
    await typed(['encrypt', '-i', 'secrets/a.yaml']);
    const left = `ben knows the old data keys, and the values until now. Left to do:
  sotto rotate -i secrets
  then change these values at their source, and set them anew:
    ${session.path('secrets/a.yaml')}: db.password, db.token
`;
    session.write(
      '.sops.yaml',
      `x: &ben ${BOB}\ncreation_rules:\n  - encrypted_regex: ^(password|token)$\n    age: ${ALICE}\n`,
    );
    const { stderr } = await typed(['updatekeys', '--yes', 'secrets']);
    expect(stderr.endsWith(left), stderr).toBe(true);
    session.write('.sops.yaml', `x: &ben ${BOB}\ncreation_rules:\n  - age: ${ALICE},${BOB}\n`);
    // Nobody is taken out.
    expect((await typed(['updatekeys', '--yes', 'secrets'])).stderr).not.toContain('Left to do');
    session.write(
      '.sops.yaml',
      `x: &ben ${BOB}\ncreation_rules:\n  - encrypted_regex: ^(password|token)$\n    age: ${ALICE}\n`,
    );
    expect((await piped(['updatekeys', '--yes', 'secrets'])).stderr).not.toContain('Left to do');
  });

  test('is silent in pipes and scripts', async () => {
    prepare();
    for (const [, args] of LINES)
      expect({ args, ...(await piped(args)) }).toEqual({ args, exit: 0, stdout: '', stderr: '' });
  });

  test('is silent under the name sops', async () => {
    for (const args of [
      ['encrypt', '-i', 'secrets/a.yaml'],
      ['set', 'secrets/a.yaml', '["db"]["token"]', '"9"'],
      ['unset', 'secrets/a.yaml', '["db"]["token"]'],
      ['decrypt', '-i', 'secrets/a.yaml'],
    ])
      expect({ args, ...(await typed(args, 'sops')) }).toEqual({ args, exit: 0, stdout: '', stderr: '' });
  });

  test('does not mix with the report of --json', async () => {
    const { stdout, stderr } = await typed(['encrypt', '-i', '--json', 'secrets/a.yaml']);
    expect(JSON.parse(stdout)).toMatchObject({ written: 'secrets/a.yaml', changed: true });
    expect(stderr).toBe('');
  });

  test('names what is in a result that goes elsewhere', async () => {
    const { stderr } = await typed(['encrypt', 'secrets/a.yaml']);
    expect(stderr).toBe('encrypted 2 of 4 values of secrets/a.yaml for ann, ben; clear: service, api_key\n');
  });

  test('shows names of strangers in one line, and not too many of them', async () => {
    const keys = Array.from({ length: 12 }, (_, number) => `"k\\u001b${number}": x\n`);
    session.write('secrets/a.yaml', `password: x\n${keys.join('')}`);
    const { stderr } = await typed(['encrypt', '-i', 'secrets/a.yaml']);
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toMatch(/^encrypted 1 of 13 values in .*\[?"?k.*7"?\]? and 4 more\n$/);
  });
});
