import { describe, expect, test } from 'vitest';
import { documentedDifference } from '../../support/documented-difference.ts';
import { ends, serve } from '../../support/key-service-session.ts';
import { UNIX_MISSING } from '../../support/program.ts';
import { play, sessions, startWithFiles } from '../../support/terminal.ts';
import { startVaultServer, TOKEN } from '../../support/vault-server.ts';

/** cli-surface.md, keyservice and --keyservice: sections 2, 3, 6 and 7. */
const OPENS = `sops decrypt --extract '["port"]' secret.json
    >| 8080`;
/** As `OPENS`, with flags in front of the file. */
const opensWith = (flags: string): string => `sops decrypt ${flags} --extract '["port"]' secret.json
    >| 8080`;

const FAILS = `sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128`;

/** Play a script beside a service that has alice's key, at $PWD/key.sock. Left out, clients have that key, too. */
function served(name: string, script: string): void {
  test(name, async () => {
    const session = await startWithFiles();
    ends.push(session.end);
    await serve(session, undefined, { SOPS_AGE_KEY_FILE: session.path('alice.key') });
    await play(session, script);
  });
}

describe.skipIf(UNIX_MISSING !== undefined)('with a service', () => {
  served(
    'SOPS_KEYSERVICE: a comma list of services, beside the local one',
    `
    $ SOPS_AGE_KEY_FILE=none ${FAILS}
    $ SOPS_AGE_KEY_FILE=none SOPS_KEYSERVICE=unix://$PWD/key.sock ${OPENS}
    $ SOPS_AGE_KEY_FILE=none SOPS_KEYSERVICE=tcp://127.0.0.1:1,unix://$PWD/key.sock ${OPENS}
    $ SOPS_KEYSERVICE=tcp://127.0.0.1:1 ${OPENS}
  `,
  );

  served(
    '--keyservice: a URI, repeatable; beats the variable; --enable-local-keyservice=false leaves it alone',
    `
    $ SOPS_AGE_KEY_FILE=none ${opensWith('--keyservice unix://$PWD/key.sock')}
    $ SOPS_AGE_KEY_FILE=none ${opensWith('--keyservice tcp://127.0.0.1:1 --keyservice unix://$PWD/key.sock')}
    $ SOPS_AGE_KEY_FILE=none SOPS_KEYSERVICE=tcp://127.0.0.1:1 ${opensWith('--keyservice unix://$PWD/key.sock')}
    $ SOPS_KEYSERVICE=unix://$PWD/key.sock sops decrypt --enable-local-keyservice=false --keyservice tcp://127.0.0.1:1 secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ ${opensWith('--enable-local-keyservice=false --keyservice unix://$PWD/key.sock')}
    $ ${opensWith('--keyservice tcp://127.0.0.1:1')}
  `,
  );

  served(
    'every command that opens or wraps takes --keyservice',
    `
    $ sops encrypt --enable-local-keyservice=false --keyservice unix://$PWD/key.sock -a $ALICE plain.json > out.json
    $ sops filestatus out.json
    > {"encrypted":true}
    $ sops rotate -i --enable-local-keyservice=false --keyservice unix://$PWD/key.sock secret.json
    $ SOPS_AGE_KEY_FILE=none sops set --keyservice unix://$PWD/key.sock secret.json '["name"]' '"one"'
    $ SOPS_AGE_KEY_FILE=none sops unset --keyservice unix://$PWD/key.sock secret.json '["database"]'
    $ SOPS_AGE_KEY_FILE=none EDITOR='sed -i s/one/two/' sops edit --keyservice unix://$PWD/key.sock secret.json
    $ SOPS_AGE_KEY_FILE=none sops exec-env --keyservice unix://$PWD/key.sock secret.json 'echo "$name"'
    > two
    $ SOPS_AGE_KEY_FILE=none sops exec-file --keyservice unix://$PWD/key.sock secret.json 'grep -c two {}'
    > 1
    $ SOPS_AGE_KEY_FILE=none sops groups add -i --keyservice unix://$PWD/key.sock -f secret.json --age $ALICE --shamir-secret-sharing-threshold 2
    $ SOPS_AGE_KEY_FILE=none sops groups delete -i --keyservice unix://$PWD/key.sock -f secret.json 1 --shamir-secret-sharing-threshold 1
    $ printf 'creation_rules:\\n  - age: $ALICE,$BOB\\n' > .sops.yaml
    $ SOPS_AGE_KEY_FILE=none sops updatekeys -y --keyservice unix://$PWD/key.sock secret.json > out
    ! … Syncing keys for file $PWD/secret.json
    $ SOPS_AGE_KEY_FILE=none sops -d --keyservice unix://$PWD/key.sock --extract '["name"]' secret.json
    >| two
    $ SOPS_AGE_KEY_FILE=bob.key sops decrypt --extract '["name"]' secret.json
    >| two
  `,
  );

  test('publish takes it, too', async () => {
    const session = await startWithFiles();
    const vault = await startVaultServer();
    ends.push(session.end, vault.end);
    await serve(session, undefined, { SOPS_AGE_KEY_FILE: session.path('alice.key') });
    await play(
      session,
      `
      $ printf 'destination_rules:\\n  - vault_address: ${vault.address}\\n    vault_path: x\\n' > .sops.yaml
      $ SOPS_AGE_KEY_FILE=none VAULT_TOKEN=${TOKEN} sops publish -y --keyservice unix://$PWD/key.sock secret.json
    `,
    );
    expect([...vault.secrets.keys()]).toEqual(['secret/x/secret.json']);
  });
});

