import { expect, test } from 'vitest';
import { documentedDifference } from '../../support/documented-difference.ts';
import { play, sessions, startWithFiles } from '../../support/terminal.ts';
import { startVaultServer, TOKEN } from '../../support/vault-server.ts';

/** cli-surface.md, publish: its flags and its part of sections 2, 5, 6 and 9. */

/** Play a script beside a server, $VAULT, to which alice's secret.yaml and secret.json can be published. */
function publishing(name: string, script: string, requests: readonly string[]): void {
  test(name, async () => {
    const session = await startWithFiles();
    const server = await startVaultServer();
    try {
      await play(session, script.replaceAll('$VAULT', server.address).replaceAll('$TOKEN', TOKEN));
      expect(server.lines()).toEqual(requests);
    } finally {
      await server.end();
      session.end();
    }
  });
}

const TO_SHOP = `
    $ printf 'destination_rules:\\n  - vault_address: $VAULT\\n    vault_path: shop\\n' > .sops.yaml`;
const PUBLISH = 'VAULT_TOKEN=$TOKEN sops publish';

publishing(
  'publish: FILE; the values to the rule’s address and path, by Vault’s own token; silent, flags behind FILE too',
  `${TO_SHOP}
    $ ${PUBLISH} secret.json -y
    $ ${PUBLISH} --yes secret.json
  `,
  [
    'GET /v1/secret/data/shop/secret.json',
    'PUT /v1/secret/data/shop/secret.json',
    'GET /v1/secret/data/shop/secret.json',
  ],
);

publishing(
  'the address is Vault’s own variable’s where the rule has none; a mount, and KV 1 without data/',
  `
    $ printf 'destination_rules:\\n  - vault_path: x\\n    vault_kv_mount_name: kv/\\n    vault_kv_version: 1\\n' > .sops.yaml
    $ VAULT_ADDR=$VAULT ${PUBLISH} -y secret.json
  `,
  ['GET /v1/kv/x/secret.json', 'PUT /v1/kv/x/secret.json'],
);

publishing(
  'with --recursive a folder; --omit-extensions, and omit_extensions of the rule, take the suffix off',
  `${TO_SHOP}
    $ mkdir -p all/sub
    $ cp secret.json all/sub/a.json
    $ ${PUBLISH} -y --recursive all
    $ ${PUBLISH} -y --omit-extensions secret.json
    $ printf '    omit_extensions: true\\n' >> .sops.yaml
    $ ${PUBLISH} -y secret.yaml
  `,
  [
    'GET /v1/secret/data/shop/sub/a.json',
    'PUT /v1/secret/data/shop/sub/a.json',
    'GET /v1/secret/data/shop/secret',
    'PUT /v1/secret/data/shop/secret',
    'GET /v1/secret/data/shop/secret',
    'PUT /v1/secret/data/shop/secret',
  ],
);

publishing(
  'matches the path as typed',
  `
    $ printf 'destination_rules:\\n  - path_regex: ^[.]/\\n    vault_path: dots\\n    vault_address: $VAULT\\n  - path_regex: ^sub/\\n    vault_path: subs\\n    vault_address: $VAULT\\n' > .sops.yaml
    $ mkdir sub
    $ cp secret.json sub/a.json
    $ ${PUBLISH} -y sub/a.json
    $ ${PUBLISH} -y ./sub/a.json
    $ ${PUBLISH} -y $PWD/sub/a.json
    !! error loading config: no matching destination found in config
    ? 1
    $ cd $PWD/sub
    $ ${PUBLISH} -y a.json
    !! error loading config: no matching destination found in config
    ? 1
  `,
  [
    'GET /v1/secret/data/subs/a.json',
    'PUT /v1/secret/data/subs/a.json',
    'GET /v1/secret/data/dots/a.json',
    'PUT /v1/secret/data/dots/a.json',
  ],
);

