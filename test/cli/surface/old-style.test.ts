import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 4. */
sessions({
  '-d, -e and -r print, or write with --output or -i': `
    $ sops -d secret.json > out.json
    $ sops -d --output new.json secret.json
    $ cmp out.json new.json
    $ sops -e -a $ALICE --output sealed.json plain.json
    $ sops -r -i sealed.json
    $ sops -d -i sealed.json
    $ sops filestatus sealed.json
    > {"encrypted":false}
  `,
  'without a mode it edits': `
    $ EDITOR='sed -i s/shop/stall/' sops secret.json
    $ sops -d --extract '["name"]' secret.json
    >| stall
  `,
  'edit and --set always write FILE and ignore --output': `
    $ sops --set '["port"] 1' --output other.json secret.json
    $ EDITOR='sed -i s/shop/stall/' sops --output other.json secret.json
    $ ls other.json 2> /dev/null
    ? 2
    $ sops -d --extract '["name"]' secret.json
    >| stall
    $ sops -d --extract '["port"]' secret.json
    >| 1
  `,
  'stdin is never read: /dev/stdin is a FILE, with types or --filename-override': `
    $ sops -d
    !! Error: no file specified
    ? 100
    $ sops -d --input-type json --output-type json --extract '["port"]' /dev/stdin < secret.json
    >| 8080
    $ sops -d --filename-override x.json --extract '["port"]' /dev/stdin < secret.json
    >| 8080
    $ sops decrypt --filename-override x.json --extract '["port"]' /dev/stdin < secret.json
    >| 8080
    $ sops decrypt -
    !! Error: cannot operate on non-existent file "$PWD/-"
    ? 100
  `,
  'several modes at once: a warning, and only the last result is written': `
    $ sops -d -r -i secret.json
    !! [CMD]…level=warning msg="More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by the last one will be visible. Note that this behavior is deprecated and will cause an error eventually."
    $ sops filestatus secret.json
    > {"encrypted":true}
  `,
  'a config without a matching rule: plain -d does not look at it': `
    $ printf 'creation_rules:\\n  - path_regex: none\\n    age: $BOB\\n' > .sops.yaml
    $ sops -d --extract '["port"]' secret.json
    >| 8080
    $ sops -e plain.json
    !! error loading config: no matching creation rules found
    ? 1
    $ sops rotate -i secret.json
    $ sops set secret.json '["port"]' 1
    $ EDITOR=true sops edit secret.json
    !! File has not changed, exiting.
    ? 200
  `,
  '-r --ignore-mac exists': `
    $ sops encrypt -i -a $ALICE --unencrypted-regex '^port$' plain.json
    $ sed -i s/8080/8081/ plain.json
    $ sops -r -i plain.json
    ! MAC mismatch. …
    ? 51
    $ sops -r -i --ignore-mac plain.json
    $ sops -d --extract '["port"]' plain.json
    >| 8081
  `,
  'a missing FILE with -r is 100, with rotate 2': `
    $ sops -r missing.json
    !! Error: cannot operate on non-existent file "$PWD/missing.json"
    ? 100
    $ sops rotate missing.json
    !! Error reading file: open $PWD/missing.json: no such file or directory
    ? 2
  `,
  '--set splits at the first "] ", one value after it, in place': `
    $ sops --set '["a"]["b"] {"c": "] d"}' secret.json
    $ sops -d --extract '["a"]["b"]["c"]' secret.json
    >| ] d
    $ sops --set '["a"]  1' secret.json
    $ sops --set '["a"]1' secret.json
    !! Invalid --set format
    ? 7
    $ sops --set 'a] 1' secret.json
    !! Invalid --set format
    ? 7
    $ sops --set '["a"] 1 2' secret.json
    !! Value for --set is not valid JSON
    ? 7
  `,
});

documentedDifference('old style: `-r`, `--set` and editing fail when no creation rule matches', {
  'rules are not looked at': `
    $ printf 'creation_rules:\\n  - path_regex: none\\n    age: $BOB\\n' > .sops.yaml
    $ sops -r -i secret.json
    $ sops --set '["port"] 1' secret.json
    $ EDITOR=true sops secret.json
    !! File has not changed, exiting.
    ? 200
  `,
});

documentedDifference('old style: several modes all run', {
  'encrypting what is encrypted is not tried': `
    $ sops -e -r -i secret.json
    !! [CMD]…level=warning msg="More than one command …"
  `,
});
