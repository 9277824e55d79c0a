import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  decryptFile,
  decryptVariables,
  encrypt,
  encryptFile,
  generateIdentity,
  identityToRecipient,
} from '../../src/index.ts';

const MINE = await generateIdentity();
const OURS = await generateIdentity();
const [ME, US] = [await identityToRecipient(MINE), await identityToRecipient(OURS)];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function sealed(recipient: string): Promise<string> {
  return (await encrypt('password: hunter2\nport: 1\n', { format: 'yaml', recipients: [recipient] })).text;
}

test('a file opens with the keys of this machine, where sops looks for them', async () => {
  const file = put('secrets.yaml', await sealed(ME));
  const keyFile = put('keys.txt', `# mine\n${MINE}\n`);
  mkdirSync(join(folder, 'config/sops/age'), { recursive: true });
  put('config/sops/age/keys.txt', MINE);
  for (const environment of [
    { SOPS_AGE_KEY: MINE },
    { SOPS_AGE_KEY_FILE: keyFile },
    { SOPS_AGE_KEY_CMD: `/bin/cat ${keyFile}` },
    { XDG_CONFIG_HOME: join(folder, 'config') },
  ]) {
    const { text, bytes, warnings } = await decryptFile(file, { environment });
    expect({ text, warnings }).toEqual({ text: 'password: hunter2\nport: 1\n', warnings: [] });
    expect(Buffer.from(bytes).toString()).toBe(text);
  }
});

test('the environment of the process is the one that counts if none is given', async () => {
  const file = put('secrets.yaml', await sealed(ME));
  const before = process.env['SOPS_AGE_KEY'];
  process.env['SOPS_AGE_KEY'] = MINE;
  try {
    expect((await decryptFile(file, { values: true })).values).toEqual({ password: 'hunter2', port: 1 });
  } finally {
    if (before === undefined) delete process.env['SOPS_AGE_KEY'];
    else process.env['SOPS_AGE_KEY'] = before;
  }
});

test('given identities stand in for the keys of this machine', async () => {
  const file = put('secrets.yaml', await sealed(ME));
  const environment = { SOPS_AGE_KEY: MINE, HOME: folder };
  expect((await decryptFile(file, { environment: {}, identities: MINE })).text).toContain('hunter2');
  await expect(decryptFile(file, { environment, identities: OURS })).rejects.toMatchObject({
    code: 'no-key-fits',
  });
});

test('a file that nobody here can open says where keys were looked for, and names the file', async () => {
  const file = put('secrets.yaml', await sealed(ME));
  const environment = { SOPS_AGE_KEY: OURS, HOME: folder };
  await expect(decryptFile(file, { environment })).rejects.toMatchObject({
    code: 'no-key-fits',
    details: { file, hint: expect.stringContaining('SOPS_AGE_KEY_FILE') },
  });
});

test('the name of a file says what it is written in, and an option something else', async () => {
  const { text } = await encrypt('A=1\n', { format: 'dotenv', recipients: [ME] });
  const environment = { SOPS_AGE_KEY: MINE };
  expect((await decryptFile(put('prod.env', text), { environment })).text).toBe('A=1\n');
  expect((await decryptFile(put('settings', text), { environment, format: 'dotenv' })).text).toBe('A=1\n');
  const json = await decryptFile(join(folder, 'prod.env'), { environment, output: 'json', indent: 2 });
  expect(json.text).toBe('{\n  "A": "1"\n}\n');
});

