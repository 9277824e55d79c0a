import { chmodSync, cpSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Outcome, type Session, startSession } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';
import { MISTAKES, type Mistake } from './first-hour.ts';

const BOB = RECIPIENTS['BOB'] ?? '';

let template: Session;
beforeAll(async () => {
  template = await startWithFiles();
});
afterAll(() => template.end());

let session: Session;
beforeEach(() => {
  session = startSession();
  cpSync(template.folder, session.folder, { recursive: true });
});
afterEach(() => session.end());

/** All that somebody sees of a mistake, with names for what differs from run to run. */
async function seen(program: 'sotto' | 'sops', mistake: Mistake): Promise<string> {
  const { files = {}, environment = {}, stdin, line } = mistake;
  for (const [name, text] of Object.entries(files)) session.write(name, filled(text));
  const variables = Object.entries({ SOPS_AGE_KEY_FILE: 'alice.key', ...environment });
  const outcome = await session.sotto(
    (program === 'sops' ? (mistake.lineOfSops ?? line) : line).map(filled),
    {
      program,
      environment: Object.fromEntries(variables.map(([name, text]) => [name, filled(text)])),
      ...(stdin === undefined ? {} : { stdin }),
    },
  );
  return told(outcome);
}

function told({ stdout, stderr, exit }: Outcome): string {
  const data = stdout.includes('lastmodified') ? '(the encrypted file)\n' : stdout;
  return `${named(data)}${named(stderr)}? ${exit}`;
}

function filled(text: string): string {
  return text.replace(/\$(ALICE|BOB)\b/g, (_, name: string) => RECIPIENTS[name] ?? '');
}

function named(text: string): string {
  let short = text.replaceAll(session.folder, '$PWD').replace(/time="[^"]*"/g, 'time=…');
  for (const [name, recipient] of Object.entries(RECIPIENTS)) short = short.replaceAll(recipient, `$${name}`);
  return short;
}

/** The lines of a text that is indented with the table. */
function lines(text: string): string {
  return text.trim().replace(/^ {4}/gm, '');
}

test('there are more mistakes than anybody makes in an hour', () => {
  expect(Object.keys(MISTAKES).length).toBeGreaterThan(50);
});

describe.each(Object.entries(MISTAKES))('%s', (_, mistake) => {
  test('is told in words of its own', async () => {
    expect(await seen('sotto', mistake)).toBe(lines(mistake.sotto));
  });

  test.skipIf(mistake.sops === undefined)('is told as sops tells it, under its name', async () => {
    expect(await seen('sops', mistake)).toBe(lines(mistake.sops ?? ''));
  });
});

test('who could open a file, what is here and what to do is data with --json', async () => {
  session.write('.sops.yaml', filled('keys: [&ann $ALICE]\n'));
  const { stderr } = await session.sotto(['decrypt', '--json', 'secret.yaml'], {
    environment: { SOPS_AGE_KEY_FILE: 'bob.key' },
  });
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'no-key-fits',
    file: 'secret.yaml',
    recipients: [
      {
        name: 'ann',
        kind: 'age',
        id: RECIPIENTS['ALICE'],
        group: 1,
        opened: false,
        reasons: ['no identity fits'],
      },
    ],
    sources: expect.arrayContaining([{ name: 'SOPS_AGE_KEY_FILE=bob.key', holds: [BOB], problem: null }]),
    fixes: ['send ann your recipient: sotto keygen --show bob.key', expect.any(String)],
  });
});

test.skipIf(process.getuid?.() === 0)(
  'a key file that may not be read is told with what makes it readable',
  async () => {
    chmodSync(session.path('alice.key'), 0);
    const { stderr } = await session.sotto(['decrypt', 'secret.yaml'], {
      environment: { SOPS_AGE_KEY_FILE: 'alice.key' },
    });
    expect(stderr).toContain('looked in:    SOPS_AGE_KEY_FILE=alice.key: permission denied\n');
    expect(stderr).toContain('fix: make it readable for you: chmod u+r alice.key\n');
  },
);

test('a name that a recipient has in the configuration stands wherever it is shown', async () => {
  session.write('.sops.yaml', filled('keys: [&ben $BOB]\ncreation_rules:\n  - age: $ALICE\n'));
  const { stderr } = await session.sotto(['rotate', '-i', '--add-age', BOB, 'secret.yaml'], {
    environment: { SOPS_AGE_KEY_FILE: 'alice.key' },
  });
  expect(stderr).toContain('does not name ben (age1v3h0k…)');
});
