import { expect, test } from 'vitest';
import { findConfig, pathBelow } from '../../src/config/find.ts';
import { readConfig } from '../../src/config/read.ts';
import { matchRule } from '../../src/config/rules.ts';
import type { Io } from '../../src/io/io.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import { sessions } from '../support/terminal.ts';

const rule = (recipient: string, regex = '.*'): string =>
  `printf 'creation_rules:\\n  - path_regex: ${regex}\\n    age: ${recipient}\\n'`;

sessions({
  'the configuration is looked for from the working folder upward': `
    $ mkdir -p a/b
    $ ${rule('$ALICE', '^a/b/x.yaml$')} > .sops.yaml
    $ cp plain.yaml a/b/x.yaml
    $ cd a/b
    $ sotto encrypt -i x.yaml
    $ grep recipient x.yaml
    >           recipient: $ALICE
  `,
  'the nearest one to the working folder wins': `
    $ mkdir a
    $ ${rule('$ALICE')} > .sops.yaml
    $ ${rule('$BOB')} > a/.sops.yaml
    $ cp plain.yaml a/x.yaml
    $ cd a
    $ sotto encrypt -i x.yaml
    $ grep recipient x.yaml
    >           recipient: $BOB
  `,
  'a nearer one to the file than the one that is used is told': `
    $ mkdir a
    $ ${rule('$ALICE')} > .sops.yaml
    $ ${rule('$BOB')} > a/.sops.yaml
    $ cp plain.yaml a/x.yaml
    $ sotto encrypt -i a/x.yaml
    ! warning: $PWD/.sops.yaml is used, though $PWD/a/.sops.yaml is nearer to the file
    ! fix: run the command in $PWD/a, or name one with --config
    $ grep recipient a/x.yaml
    >           recipient: $ALICE
  `,
  'a file elsewhere has the configuration of its own folder': `
    $ mkdir here there
    $ ${rule('$ALICE')} > here/.sops.yaml
    $ ${rule('$BOB', '^x.yaml$')} > there/.sops.yaml
    $ cp plain.yaml there/x.yaml
    $ cd here
    $ sotto encrypt ../there/x.yaml > ../out.yaml
    $ grep recipient ../out.yaml
    >           recipient: $BOB
    $ cd ..
    $ rm here/.sops.yaml
    $ sotto encrypt there/x.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $BOB
  `,
  'under the name of sops only the working folder counts, and nothing is told': `
    $ mkdir here there
    $ ${rule('$BOB')} > there/.sops.yaml
    $ cp plain.yaml there/x.yaml
    $ cd here
    $ sops encrypt ../there/x.yaml
    ! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
    $ ${rule('$ALICE')} > .sops.yaml
    $ sops encrypt ../there/x.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
  `,
  'a file outside of the folder of the configuration is matched by its whole path': `
    $ mkdir conf
    $ ${rule('$ALICE', '^/.*/plain.yaml$')} > conf/c.yaml
    $ sotto --config conf/c.yaml encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    $ ${rule('$ALICE', '^plain.yaml$')} > conf/c.yaml
    $ sotto --config conf/c.yaml encrypt plain.yaml
    ! no rule matches $PWD/plain.yaml
    !   at $PWD/conf/c.yaml
    !   rule 1: path_regex: ^plain.yaml$
    ? 1
  `,
  'it may be a link; its folder is that of the link': `
    $ mkdir conf
    $ ${rule('$ALICE', '^plain.yaml$')} > conf/real.yaml
    $ ln -s conf/real.yaml .sops.yaml
    $ sotto encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
  `,
  'a wrong name is told, also when nothing else is found': `
    $ ${rule('$ALICE')} > .sops.yml
    $ sotto encrypt plain.yaml
    ! warning: $PWD/.sops.yml: ignoring ".sops.yml" when searching for config file; the config file must be called ".sops.yaml"
    ! nothing says for whom to encrypt: there is no .sops.yaml here, nor above
    ? 1
    $ ${rule('$BOB')} > .sops.yaml
    $ mkdir a
    $ cp .sops.yml a
    $ cd a
    $ sotto encrypt ../plain.yaml > out.yaml
    ! warning: $PWD/a/.sops.yml: ignoring ".sops.yml" when searching for config file; the config file must be called ".sops.yaml"; using "../.sops.yaml" instead
    $ grep recipient out.yaml
    >           recipient: $BOB
  `,
  '--config and SOPS_CONFIG replace the search; an empty one does not': `
    $ ${rule('$ALICE')} > .sops.yaml
    $ ${rule('$BOB')} > other.yaml
    $ SOPS_CONFIG=other.yaml sotto encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $BOB
    $ sotto --config other.yaml --config '' encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    $ SOPS_CONFIG=other.yaml sotto --config /dev/null encrypt plain.yaml
    ! nothing says for whom to encrypt: the configuration has no creation_rules
    ? 1
    $ sotto --config missing.yaml decrypt secret.yaml
    ! can't read missing.yaml: no such file or directory, the configuration
    ! fix: check --config and SOPS_CONFIG
    ? 1
  `,
});

