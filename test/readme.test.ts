import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { splitWords } from '../src/io/shell-words.ts';
import { ALICE, as, BOB, CAROL, startGitSession } from './support/git-session.ts';
import { startSession } from './support/session.ts';

const README = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');

/** A line of the README as a pattern: `…` stands for what differs from run to run. */
function looksLike(text: string): RegExp {
  const escaped = text
    .replace(/(age1|data:)\w*…/g, '$1…')
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^]*')}$`);
}

test('the first minute of the README looks as it does at a terminal', async () => {
  const [, script = ''] = /```console\n(.*?)```/s.exec(README) ?? [];
  const steps = script.split(/^\$ /m).slice(1);
  const session = startSession();
  session.write('server.js', 'console.log(process.env.DATABASE_PASSWORD.length)');
  const plain =
    'service: shop\ndatabase:\n  user: shop # read only\n  password: "s3cret" # in quotes, because yours was\n';
  session.write('prod.yaml', plain);
  let recipient = '';
  for (const step of steps) {
    const [line = '', ...expected] = step.replace(/\n$/, '').split('\n');
    const text = expected.join('\n');
    const [program = '', ...args] = splitWords(line);
    if (line === 'cat .sops.yaml') {
      session.write('.sops.yaml', text.replace(/age1\S+/, recipient));
      continue;
    }
    const world = { isTerminal: true };
    const { exit, stdout, stderr } =
      program === 'cat'
        ? { exit: 0, stdout: session.read(args[0] ?? ''), stderr: '' }
        : await session.sotto(args, world);
    expect({ line, exit }, stderr).toEqual({ line, exit: 0 });
    recipient ||= stdout.trim();
    if (text !== '') expect(`${stderr}${stdout}`.trimEnd()).toMatch(looksLike(text));
  }
  expect(steps.length).toBe(6);
  session.end();
});

test('somebody joins, and leaves, by the two commands that the README shows', async () => {
  const section = README.slice(README.indexOf('Somebody joins or leaves.'));
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  const [joins = '', leaves = '', ...more] = block
    .trim()
    .split('\n')
    .map((line) => line.split(' #')[0] ?? '');
  expect(more).toEqual([]);
  const here = startGitSession();
  try {
    const [, yaml = ''] =
      /```yaml\n([\s\S]*?)```/.exec(README.slice(README.indexOf('creation_rules') - 50)) ?? [];
    const recipients = [ALICE, CAROL];
    here.put({
      '.sops.yaml': yaml.replace(/^ {3}/gm, '').replaceAll('age1…', () => recipients.shift() ?? ''),
      'secrets/values.yaml': 'database:\n  password: s3cret\n',
    });
    const sotto = async (line: string): Promise<string> => {
      const words = splitWords(line.trim().replace('age1…', BOB)).slice(1);
      const { exit, stderr } = await here.sotto(words, { ...as('alice'), stdin: 'y\n' });
      expect({ line, exit }, stderr).toEqual({ line, exit: 0 });
      return stderr;
    };
    const reads = async (): Promise<number> =>
      (await here.sotto(['decrypt', 'secrets/values.yaml'], as('bob'))).exit;
    await sotto('sotto encrypt -i secrets/values.yaml');
    here.commit({});
    const before = here.read('.sops.yaml');
    expect(await reads()).toBe(128);
    await sotto(joins);
    here.commit({});
    expect(await reads()).toBe(0);
    expect((await here.sotto(['who'])).stdout).toMatch(/cleo/);
    expect(await sotto(leaves)).toContain('database.password  unchanged');
    expect(await reads()).toBe(128);
    expect(here.read('.sops.yaml')).toBe(before);
  } finally {
    here.end();
  }
});
