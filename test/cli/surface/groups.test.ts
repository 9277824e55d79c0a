import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 6: updatekeys, groups, filestatus. */
const RULE = `
    $ printf 'creation_rules:\\n  - age: $ALICE,$BOB\\n' > .sops.yaml`;

sessions({
  'updatekeys: the difference on stdout, what is done on stderr': `${RULE}
    $ sops updatekeys -y secret.json
    > The following changes will be made to the file's groups:
    > Group 1
    >     $ALICE
    > +++ $BOB
    ! …/…/… …:…:… Syncing keys for file $PWD/secret.json
    !! …/…/… …:…:… File $PWD/secret.json synced with new keys
    $ sops updatekeys -y secret.json
    ! …/…/… …:…:… Syncing keys for file $PWD/secret.json
    !! …/…/… …:…:… File $PWD/secret.json already up to date
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ sops updatekeys -y secret.json
    > The following changes will be made to the file's groups:
    > Group 1
    >     $ALICE
    > --- $BOB
    ! …Syncing keys for file $PWD/secret.json
    ! …File $PWD/secret.json synced with new keys
  `,
  'updatekeys: the threshold stays, cut to the number of groups, and is shown if it changes': `
    $ printf 'creation_rules:\\n  - key_groups:\\n    - age: [$ALICE]\\n    - age: [$ALICE, $BOB]\\n    - age: [$ALICE, $CAROL]\\n' > .sops.yaml
    $ sops encrypt -i --shamir-secret-sharing-threshold 3 plain.json
    $ printf 'creation_rules:\\n  - key_groups:\\n    - age: [$ALICE]\\n    - age: [$ALICE, $BOB]\\n    shamir_threshold: 1\\n' > .sops.yaml
    $ sops updatekeys -y plain.json
    > The following changes will be made to the file's groups:
    > +++ shamir_threshold: 2
    > --- shamir_threshold: 3
    > Group 1
    >     $ALICE
    > Group 2
    >     $ALICE
    >     $BOB
    > Group 3
    > --- $ALICE
    > --- $CAROL
    ! …Syncing keys for file $PWD/plain.json
    ! …File $PWD/plain.json synced with new keys
  `,
  'a threshold in a rule that no split can have: an error': `
    $ printf 'creation_rules:\\n  - shamir_threshold: -1\\n    key_groups:\\n    - age: [$ALICE]\\n    - age: [$BOB]\\n' > .sops.yaml
    $ sops encrypt plain.json
    !! Could not generate data key: [could not split data key into parts for Shamir: threshold must be at least 2]
    ? 1
  `,
  'updatekeys: the order of keys does not matter': `${RULE}
    $ sops updatekeys -y secret.json > out
    ! …Syncing keys for file $PWD/secret.json
    ! …File $PWD/secret.json synced with new keys
    $ printf 'creation_rules:\\n  - age: $BOB,$ALICE\\n' > .sops.yaml
    $ sops updatekeys secret.json
    ! …
    !! …File $PWD/secret.json already up to date
  `,
  'updatekeys: the same data key; values, MAC and lastmodified stay': `${RULE}
    $ grep -oE '"(name|lastmodified|mac)": "[^"]*"' secret.json > before
    $ sops updatekeys -y secret.json > out
    ! …Syncing keys for file $PWD/secret.json
    ! …File $PWD/secret.json synced with new keys
    $ grep -oE '"(name|lastmodified|mac)": "[^"]*"' secret.json | cmp - before
  `,
  'updatekeys: n is exit 0 and changes nothing, the end of input is exit 1': `${RULE}
    $ cp secret.json before.json
    $ echo n | sops updatekeys secret.json > out 2> err
    $ tail -1 err | cut -c21-
    > File $PWD/secret.json left unchanged
    $ sops updatekeys secret.json < /dev/null > out 2> err
    ? 1
    $ tail -1 err
    > EOF
    $ cmp secret.json before.json
    $ printf 'what\\ny\\n' | sops updatekeys secret.json > out 2> err
    $ cmp -s secret.json before.json
    ? 1
  `,
  'updatekeys: needs a config before it looks at FILE': `
    $ sops updatekeys missing.json
    !! config file not found
    ? 1
  `,
  'updatekeys: one FILE has its own error, several go on': `
    $ printf 'creation_rules:\\n  - age: $ALICE,$BOB\\n' > .sops.yaml
    $ sops updatekeys -y plain.json
    ! …Syncing keys for file $PWD/plain.json
    !! sops metadata not found
    ? 1
    $ sops updatekeys -y missing.json
    !! stat $PWD/missing.json: no such file or directory
    ? 1
    $ sops updatekeys -y missing.json secret.json plain.json > out 2> err
    ? 1
    $ grep -o 'level=.*' err
    > level=error msg="stat $PWD/missing.json: no such file or directory"
    > level=error msg="sops metadata not found"
    $ tail -1 err
    > failed updating 2 key(s)
    $ SOPS_AGE_KEY_FILE=bob.key sops decrypt --extract '["name"]' secret.json
    >| shop
  `,
  'groups add appends, groups delete removes by index; MAC and lastmodified stay': `
    $ grep -oE '"(lastmodified|mac)": "[^"]*"' secret.json > before
    $ sops groups add -i -f secret.json --age $ALICE --age $BOB --shamir-secret-sharing-threshold 2
    $ grep -oE '"(lastmodified|mac)": "[^"]*"' secret.json | cmp - before
    $ sops groups delete -i -f secret.json 0 --shamir-secret-sharing-threshold 1
    $ grep -o '"recipient": .*' secret.json
    > "recipient": "$ALICE"
    > "recipient": "$BOB"
  `,
  'groups delete refuses to go below the threshold': `
    $ sops groups add -i -f secret.json --age $ALICE --shamir-secret-sharing-threshold 2
    $ sops groups delete -f secret.json 1
    ! [CMD]…level=fatal msg="removing this key group will make the Shamir threshold impossible to satisfy: …
    ? 1
    $ sops groups delete x
    ! [CMD]…level=fatal msg="failed to parse [index] argument: …
    ? 1
    $ sops groups delete -f secret.json x
    !! [CMD]…level=fatal msg="failed to parse [index] argument: strconv.ParseUint: parsing \\"x\\": invalid syntax"
    ? 1
  `,
  'groups: two groups and no threshold, it becomes the number of groups': `
    $ sops groups add -f secret.json --age $ALICE > out.json 2> err
    $ grep -o '"shamir_threshold": .' out.json
    > "shamir_threshold": 2
  `,
  'groups: entries of key_groups have age and hc_vault even where they are empty': `
    $ sops groups add -f secret.yaml --age $ALICE --shamir-secret-sharing-threshold 2 > out.yaml
    $ grep -cE '^ +(- )?hc_vault: \\[\\]' out.yaml
    > 2
    $ grep -cE '(kms|pgp):' out.yaml
    > 0
    ? 1
  `,
  'groups: a data key that is not recovered is exit 1 with the short text': `
    $ SOPS_AGE_KEY_FILE=bob.key sops groups add -f secret.json --age $BOB
    !! [CMD]…level=fatal msg="Error getting data key: 0 successful groups required, got 0"
    ? 1
  `,
  'filestatus: true needs both version and mac; no key': `
    $ SOPS_AGE_KEY_FILE=bob.key sops filestatus secret.json
    > {"encrypted":true}
    $ sops filestatus plain.yaml
    > {"encrypted":false}
    $ sed '/"mac"/d' secret.json > a.json
    $ sops filestatus a.json
    > {"encrypted":false}
    $ sops filestatus missing.json
    !! [CMD]…level=fatal msg="cannot check file status: cannot load encrypted file: Error reading file: open missing.json: no such file or directory"
    ? 1
    $ sops filestatus alice.key
    !! [CMD]…level=fatal msg="cannot check file status: cannot load encrypted file: Could not unmarshal input data: invalid character '#' looking for beginning of value"
    ? 1
  `,
});