/** A world in which these files are there. */
function worldOf(platform: string, folder: string, files: readonly string[]): Io {
  const known = (path: string): string => (platform === 'win32' ? path.toLowerCase() : path);
  const exists = (path: string): boolean => files.map(known).includes(known(path));
  return { ...nodeIo({}, '/'), platform, folder, exists };
}

test('on Windows folders are searched to the drive, and upper and lower case are the same', () => {
  const config = 'C:\\Users\\a\\shop\\.sops.yaml';
  const io = worldOf('win32', 'c:\\Users\\a\\Shop\\secrets', ['c:\\Users\\a\\Shop\\.sops.yaml']);
  const found = { path: 'c:\\Users\\a\\Shop\\.sops.yaml', warnings: [] };
  expect(findConfig(io, 'C:\\Users\\a\\shop\\secrets\\x.yaml')).toEqual(found);
  expect(findConfig(io, 'c:\\Users\\a\\Shop\\secrets\\x.yaml')).toEqual(found);
  expect(pathBelow(io, config, 'c:\\users\\A\\Shop\\secrets\\x.yaml')).toBe('secrets\\x.yaml');
  expect(pathBelow(io, config, 'D:\\shop\\x.yaml')).toBeUndefined();
  expect(pathBelow(io, config, 'C:\\Users\\a\\shop2\\x.yaml')).toBeUndefined();
});

test('on Windows rules see paths with slashes, from any spelling, and one with backslashes is named', async () => {
  const config = 'C:\\shop\\.sops.yaml';
  const io = worldOf('win32', 'C:\\shop', [config]);
  const rules = (pattern: string) =>
    readConfig(`creation_rules:\n  - path_regex: '${pattern}'\n    pgp: ${'A'.repeat(40)}\n`, config);
  for (const path of ['C:\\shop\\secrets\\prod\\a.yaml', 'c:\\Shop\\secrets\\prod\\a.yaml'])
    expect(await matchRule(io, rules('^secrets/prod/[^/]+$'), path)).toMatchObject({ number: 1 });
  expect(await matchRule(io, rules('^D:/other/'), 'D:\\other\\a.yaml')).toMatchObject({ number: 1 });
  // As real sops needs it there; elsewhere it would match nothing.
  const failed = matchRule(io, rules('secrets\\\\prod'), 'C:\\shop\\secrets\\prod\\a.yaml');
  await expect(failed).rejects.toMatchObject({
    message: expect.stringContaining('no rule matches secrets/prod/a.yaml'),
    details: { hint: expect.stringContaining('write / for \\\\') },
  });
});

test('a folder whose name begins as that of the configuration is another one', () => {
  const io = worldOf('linux', '/', []);
  expect(pathBelow(io, '/srv/shop/.sops.yaml', '/srv/shop2/x.yaml')).toBeUndefined();
  expect(pathBelow(io, '/srv/shop/.sops.yaml', '/srv/shop/..x.yaml')).toBe('..x.yaml');
  expect(pathBelow(io, '/.sops.yaml', '/x.yaml')).toBe('x.yaml');
});
