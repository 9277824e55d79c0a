import { sessions } from '../support/terminal.ts';

sessions({
  'one dash is as good as two': `
    $ sotto decrypt -extract '["port"]' secret.yaml
    > 8080
    $ sotto -decrypt -extract '["port"]' secret.yaml
    > 8080
    $ sotto --d --extract '["port"]' secret.yaml
    > 8080
  `,
  'a value stands behind the flag or behind =': `
    $ sotto decrypt --extract='["port"]' secret.yaml
    > 8080
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 8080
  `,
  'the last of repeated flags counts': `
    $ sotto decrypt --extract '["name"]' --extract '["port"]' secret.yaml
    > 8080
    $ sotto encrypt --age $BOB --encrypted-regex port --encrypted-regex name plain.yaml > out.yaml
    $ grep -E '^(port|name|    encrypted_regex)' out.yaml
    > name: ENC[str] # inline
    > port: 8080
    >     encrypted_regex: name
  `,
  'lists of keys add up where their flag repeats': `
    $ sotto encrypt --age $BOB --age $ALICE,$CAROL plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $BOB
    >           recipient: $ALICE
    >           recipient: $CAROL
    $ sotto rotate -i --rm-age $BOB --rm-age $CAROL out.yaml
    ! the new data key of out.yaml is wrapped for
    !     $ALICE

    $ grep recipient out.yaml
    >           recipient: $ALICE
    $ sotto rotate -i --add-age $BOB --add-age $CAROL out.yaml
    ! the new data key of out.yaml is wrapped for
    !     $ALICE
    !     $BOB
    !     $CAROL

    $ grep recipient out.yaml
    >           recipient: $ALICE
    >           recipient: $BOB
    >           recipient: $CAROL
    $ sotto -r -i --rm-age $BOB --rm-age $CAROL out.yaml
    ! the new data key of out.yaml is wrapped for
    !     $ALICE

    $ sotto -e --age $BOB --age $CAROL plain.yaml > old.yaml
    $ grep recipient out.yaml old.yaml
    > out.yaml:          recipient: $ALICE
    > old.yaml:          recipient: $BOB
    > old.yaml:          recipient: $CAROL
  `,
  'an empty one among them adds nothing': `
    $ sotto encrypt --age '' --age $BOB --age '' plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $BOB
  `,
  'as sops the last of them counts': `
    $ sops encrypt --age $BOB --age $ALICE plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    $ sops encrypt --age $ALICE,$BOB,$CAROL plain.yaml > out.yaml
    $ sops rotate -i --rm-age $BOB --rm-age $CAROL out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    >           recipient: $BOB
  `,
  'two spellings of one flag are an error': `
    $ sotto encrypt -a $ALICE --age $BOB plain.yaml
    ! Cannot use two forms of the same flag: a age
    ! fix: they mean the same; leave one out, …
    ? 1
  `,
  'flags may stand behind the file, as may the value of a flag': `
    $ sotto decrypt secret.yaml --extract '["port"]'
    > 8080
    $ sotto encrypt plain.yaml -i -a $ALICE
    $ sotto decrypt -i plain.yaml --output-type yaml
    $ head -2 plain.yaml
    > # The shop
    > name: shop # inline
  `,
  'a boolean flag takes no word, only what is behind =': `
    $ sotto decrypt -i=false --extract '["port"]' secret.yaml
    > 8080
    $ sotto decrypt -i=true plain.yaml
    ! the file is not encrypted
    ? 1
    $ sotto decrypt -i=x secret.yaml
    ! invalid boolean value "x" for -i: parse error
    ! fix: true or false is needed
    ? 1
  `,
  'letters are not bundled': `
    $ sotto -di secret.yaml
    ! there is no flag --di
    ! fix: …
    ? 1
  `,
  'behind -- there are no flags': `
    $ sotto decrypt -- secret.yaml > out.yaml
    $ sotto decrypt secret.yaml -- --extract > out.yaml
    ! warning: More than one positional argument provided. Only the first one will be used!
    ! warning: Note that one of the ignored positional argument is "--extract", which looks like a flag. …
  `,
  'a second file is ignored with a warning': `
    $ sotto decrypt --extract '["port"]' secret.yaml secret.json
    > 8080
    ! warning: More than one positional argument provided. Only the first one will be used!
  `,
  'an unknown flag behind the file is one, too': `
    $ sotto decrypt secret.yaml --extarct '["port"]'
    ! there is no flag --extarct
    ! fix: did you mean --extract? See "sotto decrypt --help"
    ? 1
    $ sotto encrypt -i plain.yaml --agee $ALICE
    ! there is no flag --agee
    ! fix: did you mean --age? See "sotto encrypt --help"
    ? 1
    $ sotto decrypt secret.yaml -o json
    ! there is no flag -o
    ! fix: see "sotto decrypt --help"
    ? 1
    $ sotto set secret.yaml port -5
    $ sotto decrypt --extract port secret.yaml
    > -5
  `,
  'a misspelt flag gets a suggestion': `
    $ sotto decrypt --outputtype json secret.yaml
    ! there is no flag --outputtype
    ! fix: did you mean --output-type? See "sotto decrypt --help"
    ? 1
    $ sotto --decrpyt secret.yaml
    ! there is no flag --decrpyt
    ! fix: did you mean --decrypt? See "sotto --help"
    ? 1
    $ sotto set --wibble secret.yaml '["a"]' 1
    ! there is no flag --wibble
    ! fix: see "sotto set --help"
    ? 1
  `,
  'a file whose name begins like a flag': `
    $ cp secret.yaml ./-x.yaml
    $ sotto decrypt -x.yaml
    ! there is no flag --x.yaml
    ! fix: write ./ in front of a file whose name begins with "-"; see "sotto decrypt --help"
    ? 1
    $ sotto decrypt --extract '["port"]' ./-x.yaml
    > 8080
    $ sotto decrypt --extract '["port"]' -- -x.yaml
    > 8080
  `,
  'a flag whose value was forgotten takes neither the next flag nor the file': `
    $ sotto decrypt secret.yaml --output-type
    ! flag needs an argument: -output-type
    ! fix: write it behind the flag: --output-type VALUE, or --output-type=VALUE
    ? 1
    $ sotto decrypt --output-type --extract '["port"]' secret.yaml
    ! flag needs an argument: -output-type
    ! …
    ? 1
    $ sotto decrypt --output-type -- secret.yaml
    ! flag needs an argument: -output-type
    ! …
    ? 1
    $ sotto -d --extract
    ! flag needs an argument: -extract
    ! …
    ? 1
  `,
  'numbers have to be numbers': `
    $ sotto --indent x decrypt secret.yaml
    ! invalid value "x" for flag -indent: parse error
    ! fix: a whole number is needed
    ? 1
    $ sotto --indent -1 decrypt --extract '["port"]' secret.json
    >| 8080
  `,
  'a misspelt verb is not taken for a new file': `
    $ sotto decryt secret.yaml
    ! "decryt" is neither a command nor a file
    ! fix: did you mean: sotto decrypt secret.yaml; to create a file: sotto edit ./decryt
    ? 1
    $ sotto update-keys secrets
    ! "update-keys" is neither a command nor a file
    ! fix: did you mean: sotto updatekeys secrets; to create a file: sotto edit ./update-keys
    ? 1
  `,
  'a file with the name of nearly a verb is a file': `
    $ cp secret.yaml decrypts
    $ EDITOR=true sotto --input-type yaml --output-type yaml decrypts
    ! nothing was changed in the editor
    ? 200
  `,
  'the first word that names a verb is the verb, also behind a mode or --': `
    $ sotto -d filestatus secret.yaml
    > {"encrypted":true}
    $ sotto -- filestatus secret.yaml
    > {"encrypted":true}
    $ cp secret.yaml decrypt
    $ sotto -d --input-type yaml --output-type yaml --extract '["port"]' ./decrypt
    > 8080
  `,
  'without any file there is nothing to do': `
    $ sops
    !! Error: no file specified
    ? 100
    $ sotto -i
    ! no file was named
    ! fix: "sotto --help" has the verbs; "sotto keygen" is the beginning
    ? 100
    $ sotto -d
    ! no file was named
    ? 100
    $ sotto rotate
    ! no file was named
    ? 100
    $ sotto edit
    ! no file was named
    ? 100
    $ sotto filestatus
    ! no file was named
    ? 100
  `,
  'help goes to stdout': `
    $ sotto --help
    > Keep secrets in git: …
    > …
    $ sotto help decrypt
    > Decrypt a file; it comes back byte for byte.
    > …
    $ sotto decrypt -h
    > Decrypt a file; it comes back byte for byte.
    > …
    $ sotto h
    > Keep secrets in git: …
    > …
    $ sotto help nonsense
    ! there is no "sotto help nonsense"
    ? 3
  `,
  'the version is that of sops under the name of sops': `
    $ sotto --version
    > sotto 0.1.0 (format of sops 3.13.2)
    $ sops --version
    > sops 3.13.2
    $ sops --version --disable-version-check
    > sops 3.13.2
    $ sops -v --check-for-updates
    > sops 3.13.2
  `,
  'in front of the verb, flags other than the general ones have no effect': `
    $ sotto --output-type json --verbose decrypt --extract '["port"]' secret.yaml
    > 8080
    $ sops --age $BOB encrypt --age $ALICE plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
  `,
  'in front of the verb, lists of keys are refused but under the name sops': `
    $ sotto --age $BOB encrypt --age $ALICE plain.yaml
    ! --age stands in front of encrypt, where it does not count
    ! fix: write it behind: sotto encrypt --age …
    ? 1
    $ sotto --rm-age $BOB rotate -i secret.yaml
    ! --rm-age stands in front of rotate, where it does not count
    ! …
    ? 1
  `,
  'general flags stand on either side of the verb': `
    $ sotto --config /dev/null decrypt --extract '["port"]' secret.yaml
    > 8080
    $ sotto decrypt --config /dev/null --extract '["port"]' secret.yaml
    > 8080
    $ sotto --indent 1 decrypt --output-type json --extract '["database"]["hosts"]' secret.yaml
    > [
    >  "one",
    >  "two"
    >| ]
    $ sotto decrypt --indent 1 --output-type json --extract '["database"]["hosts"]' secret.yaml
    > [
    >  "one",
    >  "two"
    >| ]
    $ sotto --mac-only-encrypted encrypt --age $ALICE plain.yaml > out.yaml
    $ grep mac_only out.yaml
    >     mac_only_encrypted: true
  `,
  'variables stand for flags, which beat them': `
    $ SOPS_AGE_RECIPIENTS=$BOB sotto encrypt plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $BOB
    $ SOPS_AGE_RECIPIENTS=$BOB sotto encrypt --age $ALICE plain.yaml > out.yaml
    $ grep recipient out.yaml
    >           recipient: $ALICE
    $ SOPS_AGE_RECIPIENTS= sotto encrypt plain.yaml
    ! nothing says for whom to encrypt: there is no .sops.yaml here, nor above
    ? 1
    $ SOPS_DECRYPTION_ORDER=age,age sotto decrypt secret.yaml
    ! age is named twice in the decryption order
    ? 112
    $ SOPS_CONFIG=none sotto decrypt secret.yaml
    ! can't read none: no such file or directory, the configuration
    ! fix: check --config and SOPS_CONFIG
    ? 1
    $ SOPS_CONFIG=none sotto decrypt --config /dev/null --extract '["port"]' secret.yaml
    > 8080
  `,
  'keys of this machine can be turned off, by an empty variable, too': `
    $ sotto decrypt --enable-local-keyservice=false secret.yaml
    ! you can't open …
    ? 128
    $ SOPS_ENABLE_LOCAL_KEYSERVICE= sotto decrypt secret.yaml
    ! you can't open …
    ? 128
    $ SOPS_ENABLE_LOCAL_KEYSERVICE=no sotto decrypt secret.yaml
    ! invalid boolean value "no" for SOPS_ENABLE_LOCAL_KEYSERVICE: parse error
    ? 1
    $ sotto encrypt --enable-local-keyservice=false --age $ALICE plain.yaml
    ! there is nothing to encrypt the data key with
    ? 1
    $ sotto decrypt --enable-local-keyservice=true --extract '["port"]' secret.yaml
    > 8080
  `,
});

