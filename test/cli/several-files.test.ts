import { sessions } from '../support/terminal.ts';

const RULES = `printf 'creation_rules:\\n- path_regex: secrets/\\n  age: $ALICE\\n' > .sops.yaml`;

sessions({
  'encrypt -i takes many files of any type, and decrypt -i gives them back': `
    $ printf 'A=s3cret\\n' > a.env
    $ printf '[s]\\na=s3cret\\n' > a.ini
    $ printf 'a = "s3cret"\\n' > a.toml
    $ printf 's3cret' > a.bin
    $ mkdir before
    $ cp plain.yaml plain.json a.env a.ini a.toml a.bin before
    $ sotto encrypt -i --age $ALICE plain.yaml plain.json a.env a.ini a.toml a.bin
    ! 6 of 6 files encrypted
    $ grep -l -e s3cret -e shop plain.yaml plain.json a.env a.ini a.toml a.bin
    ? 1
    $ sotto decrypt -i plain.yaml plain.json a.env a.ini a.toml a.bin
    ! 6 of 6 files decrypted
    $ for file in plain.yaml plain.json a.env a.ini a.toml a.bin; do cmp $file before/$file; done
  `,
  'if one can not be encrypted, none is': `
    $ cp plain.yaml ok.yaml
    $ printf 'a: [\\n' > broken.yaml
    $ sotto encrypt -i --age $ALICE ok.yaml broken.yaml missing.yaml
    ! not valid YAML: did not find expected node content
    !   at broken.yaml:2…
    ! fix: mend it there; nothing was written
    ! explain: sotto explain input-invalid
    ! there is no file missing.yaml
    ! fix: check the name; the working folder is $PWD
    ! explain: sotto explain file-missing
    ! 2 of 3 files can not be encrypted, so none was written
    ? 1
    $ cmp ok.yaml plain.yaml
    $ sotto encrypt -i --json --age $ALICE ok.yaml broken.yaml
    > [{"file":"ok.yaml","outcome":"left"},{"file":"broken.yaml","outcome":"failed","error":{"code":"input-invalid",…
    ! not valid YAML: did not find expected node content
    ? 1
  `,
  'if one can not be decrypted, none is': `
    $ cp secret.yaml before.yaml
    $ sed -i s/8080/8081/ plain.json
    $ sotto decrypt -i secret.yaml plain.json
    ! the file is not encrypted
    !   at plain.json
    ! …
    ? 1
    $ cmp secret.yaml before.yaml
    $ sed -i s/db.internal/db.external/ before.yaml
    $ cp secret.json before.json
    $ sotto decrypt -i secret.json before.yaml
    ! MAC mismatch: the values are not those that were encrypted
    ? 1
    $ cmp secret.json before.json
  `,
  'those that are encrypted already are named and left': `
    $ cp secret.yaml before.yaml
    $ sotto encrypt -i --age $ALICE secret.yaml plain.json
    ! secret.yaml is encrypted already; it is left as it is
    ! 1 of 2 files encrypted
    $ cmp secret.yaml before.yaml
    $ printf x > x.bin
    $ sotto encrypt -i --age $ALICE x.bin
    $ cp x.bin before.bin
    $ sotto encrypt -i --age $ALICE x.bin secret.yaml
    ! x.bin is encrypted already; it is left as it is
    ! secret.yaml is encrypted already; it is left as it is
    ! 0 of 2 files encrypted
    $ cmp x.bin before.bin
    $ sotto encrypt -i --age $ALICE secret.yaml
    ! the file is encrypted already, or has an entry called 'sops' of its own
    ? 203
  `,
  'of a folder those are encrypted that a rule matches, and never what tools read, or keys': `
    $ ${RULES}
    $ mkdir -p all/secrets/deep all/secrets/.git all/public
    $ cp plain.yaml all/secrets/a.yaml
    $ cp plain.json all/secrets/deep/b.json
    $ cp plain.yaml all/public/c.yaml
    $ cp plain.yaml all/secrets/.git/d.yaml
    $ cp plain.yaml all/secrets/.sops.yaml.txt
    $ cp secret.yaml all/secrets/e.yaml
    $ cp alice.key all/secrets/identity
    $ printf '*.yaml diff=sops\\n' > all/secrets/.gitattributes
    $ sotto encrypt -i all
    ! warning: $PWD/all/secrets/.sops.yaml.txt: .sops.yaml.txt is encrypted as a whole, as in sops: it does not end in .yaml
    ! fix: to encrypt its values, use --input-type yaml --output-type yaml, or write sotto: {format: yaml} into its creation rule
    ! warning: $PWD/all/secrets/identity: it holds a private key, so it is left as it is
    ! fix: name it alone if it is to be encrypted
    ! $PWD/all/secrets/e.yaml is encrypted already; it is left as it is
    ! 3 of 5 files encrypted
    $ cmp all/public/c.yaml plain.yaml
    $ cmp all/secrets/.git/d.yaml plain.yaml
    $ cmp all/secrets/identity alice.key
    $ cat all/secrets/.gitattributes
    > *.yaml diff=sops
    $ sotto decrypt all/secrets/deep/b.json > out.json
    $ cmp out.json plain.json
    $ sotto decrypt -i all
    ! 4 of 4 files decrypted
    $ cmp all/secrets/a.yaml plain.yaml
    $ cmp all/secrets/e.yaml plain.yaml
  `,
  'the file that opens others is left, whatever is in it, and so is a configuration': `
    $ printf 'creation_rules:\\n- age: $ALICE\\n' > .sops.yaml
    $ mkdir in
    $ cp alice.key in/key
    $ sed -i '1i # a comment' in/key
    $ printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\\nAAAA\\n' > in/ssh
    $ printf 'creation_rules: []\\n' > in/other.sops.yaml
    $ SOPS_AGE_KEY_FILE=in/key sotto encrypt -i in/key in/ssh .sops.yaml
    ! warning: in/key: it holds a private key, so it is left as it is
    ! fix: name it alone if it is to be encrypted
    ! warning: in/ssh: it holds a private key, so it is left as it is
    ! fix: name it alone if it is to be encrypted
    ! warning: .sops.yaml: programs read it as it is, so it is left so
    ! fix: name it alone if it is to be encrypted
    ! 0 of 3 files encrypted
    $ printf 'key: AGE-SECRET-KEY-1QQ\\n' > in/value.yaml
    $ sotto encrypt -i in/value.yaml plain.yaml
    ! 2 of 2 files encrypted
  `,
  'without rules a folder is refused': `
    $ mkdir folder
    $ cp plain.yaml folder
    $ sotto encrypt -i --age $ALICE folder
    ! no creation rule says which files of folder are to be encrypted
    ! fix: name the files, or write a .sops.yaml with creation_rules whose path_regex matches them
    ! …
    ? 1
    $ cmp folder/plain.yaml plain.yaml
    $ printf 'stores: {}\\n' > .sops.yaml
    $ sotto encrypt -i --age $ALICE folder secret.yaml
    ! no creation rule says which files of folder are to be encrypted
    ? 1
    $ printf 'creation_rules:\\n- path_regex: nothing\\n  age: $ALICE\\n' > .sops.yaml
    $ sotto encrypt -i folder
    ! warning: no creation rule matches a file in folder
    ! 0 of 0 files encrypted
  `,
  'flags that are about one file do not go with several': `
    $ sotto encrypt -i --age $ALICE --filename-override x.yaml plain.yaml plain.json
    ! --filename-override is about one file, and there are several
    ! …
    ? 8
    $ sotto encrypt -i --onto secret.yaml plain.yaml plain.json
    ! --onto is about one file, and there are several
    ! …
    ? 8
    $ sotto decrypt -i --extract '["port"]' secret.yaml secret.json
    ! --extract is about one file, and there are several
    ! …
    ? 8
  `,
  'in the old style, too; under the name of sops the first file counts': `
    $ cp plain.yaml a.yaml
    $ sotto -e -i --age $ALICE a.yaml plain.json
    ! 2 of 2 files encrypted
    $ sotto -d -i a.yaml plain.json
    ! 2 of 2 files decrypted
    $ sops encrypt -i --age $ALICE a.yaml plain.yaml
    ! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    $ grep -l shop a.yaml plain.yaml
    > plain.yaml
    $ sops decrypt -i a.yaml secret.yaml
    ! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    $ grep -l shop a.yaml secret.yaml
    > a.yaml
  `,
  'other commands name what stands in clear in a folder, against its rule': `
    $ ${RULES}
    $ mkdir secrets other
    $ cp plain.yaml secrets/a.yaml
    $ cp plain.yaml other/b.yaml
    $ cp secret.yaml secrets/c.yaml
    $ sotto updatekeys --check secrets other
    ! warning: $PWD/secrets/a.yaml stands in clear, although a creation rule wants that encrypted
    ! fix: "sotto encrypt -i secrets" encrypts what the rules match
    ! warning: no encrypted files in other
    $ sotto rotate --check secrets
    ! warning: $PWD/secrets/a.yaml stands in clear, …
    ! …
    $ cp secrets/a.yaml secrets/d.yaml
    $ sotto decrypt -i secrets
    ! warning: $PWD/secrets/a.yaml and 1 more stand in clear, although a creation rule wants that encrypted
    ! …
  `,
});
