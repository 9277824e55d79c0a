import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { VECTORS } from '../support/cases.ts';
import { type Outcome, type Session, startSession } from '../support/session.ts';

const ALICE = 'age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrl';
const SSH = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICqSlNTYWDiINSo2j9l9xW/vg+9hrOm40HqSXcOStcYf';
/** What a stranger would put in: colours, a line to clear, 8-bit controls, other directions, no width, more lines. */
const EVIL = ['\u001b[8m', '\r\u001b[K', '\u009b2J', '\u202e', '\u2066', '\u200b', '\u2028', '\u007f'];
/** None of it is left: only line breaks and tabs. */
const SEEN = /^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\n\t])*$/u;

let session: Session;
afterEach(() => session.end());

const begin = (): Session => {
  session = startSession({ SOPS_AGE_KEY: readFileSync(join(VECTORS, 'keys/age-alice.txt'), 'utf8') });
  return session;
};

/** In double quotes of YAML, all in ASCII. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const encrypted = async (here: Session, plain = 'a: hidden\n'): Promise<string> => {
  here.write('plain.yaml', plain);
  return (await here.sotto(['encrypt', '--age', ALICE, 'plain.yaml'])).stdout;
};

describe.each(EVIL)('with %j', (evil) => {
  test('the question of updatekeys shows what it is about', async () => {
    const here = begin();
    const lie = `${SSH} bob${evil}\n    ${ALICE}`;
    const entry = `        - recipient: ${quoted(lie)}\n          enc: x\n`;
    here.write(
      'f.yaml',
      (await encrypted(here)).replace(/ {4}age:\n/, (line) => line + entry),
    );
    here.write('.sops.yaml', `creation_rules:\n  - age: ${ALICE}\n`);
    const { stdout, stderr } = await here.sotto(['updatekeys', 'f.yaml'], { stdin: 'n\n' });
    expect(stdout).toMatch(SEEN);
    expect(stderr).toMatch(SEEN);
    expect(stdout).toMatch(/^--- bob.*\\u.* \(ssh-ed25519 /m);
    expect(stdout.match(/^ {4}age1/gm)).toHaveLength(1);
  });

  test('a recipient is refused in the configuration, and not wrapped for by rotate', async () => {
    const here = begin();
    const recipient = `${SSH} bob${evil}x`;
    here.write('.sops.yaml', `creation_rules:\n  - age: [${quoted(recipient)}]\n`);
    here.write('f.yaml', 'a: b\n');
    const { exit, stderr } = await here.sotto(['encrypt', 'f.yaml']);
    expect(exit).toBe(1);
    expect(stderr).toMatch(SEEN);
    const entry = `        - recipient: ${quoted(recipient)}\n          enc: x\n`;
    here.write('.sops.yaml', '');
    here.write(
      'g.yaml',
      (await encrypted(here)).replace(/ {4}age:\n/, (line) => line + entry),
    );
    const rotated = await here.sotto(['rotate', '-i', 'g.yaml']);
    expect(rotated.exit).not.toBe(0);
    expect(rotated.stderr).toMatch(SEEN);
  });

  test.each(['sotto', 'sops'])('names of files and keys are shown escaped, as %s too', async (program) => {
    const here = begin();
    const run = async (args: readonly string[]): Promise<Outcome> => {
      const outcome = await here.sotto(args, { program });
      expect(outcome.stderr).not.toBe('');
      expect(outcome.stderr).toMatch(SEEN);
      return outcome;
    };
    await run(['decrypt', `no${evil}file.yaml`]);
    const file = `a${evil}b.yaml`;
    here.write(file, await encrypted(here, `${quoted(`k${evil}`)}:\n  b: c\n`));
    await run(['exec-env', file, 'true']);
    await run(['set', file, `["x${evil}"]`, 'no json']);
    await run([`unknown${evil}`, '--whatever']);
    const { stderr } = await run(['decrypt', '--json', `no${evil}file.yaml`]);
    if (program === 'sotto') expect(JSON.parse(stderr).error.file).toContain(evil);
  });
});

test.each(['sotto', 'sops'])('a name with line breaks can not forge lines, as %s too', async (program) => {
  const here = begin();
  const { stderr } = await here.sotto(['decrypt', 'x\nfix: all is well'], { program });
  expect(stderr).not.toMatch(/^fix: all is well/m);
  expect(stderr).toContain('x\\nfix: all is well');
});
