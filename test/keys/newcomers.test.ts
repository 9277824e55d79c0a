import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeNewcomers } from '../../src/keys/newcomers.ts';
import { spawnSync } from '../support/processes.ts';
import type { Session } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

const { ALICE = '', BOB = '', CAROL = '' } = RECIPIENTS;

/** Of a kind whose recipients are one only if their texts are. */
const names = (ids: readonly string[]) => ids.map((id) => ({ kind: 'gcp_kms', id }));

test('who stays keeps the place, and a newcomer is never the last of several', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 });
  fc.assert(
    fc.property(ids, ids, (held, wanted) => {
      const placed = placeNewcomers(names(wanted), names(held)).map(({ id }) => id);
      const stay = held.filter((id) => wanted.includes(id));
      expect([...placed].sort()).toEqual([...wanted].sort());
      expect(placed.filter((id) => stay.includes(id))).toEqual(stay);
      if (stay.length > 0) expect(placed.at(-1)).toBe(stay.at(-1));
      else expect(placed).toEqual(wanted);
    }),
  );
});

test('goes before the first that sorts after it', () => {
  const placed = placeNewcomers(names(['a', 'd', 'c', 'b']), names(['a', 'b', 'd']));
  expect(placed.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

let session: Session;
beforeAll(async () => {
  session = await startWithFiles();
});
afterAll(() => session.end());

test('a newcomer and a changed value merge without a driver, and the file opens for the newcomer', async () => {
  const rules = (...ids: readonly string[]) =>
    session.write('.sops.yaml', `creation_rules:\n  - age: ${ids.join(',')}\n`);
  const sotto = async (name: string, ...args: readonly string[]) => {
    const key = readFileSync(new URL(`../vectors/keys/age-${name}.txt`, import.meta.url), 'utf8');
    const { exit, stdout, stderr } = await session.sotto(args, { environment: { SOPS_AGE_KEY: key } });
    expect(exit, stderr).toBe(0);
    return stdout;
  };
  rules(ALICE, BOB);
  await sotto('alice', 'updatekeys', '-y', 'secret.yaml');
  git('init', '-q', '-b', 'main', '.');
  git('add', 'secret.yaml');
  git('commit', '-qm', 'base');
  git('checkout', '-qb', 'join');
  rules(ALICE, BOB, CAROL);
  await sotto('bob', 'updatekeys', '-y', 'secret.yaml');
  git('commit', '-qam', 'join');
  git('checkout', '-q', 'main');
  await sotto('bob', 'set', 'secret.yaml', '["port"]', '9');
  git('commit', '-qam', 'value');
  git('merge', '-q', '--no-edit', 'join');
  expect(await sotto('carol', 'decrypt', '--extract', '["port"]', 'secret.yaml')).toBe('9\n');
});

function git(...args: readonly string[]): void {
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@x'];
  const { status, stdout, stderr } = spawnSync('git', [...author, ...args], {
    cwd: session.folder,
    encoding: 'utf8',
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
}
