import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decryptSops } from 'sops-age';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnSync } from '../support/processes.ts';
import type { Outcome, Session } from '../support/session.ts';
import { processEnvironment, RECIPIENTS, startWithFiles } from '../support/terminal.ts';

/** The folder that .ci/install-clients made; without it, what needs it is left out. */
const CLIENTS = process.env['SOTTO_TEST_CLIENTS'] ?? '';
const MISSING = existsSync(join(CLIENTS, 'bin/ansible-playbook'))
  ? undefined
  : 'skipped: .ci/install-clients FOLDER, then SOTTO_TEST_CLIENTS=FOLDER, runs Ansible, sopsy and a hook of pre-commit';

if (MISSING !== undefined) console.info(MISSING);

let session: Session;
beforeAll(async () => {
  session = await startWithFiles();
});
afterAll(() => session.end());

/** Run a client, which finds ours as `sops` in its PATH. */
function client(
  program: string,
  args: readonly string[],
  variables: { [name: string]: string } = {},
): Outcome {
  const environment = processEnvironment(session.folder);
  const { status, stdout, stderr } = spawnSync(join(CLIENTS, 'bin', program), args, {
    cwd: session.folder,
    env: { ...environment, HOME: session.folder, LC_ALL: 'C.UTF-8', ...variables },
    encoding: 'utf8',
  });
  return { exit: status ?? -1, stdout, stderr };
}

const python = (script: string): Outcome => client('python', ['-c', script]);

