import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeBech32 } from '../../../src/keys/age/bech32.ts';
import { type Outcome, type Session, startSession, type World } from '../../support/session.ts';

const PLUGIN = fileURLToPath(new URL('../age-plugin-test', import.meta.url));

let here: Session;
beforeEach(() => {
  here = startSession();
  mkdirSync(here.path('bin'));
  copyFileSync(PLUGIN, here.path('bin/age-plugin-test'));
});
afterEach(() => here.end());

/** What the plugin of the tests does is a word in its recipients and identities. */
const recipientOf = (word: string): string => encodeBech32('age1test', Buffer.from(word));
const identityOf = (word: string): string =>
  encodeBech32('age-plugin-test-', Buffer.from(word)).toUpperCase();

function sotto(args: readonly string[], words: readonly string[] = [], world: World = {}): Promise<Outcome> {
  return here.sotto(args, {
    ...world,
    environment: {
      PATH: [here.path('bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      AGE_PLUGIN_TEST_LOG: here.path('starts.log'),
      SOPS_AGE_KEY: words.map(identityOf).join('\n'),
      ...world.environment,
    },
  });
}

/** What the plugin was started for, start by start. */
function starts(): string[] {
  return existsSync(here.path('starts.log')) ? here.read('starts.log').trim().split('\n') : [];
}

/** Encrypt a file for the plugin; the word is also the one in the stanza. */
async function encrypt(word: string, world: World = {}): Promise<Outcome> {
  here.write('plain.yaml', 'password: hunter2\n');
  const outcome = await sotto(['encrypt', '--age', recipientOf(word), 'plain.yaml'], [], world);
  here.write('file.yaml', outcome.stdout);
  return outcome;
}

const decrypt = (words: readonly string[], world: World = {}) =>
  sotto(['decrypt', 'file.yaml'], words, world);

describe('a plugin', () => {
  test('wraps for a recipient, and opens the file again', async () => {
    expect(await encrypt('plain')).toMatchObject({ exit: 0, stderr: '' });
    expect(here.read('file.yaml')).toContain(`recipient: ${recipientOf('plain')}`);
    expect(await decrypt(['plain'])).toMatchObject({ exit: 0, stdout: 'password: hunter2\n', stderr: '' });
    expect(starts()).toEqual(['recipient-v1', 'identity-v1']);
  });

  test('is given all its identities at once', async () => {
    await encrypt('plain');
    expect(await decrypt(['other', 'plain', 'third'])).toMatchObject({
      exit: 0,
      stdout: 'password: hunter2\n',
    });
    expect(starts()).toEqual(['recipient-v1', 'identity-v1']);
  });

  test('that does not know the file leaves it to others', async () => {
    await encrypt('plain');
    const { exit, stderr } = await decrypt(['other']);
    expect(exit).toBe(128);
    expect(stderr).toContain('none of your keys is that of its one recipient');
    expect(stderr).toContain('you have:     an identity of age-plugin-test  (SOPS_AGE_KEY)');
  });

  test('is not started while another key opens the file', async () => {
    await sotto(['keygen', '--output', 'key.txt']);
    const recipient = /age1\w+/.exec(here.read('key.txt'))?.[0] ?? '';
    here.write('plain.yaml', 'a: 1\n');
    const list = `${recipientOf('plain')},${recipient}`;
    here.write('file.yaml', (await sotto(['encrypt', '--age', list, 'plain.yaml'])).stdout);
    const world = { environment: { SOPS_AGE_KEY_FILE: here.path('key.txt') } };
    expect(await decrypt(['plain'], world)).toMatchObject({ exit: 0, stdout: 'a: 1\n' });
    expect(starts()).toEqual(['recipient-v1']);
  });

  test('shows its messages, without what could rule the terminal', async () => {
    await encrypt('message');
    expect(await decrypt(['message'])).toMatchObject({
      exit: 0,
      stderr: 'age-plugin-test: touch the key\ufffd[2J\n',
    });
  });

  test('asks for a secret on the terminal, which nothing repeats', async () => {
    const asked: string[] = [];
    const secret = (question: string): string => {
      asked.push(question);
      return '1234';
    };
    await encrypt('secret', { askSecret: secret });
    expect(await decrypt(['secret'], { askSecret: secret })).toMatchObject({ exit: 0, stderr: '' });
    expect(asked).toEqual(['age-plugin-test: PIN: ', 'age-plugin-test: PIN: ']);
  });

  test('that gets a wrong secret says so itself', async () => {
    await encrypt('secret', { askSecret: () => '1234' });
    const { exit, stderr } = await decrypt(['secret'], { askSecret: () => '9999' });
    expect(exit).toBe(128);
    expect(stderr).toContain('age-plugin-test: the PIN is wrong');
    expect(stderr).not.toContain('9999');
  });

  test('learns that there is no terminal, and says what it needed', async () => {
    await encrypt('secret', { askSecret: () => '1234' });
    const { exit, stderr } = await decrypt(['secret']);
    expect(exit).toBe(128);
    expect(stderr).toContain('age-plugin-test: no PIN was given');
  });

  test('asks for what may be seen', async () => {
    const answer = () => 'nine';
    expect(await encrypt('public', { ask: answer })).toMatchObject({ exit: 0 });
    expect(await decrypt(['public'], { ask: answer })).toMatchObject({ exit: 0 });
  });

  test.each([
    ['1', 0],
    ['2', 128],
  ])('asks for confirmation: %s ends with %i', async (choice, exit) => {
    await encrypt('confirm', { ask: () => '1' });
    const questions: string[] = [];
    const answer = (question: string): string => {
      questions.push(question);
      return questions.length === 1 ? 'what?' : choice;
    };
    expect((await decrypt(['confirm'], { ask: answer })).exit).toBe(exit);
    expect(questions).toEqual(Array(2).fill('age-plugin-test: is the key there? (1: insert, 2: skip) '));
  });

  test('may say what a later version of the protocol has', async () => {
    expect(await encrypt('strange')).toMatchObject({ exit: 0 });
    expect(await decrypt(['strange'])).toMatchObject({ exit: 0 });
  });

  test.each([
    ['error', 'age-plugin-test: the token is locked'],
    ['crash', 'age-plugin-test: it ended with status 7 before it was done: the token is on fire'],
    ['garbage', 'age-plugin-test: it said something that is not in the protocol of plugins'],
    ['wrong-index', 'age-plugin-test: it named a file that it was not given'],
    ['nothing', 'age-plugin-test: it wrapped nothing'],
  ])('that fails (%s) fails the encryption, with the reason', async (word, reason) => {
    const { exit, stdout, stderr } = await encrypt(word);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(flat(stderr)).toContain(reason);
  });

  test.each([
    ['error', 'age-plugin-test: the token is locked'],
    ['crash', 'age-plugin-test: it ended with status 7 before it was done: the token is on fire'],
    ['garbage', 'age-plugin-test: it said something that is not in the protocol of plugins'],
    ['wrong-index', 'age-plugin-test: it named a file that it was not given'],
  ])('that fails (%s) when it opens is one reason among others', async (word, reason) => {
    await encrypt('plain');
    const { exit, stdout, stderr } = await decrypt([word]);
    expect({ exit, stdout }).toEqual({ exit: 128, stdout: '' });
    expect(flat(stderr)).toContain(`SOPS_AGE_KEY: ${reason}`);
  });

  test('that fails is not started again for another entry', async () => {
    here.write('plain.yaml', 'a: 1\n');
    const list = `${recipientOf('plain')},${recipientOf('other')}`;
    here.write('file.yaml', (await sotto(['encrypt', '--age', list, 'plain.yaml'])).stdout);
    expect((await decrypt(['error'])).exit).toBe(128);
    expect(starts().filter((task) => task === 'identity-v1')).toHaveLength(1);
  });

  test('that finds a stanza damaged says so', async () => {
    await encrypt('damaged');
    const { exit, stderr } = await decrypt(['damaged']);
    expect(exit).toBe(128);
    expect(flat(stderr)).toContain('age-plugin-test: the stanza is damaged');
  });

  test('that takes long is waited for, and that is said', async () => {
    await encrypt('plain');
    here.write('file.yaml', here.read('file.yaml'));
    expect(await decrypt(['slow', 'plain'])).toMatchObject({
      exit: 0,
      stderr: 'waiting for age-plugin-test…\n',
    });
  });

  test('that does not end when it is done is ended', async () => {
    const world = { environment: { AGE_PLUGIN_TEST_LINGERS: '1' } };
    const start = performance.now();
    expect(await encrypt('plain', world)).toMatchObject({ exit: 0, stderr: '' });
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('that is not installed is named, for encrypting and decrypting', async () => {
    await encrypt('plain');
    const world = { environment: { PATH: '/usr/bin' } };
    const made = await sotto(['encrypt', '--age', recipientOf('plain'), 'plain.yaml'], [], world);
    expect(made).toMatchObject({ exit: 1, stdout: '' });
    expect(flat(made.stderr)).toContain('the program age-plugin-test is not in the PATH');
    const opened = await decrypt(['plain'], world);
    expect(opened.exit).toBe(128);
    expect(flat(opened.stderr)).toContain('the program age-plugin-test is not in the PATH');
  });

  test('in the working folder is not run, whatever the PATH says', async () => {
    await encrypt('plain');
    copyFileSync(PLUGIN, here.path('age-plugin-test'));
    const opened = await decrypt(['plain'], { environment: { PATH: '.::bin:/usr/bin' } });
    expect(opened.exit).toBe(128);
    expect(starts()).toEqual(['recipient-v1']);
  });

  test('is not run for a name with a slash in it', async () => {
    const recipient = encodeBech32('age1x/../../evil', Buffer.from('x'));
    here.write('plain.yaml', 'a: 1\n');
    const { exit, stderr } = await sotto(['encrypt', '--age', recipient, 'plain.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toContain('it names no plugin');
  });
});

describe('many files', () => {
  const COUNT = 40;

  beforeEach(async () => {
    await encrypt('plain');
    mkdirSync(here.path('many'));
    for (let number = 0; number < COUNT; number += 1)
      writeFileSync(here.path(`many/${number}.yaml`), here.read('file.yaml').replace('file', `${number}`));
    const other = await encrypt('plain');
    writeFileSync(here.path('many/other.yaml'), other.stdout);
    writeFileSync(here.path('starts.log'), '');
  });

  test('start a plugin once to open them all, and once to wrap for a recipient that joins', async () => {
    const list = `${recipientOf('plain')},${recipientOf('joined')}`;
    here.write('.sops.yaml', `creation_rules:\n  - age: ${list}\n`);
    const { exit, stderr } = await sotto(['updatekeys', '--yes', 'many'], ['plain']);
    const summary = stderr.split('\n').at(-2);
    expect({ exit, summary }).toEqual({ exit: 0, summary: `${COUNT + 1} files: ${COUNT + 1} updated` });
    expect(starts().sort()).toEqual(['identity-v1', 'recipient-v1']);
    const seals = new Set<string>();
    for (let number = 0; number < COUNT; number += 1) {
      const text = readFileSync(join(here.path('many'), `${number}.yaml`), 'utf8');
      for (const seal of text.match(/BEGIN AGE ENCRYPTED FILE-----[^-]+/g) ?? []) seals.add(seal);
      here.write('file.yaml', text);
    }
    // That of the recipient who was there is the same in all.
    expect(seals.size).toBe(COUNT + 1);
    expect(await decrypt(['joined'])).toMatchObject({ exit: 0, stdout: 'password: hunter2\n' });
  });

  test('start a plugin once to rotate them all', async () => {
    const { exit } = await sotto(['rotate', '-i', 'many'], ['plain']);
    expect(exit).toBe(0);
    expect(starts().sort()).toEqual(['identity-v1', 'recipient-v1']);
  });

  test('are not asked about one by one when the plugin fails', async () => {
    here.write('.sops.yaml', `creation_rules:\n  - age: ${recipientOf('joined')}\n`);
    const { exit } = await sotto(['updatekeys', '--yes', 'many'], ['error']);
    expect(exit).toBe(1);
    expect(starts()).toEqual(['identity-v1']);
  });
});

/** Reasons are broken into lines with a bar in front. */
function flat(text: string): string {
  return text.replace(/\n +\| /g, ' ').replaceAll('\n', ' ');
}
