import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { start, UNIX_MISSING } from '../support/program.ts';
import { type Session, startSession } from '../support/session.ts';
import { RECIPIENTS, startWithFiles } from '../support/terminal.ts';

const [ALICE = '', BOB = ''] = [RECIPIENTS['ALICE'], RECIPIENTS['BOB']];
/** So many that none of them is the last when the signal comes. */
const NAMES = Array.from({ length: 300 }, (_, index) => `${index}.yaml`);

if (UNIX_MISSING !== undefined) console.info(`cli/interrupted: ${UNIX_MISSING}`);

describe.skipIf(UNIX_MISSING !== undefined)('Ctrl+C over many files', () => {
  test('says how many are done and where it stopped, and each file is the old one or the new one', async () => {
    const session = await startWithFiles();
    const old = session.read('secret.yaml');
    for (const name of NAMES) session.write(name, old);
    session.write('.sops.yaml', `creation_rules:\n- age: ${ALICE},${BOB}\n`);
    const environment = { SOPS_AGE_KEY_FILE: session.path('alice.key') };
    const running = start(session, ['updatekeys', '--yes', ...NAMES], { environment });
    await expect.poll(() => session.read('0.yaml') === old, { interval: 5 }).toBe(false);
    running.child.kill('SIGINT');
    const { stderr, signal } = await running.ended;
    expect(signal).toBe('SIGINT');
    const changed = NAMES.filter((name) => session.read(name) !== old);
    const left = NAMES.length - changed.length;
    const count = `${changed.length} of ${NAMES.length} files are done; ${left} are left`;
    expect(stderr).toContain(`ended by SIGINT: ${count}, from ${changed.length}.yaml on`);
    expect(changed).toEqual(NAMES.slice(0, changed.length));
    for (const name of changed) expect(session.read(name)).toContain(BOB);
    expect(leftIn(session)).toEqual([]);
    // Nothing is locked, and the rest follows.
    const again = await session.sotto(['updatekeys', '--yes', ...NAMES], { environment });
    expect(again.stderr).toContain(`${left} updated`);
    session.end();
  });

  test('leaves all files as they are where it is all of them or none', async () => {
    const session = startSession();
    for (const name of NAMES) session.write(name, 'password: s3cret\n');
    // The warning shows that it has begun.
    session.write('.sops.yml', '');
    const running = start(session, ['encrypt', '-i', '--age', ALICE, ...NAMES]);
    await running.complains('.sops.yml');
    running.child.kill('SIGINT');
    const { stderr, signal } = await running.ended;
    expect(signal).toBe('SIGINT');
    expect(stderr).toContain(`ended by SIGINT before the first of ${NAMES.length} files was written`);
    expect(new Set(NAMES.map(session.read))).toEqual(new Set(['password: s3cret\n']));
    expect(leftIn(session)).toEqual([]);
    session.end();
  });
});

function leftIn({ folder }: Session): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.sotto-'));
}