publishing(
  'the data key, the values and the MAC are checked before anything is sent',
  `${TO_SHOP}
    $ SOPS_AGE_KEY_FILE=bob.key ${PUBLISH} -y secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ ${PUBLISH} -y --enable-local-keyservice=false secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ ${PUBLISH} -y --decryption-order pgp,pgp secret.json
    !! Duplicate decryption key type: pgp
    ? 112
    $ sed -i '/"name"/d' secret.json
    $ ${PUBLISH} -y secret.json
    !! MAC mismatch. File has …, computed …
    ? 51
  `,
  [],
);

publishing(
  'more than one FILE: a warning, the first is used',
  `${TO_SHOP}
    $ ${PUBLISH} -y secret.json secret.yaml
    !! [CMD]	 time="…" level=warning msg="More than one positional argument provided. Only the first one will be used!"
  `,
  ['GET /v1/secret/data/shop/secret.json', 'PUT /v1/secret/data/shop/secret.json'],
);

sessions({
  'publish takes': `
    $ sops publish --yes --omit-extensions --recursive --verbose --decryption-order x --enable-local-keyservice --keyservice x --help > out
    $ sops publish -y -h > out
  `,
  'publish does not take --input-type, nor --ignore-mac': `
    $ sops publish --input-type json secret.json 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -input-type"
    $ sops publish --ignore-mac secret.json 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -ignore-mac"
  `,
  'a config is needed before a FILE is': `
    $ sops publish -y
    !! config file not found
    ? 1
    $ sops publish -y secret.json
    !! config file not found
    ? 1
    $ printf '{}' > .sops.yaml
    $ sops publish -y
    !! Error: no file specified
    ? 100
    $ sops publish -y none
    !! stat none: no such file or directory
    ? 1
  `,
  'the rules: none that matches, none at all, no destination in it, more than one in it': `
    $ printf 'destination_rules:\\n  - path_regex: none\\n    vault_path: x\\n' > a
    $ sops --config a publish -y secret.json
    !! error loading config: no matching destination found in config
    ? 1
    $ printf '{}' > b
    $ SOPS_CONFIG=b sops publish -y secret.json
    !! error loading config: no matching destination found in config
    ? 1
    $ printf 'destination_rules:\\n  - omit_extensions: true\\n' > c
    $ sops --config c publish -y secret.json
    !! no destination configured for this file
    ? 1
    $ printf 'destination_rules:\\n  - vault_path: x\\n    s3_bucket: y\\n' > d
    $ sops --config d publish -y secret.json
    !! error loading config: more than one destinations were found in a single destination rule, you can only use one per rule
    ? 1
  `,
  'a folder without --recursive is a log line': `
    $ printf 'destination_rules:\\n  - vault_path: x\\n' > .sops.yaml
    $ sops publish -y .
    !! [CMD]	 time="…" level=fatal msg="can't operate on a directory without --recursive flag."
    ? 1
  `,
});

documentedDifference('an empty answer ends it; asks on stdout', {
  'n is exit 1; with --recursive it goes on': `
    $ printf 'destination_rules:\\n  - vault_address: http://127.0.0.1:1\\n    vault_path: x\\n' > .sops.yaml
    $ sops publish secret.json
    < n
    ! uploading $PWD/secret.json to http://127.0.0.1:1/v1/secret/data/x/secret.json ? (y/n): 
    !! Publication of $PWD/secret.json canceled
    ? 1
    $ mkdir all
    $ cp secret.json secret.yaml all
    $ sops publish --recursive all
    < n
    < n
    ! uploading $PWD/all/secret.json to http://127.0.0.1:1/v1/secret/data/x/secret.json ? (y/n): 
    ! uploading $PWD/all/secret.yaml to http://127.0.0.1:1/v1/secret/data/x/secret.yaml ? (y/n): 
    ! Publication of $PWD/all/secret.json canceled
    !! Publication of $PWD/all/secret.yaml canceled
  `,
});

documentedDifference('a `path_regex` that can', {
  'an error': `
    $ printf 'destination_rules:\\n  - path_regex: (\\n    vault_path: x\\n' > .sops.yaml
    $ sops publish -y secret.json
    ! can not compile regexp: …
    ? 1
  `,
});
