import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 5. */
sessions({
  '--config, SOPS_CONFIG, else .sops.yaml in the working directory and its parents': `
    $ mkdir -p a/b
    $ cp plain.json a/b/plain.json
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yaml
    $ printf 'creation_rules:\\n  - age: $CAROL\\n' > other
    $ cd $PWD/a/b
    $ sops encrypt plain.json > out
    $ grep -c $BOB out
    > 1
    $ SOPS_CONFIG=../../other sops encrypt plain.json > out
    $ grep -c $CAROL out
    > 1
    $ SOPS_CONFIG=none sops --config ../../other encrypt plain.json > out
    $ grep -c $CAROL out
    > 1
  `,
  '.sops.yml is never used, only warned about': `
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yml
    $ sops encrypt plain.json
    ! [CMD]…level=warning msg="ignoring \\".sops.yml\\" when searching for config file; the config file must be called \\".sops.yaml\\""
    !! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
  `,
  'the rule regex sees the path below the config’s folder, or the absolute one of a file outside': `
    $ mkdir a b
    $ printf 'creation_rules:\\n  - path_regex: ^b/plain.json$\\n    age: $BOB\\n  - path_regex: ^/.*/c.json$\\n    age: $CAROL\\n' > .sops.yaml
    $ cp plain.json b
    $ cd $PWD/a
    $ sops encrypt ../b/plain.json > out
    $ grep -c $BOB out
    > 1
    $ sops encrypt ../plain.json
    !! error loading config: no matching creation rules found
    ? 1
    $ sops encrypt --filename-override /x/c.json ../plain.json > out
    $ grep -c $CAROL out
    > 1
  `,
  'a broken config fails even decrypt and filestatus': `
    $ printf 'creation_rules: [' > .sops.yaml
    $ sops decrypt secret.json
    ! error loading config: Could not unmarshal config file: …
    ? 1
    $ sops filestatus secret.json
    ! error loading config: Could not unmarshal config file: …
    ? 1
    $ sops set secret.json '["port"]' 1
    ! error loading config: Could not unmarshal config file: …
    ? 1
    $ printf 'creation_rules: # \\377\\n' > .sops.yaml
    $ sops encrypt -a $ALICE plain.json
    ! error loading config: Could not unmarshal config file: the file is not in UTF-8
    ? 1
  `,
  'rules are read by encrypt, edit of a new file and updatekeys, and not by others': `
    $ printf 'creation_rules:\\n  - path_regex: none\\n    age: $BOB\\n' > .sops.yaml
    $ sops encrypt plain.json
    !! error loading config: no matching creation rules found
    ? 1
    $ EDITOR=true sops edit new.json
    !! error loading config: no matching creation rules found
    ? 1
    $ sops updatekeys -y secret.json
    ! …Syncing keys for file $PWD/secret.json
    !! error loading config: no matching creation rules found
    ? 1
    $ sops decrypt --extract '["port"]' secret.json
    >| 8080
    $ sops rotate -i secret.json
  `,
  'encrypt --age R with a .sops.yaml whose rules don’t match still fails': `
    $ printf 'creation_rules:\\n  - path_regex: none\\n    age: $BOB\\n' > .sops.yaml
    $ sops encrypt -a $ALICE plain.json
    !! error loading config: no matching creation rules found
    ? 1
  `,
  'no creation_rules at all counts as no config': `
    $ printf '{}' > .sops.yaml
    $ sops encrypt plain.json
    !! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
    $ sops encrypt -a $ALICE plain.json > out.json
    $ sops updatekeys -y secret.json
    ! …Syncing keys for file $PWD/secret.json
    !! The config file .sops.yaml does not contain any creation rule
    ? 1
  `,
  'selection settings: flag beats rule, each by itself; more than one is exit 8': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\n    encrypted_regex: ^name$\\n' > .sops.yaml
    $ sops encrypt --encrypted-regex '^port$' plain.json > out.json
    $ grep -c '"port": "ENC' out.json
    > 1
    $ grep -c '"name": "ENC' out.json
    > 0
    ? 1
    $ sops encrypt --encrypted-suffix _x plain.json
    !! Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file
    ? 8
  `,
  'for binary input all are dropped with a warning': `
    $ printf 'text' > note.txt
    $ sops encrypt -a $ALICE --encrypted-regex '^x$' note.txt > out
    ! [CMD]…level=warning msg="…
    $ head -2 out
    > {
    > 	"data": "ENC[str]",
  `,
  '--config that is not there': `
    $ sops --config none decrypt secret.json
    !! could not read config file: open none: no such file or directory
    ? 1
  `,
});

sessions({
  'what is wrong with destination_rules only matters to publish': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\ndestination_rules:\\n  - vault_path: x\\n    wibble: y\\n' > .sops.yaml
    $ sops encrypt --output out.json plain.json
  `,
});

documentedDifference('an unknown key in `.sops.yaml` is ignored', {
  'ignored, with a warning': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\n    encrypted_regexp: x\\n' > .sops.yaml
    $ sops encrypt plain.json > out
    ! [CMD]…level=warning msg="…encrypted_regexp…
  `,
});