documentedDifference('`updatekeys` asks on stdout', {
  'on stderr': `${RULE}
    $ sops updatekeys secret.json
    < n
    > The following changes will be made to the file's groups:
    > …
    ! …Syncing keys for file $PWD/secret.json
    ! Is this okay? (y/n): 
    !! …File $PWD/secret.json left unchanged
  `,
});

documentedDifference('`updatekeys` does not look at values, the MAC and the version', {
  'a tampered file is not passed on': `${RULE}
    $ sed -i '/"name"/d' secret.json
    $ sops updatekeys -y secret.json
    > The following changes will be made to the file's groups:
    > …
    ! …Syncing keys for file $PWD/secret.json
    ! MAC mismatch. …
    ? 51
  `,
});

documentedDifference('`groups add --hckms` has no effect', {
  'an error': `
    $ sops groups add -f secret.json --age $ALICE --hckms tr-west-1:abc
    ! [CMD]…level=fatal msg="Could not generate data key: …
    ? 1
  `,
});

documentedDifference('`groups add` ignores wrapping errors and empty groups', {
  errors: `
    $ sops groups add -f secret.json
    !! [CMD]…level=fatal msg="Could not generate data key: [empty key group provided]"
    ? 1
    $ sops groups delete -f secret.json 7
    ! [CMD]…level=fatal …
    ? 1
    $ sops groups delete -f secret.json 0
    ! [CMD]…level=fatal …
    ? 1
  `,
});
