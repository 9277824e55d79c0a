import { describe } from 'vitest';
import { sessions } from '../support/terminal.ts';

/** A rule, and a file of a type whose rule said something else when it was encrypted. */
const rule = (...lines: readonly string[]): string =>
  `printf 'creation_rules:\\n- ${lines.join('\\n  ')}\\n' > .sops.yaml`;

const DRIFTED = (plain: string, file: string): string => `
    $ ${rule('age: $ALICE', 'encrypted_regex: password')}
    $ printf '${plain}' > ${file}
    $ sotto encrypt -i ${file}
    $ ${rule('age: $ALICE', 'encrypted_regex: password|secret')}
    $ cp ${file} before
`;

const FORMATS = {
  yaml: ['password: a\\nhost: h\\n', 'f.yaml', '["secret"]', 'secret: hunter2'],
  json: ['{"password": "a", "host": "h"}\\n', 'f.json', '["secret"]', '"secret": "hunter2"'],
  dotenv: ['password=a\\nhost=h\\n', 'f.env', '["secret"]', 'secret=hunter2'],
  INI: ['[s]\\npassword=a\\nhost=h\\n', 'f.ini', '["s"]["secret"]', 'secret.*hunter2'],
  TOML: ['password = "a"\\nhost = "h"\\n', 'f.toml', '["secret"]', 'secret = "hunter2"'],
} as const;

describe.each(Object.entries(FORMATS))('%s', (_, [plain, file, path, shown]) => {
  sessions({
    'what the rule encrypts is not set in clear': `
      ${DRIFTED(plain, file)}
      $ sotto set ${file} '${path}' '"hunter2"'
      ! warning: ${file}: the file has encrypted_regex: password, but rule 1 of $PWD/.sops.yaml encrypted_regex: password|secret
      ! fix: "sotto updatekeys --selector ${file}" gives the file what its rule says
      ! ${path.slice(2, -2).replace('"]["', '.')} would stand in clear, which rule 1 of $PWD/.sops.yaml encrypts
      !   at ${file}
      ! …
      ? 1
      $ cmp ${file} before
      $ sotto set ${file} '${path.replace('secret', 'password')}' '"b"'
      ! warning: ${file}: the file has encrypted_regex: password, but …
      $ sotto updatekeys --check ${file} | cat
      ! Syncing keys for file $PWD/${file}
      ! File $PWD/${file} is not up to date
      > The file's settings differ from those of its rule:
      > +++ encrypted_regex: password|secret
      > --- encrypted_regex: password
      $ sotto updatekeys --check ${file} > out
      ! Syncing keys for file $PWD/${file}
      ! File $PWD/${file} is not up to date
      ? 1
      $ sotto updatekeys --yes --selector ${file}
      > The file's settings differ from those of its rule:
      > +++ encrypted_regex: password|secret
      > --- encrypted_regex: password
      ! Syncing keys for file $PWD/${file}
      ! File $PWD/${file} synced with new keys
      $ sotto updatekeys --check ${file}
      ! File $PWD/${file} already up to date
      $ sotto set ${file} '${path}' '"hunter2"'
      $ grep -c hunter2 ${file}
      > 0
      ? 1
      $ sotto decrypt --extract '${path}' ${file} | grep -c hunter2
      > 1
    `,
    'the user can insist, and sops says it in its log': `
      ${DRIFTED(plain, file)}
      $ sops set ${file} '${path}' '"hunter2"'
      ! [CMD]…level=warning msg="[…] would stand in clear, which rule 1 of $PWD/.sops.yaml encrypts"
      $ grep -c '${shown}' ${file}
      > 1
      $ cp before ${file}
      $ sotto set --accept-file --clear ${file} '${path}' '"hunter2"' 2> err
      $ grep -c '${shown}' ${file}
      > 1
      $ grep -c 'would stand in clear' err
      > 1
    `,
  });
});

const RULE = rule('age: $ALICE', 'encrypted_regex: password|secret');

