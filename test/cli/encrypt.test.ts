import { sessions } from '../support/terminal.ts';

sessions({
  'prints the encrypted file, in the shape of the plain one': `
    $ sotto encrypt --age $ALICE plain.yaml
    > #ENC[comment]
    > name: ENC[str] #ENC[comment]
    > port: ENC[int]
    > ratio: ENC[float]
    > on: ENC[bool]
    > nothing: null
    > host_unencrypted: db.internal
    > database:
    >   password: 'ENC[str]'
    >   hosts: ['ENC[str]', 'ENC[str]']
    > text: |-
    >   ENC[str]
    > sops:
    >     age:
    >         - enc: |
    >             -----BEGIN AGE ENCRYPTED FILE-----
    > …
  `,
  'writes to --output, and over the file with -i': `
    $ sotto encrypt --age $ALICE --output out.yaml plain.yaml
    $ sotto filestatus out.yaml
    > {"encrypted":true}
    $ sotto filestatus plain.yaml
    > {"encrypted":false}
    $ sotto encrypt -i --age $ALICE plain.yaml
    $ sotto filestatus plain.yaml
    > {"encrypted":true}
  `,
  'several recipients stand in one list, or in one flag': `
    $ sotto encrypt --age '$ALICE, $BOB' plain.json > out.json
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto decrypt --extract '["port"]' out.json
    >| 8080
    $ sotto decrypt --extract '["port"]' out.json
    >| 8080
  `,
  'a recipient that is none is an error, and nothing is written': `
    $ sotto encrypt -i --age age1nonsense plain.yaml
    ! "age1nonsense" is no age recipient: it has a character that Bech32 does not know
    ? 1
    $ sotto encrypt -i --age $ALICE, plain.yaml
    ! "" is no age recipient
    ? 1
    $ sotto filestatus plain.yaml
    > {"encrypted":false}
  `,
  'stdin needs a name': `
    $ sotto encrypt --age $ALICE
    < a: 1
    ! what comes from stdin has no name
    ! fix: to encrypt a file, name it: sotto encrypt -i secrets.yaml; …
    ? 8
    $ sotto encrypt --age $ALICE --input-type yaml --output-type yaml
    < a: 1
    ! what comes from stdin has no name
    ? 8
    $ sotto encrypt -i --age $ALICE --filename-override x.yaml
    < a: 1
    ! --in-place needs a file, and stdin is none
    ? 8
    $ sotto encrypt -i --output out.yaml --age $ALICE plain.yaml
    ! --output and --in-place exclude each other
    ? 8
  `,
  'the name that overrides decides on type and rule': `
    $ printf 'creation_rules:\\n  - path_regex: ^prod/\\n    age: $BOB\\n  - age: $ALICE\\n' > .sops.yaml
    $ sotto encrypt --filename-override prod/x.json plain.json > out.json
    $ grep -o 'recipient.*' out.json
    > recipient": "$BOB"
    $ sotto encrypt --filename-override x.yaml plain.json
    > name: ENC[str]
    > …
  `,
  'what is encrypted already is refused with 203': `
    $ sotto encrypt --age $BOB secret.yaml
    ! the file is encrypted already, or has an entry called 'sops' of its own
    !   at secret.yaml
    ! fix: …
    ? 203
    $ sotto encrypt -i --age $BOB secret.json
    ! the file is encrypted already, or has an entry called 'sops' of its own
    ? 203
    $ sotto decrypt --extract '["port"]' secret.json
    >| 8080
  `,
  'what does not parse ends with 2, what is empty with 92': `
    $ printf 'a: [1\\nb: }\\n' > bad.yaml
    $ sotto encrypt -i --age $ALICE bad.yaml
    ! not valid YAML: did not find expected ',' or ']'
    !   at bad.yaml:1:4
    ! fix: mend it there; nothing was written
    ? 2
    $ printf 'a: 1\\n<<<<<<< HEAD\\nb: 1\\n=======\\nb: 2\\n>>>>>>> theirs\\n' > bad.yaml
    $ sotto encrypt -i --age $ALICE bad.yaml
    ! not valid YAML: could not find expected ':'
    !   at bad.yaml:2:1
    ! fix: git left a conflict in line 2; solve it first
    ? 2
    $ printf '[1]' > list.json
    $ sotto encrypt --age $ALICE list.json
    ! not valid JSON: SOPS only supports JSON files with a top-level object (starting with '{'), not arrays or other types. Got delimiter [ instead. To encrypt this file, wrap it in an object, e.g., {"data": [...]}
    ? 2
    $ touch empty.yaml
    $ sotto encrypt --age $ALICE empty.yaml
    ! warning: empty.yaml is empty
    ! fix: …
    ! the file is empty
    ? 92
    $ sotto encrypt --age $ALICE missing.yaml
    ! there is no file missing.yaml
    ? 100
  `,
  'a selector beats that of the rule if it is of the same kind; two kinds are refused with 8': `
    $ printf 'creation_rules:\\n  - age: $ALICE\\n    encrypted_regex: ^port$\\n' > .sops.yaml
    $ sotto encrypt --encrypted-regex ^name$ plain.json
    > {
    >   "name": "ENC[str]",
    >   "port": 8080,
    > …
    $ sotto encrypt --unencrypted-suffix x plain.json
    ! unencrypted_suffix and encrypted_regex exclude each other
    !   at plain.json
    ! fix: flags and the creation rule together set them; leave one
    ? 8
    $ sotto encrypt --encrypted-regex a --unencrypted-regex b plain.json
    ! unencrypted_regex and encrypted_regex exclude each other
    ? 8
  `,
  'a selector that selects nothing is an error, unless that is allowed; so is one that can not be compiled': `
    $ cp plain.yaml before.yaml
    $ sotto encrypt -i --age $ALICE --encrypted-regex ^passwrd$ plain.yaml
    ! nothing was encrypted: encrypted_regex: ^passwrd$ selects no value
    !   at plain.yaml
    ! fix: check the selector against the keys of the file, or add --allow-nothing
    ? 23
    $ cmp plain.yaml before.yaml
    $ sops encrypt --age $ALICE --encrypted-regex ^passwrd$ plain.yaml > out.yaml
    ! [CMD]	 time="…" level=warning msg="nothing was encrypted: encrypted_regex: ^passwrd$ selects no value"
    $ sotto encrypt -i --allow-nothing --age $ALICE --encrypted-regex ^passwrd$ plain.yaml
    ! warning: nothing was encrypted: encrypted_regex: ^passwrd$ selects no value
    ! fix: check the selector against the keys of the file
    $ printf '# secret\\na_unencrypted: 1\\n' > comment.yaml
    $ sotto encrypt --age $ALICE comment.yaml
    ! nothing was encrypted: unencrypted_suffix: _unencrypted selects no value
    ? 23
    $ printf 'a: ""\\nb: null\\nc_unencrypted: 1\\n' > empty.yaml
    $ sotto encrypt -i --age $ALICE empty.yaml
    $ printf '{}\\n' > none.yaml
    $ sotto encrypt -i --age $ALICE none.yaml
    $ sotto encrypt --age $ALICE --encrypted-regex '(?=a)' plain.json
    ! encrypted_regex is no expression that RE2 understands: (?=a)
    ? 1
  `,
  'settings that do not concern the kinds of key at hand do no harm': `
    $ sotto encrypt -i --aws-profile dev --encryption-context a:b,c:d --age $ALICE plain.yaml
    $ sotto encrypt --encryption-context a --age $ALICE plain.json
    ! the encryption context is malformed
    ! …
    ? 6
  `,
  'another format comes out with --output-type': `
    $ sotto encrypt --age $ALICE --output-type json plain.yaml > out.json
    $ sotto decrypt --extract '["database"]["hosts"]' out.json
    > [
    > 	"one",
    > 	"two"
    >| ]
  `,
  '--indent and stores rule the metadata': `
    $ sotto encrypt --indent 2 --age $ALICE plain.yaml > out.yaml
    $ grep -A1 ^sops: out.yaml
    > sops:
    >   age:
    $ printf 'stores:\\n  yaml:\\n    indent: 3\\n' > .sops.yaml
    $ sotto encrypt --age $ALICE plain.yaml > out.yaml
    $ grep -A1 ^sops: out.yaml
    > sops:
    >    age:
    $ sotto encrypt --indent -2 --age $ALICE plain.yaml
    ! there is no indentation of -2
    ? 4
  `,
});

