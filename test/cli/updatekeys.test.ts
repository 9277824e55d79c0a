import { sessions } from '../support/terminal.ts';

const RULES = `printf 'creation_rules:\\n  - age: $ALICE,$BOB\\n' > .sops.yaml`;

sessions({
  'shows who comes and goes, asks, and writes': `
    $ ${RULES}
    $ cp secret.yaml before.yaml
    $ sotto updatekeys secret.yaml
    < y
    > The following changes will be made to the file's groups:
    > Group 1
    >     $ALICE
    > +++ $BOB
    ! Syncing keys for file $PWD/secret.yaml
    ! Is this okay? (y/n): 
    ! File $PWD/secret.yaml synced with new keys
    $ grep recipient secret.yaml
    >           recipient: $BOB
    >           recipient: $ALICE
    $ diff before.yaml secret.yaml | grep -c '^<'
    > 0
    ? 1
  `,
  'only keys change: values, MAC and date stay, and so do entries that stay': `
    $ ${RULES}
    $ sotto updatekeys -y secret.json > /dev/null
    ! Syncing keys for file $PWD/secret.json
    ! File $PWD/secret.json synced with new keys
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yaml
    $ cp secret.json before.json
    $ sotto updatekeys -y secret.json
    > The following changes will be made to the file's groups:
    > Group 1
    >     $BOB
    > --- $ALICE
    ! Syncing keys for file $PWD/secret.json
    $ diff before.json secret.json | grep -c '^>'
    > 0
    ? 1
  `,
  'additions are listed before removals': `
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yaml
    $ sotto updatekeys --yes secret.yaml
    > The following changes will be made to the file's groups:
    > Group 1
    > +++ $BOB
    > --- $ALICE
    ! Syncing keys for file $PWD/secret.yaml
    ! File $PWD/secret.yaml synced with new keys
  `,
  'no is an answer, other words are asked about again, the end of the input fails': `
    $ ${RULES}
    $ cp secret.yaml before.yaml
    $ sotto updatekeys secret.yaml
    < n
    > The following changes will be made to the file's groups:
    > …
    ! Syncing keys for file $PWD/secret.yaml
    ! Is this okay? (y/n): 
    ! File $PWD/secret.yaml left unchanged
    $ sotto updatekeys secret.yaml
    < what
    < No
    > The following changes will be made to the file's groups:
    > …
    ! Syncing keys for file $PWD/secret.yaml
    ! Is this okay? (y/n): 
    ! Is this okay? (y/n): 
    ! File $PWD/secret.yaml left unchanged
    $ sotto updatekeys secret.yaml
    > The following changes will be made to the file's groups:
    > …
    ! Syncing keys for file $PWD/secret.yaml
    ! Is this okay? (y/n): 
    ! nobody answered; nothing was changed
    !   at secret.yaml
    ! fix: --yes answers for you
    ? 1
    $ cmp secret.yaml before.yaml
    $ sotto updatekeys secret.yaml
    < what
    < YES
    > The following changes will be made to the file's groups:
    > …
    ! Syncing keys for file $PWD/secret.yaml
    $ cmp -s secret.yaml before.yaml
    ? 1
  `,
  'nothing is asked or written where nothing changes, whatever the order': `
    $ ${RULES}
    $ sotto encrypt -i --age $BOB,$ALICE plain.yaml
    $ cp plain.yaml before.yaml
    $ sotto updatekeys plain.yaml
    ! File $PWD/plain.yaml already up to date
    $ SOPS_AGE_KEY_FILE=none sotto updatekeys plain.yaml
    ! File $PWD/plain.yaml already up to date
    $ cmp plain.yaml before.yaml
  `,
  'what could not be written is not asked about': `
    $ ${RULES}
    $ SOPS_AGE_KEY_FILE=$PWD/carol.key sotto updatekeys secret.yaml
    > The following changes will be made to the file's groups:
    > …
    ! Syncing keys for file $PWD/secret.yaml
    ! you can't open …
    ? 128
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto updatekeys -y secret.yaml
    > The following changes will be made to the file's groups:
    > …
    ! Syncing keys for file $PWD/secret.yaml
    ! MAC mismatch: …
    ? 51
    $ printf 'creation_rules:\\n  - path_regex: .*\\n' > .sops.yaml
    $ sotto updatekeys secret.json
    > The following changes will be made to the file's groups:
    > Group 1
    > --- $ALICE
    ! Syncing keys for file $PWD/secret.json
    ! nobody could open the file: no recipient is named
    ? 1
  `,
  'without rules there is nothing to go by': `
    $ sotto updatekeys secret.yaml
    ! nothing says for whom to encrypt: there is no .sops.yaml here, nor above
    ! …
    ? 1
    $ sotto updatekeys
    ! nothing says for whom to encrypt: there is no .sops.yaml here, nor above
    ? 1
    $ sotto updatekeys missing.yaml
    ! nothing says for whom to encrypt: there is no .sops.yaml here, nor above
    ? 1
    $ printf 'stores: {}\\n' > .sops.yaml
    $ sotto updatekeys secret.yaml
    ! nothing says for whom to encrypt: the configuration has no creation_rules
    ? 1
    $ printf 'creation_rules:\\n  - path_regex: ^prod/\\n    age: $BOB\\n' > .sops.yaml
    $ sotto updatekeys secret.yaml
    ! no rule matches secret.yaml
    !   at $PWD/.sops.yaml
    !   rule 1: path_regex: ^prod/
    ? 1
    $ sotto updatekeys
    ! no file was named
    ? 100
  `,
  'what is missing or not encrypted ends with 1': `
    $ ${RULES}
    $ sotto updatekeys missing.yaml
    ! there is no file missing.yaml
    ? 1
    $ sotto updatekeys plain.yaml
    ! the file is not encrypted
    ? 1
  `,
  'many files and folders, and the rest when one fails': `
    $ ${RULES}
    $ mkdir -p secrets/deep
    $ cp secret.yaml secret.json secrets
    $ cp secret.yaml secrets/deep/a.yaml
    $ sed -i s/db.internal/db.external/ secrets/deep/a.yaml
    $ cp plain.yaml secrets
    $ sotto updatekeys -y secrets missing.yaml secret.yaml
    > 3 files: + age1…
    >   $PWD/secrets/secret.json
    >   $PWD/secrets/secret.yaml
    >   secret.yaml
    ! MAC mismatch: …
    !   at $PWD/secrets/deep/a.yaml
    ! fix: …
    ! explain: sotto explain mac-mismatch
    ! there is no file missing.yaml
    ! fix: check the name; the working folder is $PWD
    ! explain: sotto explain input-unreadable
    !! 5 files: 2 failed, 3 updated
    ? 1
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto decrypt --extract '["port"]' secrets/secret.yaml
    > 8080
  `,
  'equal changes are shown once, by the names of people, and asked about once': `
    $ printf 'creation_rules:\\n  - path_regex: json\\n    age: $CAROL # cleo\\n  - age:\\n      - &ben $BOB\\n      - $ALICE # ann\\n' > .sops.yaml
    $ cp secret.yaml other.yaml
    $ cp secret.yaml before.yaml
    $ sotto updatekeys secret.yaml secret.json other.yaml
    < n
    > 2 files: + ben (age1…)
    >   secret.yaml
    >   other.yaml
    > one file: + cleo (age1…), − ann (age1…)
    >   secret.json
    ! Is this okay? (y/n): 
    ! 3 files: 3 left
    $ cmp secret.yaml before.yaml
    $ sotto updatekeys secret.yaml secret.json other.yaml
    < y
    > 2 files: + ben (age1…)
    > …
    ! Is this okay? (y/n): 
    !! 3 files: 3 updated
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto decrypt --extract '["port"]' other.yaml
    > 8080
    $ sotto updatekeys secret.yaml other.yaml
    !! 2 files: 2 up-to-date
    $ sotto updatekeys --yes secret.yaml
    !! File $PWD/secret.yaml already up to date
  `,
  'files that one missing key keeps closed are one block, before anybody is asked': `
    $ ${RULES}
    $ for name in a b c; do sotto encrypt --age $CAROL plain.yaml > $name.yaml; done
    $ sotto updatekeys secret.yaml a.yaml b.yaml c.yaml
    < n
    > one file: + age1…
    >   secret.yaml
    ! you can't open a.yaml: none of your keys is that of its one recipient
    ? 1
    $ sotto updatekeys --yes a.yaml secret.yaml b.yaml c.yaml > out 2> said
    ? 1
    $ grep -c 'explain no-key-fits' said
    > 1
    $ tail -2 said
    > so it is with 3 of 4 files: a.yaml, b.yaml, c.yaml
    > 4 files: 3 failed, 1 updated
  `,
  'under the name sops, each file is asked about, and each answer is its own': `
    $ ${RULES}
    $ sops updatekeys secret.yaml secret.json
    < n
    < y
    > The following changes will be made to the file's groups:
    > …
    ! …Syncing keys for file $PWD/secret.yaml
    $ grep -c recipient secret.yaml
    > 1
    $ grep -c recipient secret.json
    > 2
  `,
  'a folder without encrypted files is nothing to do, and said': `
    $ ${RULES}
    $ mkdir folder
    $ sotto updatekeys folder
    ! warning: no encrypted files in folder
  `,
  '--check writes nothing, shows what would change, and fails when something would': `
    $ ${RULES}
    $ cp secret.yaml before.yaml
    $ SOPS_AGE_KEY_FILE=none sotto updatekeys --check secret.yaml
    > The following changes will be made to the file's groups:
    > Group 1
    >     $ALICE
    > +++ $BOB
    ! Syncing keys for file $PWD/secret.yaml
    ! File $PWD/secret.yaml is not up to date
    ? 1
    $ cmp secret.yaml before.yaml
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ sotto updatekeys --check secret.yaml secret.json
    !! 2 files: 2 up-to-date
  `,
  '--json tells what became of each file': `
    $ ${RULES}
    $ sotto updatekeys --json -y secret.yaml
    > [{"file":"secret.yaml","outcome":"updated","groups":[[{"kind":"age","id":"$ALICE","change":"kept"},{"kind":"age","id":"$BOB","change":"added"}]],"threshold":{"before":0,"after":0}}]
    ! Syncing keys for file $PWD/secret.yaml
    ! …
    $ sotto updatekeys --json --check plain.yaml
    ! {"error":{"code":"metadata-missing",…
    ? 1
  `,
  'a rule of its own holds for each file': `
    $ mkdir -p prod dev
    $ cp secret.yaml prod
    $ cp secret.yaml dev
    $ printf 'creation_rules:\\n  - path_regex: ^prod/\\n    age: $BOB\\n  - age: $ALICE\\n' > .sops.yaml
    $ sotto updatekeys -y prod dev
    > one file: + age1…, − age1…
    >   $PWD/prod/secret.yaml
    ! 2 files: 1 updated, 1 up-to-date
  `,
});
