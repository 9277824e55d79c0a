import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { add } from '../../src/commands/people/add.ts';
import type { ConfigChange } from '../../src/commands/people/change.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { ALICE, as, type GitSession, startGitSession } from '../support/git-session.ts';
import { execFileSync } from '../support/processes.ts';

const CONFIG = `sotto:
  people:
    ann: &ann { age: [${ALICE}] }
  teams:
    ops: &ops { merge: [*ann] }
creation_rules:
  - key_groups: [*ops]
`;

let here: GitSession;
beforeEach(async () => {
  here = startGitSession();
  here.put({ '.sops.yaml': CONFIG, 'a.yaml': 'password: hunter2\n' });
  await here.sotto(['encrypt', '-i', 'a.yaml'], as('alice'));
  here.commit({});
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'cleo@laptop', '-f', here.path('cleo')]);
});
afterEach(() => here.end());

test('somebody with an SSH key joins by a file, reads, and leaves', async () => {
  const added = await here.sotto(
    ['add', 'cleo', '--key-file', 'cleo.pub', '--to', 'ops', '--yes'],
    as('alice'),
  );
  expect(added.exit, added.stderr).toBe(0);
  const [, fingerprint] = execFileSync('ssh-keygen', ['-l', '-f', here.path('cleo.pub')], {
    encoding: 'utf8',
  }).split(' ');
  expect(added.stderr).toContain(fingerprint);
  const key = { environment: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: here.path('cleo') } };
  expect((await here.sotto(['decrypt', 'a.yaml'], key)).stdout).toBe('password: hunter2\n');
  expect((await here.sotto(['who'])).stdout).toBe('a.yaml   cleo, ann   rule 1\n');
  expect((await here.sotto(['remove', 'cleo', '--yes'], as('alice'))).exit).toBe(0);
  expect((await here.sotto(['decrypt', 'a.yaml'], key)).exit).toBe(128);
  expect(here.read('.sops.yaml')).toBe(CONFIG);
});

test('keys from an address are asked for once, shown with fingerprints, and written down without what is behind them', async () => {
  const key = readFileSync(here.path('cleo.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  const io = { ...nodeIo({ ...process.env, ...as('alice').environment }, here.folder) };
  const seen: string[] = [];
  const shown: ConfigChange[] = [];
  const joined = (fromUrl: string, body: string) =>
    add(
      {
        name: 'cleo',
        recipients: [],
        keyFiles: [],
        fromUrl,
        to: ['ops'],
        keepGoing: false,
        warn: () => undefined,
        confirm: async (change) => {
          shown.push(change);
          return true;
        },
      },
      {
        ...io,
        request: async ({ url }) => {
          seen.push(url.href);
          return { status: 200, headers: {}, body };
        },
      },
    );
  const url = 'https://example.org/cleo.keys';
  await expect(joined('http://example.org/cleo.keys', key)).rejects.toThrow('https');
  await expect(joined(url, '<html>\u001b[31m</html>')).rejects.toThrow('has no key');
  await joined(url, `${key} \u001b[31mann\nssh-dss AAAA\n`);
  expect(seen).toEqual([url, url]);
  expect(shown[0]?.says.join('\n')).toMatch(/SHA256:.*compare the fingerprints/s);
  expect(here.read('.sops.yaml')).toContain(`- ${key}\n`);
  expect(here.read('.sops.yaml')).not.toContain('example.org');
});

test('--from-url and --yes exclude each other: somebody has to look', async () => {
  const args = ['add', 'cleo', '--from-url', 'https://example.org/x.keys', '--to', 'ops', '--yes'];
  expect((await here.sotto(args, as('alice'))).exit).toBe(8);
});