sessions({
  '--onto keeps the tokens of what did not change': `
    $ sotto decrypt secret.yaml > new.yaml
    $ sed -i s/8080/9090/ new.yaml
    $ sotto encrypt --onto secret.yaml new.yaml > out.yaml
    $ diff secret.yaml out.yaml | grep '^>' | grep -Ev '(lastmodified|mac|frame):' | wc -l
    > 1
    $ sotto encrypt -i --onto secret.yaml new.yaml
    $ sotto decrypt secret.yaml > out.yaml
    $ cmp out.yaml new.yaml
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 9090
  `,
  '--onto with nothing new writes nothing': `
    $ cp secret.yaml before.yaml
    $ sotto encrypt -i --onto secret.yaml plain.yaml
    $ cmp secret.yaml before.yaml
    $ sotto encrypt --onto secret.yaml plain.yaml > out.yaml
    $ cmp secret.yaml out.yaml
  `,
  '--onto reads the plain text from stdin, too': `
    $ sotto encrypt -i --onto secret.json
    < {"name": "other"}
    $ sotto decrypt secret.json
    > {"name": "other"}
  `,
  '--onto needs an encrypted file, and a key that opens it': `
    $ sotto encrypt --onto plain.yaml plain.yaml
    ! the file is not encrypted
    ? 1
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto encrypt --onto secret.yaml plain.yaml
    ! you can't open …
    ? 128
    $ sotto encrypt --onto missing.yaml plain.yaml
    ! there is no file missing.yaml
    ? 2
    $ sotto encrypt -i --onto secret.yaml bad.yaml
    ! there is no file bad.yaml
    ? 100
  `,
  '--onto refuses recipients and selectors, which it would not use': `
    $ sotto encrypt --onto secret.yaml --age $BOB plain.yaml
    ! --onto keeps recipients, selector and format of secret.yaml; --age has no effect with it
    ! fix: leave --age out; …
    ? 8
    $ SOPS_AGE_RECIPIENTS=$BOB sotto encrypt --onto secret.yaml plain.yaml > out.yaml
    $ cmp secret.yaml out.yaml
  `,
});
