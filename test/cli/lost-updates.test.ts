import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reapplied } from '../../src/commands/reapplied.ts';
import { ChangedMeanwhile } from '../../src/io/atomic-write.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { start, UNIX_MISSING } from '../support/program.ts';
import { sessions, startWithFiles } from '../support/terminal.ts';

/** While a command looks for its key, somebody else writes the file. */
const MEDDLING = `
  $ cp secret.yaml theirs.yaml
  $ sotto set theirs.yaml '["port"]' 7
  $ echo 'cp theirs.yaml secret.yaml; cat alice.key' > meddle
`;

function refused(command: string, exit = 3): string {
  return `${MEDDLING}
    $ SOPS_AGE_KEY_CMD='sh meddle' ${command}
    ! secret.yaml was changed meanwhile; it is left as it is
    ? ${exit}
    $ cmp secret.yaml theirs.yaml
    $ ls -A | grep -c '^.sotto'
    > 0
    ? 1
  `;
}

sessions({
  'rotate does not overwrite what others wrote meanwhile': refused('sotto rotate -i secret.yaml'),
  'nor does rotate that names the same file as its output': refused(
    'sotto rotate --output secret.yaml ./secret.yaml',
  ),
  'nor does rotate over many files': refused('sotto rotate -i secret.yaml secret.json', 1),
  'nor does encrypt --onto': `
    $ (cat plain.yaml; echo 'more: 1') > changed.yaml
    ${refused('sotto encrypt --onto secret.yaml -i changed.yaml')}
  `,
  'nor does groups add': refused('sotto groups add -i -f secret.yaml --age $BOB'),
  'nor does decrypt': refused('sotto decrypt -i secret.yaml'),
  'nor does sops': refused('sops rotate -i secret.yaml'),
  'set is done once more, on top of what others wrote meanwhile': `${MEDDLING}
    $ SOPS_AGE_KEY_CMD='sh meddle' sotto set secret.yaml '["mine"]' 1
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 7
    $ sotto decrypt --extract '["mine"]' secret.yaml
    > 1
  `,
  'so is unset': `${MEDDLING}
    $ SOPS_AGE_KEY_CMD='sh meddle' sotto unset secret.yaml '["database"]'
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 7
    $ sotto decrypt --extract '["database"]' secret.yaml
    ! there is nothing at database
    ? 1
  `,
  'a file that somebody removed meanwhile does not come back': `
    $ echo 'rm secret.yaml; cat alice.key' > meddle
    $ SOPS_AGE_KEY_CMD='sh meddle' sotto rotate -i secret.yaml
    ! secret.yaml was changed meanwhile; it is left as it is
    ? 3
    $ SOPS_AGE_KEY_CMD='sh meddle' sotto set secret.json '["port"]' 1
    $ ls secret.yaml
    ! …cannot access 'secret.yaml': No such file or directory
    ? 2
  `,
});

test('it is said when somebody changes a file again and again', async () => {
  const session = await startWithFiles();
  const io = nodeIo({}, session.folder);
  let tries = 0;
  const attempt = async (): Promise<void> => {
    tries += 1;
    const content = Buffer.from(session.read('secret.yaml'));
    writeFileSync(session.path('secret.yaml'), `theirs: ${tries}\n`);
    await io.write(session.path('secret.yaml'), Buffer.from('mine'), {
      known: { name: 'secret.yaml', content },
    });
  };
  await expect(reapplied(io, 'secret.yaml', attempt)).rejects.toThrow(ChangedMeanwhile);
  expect(session.read('secret.yaml')).toBe(`theirs: ${tries}\n`);
  expect(tries).toBeLessThan(10);
  session.end();
});

test.skipIf(UNIX_MISSING)(
  'nothing is lost of what many processes set at once',
  { timeout: 90_000 },
  async () => {
    const session = await startWithFiles();
    const environment = { SOPS_AGE_KEY_FILE: session.path('alice.key') };
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const ended = await Promise.all([
      ...names.map(
        (name) => start(session, ['set', 'secret.yaml', `["${name}"]`, '1'], { environment }).ended,
      ),
      start(session, ['rotate', '-i', 'secret.yaml'], { environment }).ended,
    ]);
    expect(ended.slice(0, names.length).map(({ exit, stderr }) => [exit, stderr])).toEqual(
      names.map(() => [0, '']),
    );
    const { stdout } = await session.sotto(['decrypt', '--output-type', 'json', 'secret.yaml'], {
      environment,
    });
    expect(Object.keys(JSON.parse(stdout))).toEqual(expect.arrayContaining(names));
    session.end();
  },
);
