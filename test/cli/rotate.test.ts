import { sessions } from '../support/terminal.ts';

sessions({
  'prints the file under a new data key; nothing in it stays': `
    $ sotto rotate secret.yaml > new.yaml
    ! the new data key of secret.yaml is wrapped for
    !     $ALICE
    $ grep -o 'data:[^,]*' secret.yaml | grep -F -f - new.yaml | wc -l
    > 0
    $ sotto decrypt new.yaml > out.yaml
    $ cmp out.yaml plain.yaml
    $ sotto rotate --output new.json secret.json
    ! the new data key of secret.json is wrapped for
    ! …
    $ sotto decrypt new.json > out.json
    $ cmp out.json plain.json
  `,
  '-i writes over the file': `
    $ cp secret.yaml before.yaml
    $ sotto rotate -i secret.yaml
    ! the new data key of secret.yaml is wrapped for
    ! …
    $ cmp -s before.yaml secret.yaml
    ? 1
    $ sotto decrypt secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
  `,
  'adds and removes recipients; adds come first': `
    $ sotto rotate -i --add-age $BOB secret.yaml
    ! the new data key of secret.yaml is wrapped for
    !     $ALICE
    !     $BOB
    $ sotto rotate -i --add-age $BOB --rm-age $ALICE secret.yaml
    ! the new data key of secret.yaml is wrapped for
    !     $BOB
    $ grep recipient secret.yaml
    >           recipient: $BOB
    $ sotto decrypt secret.yaml
    ! you can't open …
    ? 128
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto rotate -i --rm-age $CAROL --add-age '$ALICE,$CAROL' secret.yaml
    ! the new data key of secret.yaml is wrapped for
    !     $BOB
    !     $ALICE
    $ grep -c recipient secret.yaml
    > 2
  `,
  'who is to be taken out of files that do not have them is named': `
    $ sotto rotate -i --rm-age $BOB secret.yaml
    ! warning: $BOB was to be taken out, and is no recipient of the file
    ! fix: compare it with the recipients whom the new data key is wrapped for
    ! the new data key of secret.yaml is wrapped for
    !     $ALICE
    $ sotto rotate -i --rm-age age1mistyped secret.yaml secret.json
    ! warning: age1mistyped was to be taken out, and is no recipient of any of the files
    ! fix: …
    ! 2 of 2 files rotated
    ! …
    $ sotto rotate -i --add-age $BOB secret.yaml
    ! the new data key of secret.yaml is wrapped for
    $ sotto rotate -i --rm-age $BOB secret.yaml secret.json
    ! 2 of 2 files rotated
    ! …
    $ sops rotate -i --rm-age $BOB secret.yaml
  `,
  'the last recipient can not be removed': `
    $ cp secret.yaml before.yaml
    $ sotto rotate -i --rm-age $ALICE secret.yaml
    ! nobody would be left who can open the file
    ! …
    ? 1
    $ cmp secret.yaml before.yaml
  `,
  'keys for a file that is not there end with 49, without keys with 2': `
    $ sotto rotate --add-age $BOB missing.yaml
    ! there is no file missing.yaml whose recipients could change
    ? 49
    $ sotto rotate --rm-age $BOB missing.yaml
    ! there is no file missing.yaml whose recipients could change
    ? 49
    $ sotto rotate missing.yaml
    ! there is no file missing.yaml
    ? 2
    $ sotto rotate plain.yaml
    ! the file is not encrypted
    ? 1
    $ sotto rotate -i --output out.yaml secret.yaml
    ! --output and --in-place exclude each other
    ? 8
  `,
  'a tampered file is not rotated, unless --ignore-mac says that it is right': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto rotate -i secret.yaml
    ! MAC mismatch: the values are not those that were encrypted
    !   at secret.yaml
    ? 51
    $ sotto rotate --check secret.yaml
    ! MAC mismatch: …
    ? 51
    $ sotto rotate -i --ignore-mac secret.yaml
    ! warning: the MAC does not fit; not vouched for: the values in clear (host_unencrypted), and …
    ! fix: …
    $ sotto decrypt --extract '["host_unencrypted"]' secret.yaml
    >| db.external
  `,
  'where the MAC covers encrypted values alone, those in clear are not what is doubted': `
    $ sotto encrypt --age $ALICE --mac-only-encrypted plain.yaml > only.yaml
    $ sed -i '/^name:/d' only.yaml
    $ sotto rotate -i --ignore-mac only.yaml
    ! warning: the MAC does not fit; not vouched for: that no value was taken out, put in or moved
    $ sotto decrypt --extract '["port"]' only.yaml
    > 8080
  `,
  'a rule for other files says nothing': `
    $ printf 'creation_rules:\\n  - path_regex: nothing\\n    age: $BOB\\n' > .sops.yaml
    $ sotto rotate -i secret.yaml
    ! the new data key of secret.yaml is wrapped for
    !     $ALICE
    $ grep recipient secret.yaml
    >           recipient: $ALICE
  `,
  'another format comes out with --output-type': `
    $ sotto rotate -i --output-type yaml secret.json
    ! the new data key of secret.json is wrapped for
    !     $ALICE
    $ sotto decrypt --input-type yaml --output-type json --extract '["port"]' secret.json
    >| 8080
    $ sotto rotate --filename-override x.json secret.yaml
    ! not valid JSON: SOPS only supports JSON files with a top-level object (starting with '{'), not arrays or other types. Got "#" instead. To encrypt this file, wrap it in an object, e.g., {"data": [...]}
    ? 1
  `,
  'many files and folders in place, and the rest when one fails': `
    $ mkdir -p folder/deep folder/.git folder/node_modules
    $ cp secret.yaml secret.json folder
    $ cp secret.yaml folder/deep/a.yaml
    $ cp secret.yaml folder/.git
    $ cp secret.yaml folder/node_modules
    $ cp plain.yaml folder/plain.yaml
    $ echo text > folder/README.md
    $ sotto rotate -i folder folder/secret.json
    ! 3 of 3 files rotated
    ! the new data key of 3 files ($PWD/folder/deep/a.yaml, …) is wrapped for
    !     $ALICE
    $ sed -i s/db.internal/db.external/ folder/deep/a.yaml
    $ sotto rotate -i folder secret.yaml missing.yaml
    ! MAC mismatch: …
    !   at $PWD/folder/deep/a.yaml
    ! fix: …
    ! explain: sotto explain mac-mismatch
    ! there is no file missing.yaml
    ! fix: check the name; the working folder is $PWD
    ! explain: sotto explain input-unreadable
    ! 3 of 5 files rotated
    ? 1
    $ cmp folder/.git/secret.yaml folder/node_modules/secret.yaml
    $ sotto decrypt --extract '["port"]' folder/secret.yaml
    > 8080
  `,
  'several files are not printed': `
    $ sotto rotate secret.yaml secret.json
    ! several files can only be rotated in place
    ! fix: add --in-place
    ? 1
    $ mkdir folder
    $ cp secret.yaml folder
    $ sotto rotate folder
    ! several files can only be rotated in place
    ? 1
    $ sotto rotate --output x folder
    ! several files do not fit into one --output
    ? 8
  `,
  'under the name of sops the first file counts': `
    $ sops rotate secret.json secret.yaml > out.json
    ! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    $ sops decrypt --extract '["port"]' out.json
    >| 8080
  `,
  'a folder without encrypted files is nothing to do, and said': `
    $ mkdir folder
    $ cp plain.yaml folder
    $ sotto rotate -i folder
    ! warning: no encrypted files in folder
  `,
  '--check tells which files could not be rotated, and writes nothing': `
    $ cp secret.yaml before.yaml
    $ sotto rotate --check secret.yaml secret.json
    ! 2 of 2 files can be rotated
    $ cmp secret.yaml before.yaml
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto rotate --check secret.yaml
    ! you can't open …
    ? 128
  `,
  '--json tells what became of each file': `
    $ sotto rotate -i --json secret.yaml plain.yaml
    > [{"file":"secret.yaml","rotated":true},{"file":"plain.yaml","rotated":false,"error":{"code":"metadata-missing",…
    ! the file is not encrypted
    ? 1
  `,
});
