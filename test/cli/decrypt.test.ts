import { sessions } from '../support/terminal.ts';

sessions({
  'prints the file that was encrypted': `
    $ sotto decrypt secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
    $ sotto decrypt secret.json > out.json
    $ cmp out.json plain.json
  `,
  'writes to --output, and over the file with -i': `
    $ sotto decrypt --output out.yaml secret.yaml
    $ cmp out.yaml plain.yaml
    $ sotto decrypt -i secret.yaml
    $ cmp secret.yaml plain.yaml
  `,
  'an empty --output is none': `
    $ sotto decrypt --output '' --extract '["port"]' secret.yaml
    > 8080
  `,
  'reads stdin when no file is named; the type has to be told': `
    $ sotto encrypt --age $ALICE --filename-override x.yaml
    < port: 8080
    > port: ENC[int]
    > …
    $ sotto decrypt --input-type yaml --output-type yaml
    < a: 1
    ! the file is not encrypted
    ! fix: "sotto encrypt -i FILE" encrypts it
    ? 1
    $ sotto decrypt --filename-override x.json
    < {}
    ! the file is not encrypted
    ? 1
    $ sotto decrypt --filename-override x.json
    ! not valid JSON: the file is empty
    !   at line 1, column 1
    ! fix: an encrypted file is never empty; …
    ? 1
  `,
  'git shows what changed in clear, with sotto decrypt as its textconv': `
    $ git init -q . && git config diff.sotto.textconv 'sotto decrypt' && echo '*.yaml diff=sotto' > .gitattributes
    $ git add secret.yaml
    $ sotto set secret.yaml '["port"]' 9090
    $ git diff -U0 secret.yaml | grep '^[-+][^-+]'
    > -port: 8080
    > +port: 9090
  `,
  'that was never encrypted, says so': `
    $ printf 'listen = 8443' > app.conf
    $ sotto decrypt app.conf
    ! the file is not encrypted
    !   at app.conf
    ! fix: "sotto encrypt -i app.conf" encrypts it; --input-type names the type of one that is
    ? 1
  `,
  'in which a merge left a conflict, says how to go on': `
    $ printf '%s\\n' '<<<<<<< HEAD' 'a: 1' ======= 'a: 2' '>>>>>>> theirs' | cat secret.yaml - > bad.yaml
    $ sotto decrypt bad.yaml
    ! not valid YAML: could not find expected ':'
    !   at bad.yaml:…
    ! fix: git left a conflict in line …; "sotto resolve bad.yaml" settles it
    ? 1
  `,
  'contradicting flags end with 8': `
    $ sotto decrypt -i --output out.yaml secret.yaml
    ! --output and --in-place exclude each other
    ! fix: leave one of the two out
    ? 8
    $ sotto decrypt -i
    ! --in-place needs a file, and stdin is none
    ? 8
  `,
  'a missing file ends with 100, a folder with 2, a plain file with 1': `
    $ sotto decrypt missing.yaml
    ! there is no file missing.yaml
    ! fix: check the name; the working folder is $PWD
    ? 100
    $ mkdir folder.yaml
    $ sotto decrypt folder.yaml
    ! folder.yaml is a folder
    ? 2
    $ sotto decrypt plain.yaml
    ! the file is not encrypted
    !   at plain.yaml
    ! fix: "sotto encrypt -i plain.yaml" encrypts it
    ? 1
  `,
  'what does not parse ends with 1, and says where': `
    $ printf 'a: [1\\nb: }\\n' > bad.yaml
    $ sotto decrypt bad.yaml
    ! the file is not encrypted
    !   at bad.yaml
    ! fix: "sotto encrypt -i bad.yaml" encrypts it; --input-type names the type of one that is
    ? 1
    $ printf '{"a": }' > bad.json
    $ sotto decrypt bad.json
    ! the file is not encrypted
    !   at bad.json
    ? 1
    $ printf '\\377\\376a' > utf16.yaml
    $ sotto decrypt utf16.yaml
    ! the file is not in UTF-8, but in UTF-16
    !   at utf16.yaml
    ! fix: convert it: …
    ? 1
  `,
  'a value that was added by hand is named, not shown, with the way to add it': `
    $ sed -i '1i new: hunter2' secret.yaml
    $ sotto decrypt secret.yaml
    ! new: the value should be encrypted, but stands in clear
    !   at secret.yaml:1
    ! fix: if it was added by hand, take it out, and add it with "sotto edit" or "sotto set"; …
    ? 25
    $ sed -i '1a "new": "hunter2",' secret.json
    $ sotto decrypt secret.json
    ! new: the value should be encrypted, but stands in clear
    !   at secret.json:2
    ? 25
    $ printf '{ "old": 1 }' | sotto encrypt --age $ALICE --filename-override c.jsonc > c.jsonc
    $ sed -i '1s/{/{"new": 7,/' c.jsonc
    $ sotto decrypt c.jsonc
    ! new: the value should be encrypted, but stands in clear
    !   at c.jsonc:1
    ? 25
    $ echo 'OLD=1' | sotto encrypt --age $ALICE --filename-override .env > .env
    $ sed -i '1i NEW=hunter2' .env
    $ sotto decrypt .env
    ! NEW: the value should be encrypted, but stands in clear
    !   at .env:1
    ? 25
    $ printf '[a]\\nold = 1\\n' | sotto encrypt --age $ALICE --filename-override a.ini > a.ini
    $ sed -i '1a new = hunter2' a.ini
    $ sotto decrypt a.ini
    ! a.new: the value should be encrypted, but stands in clear
    !   at a.ini:2
    ? 25
    $ printf '[a]\\nold = 1\\n' | sotto encrypt --age $ALICE --filename-override a.toml > a.toml
    $ sed -i '1a new = 7' a.toml
    $ sotto decrypt a.toml
    ! a.new: the value should be encrypted, but stands in clear
    !   at a.toml:2
    ? 25
  `,
  'checks metadata, then the data key, then the values, then the MAC': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto decrypt secret.yaml
    ! MAC mismatch: …
    !   at secret.yaml
    ? 51
    $ sed -i 's/^port: ENC/port: XENC/' secret.yaml
    $ sotto decrypt secret.yaml
    ! port: the value should be encrypted, but stands in clear
    !   at secret.yaml:3
    ! fix: if it was added by hand, take it out, and add it with "sotto edit" or "sotto set"; …
    ? 25
    $ SOPS_AGE_KEY_FILE=bob.key sotto decrypt secret.yaml
    ! you can't open …
    ? 128
    $ sed -i 's/^    version: .*//' secret.yaml
    $ sotto decrypt secret.yaml
    ! the sops metadata is broken: Version string empty
    ? 1
  `,
  '--ignore-mac goes on': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto decrypt --ignore-mac --extract '["host_unencrypted"]' secret.yaml
    >| db.external
    $ sotto -d --ignore-mac --extract '["port"]' secret.yaml
    > 8080
  `,
  'nothing is printed when something is wrong at the end': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto decrypt --output out.yaml secret.yaml
    ! MAC mismatch: …
    ? 51
    $ ls *.yaml
    > plain.yaml
    > secret.yaml
  `,
  'an unknown type is no type: the suffix decides': `
    $ sops --decrypt --input-type yaml.helm-values --output-type yaml.helm-values secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
    $ sotto --decrypt --input-type yaml.helm-values secret.yaml > out.yaml
    ! warning: --input-type yaml.helm-values is not known
    !! fix: there are yaml, json, …
    $ cmp out.yaml plain.yaml
    $ sotto --decrypt --output-type '"yaml"' --output-type yaml secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
  `,
  'input and output have types of their own': `
    $ cp secret.yaml secret.txt
    $ sotto decrypt --input-type yaml --output-type yaml secret.txt > out.yaml
    $ cmp out.yaml plain.yaml
    $ sotto decrypt --filename-override x.yaml secret.txt > out.yaml
    $ cmp out.yaml plain.yaml
    $ cp secret.json secret.yaml
    $ sotto decrypt --input-type json secret.yaml
    > name: shop
    > port: 8080
    > database:
    >     hosts:
    >         - one
    >         - two
  `,
  'another format is printed as sops prints it': `
    $ sotto decrypt --output-type yaml secret.json
    > name: shop
    > port: 8080
    > database:
    >     hosts:
    >         - one
    >         - two
    $ sotto decrypt --output-type json --extract '["database"]' secret.yaml
    > {
    > 	"password": "s3cret",
    > 	"hosts": [
    > 		"one",
    > 		"two"
    > 	]
    > }
  `,
  'of several documents only the first is converted, with a warning': `
    $ printf 'a: 1\\n---\\nb: 2\\n' > two.yaml
    $ sotto encrypt -i --age $ALICE two.yaml
    $ sotto decrypt --output-type json two.yaml
    > {
    > 	"a": 1
    > }
    ! warning: only the first document was converted; 1 more in the file were left out
    $ sotto decrypt --extract '["b"]' two.yaml
    ! there is nothing at b
    ? 1
  `,
  '--extract prints a string raw, and other values as the output type does': `
    $ sotto decrypt --extract '["name"]' secret.yaml
    >| shop
    $ sotto decrypt --extract '["text"]' secret.yaml
    > first
    > second
    $ sotto decrypt --extract '["on"]' secret.yaml
    > true
    $ sotto decrypt --extract '["nothing"]' secret.yaml
    > null
    $ sotto decrypt --extract '["ratio"]' secret.yaml
    > 1.5
    $ sotto decrypt --extract "['database']['hosts'][1]" secret.yaml
    >| two
    $ sotto decrypt --extract '["database"]["hosts"]' secret.yaml
    > - one
    > - two
    $ sotto decrypt --extract '["port"]' secret.json
    >| 8080
    $ sotto decrypt --extract '["port"]' --output-type json secret.yaml
    >| 8080
    $ sotto decrypt --extract '["port"]' --output-type yaml secret.json
    > 8080
    $ sotto decrypt --extract '["port"]' --output out.txt secret.json
    $ cat out.txt
    >| 8080
  `,
  '--extract of what is not there ends with 1, a path that is none with 91': `
    $ sotto decrypt --extract database.user secret.yaml
    ! there is nothing at database.user
    !   at secret.yaml
    ! fix: database has database.password, database.hosts
    ? 1
    $ sotto decrypt --extract database.pasword secret.yaml
    ! there is nothing at database.pasword
    !   at secret.yaml
    ! fix: did you mean database.password?
    ? 1
    $ sotto decrypt --extract '["port"]["deeper"]' secret.yaml
    ! there is nothing at port.deeper
    !   at secret.yaml
    ! fix: port is a single value, with nothing below it
    ? 1
    $ sotto decrypt --extract '["port"' secret.yaml
    ! this is no path to a value: in brackets stands an index, or a key in quotes, at character 1
    ? 91
    $ sotto decrypt --extract '[]' secret.yaml
    ! this is no path to a value: …
    ? 91
    $ sops decrypt --extract '["database"]["user"]' secret.yaml
    ! error truncating tree: component ['user'] not found
    ? 1
    $ sops decrypt --extract '["database"]["hosts"][7]' secret.yaml
    ! error truncating tree: component [7] accesses out of bounds
    ? 1
    $ sops decrypt --extract 'port' secret.yaml
    ! error parsing --extract path: component port doesn't end with ]
    ? 91
  `,
  'without a key it says which keys would do, and where it looked': `
    $ SOPS_AGE_KEY_FILE=none.key SOPS_AGE_KEY=x XDG_CONFIG_HOME=conf sotto decrypt secret.yaml
    ! you can't open secret.yaml: no key of yours was found, and its one recipient has to open it
    !   needs one of: age1nxq87…
    !   looked in:    SOPS_AGE_KEY: …
    !                 SOPS_AGE_KEY_FILE=none.key: there is no such file
    !                 conf/sops/age/keys.txt: not there
    ? 128
    $ SOPS_AGE_KEY_CMD=false SOPS_AGE_KEY_FILE=bob.key sotto decrypt secret.yaml
    ! you can't open …
    ? 128
  `,
  'keys come from every place, and a bad place does not spoil the others': `
    $ SOPS_AGE_KEY_FILE= SOPS_AGE_KEY_CMD='cat alice.key' sotto decrypt --extract '["port"]' secret.yaml
    > 8080
    $ mkdir -p conf/sops/age
    $ cp alice.key conf/sops/age/keys.txt
    $ SOPS_AGE_KEY_FILE=none.key XDG_CONFIG_HOME=$PWD/conf sotto decrypt --extract '["port"]' secret.yaml
    > 8080
    $ cat bob.key alice.key > both.key
    $ SOPS_AGE_KEY_FILE=$PWD/both.key SOPS_AGE_KEY=rubbish sotto decrypt --extract '["port"]' secret.yaml
    > 8080
    $ mkdir -p nobody/.config/sops/age
    $ cp alice.key nobody/.config/sops/age/keys.txt
    $ SOPS_AGE_KEY_FILE=none.key sotto decrypt --extract '["port"]' secret.yaml
    > 8080
  `,
  'a key command gets the recipient that it is asked for': `
    $ printf '#!/bin/sh\\ntest "$SOPS_AGE_RECIPIENT" = $ALICE && cat alice.key\\n' > keys.sh
    $ chmod +x keys.sh
    $ SOPS_AGE_KEY_FILE= SOPS_AGE_KEY_CMD='./keys.sh "an argument"' sotto decrypt --extract '["port"]' secret.yaml
    > 8080
  `,
  '--json tells what was done': `
    $ sotto decrypt --json --extract '["name"]' secret.yaml
    > {"file":"secret.yaml","changed":true,"warnings":[],"text":"shop"}
    $ sotto decrypt --json -i secret.yaml
    > {"file":"secret.yaml","written":"secret.yaml","changed":true,"warnings":[]}
    $ sotto decrypt --json plain.yaml
    ! {"error":{"code":"metadata-missing","message":"the file is not encrypted","hint":"\\"sotto encrypt -i plain.yaml\\" encrypts it","file":"plain.yaml","exit":1}}
    ? 1
  `,
});
