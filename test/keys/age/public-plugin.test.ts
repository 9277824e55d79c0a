import { afterEach, describe, expect, test } from 'vitest';
import { newIdentityFile } from '../../../src/keys/age/identity.ts';
import { execFileSync, spawnSync } from '../../support/processes.ts';
import { type Session, startSession } from '../../support/session.ts';

let here: Session | undefined;
afterEach(() => here?.end());

/** A plugin of age itself, for versions of age that do not know post-quantum keys. */
const IS_THERE = spawnSync('age-plugin-pq', ['--help']).error === undefined;
if (!IS_THERE) console.info('skipped: the plugin age-plugin-pq is not installed');

describe.skipIf(!IS_THERE)('a public plugin, age-plugin-pq', () => {
  test('opens many files that sotto made for its key, in one go', async () => {
    const { text, recipient } = await newIdentityFile(new Date(0), 'hybrid');
    const identity = execFileSync('age-plugin-pq', ['-identity'], {
      input: text,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(identity).toContain('AGE-PLUGIN-PQ-1');
    const session = startSession();
    here = session;
    session.write('key.txt', identity);
    session.write('plain.yaml', 'password: hunter2\n');
    const { stdout } = await session.sotto(['encrypt', '--age', recipient, 'plain.yaml']);
    session.write('a.yaml', stdout);
    const environment = { SOPS_AGE_KEY_FILE: session.path('key.txt') };
    expect(await session.sotto(['decrypt', 'a.yaml'], { environment })).toEqual({
      exit: 0,
      stdout: 'password: hunter2\n',
      stderr: '',
    });
    session.write('b.yaml', stdout);
    const rotated = await session.sotto(['rotate', '-i', 'a.yaml', 'b.yaml'], { environment });
    expect({ exit: rotated.exit, stdout: rotated.stdout }).toEqual({ exit: 0, stdout: '' });
    expect(rotated.stderr).toMatch(
      /^2 of 2 files rotated\nthe new data key of 2 files \(a\.yaml, …\) is wrapped for\n {4}age1pq1\S+\n$/,
    );
    expect((await session.sotto(['decrypt', 'b.yaml'], { environment })).stdout).toBe('password: hunter2\n');
  });
});