test('a file is encrypted as its creation rule says, and stays as it is', async () => {
  put('.sops.yaml', `creation_rules:\n  - age: ${US}\n    encrypted_regex: ^password$\n`);
  const file = put('secrets.yaml', 'user: bob\npassword: hunter2\n');
  const { text } = await encryptFile(file);
  expect(text).toMatch(/^user: bob\npassword: ENC\[/);
  expect(readFileSync(file, 'utf8')).toBe('user: bob\npassword: hunter2\n');
  const opened = await decryptFile(put('there.yaml', text), { identities: OURS });
  expect(opened.text).toBe('user: bob\npassword: hunter2\n');
});

test('recipients and a selector that are given replace those of the rule', async () => {
  put('.sops.yaml', `creation_rules:\n  - age: ${US}\n    encrypted_regex: ^password$\n`);
  const file = put('secrets.yaml', 'user: bob\npassword: hunter2\n');
  const selector = { kind: 'encrypted_suffix', pattern: 'user' } as const;
  const { text } = await encryptFile(file, { recipients: [ME], selector });
  expect(text).toMatch(/^user: ENC\[.*\npassword: hunter2\n/);
  expect(text).toContain(ME);
  expect(text).not.toContain(US);
});

test('a file without a rule needs recipients', async () => {
  const file = put('secrets.yaml', 'password: hunter2\n');
  const config = put('empty.yaml', '{}\n');
  await expect(encryptFile(file, { config })).rejects.toMatchObject({
    code: 'config-missing',
    details: { hint: expect.stringContaining('recipients') },
  });
});

test.each([
  ['decryptFile', () => decryptFile(join(folder, 'nothing.yaml'))],
  ['encryptFile', () => encryptFile(join(folder, 'nothing.yaml'))],
])('%s of a file that is not there says so', async (_, call) => {
  await expect(call()).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:file-missing|input-unreadable)$/),
    details: { file: join(folder, 'nothing.yaml') },
  });
});

test('a passphrase is asked of the caller, and nobody is asked on the terminal', async () => {
  const vectors = new URL('../vectors/keys/', import.meta.url);
  const key = readFileSync(new URL('ssh-ed25519-passphrase', vectors), 'utf8');
  const passphrases: { [name: string]: { passphrase?: string; recipient: string } } = JSON.parse(
    readFileSync(new URL('keys.json', vectors), 'utf8'),
  );
  const [known] = Object.values(passphrases).filter(
    (one) => one.passphrase !== undefined && /^ssh-ed25519/.test(one.recipient),
  );
  if (known?.passphrase === undefined) throw new Error('no key with a passphrase');
  const file = put('secrets.yaml', await sealed(known.recipient));
  const environment = { SOPS_AGE_SSH_PRIVATE_KEY_FILE: put('id', key), HOME: folder };
  const { passphrase } = known;
  const asked = await decryptFile(file, { environment, passphrase: async () => passphrase });
  expect(asked.text).toContain('hunter2');
  await expect(decryptFile(file, { environment })).rejects.toMatchObject({ code: 'no-key-fits' });
});

test('files become variables: keys of dotenv as they stand, paths of others in capitals, the last file first', async () => {
  const yaml = 'db: {password: hunter2, ports: [1, 2]}\nA: yaml\n';
  const dotenv = 'A=dotenv\nlower=x\n';
  const options = { recipients: [ME] };
  const files = [
    put('one.yaml', (await encrypt(yaml, { format: 'yaml', ...options })).text),
    put('two.env', (await encrypt(dotenv, { format: 'dotenv', ...options })).text),
  ];
  const { variables, warnings } = await decryptVariables(files, { identities: MINE });
  expect({ ...variables }).toEqual({
    DB_PASSWORD: 'hunter2',
    DB_PORTS_0: '1',
    DB_PORTS_1: '2',
    A: 'dotenv',
    lower: 'x',
  });
  expect(Object.getPrototypeOf(variables)).toBeNull();
  expect(warnings).toEqual([]);
});

test('a value in clear can not choose a name that changes what programs load, unless it is allowed', async () => {
  const { text } = await encrypt('NODE_OPTIONS: x\nsecret: 1\n', {
    format: 'yaml',
    recipients: [ME],
    selector: { kind: 'encrypted_regex', pattern: '^secret$' },
  });
  const file = put('planted.yaml', text);
  await expect(decryptVariables(file, { identities: MINE })).rejects.toMatchObject({
    code: 'environment-invalid',
    details: { hint: expect.stringContaining("allowSpecial: ['NODE_OPTIONS']") },
  });
  const allowed = await decryptVariables(file, { identities: MINE, allowSpecial: ['NODE_OPTIONS'] });
  expect(allowed.variables['NODE_OPTIONS']).toBe('x');
});
