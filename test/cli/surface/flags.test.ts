import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 3: each command takes its flags, so that only the one behind them is unknown. */
const KEYS = '--age x --pgp x --kms x --gcp-kms x --hckms x --azure-kv x --hc-vault-transit x';
const SELECTORS = '--unencrypted-suffix x --encrypted-suffix x --unencrypted-regex x --encrypted-regex x';
const SERVICES = '--enable-local-keyservice --keyservice x';
const KINDS = ['age', 'pgp', 'kms', 'gcp-kms', 'hckms', 'azure-kv', 'hc-vault-transit'];
const CHANGES = KINDS.map((kind) => `--add-${kind} x --rm-${kind} x`).join(' ');
const FILES = '--in-place --output x --input-type x --output-type x --filename-override x';

const takes = (line: string): string => `$ ${line} --unheard-of
    !! [CMD]…level=fatal msg="flag provided but not defined: -unheard-of"
    ? 1`;

sessions({
  'encrypt takes': `
    ${takes(`sops encrypt ${FILES} ${KEYS} --aws-profile x --encryption-context a:b ${SELECTORS} --shamir-secret-sharing-threshold 1 ${SERVICES}`)}
    ${takes(`sops encrypt -i -a x -p x -k x`)}
  `,
  'decrypt takes': `
    ${takes(`sops decrypt ${FILES} --extract x --ignore-mac --decryption-order x ${SERVICES}`)}
  `,
  'rotate takes': `
    ${takes(`sops rotate ${FILES} --decryption-order x --encryption-context a:b ${CHANGES} ${SERVICES}`)}
  `,
  'edit takes': `
    ${takes(`sops edit --input-type x --output-type x --ignore-mac --decryption-order x ${KEYS} --aws-profile x --encryption-context a:b ${SELECTORS} --shamir-secret-sharing-threshold 1 --show-master-keys ${SERVICES}`)}
    ${takes(`sops edit -s -a x -p x -k x`)}
  `,
  'set and unset take': `
    ${takes(`sops set --input-type x --output-type x --ignore-mac --decryption-order x --shamir-secret-sharing-threshold 1 --idempotent --value-file --value-stdin ${SERVICES}`)}
    ${takes(`sops unset --input-type x --output-type x --ignore-mac --decryption-order x --shamir-secret-sharing-threshold 1 --idempotent ${SERVICES}`)}
  `,
  'updatekeys takes': `
    ${takes(`sops updatekeys --input-type x --yes ${SERVICES}`)}
    ${takes(`sops updatekeys -y`)}
  `,
  'exec-env and exec-file take': `
    ${takes(`sops exec-env --background --user x --pristine --same-process --decryption-order x ${SERVICES}`)}
    ${takes(`sops exec-file --background --user x --no-fifo --filename x --input-type x --output-type x --decryption-order x ${SERVICES}`)}
  `,
  'filestatus takes': `
    ${takes(`sops filestatus --input-type x`)}
  `,
  'groups add and groups delete take': `
    ${takes(`sops groups add --in-place --file x ${KEYS} --aws-profile x --encryption-context a:b --shamir-secret-sharing-threshold 1 ${SERVICES}`)}
    ${takes(`sops groups add -i -f x --age x --age y`)}
    ${takes(`sops groups delete -i -f x --shamir-secret-sharing-threshold 1 ${SERVICES}`)}
  `,
  'the old style takes': `
    ${takes(`sops ${FILES} --extract x --ignore-mac --decryption-order x ${KEYS} --aws-profile x --encryption-context a:b ${SELECTORS}`)}
    ${takes(`sops --unencrypted-comment-regex x --encrypted-comment-regex x --mac-only-encrypted --shamir-secret-sharing-threshold 1 --show-master-keys ${CHANGES} --set x`)}
    ${takes(`sops --config x --indent 2 --verbose --decrypt --encrypt --rotate --disable-version-check --check-for-updates ${SERVICES}`)}
    ${takes(`sops -i -a x -p x -k x -s -d -e -r`)}
  `,
  'groups add does not take the letters of keys': `
    $ sops groups add -f secret.json -a $BOB 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -a"
  `,
  'rotate does not take --ignore-mac': `
    $ sops rotate --ignore-mac secret.json 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -ignore-mac"
  `,
});