/** A service in the background of a shell that waits until it listens, stops it and shows its status. */
const stopped = (signal: string): string =>
  `sops keyservice --net unix --addr key.sock < /dev/null & for i in $(seq 200); do test -S key.sock && break; sleep 0.05; done; test -S key.sock && kill -${signal} $! && wait $!; echo $?; ls key.sock 2> /dev/null | wc -l`;

sessions({
  'keyservice takes': `
    $ sops keyservice --network x --address x --prompt --verbose --help > out
    $ sops keyservice --net x --addr x -h > out
  `,
  'neither keyservice, filestatus nor completion takes --keyservice': `
    $ sops keyservice --keyservice x 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -keyservice"
    $ sops filestatus --keyservice x secret.json 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -keyservice"
    $ sops completion --keyservice x bash 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -keyservice"
  `,
  'keyservice: SIGINT and SIGTERM: exit 0, silent, the socket removed': `
    $ ${stopped('INT')}
    > 0
    > 0
    $ ${stopped('TERM')}
    > 0
    > 0
  `,
  '--verbose before the command reaches it; it listens on 127.0.0.1:5000 over tcp by default': `
    $ sops keyservice --help | grep -o '127.0.0.1:5000'
    > 127.0.0.1:5000
    $ (sops --verbose keyservice --addr 127.0.0.1:0 < /dev/null 2> said & for i in $(seq 200); do grep -q . said && break; sleep 0.05; done; kill $!; wait $!); grep -o 'Listening on tcp://127.0.0.1:' said
    > Listening on tcp://127.0.0.1:
  `,
});

documentedDifference('`keyservice` says twice why it can', {
  'once, in a log line': `
    $ sops keyservice --network wibble
    !! [CMD]	 time="…" level=fatal msg="listen wibble: unknown network wibble"
    ? 1
    $ sops keyservice --network unix --address $PWD/plain.json
    !! [CMD]	 time="…" level=fatal msg="listen unix $PWD/plain.json: bind: address already in use"
    ? 1
  `,
});

documentedDifference('listens on any address', {
  'under the name of sops, too': `
    $ sops keyservice --address 0.0.0.0:0
    !! [CMD]	 time="…" level=fatal msg="0.0.0.0:0 can be reached from other machines, and there is no TLS"
    ? 1
  `,
});

documentedDifference('`keyservice` ignores arguments', {
  'an error': `
    $ sops keyservice key.sock
    !! keyservice takes no arguments: key.sock
    ? 1
  `,
});

documentedDifference('addresses that are none are skipped', {
  'an error': `
    $ sops decrypt --keyservice wibble secret.json
    !! not an address of a key service: "wibble"
    ? 1
  `,
});

documentedDifference('an empty `SOPS_KEYSERVICE` is a service', {
  none: `
    $ HOME=/none SOPS_KEYSERVICE= SOPS_AGE_KEY_FILE=none sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_KEYSERVICE= SOPS_AGE_KEY_FILE=none sops decrypt secret.json 2>&1 | grep -c '    - |'
    > 1
  `,
});

documentedDifference('a service that can', {
  'its address, and what turned off means': `
    $ sops decrypt --enable-local-keyservice=false --keyservice tcp://127.0.0.1:1 secret.json 2>&1 | sed -n '5,7p'
    >     - | keys of this machine are turned off
    >     
    >     - | tcp://127.0.0.1:1: cannot be reached: connect ECONNREFUSED
  `,
});