sessions({
  'old style: the mode is a flag': `
    $ sotto -d --extract '["port"]' secret.yaml
    > 8080
    $ sotto -e --age $ALICE -i plain.yaml
    $ sotto -d -i plain.yaml
    $ head -1 plain.yaml
    > # The shop
    $ sotto -r -i secret.yaml
    ! the new data key of secret.yaml is wrapped for
    !     $ALICE
    $ sotto --set '["port"] 1' secret.yaml
    $ sotto -d --extract '["port"]' secret.yaml
    > 1
  `,
  'old style: the first word ends the flags': `
    $ sotto -d --extract '["port"]' secret.yaml --extract '["name"]'
    > 8080
    ! warning: More than one positional argument provided. Only the first one will be used!
    ! warning: Note that one of the ignored positional argument is "--extract", which looks like a flag. …
    $ sotto --set '["port"] 1' secret.yaml x
    ! warning: More than one positional argument provided. …
  `,
  'old style: of several modes the last one counts, with a warning': `
    $ sotto -r -d --set '["port"] 1' secret.yaml
    ! warning: More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. …
    $ sotto -d --extract '["port"]' secret.yaml
    > 1
  `,
  'old style: without a mode it edits': `
    $ EDITOR='sed -i s/8080/9090/' sotto secret.yaml
    $ sotto -d --extract '["port"]' secret.yaml
    > 9090
  `,
  'old style: what is missing has the status that it has in sops': `
    $ sotto -d missing.yaml
    ! there is no file missing.yaml
    ? 100
    $ sotto -e missing.yaml
    ! there is no file missing.yaml
    ? 100
    $ sotto -r missing.yaml
    ! there is no file missing.yaml
    ? 100
    $ sotto -r --add-age $BOB missing.yaml
    ! there is no file missing.yaml whose recipients could change
    ? 49
    $ sotto --set '["a"] 1' missing.yaml
    ! there is no file missing.yaml
    ? 2
  `,
  'old style: --set splits at the first bracket that a blank follows': `
    $ sotto --set '["new"]["key"] {"a": "] b"}' secret.yaml
    $ sotto -d --extract '["new"]' secret.yaml
    > key:
    >     a: '] b'
    $ sotto --set '["port"]1' secret.yaml
    ! --set takes a path and a value
    ! fix: for example: --set '["key"] "value"'
    ? 7
    $ sotto --set '["port"] x' secret.yaml
    ! the value is not JSON
    ? 7
    $ sotto --set 'port] 1' secret.yaml
    ! --set takes a path and a value
    ? 7
  `,
  'old style: --set and edit write the file whatever --output says': `
    $ sotto --set '["port"] 1' --output other.yaml secret.yaml
    $ ls
    > alice.key
    > bob.key
    > carol.key
    > plain.json
    > plain.yaml
    > secret.json
    > secret.yaml
  `,
  'old style: rotate takes --ignore-mac, as the verb does': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto -r -i secret.yaml
    ! MAC mismatch: …
    ? 51
    $ sotto -r -i --ignore-mac secret.yaml
    ! warning: the MAC does not fit; …
    $ sotto -d --extract '["host_unencrypted"]' secret.yaml
    >| db.external
  `,
  'old style: comments select, too': `
    $ sotto -e --age $ALICE --encrypted-comment-regex inline plain.yaml > out.yaml
    $ head -3 out.yaml
    > # The shop
    > name: ENC[str] # inline
    > port: 8080
  `,
});
