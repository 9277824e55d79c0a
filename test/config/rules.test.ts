import { sessions } from '../support/terminal.ts';

/** Write a configuration; the lines of the script have no indentation of their own. */
const config = (text: string): string =>
  `printf '%b\\n' '${text.trim().replaceAll('\n', '\\n')}' > .sops.yaml`;

const SELECTED = `grep -E '^[[:space:]]+"?(un)?encrypted_' out.json`;

sessions({
  'the first rule that matches counts, later ones are not even looked at': `
    $ ${config(`creation_rules:
  - path_regex: plain
    age: $ALICE
  - path_regex: (
    age: 5
  - age: $BOB`)}
    $ sotto encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    $ cp plain.yaml other.yaml
    $ sotto encrypt other.yaml
    ! path_regex is no regular expression: error parsing regexp: missing closing ): \`(\`
    !   at $PWD/.sops.yaml:4:17
    ! fix: it is an expression for RE2, which has no look-around
    ? 1
  `,
  'recipients stand in a text with commas, over several lines, or in a list': `
    $ ${config(`creation_rules:
  - path_regex: json
    age: >-
      $ALICE,
      $BOB
  - age:
      - $ALICE
      - "$BOB, $CAROL"`)}
    $ sotto encrypt plain.json > out.json
    $ grep -o 'recipient.*' out.json
    > recipient": "$ALICE"
    > recipient": "$BOB"
    $ sotto encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    >           recipient: $BOB
    >           recipient: $CAROL
  `,
  'a key group beats the flat fields, merges come first, and repeats go': `
    $ ${config(`creation_rules:
  - age: $CAROL
    key_groups:
      - merge:
          - age:
              - $BOB
        age:
          - $ALICE
          - $BOB`)}
    $ sotto encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $BOB
    >           recipient: $ALICE
  `,
  'anchors and merge keys work': `
    $ ${config(`keys:
  - &alice $ALICE
  - &bob $BOB
defaults: &all
  age:
    - *alice
    - *bob
  encrypted_regex: port
creation_rules:
  - <<: *all
    age: *bob`)}
    $ sotto encrypt plain.json > out.json
    $ ${SELECTED}
    >     "encrypted_regex": "port",
    $ grep -o 'recipient.*' out.json
    > recipient": "$BOB"
  `,
  'a rule has its selector': `
    $ ${config(`creation_rules:
  - path_regex: json
    age: $ALICE
    unencrypted_regex: ^port$
  - age: $ALICE
    encrypted_comment_regex: inline
    mac_only_encrypted: yes`)}
    $ sotto encrypt plain.json > out.json
    $ ${SELECTED}
    >     "unencrypted_regex": "^port$",
    $ sotto encrypt plain.yaml > out.yaml
    $ grep -E '_(regex|encrypted):|^port|^name' out.yaml
    > name: ENC[str] # inline
    > port: 8080
    >     encrypted_comment_regex: inline
    >     mac_only_encrypted: true
  `,
  'numbers and booleans stand for texts, as in go-yaml': `
    $ ${config(`creation_rules:
  - path_regex: 0x10
    age: $BOB
  - age: $ALICE
    encrypted_regex: 80`)}
    $ sotto encrypt --allow-nothing plain.json > out.json
    ! warning: nothing was encrypted: encrypted_regex: 80 selects no value
    $ ${SELECTED}
    >     "encrypted_regex": "80",
  `,
  'two selectors in a rule are refused, at the rule': `
    $ ${config(`creation_rules:
  - age: $ALICE
    encrypted_regex: a
    unencrypted_suffix: b`)}
    $ sotto encrypt plain.json
    ! this rule has unencrypted_suffix and encrypted_regex, and only one of them can hold
    !   at $PWD/.sops.yaml:2:5
    ! fix: leave one; a single encrypted_regex can name several keys: ^(password|token)$
    ? 1
  `,
  'a rule without recipients is an error, a file without rules is no configuration': `
    $ ${config(`creation_rules:
  - path_regex: .*`)}
    $ sotto encrypt plain.json
    ! nothing says for whom to encrypt: rule 1 of $PWD/.sops.yaml names no recipient
    !   at plain.json
    ! fix: add "age:" with a recipient to the rule, or name one with --age; "sotto keygen" makes a key and prints its recipient
    ? 1
    $ ${config(`creation_rules:
  -`)}
    $ sotto encrypt plain.json
    ! no rule matches plain.json
    ? 1
    $ ${config(`stores: {}`)}
    $ sotto encrypt plain.json
    ! nothing says for whom to encrypt: the configuration has no creation_rules
    ? 1
    $ ${config('null')}
    $ sotto encrypt plain.json
    ! nothing says for whom to encrypt: the configuration has no creation_rules
    ? 1
    $ sotto encrypt --age $ALICE --output out.json plain.json
  `,
  'flags replace the recipients of a rule, but it has to match all the same': `
    $ ${config(`creation_rules:
  - path_regex: json
    age: $ALICE
    encrypted_regex: port`)}
    $ sotto encrypt --age $BOB plain.json > out.json
    $ grep -oE '(recipient|encrypted_).*' out.json
    > recipient": "$BOB"
    > encrypted_regex": "port",
    $ sotto encrypt --age $BOB plain.yaml
    ! no rule matches plain.yaml
    ? 1
  `,
  'a recipient that is none is told with its place': `
    $ ${config(`creation_rules:
  - age:
      - $ALICE
      - age1typingerror`)}
    $ sotto encrypt plain.json
    ! …age1typingerror…
    !   at $PWD/.sops.yaml:4:9
    ! fix: …
    ? 1
  `,
  'a value of a wrong type is told with its place': `
    $ ${config(`creation_rules:
  - age: 5`)}
    $ sotto encrypt plain.json
    ! invalid age key configuration: expected string, []string, or nil, got integer
    !   at $PWD/.sops.yaml:2:10
    ! fix: write age as a text, with commas between several, or as a list of texts
    ? 1
    $ sotto decrypt --extract '["port"]' secret.json
    >| 8080
    $ ${config(`creation_rules:
  - age: [[$ALICE]]`)}
    $ sotto encrypt plain.json
    ! invalid age key configuration: expected string in list, got array
    !   at $PWD/.sops.yaml:2:11
    ? 1
    $ ${config(`creation_rules:
  - age: $ALICE
    path_regex: [a]`)}
    $ sotto decrypt secret.json
    ! path_regex must be a string, not a list
    !   at $PWD/.sops.yaml:3:17
    ! fix: …
    ? 1
    $ ${config(`creation_rules:
  - age: $ALICE
    shamir_threshold: two`)}
    $ sotto encrypt plain.json
    ! shamir_threshold must be a whole number, not a string
    !   at $PWD/.sops.yaml:3:23
    ? 1
    $ ${config(`creation_rules: x`)}
    $ sotto encrypt plain.json
    ! creation_rules must be a list, not a string
    !   at $PWD/.sops.yaml:1:17
    ? 1
    $ ${config(`- a`)}
    $ sotto encrypt plain.json
    ! the document is a list; sops needs a mapping at the top
    !   at $PWD/.sops.yaml:1:1
    ? 1
  `,
  'broken YAML is told with its place, by every verb': `
    $ ${config(`creation_rules:
  - age: "$ALICE`)}
    $ sotto decrypt secret.json
    ! not valid YAML: found unexpected end of stream
    !   at $PWD/.sops.yaml:2:10
    ? 1
    $ sotto rotate secret.json
    ! not valid YAML: found unexpected end of stream
    ? 1
    $ sotto set secret.json '["port"]' 1
    ! not valid YAML: found unexpected end of stream
    ? 1
    $ EDITOR=true sotto edit secret.json
    ! not valid YAML: found unexpected end of stream
    ? 1
    $ sotto updatekeys secret.json
    ! not valid YAML: found unexpected end of stream
    ? 1
  `,
  'a misspelt key is told, with what it was meant to be, also when an error comes of it': `
    $ ${config(`creation_rules:
  - age: $ALICE
    encrypted_regexp: port
    path_regx: json`)}
    $ sotto encrypt plain.json > out.json
    ! warning: $PWD/.sops.yaml:3: unknown key "encrypted_regexp", which sops ignores
    ! fix: did you mean "encrypted_regex"?
    ! warning: $PWD/.sops.yaml:4: unknown key "path_regx", which sops ignores
    ! fix: did you mean "path_regex"?
    $ ${config(`creation_rule:
  - age: $ALICE`)}
    $ sotto encrypt plain.json
    ! warning: $PWD/.sops.yaml:1: unknown key "creation_rule", which sops ignores
    ! fix: did you mean "creation_rules"?
    ! nothing says for whom to encrypt: the configuration has no creation_rules
    ? 1
  `,
  'keys for anchors at the top are no mistake': `
    $ ${config(`keys:
  - &a $ALICE
creation_rules:
  - age: *a
    note: mine`)}
    $ sotto encrypt plain.json > out.json
    ! warning: $PWD/.sops.yaml:5: unknown key "note", which sops ignores
  `,
  'a warning on the configuration is told once for many files': `
    $ ${config(`creation_rules:
  - age: $ALICE
    not: mine`)}
    $ cp secret.yaml more.yaml
    $ sotto updatekeys secret.yaml secret.json more.yaml
    ! warning: $PWD/.sops.yaml:3: unknown key "not", which sops ignores
    ! 3 files: 3 up-to-date
  `,
  'a byte order mark and CRLF do no harm': `
    $ printf '\\357\\273\\277creation_rules:\\r\\n  - age: $ALICE\\r\\n' > .sops.yaml
    $ sotto encrypt -i plain.json
  `,
});
