import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 2: what each command reads and writes. */
sessions({
  'encrypt and decrypt: FILE, else stdin; to stdout, --output, or FILE with -i': `
    $ sops encrypt -a $ALICE plain.json > out.json
    $ sops encrypt -a $ALICE --filename-override x.json > out.json
    < {"a": 1}
    $ sops decrypt --input-type json --output-type yaml
    < {}
    !! sops metadata not found
    ? 1
    $ sops decrypt --extract '["a"]' out.json
    >| 1
    $ sops encrypt -a $ALICE --output new.json plain.json
    $ sops decrypt --output back.json new.json
    $ sops decrypt -i new.json
    $ cmp new.json back.json
    $ sops encrypt -i -a $ALICE back.json
    $ sops filestatus back.json
    > {"encrypted":true}
  `,
  'rotate: FILE; to stdout, --output, or FILE with -i': `
    $ cp secret.json before.json
    $ sops rotate secret.json > out.json
    $ sops rotate --output new.json secret.json
    $ cmp before.json secret.json
    $ sops rotate -i secret.json
    $ cmp -s before.json secret.json
    ? 1
    $ sops rotate
    !! Error: no file specified
    ? 100
  `,
  'edit: FILE, which may be new': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ printf '#!/bin/sh\\nprintf "a: 1\\\\n" > "$1"\\n' > editor
    $ chmod +x editor
    $ EDITOR=$PWD/editor sops edit new.yaml
    $ sops decrypt new.yaml
    > a: 1
    $ sops edit
    !! Error: no file specified
    ? 100
  `,
  'set: FILE PATH VALUE, FILE PATH VALUEFILE, FILE PATH and stdin; always writes FILE': `
    $ sops set secret.json '["name"]' '"one"'
    $ sops decrypt --extract '["name"]' secret.json
    >| one
    $ printf '"two"' > value
    $ sops set --value-file secret.json '["name"]' value
    $ sops decrypt --extract '["name"]' secret.json
    >| two
    $ sops set --value-stdin secret.json '["name"]'
    < "three"
    $ sops decrypt --extract '["name"]' secret.json
    >| three
  `,
  'unset: FILE PATH; always writes FILE': `
    $ sops unset secret.json '["name"]'
    $ sops decrypt --extract '["name"]' secret.json
    !! error truncating tree: component ['name'] not found
    ? 1
  `,
  'updatekeys: FILE...; always writes FILE': `
    $ printf 'creation_rules:\\n  - age: $ALICE,$BOB\\n' > .sops.yaml
    $ sops updatekeys -y secret.json secret.yaml > out
    ! …Syncing keys for file $PWD/secret.json
    ! …Syncing keys for file $PWD/secret.yaml
    $ SOPS_AGE_KEY_FILE=bob.key sops decrypt --extract '["name"]' secret.json
    >| shop
    $ SOPS_AGE_KEY_FILE=bob.key sops decrypt --extract '["name"]' secret.yaml
    >| shop
  `,
  'groups add and delete: file by -f; to stdout, or FILE with -i': `
    $ cp secret.json before.json
    $ sops groups add -f secret.json --age $BOB --shamir-secret-sharing-threshold 2 > out.json
    $ cmp before.json secret.json
    $ sops groups add -i -f secret.json --age $ALICE --shamir-secret-sharing-threshold 2
    $ sops decrypt --extract '["name"]' secret.json
    >| shop
    $ sops groups delete -f secret.json 1 --shamir-secret-sharing-threshold 1 > out.json
    $ sops decrypt --extract '["name"]' out.json
    >| shop
    $ sops groups delete -i -f secret.json 0 --shamir-secret-sharing-threshold 1
    $ sops decrypt --extract '["name"]' secret.json
    >| shop
  `,
  'filestatus: FILE; JSON on stdout': `
    $ sops filestatus secret.json
    > {"encrypted":true}
    $ sops filestatus
    !! Error: no file specified
    ? 100
  `,
  'exec-env and exec-file: FILE COMMAND, one shell string': `
    $ printf '{"name": "shop"}' > a.json
    $ sops encrypt -i -a $ALICE a.json
    $ sops exec-env a.json 'echo "$name" | tr a-z A-Z'
    > SHOP
    $ sops exec-file a.json 'grep -c shop {} && exit 3'
    > 1
    !! exit status 3
    ? 3
  `,
  'none: FILE, old style': `
    $ EDITOR=true sops secret.json
    !! File has not changed, exiting.
    ? 200
    $ sops
    !! Error: no file specified
    ? 100
  `,
});

documentedDifference('one file for `rotate` and `updatekeys`', {
  'under the name of sops rotate takes one, updatekeys many and folders': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ mkdir folder
    $ cp secret.json folder
    $ sops updatekeys -y folder
    ! …Syncing keys for file $PWD/folder/secret.json
    ! …File $PWD/folder/secret.json already up to date
  `,
});