/** What flags do. */
sessions({
  'of the root flags only --config, --indent, --mac-only-encrypted and --verbose reach a command': `
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > rules.yaml
    $ sops --config rules.yaml encrypt plain.json > out.json
    $ grep -c $BOB out.json
    > 1
    $ sops --indent 1 decrypt --output-type json --extract '["database"]["hosts"]' secret.yaml
    > [
    >  "one",
    >  "two"
    >| ]
    $ sops --mac-only-encrypted encrypt -a $ALICE plain.json > out.json
    $ grep -c mac_only_encrypted out.json
    > 1
    $ sops --verbose rotate -i secret.json
  `,
  'every other root flag before a command is silently ignored': `
    $ sops --age $ALICE encrypt plain.json
    !! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
    $ sops --output-type json decrypt --extract '["database"]' secret.yaml
    > password: s3cret
    > hosts:…
    > …
    $ sops --verbose decrypt --extract '["port"]' secret.json
    >| 8080
    $ sops --encrypted-comment-regex x encrypt -a $ALICE plain.json > out.json
    $ grep -c regex out.json
    > 0
    ? 1
  `,
  'a flag beats its variable, also when two kinds differ': `
    $ SOPS_AGE_RECIPIENTS=$BOB sops encrypt -a $CAROL plain.json > out.json
    $ grep -c $CAROL out.json
    > 1
    $ grep -c $BOB out.json
    > 0
    ? 1
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yaml
    $ SOPS_AGE_RECIPIENTS=$CAROL sops encrypt plain.json > out.json
    $ grep -c $CAROL out.json
    > 1
    $ grep -c $BOB out.json
    > 0
    ? 1
    $ SOPS_AGE_RECIPIENTS= sops encrypt plain.json > out.json
    $ grep -c $BOB out.json
    > 1
  `,
  'variables parse as Go booleans; an empty one is false': `
    $ SOPS_ENABLE_LOCAL_KEYSERVICE=t sops decrypt --extract '["port"]' secret.json
    >| 8080
    $ SOPS_ENABLE_LOCAL_KEYSERVICE=F sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_ENABLE_LOCAL_KEYSERVICE= sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_ENABLE_LOCAL_KEYSERVICE=no sops decrypt secret.json
    !! [CMD]…level=fatal msg="could not parse no as bool value for flag enable-local-keyservice: strconv.ParseBool: parsing \\"no\\": invalid syntax"
    ? 1
  `,
  'an unknown format word is ignored and the suffix decides': `
    $ sops decrypt --input-type wibble --output-type yaml.x --extract '["port"]' secret.json
    >| 8080
  `,
  'suffixes .yaml .yml .json .env .ini; anything else is binary': `
    $ cp plain.yaml a.yml
    $ sops encrypt -a $ALICE --encrypted-regex '^port$' a.yml > out
    $ sed -n 2p out
    > name: shop # inline
    $ printf 'a=1\\n' > a.env
    $ sops encrypt -a $ALICE a.env > out
    $ head -1 out
    > a=ENC[str]
    $ printf 'a = 1\\n' > a.ini
    $ sops encrypt -a $ALICE a.ini > out
    $ grep ^a out
    > a = ENC[str]
    > …
    $ cp plain.yaml x.YAML
    $ sops encrypt -a $ALICE x.YAML > out
    $ head -2 out
    > {
    > 	"data": "ENC[str]",
    $ cp a.env .env.local
    $ sops encrypt -a $ALICE .env.local > out
    $ head -2 out
    > {
    > 	"data": "ENC[str]",
  `,
  'the type comes from --filename-override, else FILE; input and output separately': `
    $ cp secret.json a.txt
    $ sops decrypt --filename-override a.json --extract '["port"]' a.txt
    >| 8080
    $ sops decrypt --input-type json --output-type yaml --extract '["port"]' a.txt
    > 8080
    $ sops decrypt --filename-override a.yaml --extract '["database"]' secret.json
    > hosts:
    >     - one
    >     - two
  `,
  '--indent of JSON: negative a tab, 0 line breaks only, n spaces': `
    $ sops --indent -1 decrypt --output-type json --extract '["database"]["hosts"]' secret.yaml
    > [
    > 	"one",
    > 	"two"
    >| ]
    $ sops --indent 0 decrypt --output-type json --extract '["database"]["hosts"]' secret.yaml
    > [
    > "one",
    > "two"
    >| ]
    $ sops --indent 3 decrypt --output-type json --extract '["database"]["hosts"]' secret.yaml
    > [
    >    "one",
    >    "two"
    >| ]
  `,
  '--indent of YAML: 0 is 4, 2 to 9 as given, 1 and from 10 on 2, negative fails': `
    $ sops --indent 0 decrypt --output-type yaml --extract '["database"]' secret.json
    > hosts:
    >     - one
    >     - two
    $ sops --indent 2 decrypt --output-type yaml --extract '["database"]' secret.json
    > hosts:
    >   - one
    >   - two
    $ sops --indent 9 decrypt --output-type yaml --extract '["database"]' secret.json
    > hosts:
    >          - one
    >          - two
    $ sops --indent 1 decrypt --output-type yaml --extract '["database"]' secret.json
    > hosts:
    >   - one
    >   - two
    $ sops --indent 10 decrypt --output-type yaml --extract '["database"]' secret.json
    > hosts:
    >   - one
    >   - two
    $ sops --indent -1 decrypt --output-type yaml secret.json
    !! Error dumping file: YAML Negative indentation not accepted
    ? 4
    $ sops --indent -1 encrypt -a $ALICE plain.yaml
    !! Could not marshal tree: YAML Negative indentation not accepted
    ? 4
  `,
  '--encryption-context is checked': `
    $ sops encrypt --encryption-context a -a $ALICE plain.json 2>&1 | tail -1
    > Invalid KMS encryption context format
    $ sops encrypt --encryption-context a -a $ALICE plain.json > out 2> /dev/null
    ? 6
  `,
});

documentedDifference('prints the whole file anew when it decrypts', {
  '--indent leaves a file that stays what it is alone': `
    $ sops --indent 2 encrypt -a $ALICE --encrypted-regex x plain.yaml > out.yaml
    $ head -10 out.yaml > values.yaml
    $ head -10 plain.yaml | cmp - values.yaml
  `,
});

documentedDifference('a file without a known suffix is binary, whatever is in it', {
  'an encrypted file that says what it is': `
    $ cp secret.yaml x.YAML
    $ sops decrypt --extract '["port"]' x.YAML
    > 8080
  `,
});