sessions({
  'nor is it edited in, or encrypted onto the file': `
    ${DRIFTED('password: a\\nhost: h\\nold: 1\\n', 'f.yaml')}
    $ EDITOR="sh -c 'echo secret: hunter3 >> \\"\\$1\\"' --" sotto edit f.yaml
    ! warning: …
    ! …
    ? 1
    $ cmp f.yaml before
    $ printf 'password: b\\nsecret: hunter2\\n' > p.yaml
    $ sotto encrypt -i --onto f.yaml p.yaml
    ! warning: f.yaml: the file has …
    ! fix: "sotto updatekeys --selector f.yaml" gives …
    ! … would stand in clear, which rule 1 of $PWD/.sops.yaml encrypts
    ? 1
    $ cmp f.yaml before
    $ printf 'password: b\\nhost: h\\n' > p.yaml
    $ sotto encrypt -i --onto f.yaml p.yaml
    ! warning: f.yaml: the file has encrypted_regex: password, but rule 1 of …
    $ sotto decrypt f.yaml
    > password: b
    > host: h
  `,
  'what stood in clear before stays there, said, until it is given another value': `
    $ ${rule('age: $ALICE', 'encrypted_regex: password')}
    $ printf 'password: a\\nsecrets:\\n- x\\n- y\\n' > f.yaml
    $ sotto encrypt -i f.yaml
    $ ${RULE}
    $ sotto set f.yaml '["password"]' '"b"'
    ! warning: …
    $ sotto set f.yaml '["secrets"][0]' '"z"'
    ! warning: f.yaml: the file has …
    ! fix: "sotto updatekeys --selector f.yaml" gives …
    ! … would stand in clear, which rule 1 of $PWD/.sops.yaml encrypts
    ? 1
    $ sotto unset f.yaml '["secrets"][0]'
    ! warning: …
    $ grep -A1 secrets f.yaml
    > secrets:
    > - y
  `,
  'a rule without a selector has the default one, as has a file whose metadata was planted': `
    $ ${rule('age: $ALICE')}
    $ cp secret.yaml f.yaml
    $ sed -i 's/unencrypted_suffix: .*/encrypted_regex: ^(name|port|ratio|on|database|text)$/' f.yaml
    $ sotto set f.yaml '["token"]' '"T0P"'
    ! warning: f.yaml: the file has encrypted_regex: ^(name|port|ratio|on|database|text)$, but rule 1 of $PWD/.sops.yaml unencrypted_suffix: _unencrypted
    ! …
    ? 1
    $ grep -c token f.yaml
    > 0
    ? 1
  `,
  'comments count, too': `
    $ ${rule('age: $ALICE', 'encrypted_regex: password')}
    $ printf 'password: a\\nhost: h\\n' > f.yaml
    $ sotto encrypt -i f.yaml
    $ ${rule('age: $ALICE', 'unencrypted_regex: host')}
    $ printf 'password: a\\nhost: h\\n# pin 1234\\nuser: u\\n' > p.yaml
    $ sotto encrypt -i --onto f.yaml p.yaml
    ! warning: …
    ! …
    ? 1
    $ grep -c -e pin -e user f.yaml
    > 0
    ? 1
  `,
  'files without a rule are written as ever': `
    $ printf 'creation_rules:\\n- path_regex: other\\n  age: $BOB\\n' > .sops.yaml
    $ sotto set secret.yaml '["new_unencrypted"]' '"x"' --accept-file --clear
    $ sotto updatekeys --check secret.yaml
    ! no rule matches secret.yaml
    ? 1
  `,
  'rules match the path from their folder, whatever the working folder is': `
    $ mkdir -p a/b
    $ cp secret.yaml a/b/f.yaml
    $ printf 'creation_rules:\\n- path_regex: ^b/\\n  age: $BOB\\n' > a/.sops.yaml
    $ sotto rotate -i a/b/f.yaml
    ! warning: a/b/f.yaml: the file is encrypted for age1…, whom rule 1 of $PWD/a/.sops.yaml does not name
    ! …
    ? 1
    $ cd a/b
    $ sotto rotate -i f.yaml
    ! warning: f.yaml: the file is encrypted for …
    ! …
    ? 1
  `,
  'rotating wraps for nobody whom the rule does not name': `
    $ ${rule('age: $ALICE')}
    $ sed 's|    age:|    age:\\n        - recipient: $BOB\\n          enc: x|' secret.yaml > p.yaml
    $ cp p.yaml before.yaml
    $ sotto rotate -i p.yaml
    ! warning: p.yaml: the file is encrypted for age1…, whom rule 1 of $PWD/.sops.yaml does not name
    ! fix: "sotto updatekeys p.yaml" gives the file what its rule says
    ! a key would be wrapped for age1…, whom rule 1 of $PWD/.sops.yaml does not name
    !   at p.yaml
    ! …
    ? 1
    $ sotto rotate --check p.yaml
    ! warning: p.yaml: the file is encrypted for age1v3h0k…, whom rule 1 of $PWD/.sops.yaml does not name
    ? 1
    $ cmp p.yaml before.yaml
    $ mkdir many
    $ cp p.yaml secret.yaml many
    $ sotto rotate -i many 2> err
    ? 1
    $ grep -c recipient: many/p.yaml many/secret.yaml
    > many/p.yaml:2
    > many/secret.yaml:1
    $ sotto rotate -i --rm-age $BOB p.yaml
    ! warning: …
    ! …
    $ SOPS_AGE_KEY_FILE=bob.key sotto decrypt p.yaml
    ! you can't open …
    ? 128
    $ cp before.yaml p.yaml
    $ sops rotate -i p.yaml
    ! [CMD]…level=warning msg="a key would be wrapped for age1…, whom rule 1 of $PWD/.sops.yaml does not name"
    $ cp before.yaml p.yaml
    $ sotto rotate -i --accept-file p.yaml
    ! warning: …
    ! …
    $ SOPS_AGE_KEY_FILE=bob.key sotto decrypt --extract '["port"]' p.yaml
    > 8080
  `,
  'recipients in flags are the word of the user': `
    $ ${rule('age: $ALICE')}
    $ sotto rotate -i --add-age $BOB secret.yaml
    ! warning: secret.yaml: rule 1 of $PWD/.sops.yaml does not name age1…
    ! fix: add them to the rule, or the next "sotto updatekeys" takes them out again
    ! the new data key of secret.yaml is wrapped for
    !     $ALICE
    !     $BOB
    $ sops rotate -i --add-age $CAROL secret.json
  `,
  'a rule that names nobody leaves that to flags': `
    $ ${rule('encrypted_regex: port')}
    $ sotto encrypt --age $BOB,$ALICE plain.yaml > f.yaml
    $ sotto rotate -i f.yaml
    ! the new data key of f.yaml is wrapped for
    !     $BOB
    !     $ALICE
    $ sotto set f.yaml '["port"]' 1
  `,
  'groups are added and deleted for those whom the rule names': `
    $ ${rule('age: $ALICE')}
    $ sotto groups add -i --file secret.yaml --age $BOB --shamir-secret-sharing-threshold 2
    ! warning: secret.yaml: rule 1 of $PWD/.sops.yaml does not name age1…
    ! …
    $ cp secret.yaml before.yaml
    $ SOPS_AGE_KEY_FILE=both.key sotto groups add -i --file secret.yaml --age $CAROL
    ! warning: secret.yaml: the file has shamir_threshold: 2, but rule 1 of $PWD/.sops.yaml shamir_threshold: 1
    ! warning: secret.yaml: the file is encrypted for age1…, whom rule 1 of $PWD/.sops.yaml does not name
    ! …
    ? 1
    $ cmp secret.yaml before.yaml
    $ cat alice.key bob.key > both.key
    $ SOPS_AGE_KEY_FILE=both.key sotto groups delete -i --file secret.yaml --shamir-secret-sharing-threshold 1 2
    ! warning: …
    ! …
    $ grep recipient: secret.yaml
    >           recipient: $ALICE
  `,
  'nobody gets the shares of two groups; the order of the groups does not matter': `
    $ cat alice.key bob.key > both.key
    $ ${rule('shamir_threshold: 2', 'key_groups:', '- age: [$ALICE, $BOB]', '- age: [$BOB]')}
    $ cp plain.yaml f.yaml
    $ sotto encrypt -i f.yaml
    $ ${rule('shamir_threshold: 2', 'key_groups:', '- age: [$ALICE]', '- age: [$BOB]')}
    $ SOPS_AGE_KEY_FILE=both.key sotto rotate -i f.yaml
    ! warning: f.yaml: the file is encrypted for age1…, whom rule 1 of $PWD/.sops.yaml does not name
    ! …
    ? 1
    $ ${rule('shamir_threshold: 2', 'key_groups:', '- age: [$BOB]', '- age: [$ALICE, $BOB]')}
    $ SOPS_AGE_KEY_FILE=both.key sotto rotate -i f.yaml
    ! the new data key of f.yaml is wrapped for
    !   group 1
    !     $ALICE
    !     $BOB
    !   group 2
    !     $BOB
    $ ${rule('age: $ALICE,$BOB')}
    $ SOPS_AGE_KEY_FILE=both.key sotto rotate -i f.yaml
    ! warning: f.yaml: the file has shamir_threshold: 2, but rule 1 of $PWD/.sops.yaml shamir_threshold: 1
    ! fix: …
    ! the new data key of f.yaml is wrapped for
    ! …
  `,
  'updatekeys --check tells of thresholds and mac_only_encrypted, with a status and as data': `
    $ ${rule('age: $ALICE', 'mac_only_encrypted: true')}
    $ sotto updatekeys --check secret.yaml
    > The file's settings differ from those of its rule:
    > +++ mac_only_encrypted: true
    > --- mac_only_encrypted: false
    ! Syncing keys for file $PWD/secret.yaml
    ! File $PWD/secret.yaml is not up to date
    ? 1
    $ sotto updatekeys --check --json secret.yaml 2> err
    > [{"file":"secret.yaml","outcome":"outdated",…"settings":[{"name":"mac_only_encrypted","file":"mac_only_encrypted: false","rule":"mac_only_encrypted: true"}]}]
    ? 1
    $ sotto updatekeys --yes secret.yaml
    ! warning: secret.yaml: the file has mac_only_encrypted: false, but rule 1 of …
    ! fix: "sotto updatekeys --selector secret.yaml" takes that of the rule over
    ! File $PWD/secret.yaml already up to date
    $ sotto updatekeys --yes --selector secret.yaml > out
    ! Syncing keys for file $PWD/secret.yaml
    $ grep mac_only secret.yaml
    >     mac_only_encrypted: true
    $ sotto decrypt secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
  `,
  'updatekeys --selector shows what changes sides, asks, and keeps the other values': `
    $ ${rule('age: $ALICE', 'encrypted_regex: ^(name|database|host)')}
    $ cp secret.yaml before.yaml
    $ sotto updatekeys --selector secret.yaml
    < n
    > The file's settings differ from those of its rule:
    > +++ encrypted_regex: ^(name|database|host)
    > --- unencrypted_suffix: _unencrypted
    > +++ encrypted from now on: ["host_unencrypted"]
    > --- in clear from now on: a comment in line 1
    > --- in clear from now on: a comment in line 2
    > --- in clear from now on: ["port"]
    > …
    ! Syncing keys for file $PWD/secret.yaml
    $ cmp secret.yaml before.yaml
    $ sotto updatekeys --selector secret.yaml > out
    < y
    ! Syncing keys for file $PWD/secret.yaml
    $ grep -c -F "$(grep '^name' before.yaml | cut -d' ' -f2)" secret.yaml
    > 1
    $ grep -e ^port -e ^host secret.yaml
    > port: 8080
    > host_unencrypted: ENC[str]
    $ sotto decrypt secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
    $ SOPS_AGE_KEY_FILE=$PWD/bob.key sotto updatekeys --check secret.yaml
    ! File $PWD/secret.yaml already up to date
  `,
  'a selector that selects the same is adopted all the same': `
    $ ${rule('age: $ALICE', 'unencrypted_regex: _unencrypted$')}
    $ sotto updatekeys --yes --selector secret.yaml > out
    ! Syncing keys for file $PWD/secret.yaml
    $ grep unencrypted_ secret.yaml
    >     unencrypted_regex: _unencrypted$
    $ sotto decrypt secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
  `,
  'a rule that can not be read might forbid it': `
    $ ${rule('age: $ALICE', 'encrypted_regex: a', 'encrypted_suffix: b')}
    $ sotto set secret.yaml '["port"]' 1
    ! this rule has encrypted_suffix and encrypted_regex, and only one of them can hold
    ! …
    ? 1
    $ sotto set --accept-file secret.yaml '["port"]' 1
    ! warning: $PWD/.sops.yaml:2: this rule has encrypted_suffix and encrypted_regex, and only one of them can hold
    $ sops set secret.yaml '["port"]' 2
    $ sotto decrypt secret.json > out.json
  `,
  'a recipient that can not be read names nobody, and is not shown if it is a key': `
    $ printf 'creation_rules:\\n- age: AGE-SECRET-KEY-1QQ\\n' > .sops.yaml
    $ sotto set secret.yaml '["port"]' 1
    ! warning: $PWD/.sops.yaml:2: an age identity stands in the place of a recipient
    ! …
    $ sotto rotate -i secret.yaml 2> err
    ? 1
    $ grep -c QQ err
    > 0
    ? 1
  `,
  'a binary file has no selector that could differ': `
    $ ${rule('age: $ALICE', 'encrypted_regex: x', 'mac_only_encrypted: true')}
    $ printf 'text' > f.bin
    $ sotto encrypt -i f.bin
    ! warning: encrypted_regex: x is ignored: a binary file is one value, and always encrypted
    $ sotto updatekeys --check f.bin
    ! File $PWD/f.bin already up to date
    $ sotto set f.bin '["data"]' '"other"'
  `,
});
