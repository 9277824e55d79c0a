import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 6: edit, rotate. */
sessions({
  'edit: a private folder and file under TMPDIR, with the base name of FILE': `
    $ mkdir folder
    $ cp secret.json folder
    $ printf '#!/bin/sh\\nd=$(dirname "$1")\\nexec > seen\\nbasename "$1"\\nstat -c %%a "$d" "$1"\\ncase "$d" in "$TMPDIR"/*) echo below;; esac\\n' > editor
    $ chmod +x editor
    $ EDITOR=$PWD/editor sops edit folder/secret.json
    !! File has not changed, exiting.
    ? 200
    $ cat seen
    > secret.json
    > 700
    > 600
    > below
  `,
  'edit: SOPS_EDITOR, else EDITOR, split like a shell, the path last': `
    $ SOPS_EDITOR='sed -i s/shop/stall/' EDITOR=false sops edit secret.json
    $ sops decrypt --extract '["name"]' secret.json
    >| stall
    $ EDITOR="sh -c 'sed -i s/stall/booth/ \\"\\$0\\"'" sops edit secret.json
    $ sops decrypt --extract '["name"]' secret.json
    >| booth
  `,
  'edit: unchanged bytes are 200, an editor that fails or is not there 201': `
    $ EDITOR=true sops edit secret.json
    !! File has not changed, exiting.
    ? 200
    $ EDITOR=false sops edit secret.json
    ! Could not run editor: …
    ? 201
    $ EDITOR=no-such-editor sops edit secret.json
    ! Could not run editor: …
    ? 201
  `,
  'edit: a new FILE starts from an example; left as it is: 200 and no file': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ EDITOR=true sops edit new.yaml
    !! File has not changed, exiting.
    ? 200
    $ ls new.yaml 2> /dev/null
    ? 2
    $ EDITOR="sh -c 'cp \\"\\$0\\" seen'" sops edit -a $BOB new.yaml
    !! File has not changed, exiting.
    ? 200
    $ head -1 seen | cut -c1-18
    > hello: Welcome to 
  `,
  'edit: SIGINT and SIGTERM: the temporary folder is removed, FILE untouched, exit 1': `
    $ mkdir tmp
    $ printf '#!/bin/sh\\ntouch here\\nexec sleep 30\\n' > editor
    $ chmod +x editor
    $ cp secret.json before.json
    $ TMPDIR=$PWD/tmp EDITOR=./editor sops edit secret.json < /dev/null & for i in $(seq 200); do test -e here && break; sleep 0.05; done; kill -INT $!; wait $!
    !! User canceled operation
    ? 1
    $ rm here
    $ TMPDIR=$PWD/tmp EDITOR=./editor sops edit secret.json < /dev/null & for i in $(seq 200); do test -e here && break; sleep 0.05; done; kill -TERM $!; wait $!
    !! User canceled operation
    ? 1
    $ ls -A tmp
    $ cmp secret.json before.json
  `,
  'rotate: new data key, all values and wrapped keys new': `
    $ grep -o '"name": "ENC.*]' secret.json > before
    $ sops rotate -i secret.json
    $ grep -o '"name": "ENC.*]' secret.json | cmp -s - before
    ? 1
  `,
  'edit: a key of a new file that can not be used is known before anything is typed': `
    $ EDITOR='touch begun; true' SOPS_GPG_EXEC=false sops edit --pgp 85D77543B3D624B63CEA9E6DBC17301B491B3F21 new.yaml
    ! Error encrypting the data key with one or more master keys: [failed to encrypt new data key with master key "85D77543B3D624B63CEA9E6DBC17301B491B3F21": …
    ? 128
    $ printf 'creation_rules: [{key_groups: [{age: []}]}]' > .sops.yaml
    $ EDITOR='touch begun; true' sops edit new.yaml
    !! Error encrypting the data key with one or more master keys: [empty key group provided]
    ? 128
    $ ls begun new.yaml
    ! ls: …
    ! ls: …
    ? 2
  `,
  'rotate: --add-K appends, --rm-K takes out; an absent key is fine, all is an error': `
    $ sops rotate -i --add-age $BOB secret.json
    $ grep -o '"recipient": .*' secret.json
    > "recipient": "$ALICE"
    > "recipient": "$BOB"
    $ sops rotate -i --rm-age $BOB secret.json
    $ sops rotate -i --rm-age $CAROL secret.json
    $ grep -o '"recipient": .*' secret.json
    > "recipient": "$ALICE"
    $ sops rotate -i --rm-age $ALICE secret.json
    !! Could not generate data key: [empty key group provided]
    ? 1
    $ sops rotate -i --add-age $CAROL --rm-age $ALICE secret.json
    $ grep -o '"recipient": .*' secret.json
    > "recipient": "$CAROL"
  `,
});

documentedDifference('`edit` asks for ever when the text is invalid', {
  'it ends with the input': `
    $ EDITOR='sed -i s/{//' sops edit secret.json
    ! [CMD]…level=error msg="…
    ? 2
  `,
});

documentedDifference('`rotate --add-age` adds a recipient that is there once more', {
  once: `
    $ sops rotate -i --add-age $ALICE secret.json
    $ grep -c recipient secret.json
    > 1
  `,
});

documentedDifference('`edit -s` throws changes away', {
  'changes of values are taken': `
    $ EDITOR='sed -i s/shop/stall/' sops edit -s secret.json
    $ sops decrypt --extract '["name"]' secret.json
    >| stall
  `,
});