describe.skipIf(MISSING !== undefined)('programs in Python', () => {
  test('Ansible, community.sops: lookups, variables, the filter, and files that it encrypts', {
    timeout: 120_000,
  }, () => {
    session.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENTS['ALICE']}\n`);
    session.write('playbook.yml', PLAYBOOK);
    const { exit, stdout, stderr } = client('ansible-playbook', ['-i', 'localhost,', 'playbook.yml'], {
      ANSIBLE_COLLECTIONS_PATH: CLIENTS,
      ANSIBLE_LOCALHOST_WARNING: 'False',
      ANSIBLE_PYTHON_INTERPRETER: join(CLIENTS, 'bin/python'),
    });
    expect({ exit, stderr, stdout }).toEqual({ exit: 0, stderr, stdout });
    expect(stdout).toMatch(/ok=10 +changed=2 .*failed=0/);
  });

  test('sopsy: decrypts and encrypts files and stdin, gets a value, and hands on errors', () => {
    expect(python(SOPSY)).toEqual({ exit: 0, stdout: 'done\n', stderr: '' });
  });

  test('pre-commit-hook-ensure-sops: an encrypted file passes, one with a value in clear does not', () => {
    session.write('all.yaml', 'name: shop\nport: 8080\nhosts: [one, two]\n');
    const hook = (file: string): Outcome => client('python', ['-m', 'pre_commit_hook_ensure_sops', file]);
    const sealed = spawnSync('sops', ['encrypt', '-i', '--age', RECIPIENTS['ALICE'] ?? '', 'all.yaml'], {
      cwd: session.folder,
      env: processEnvironment(session.folder),
    });
    expect(sealed.status).toBe(0);
    expect(hook('all.yaml').exit).toBe(0);
    expect(hook('secret.json').exit).toBe(0);
    expect(hook('plain.yaml').exit).toBe(1);
    expect(hook('secret.yaml').stdout).toContain(
      'Unencrypted values found nested under keys: nothing,host_unencrypted',
    );
  });
});

test('sops-age reads YAML, JSON and dotenv', async () => {
  const secretKey = /AGE-SECRET-KEY-1\w+/.exec(session.read('alice.key'))?.[0] ?? '';
  session.write('a.env', 'NAME=shop\nPORT=8080\n');
  await session.sotto(['encrypt', '-i', '--age', RECIPIENTS['ALICE'] ?? '', 'a.env']);
  const read = (path: string): Promise<unknown> => decryptSops({ path: session.path(path), secretKey });
  expect(await read('secret.json')).toEqual({
    name: 'shop',
    port: 8080,
    database: { hosts: ['one', 'two'] },
  });
  expect(await read('secret.yaml')).toMatchObject({
    name: 'shop',
    on: true,
    database: { password: 's3cret' },
  });
  expect(await read('a.env')).toEqual({ NAME: 'shop', PORT: '8080' });
});

const PLAYBOOK = `
- hosts: all
  connection: local
  gather_facts: false
  vars:
    text: "{{ lookup('community.sops.sops', 'secret.yaml', rstrip=false) }}"
  tasks:
    - name: A file comes back byte for byte
      ansible.builtin.assert:
        that: text == lookup('ansible.builtin.file', 'plain.yaml', rstrip=false)
    - name: One value
      ansible.builtin.assert:
        that: lookup('community.sops.sops', 'secret.yaml', extract='[\\"database\\"][\\"password\\"]') == 's3cret'
    - name: Types by name
      ansible.builtin.assert:
        that: lookup('community.sops.sops', 'secret.json', input_type='json', output_type='yaml') is search('hosts:')
    - name: Variables of a file
      community.sops.load_vars:
        file: secret.yaml
        name: loaded
    - name: They are there
      ansible.builtin.assert:
        that: loaded.port == 8080 and loaded.database.hosts == ['one', 'two']
    - name: Text on stdin
      ansible.builtin.assert:
        that: (lookup('ansible.builtin.file', 'secret.json') | community.sops.decrypt(input_type='json', output_type='json') | from_json).name == 'shop'
    - name: A new file
      community.sops.sops_encrypt:
        path: "{{ playbook_dir }}/new.sops.yaml"
        content_yaml: {a: 1, b: [x]}
    - name: The same again changes nothing
      community.sops.sops_encrypt:
        path: "{{ playbook_dir }}/new.sops.yaml"
        content_yaml: {a: 1, b: [x]}
      register: again
    - name: Bytes
      community.sops.sops_encrypt:
        path: "{{ playbook_dir }}/new.bin"
        content_binary: "{{ 'a\\nb' | b64encode }}"
    - name: All of it is there
      ansible.builtin.assert:
        that:
          - not again.changed
          - (lookup('community.sops.sops', 'new.sops.yaml') | from_yaml).b == ['x']
          - lookup('community.sops.sops', 'new.bin', input_type='binary', output_type='binary') == 'a\\nb'
`;

const SOPSY = `
from pathlib import Path
from sopsy import Sops, SopsyCommandFailedError, SopsyInOutType, SopsyInputSource

recipient = "${RECIPIENTS['ALICE']}"
config = {"creation_rules": [{"age": recipient}]}
assert Sops("secret.yaml").decrypt()["database"]["password"] == "s3cret"
assert Sops("secret.yaml").decrypt(to_dict=False).decode() == Path("plain.yaml").read_text()
assert Sops("secret.yaml", output_type=SopsyInOutType.JSON).decrypt()["port"] == 8080
assert Sops("secret.json", extract='["name"]').decrypt(to_dict=False) == b"shop"
assert Sops("secret.json").get("name") == "shop"
sealed = Sops(b'{"a": 1}', input_type="json", input_source=SopsyInputSource.STDIN, config_dict=config).encrypt()
assert sealed["a"].startswith("ENC[") and sealed["sops"]["age"][0]["recipient"] == recipient
Path("copy.json").write_text(Path("plain.json").read_text())
Sops("copy.json", in_place=True, config_dict=config).encrypt()
assert "ENC[" in Path("copy.json").read_text()
text = Path("copy.json").read_bytes()
assert Sops(text, input_type="json", input_source=SopsyInputSource.STDIN).decrypt()["name"] == "shop"
try:
    Sops("none.json").decrypt()
except SopsyCommandFailedError as error:
    assert "cannot operate on non-existent file" in str(error), error
else:
    assert False
print("done")
`;
