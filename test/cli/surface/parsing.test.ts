import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 1, line by line. */
sessions({
  '-x and --x are the same for any name': `
    $ sops decrypt -output-type json -extract '["database"]' secret.json
    > {
    > 	"hosts": [
    > 		"one",
    > 		"two"
    > 	]
    > }
    $ sops -d -extract '["port"]' secret.json
    >| 8080
  `,
  '--f=v and --f v': `
    $ sops decrypt --extract='["port"]' secret.yaml
    > 8080
    $ sops decrypt --extract '["port"]' secret.yaml
    > 8080
  `,
  'booleans take a value only with =': `
    $ sops decrypt -i=false --extract '["port"]' secret.yaml
    > 8080
    $ sops decrypt --in-place=0 --extract '["port"]' secret.yaml
    > 8080
    $ sops decrypt -i true
    !! Error: cannot operate on non-existent file "$PWD/true"
    ? 100
  `,
  'of a repeated string flag the last one wins, whatever the first one is': `
    $ sops decrypt --extract '["name"]' --extract '["port"]' secret.yaml
    > 8080
    $ sops decrypt --output-type '"yaml"' --output-type json --extract '["port"]' secret.yaml
    >| 8080
  `,
  'the first positional that equals a command name selects it, in old style, too': `
    $ cp secret.json decrypt
    $ sops -d --extract '["port"]' ./secret.json
    >| 8080
    $ sops -d decrypt --extract '["port"]' secret.json
    >| 8080
    $ sops -- decrypt --extract '["port"]' secret.json
    >| 8080
    $ sops -d --input-type json --output-type json --extract '["port"]' ./decrypt
    >| 8080
  `,
  'old style: parsing stops at the first positional; later flags are ignored with two warnings': `
    $ sops -d --extract '["port"]' secret.yaml --extract '["name"]'
    > 8080
    ! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    !! [CMD]…level=warning msg="Note that one of the ignored positional argument is \\"--extract\\", which looks like a flag. Flags must always be provided before the first positional argument!"
  `,
  'works: decrypt f --output-type json': `
    $ sops decrypt secret.json --output-type yaml
    > name: shop
    > port: 8080
    > database:
    >     hosts:
    >         - one
    >         - two
  `,
  'works: decrypt f -i': `
    $ sops decrypt secret.json -i
    $ sops filestatus secret.json
    > {"encrypted":false}
  `,
  'works: set f PATH VAL --idempotent': `
    $ sops set secret.json '["name"]' '"shop"' --idempotent
  `,
  'works: encrypt f -i -a R, and encrypt -i -a R f': `
    $ sops encrypt plain.json -i -a $BOB
    $ sops filestatus plain.json
    > {"encrypted":true}
    $ sops encrypt -i -a $BOB plain.yaml
    $ sops filestatus plain.yaml
    > {"encrypted":true}
  `,
  'works: decrypt -i=true f --output-type json': `
    $ sops decrypt -i=true secret.json --output-type dotenv --extract '["name"]'
    $ cat secret.json
    >| shop
  `,
  'works: exec-env f -- cmd, and exec-env -- f cmd': `
    $ printf 'name=shop\\n' > a.env
    $ sops encrypt -i -a $ALICE a.env
    $ sops exec-env a.env -- 'echo $name'
    > shop
    $ sops exec-env -- a.env 'echo $name'
    > shop
  `,
  'an unknown flag before the positionals: a fatal log line, exit 1': `
    $ sops decrypt --bogus secret.yaml 2>&1 > /dev/null | grep -c 'level=fatal msg="flag provided but not defined: -bogus"'
    > 1
    $ sops decrypt --bogus secret.yaml > out 2> /dev/null
    ? 1
  `,
  'after a positional it is only a surplus positional': `
    $ sops decrypt --extract '["port"]' secret.yaml --bogus
    > 8080
    ! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    !! [CMD]…level=warning msg="Note that one of the ignored positional argument is \\"--bogus\\", which looks like a flag. Flags must always be provided before the first positional argument!"
  `,
  'more than one positional where one is expected: warning, first used': `
    $ sops decrypt --extract '["port"]' secret.yaml secret.json
    > 8080
    !! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    $ sops encrypt -a $ALICE --output out.json plain.json plain.yaml
    !! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    $ sops rotate --output out.json secret.json secret.yaml
    !! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    $ EDITOR=true sops edit secret.yaml secret.json
    ! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
    !! File has not changed, exiting.
    ? 200
    $ sops --set '["port"] 1' secret.yaml secret.json
    !! [CMD]…level=warning msg="More than one positional argument provided. Only the first one will be used!"
  `,
  'filestatus ignores the surplus silently': `
    $ sops filestatus secret.yaml plain.yaml
    > {"encrypted":true}
  `,
  'set, unset, exec-*, groups demand the exact number': `
    $ sops set secret.yaml '["port"]' 1 2
    !! Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.
    ? 100
    $ sops unset secret.yaml '["port"]' 1
    !! Error: no file specified, or index is missing
    ? 100
    $ sops exec-env secret.yaml a b
    !! error: missing file to decrypt
    ? 1
    $ sops exec-file secret.yaml
    !! error: missing file to decrypt
    ? 1
    $ sops groups delete -f secret.yaml
    !! error: exactly one positional argument (index) required
    ? 1
    $ sops groups add -f secret.yaml 0
    !! error: no positional arguments allowed
    ? 1
  `,
  '-h and --help everywhere, on stdout, exit 0; -v and --version at the root': `
    $ sops -h
    > …
    $ sops --help
    > …
    $ sops set --help
    > …
    $ sops groups add -h
    > …
    $ sops -v
    > sops 3.13.2…
    > …
  `,
  'help CMD, alias h; unknown topic: exit 3': `
    $ sops help decrypt
    > …
    $ sops h
    > …
    $ sops help x
    !! No help topic for 'x'
    ? 3
    $ sops help set plain.yaml '["a"]'
    > …
    $ sops help x plain.yaml
    !! No help topic for 'x'
    ? 3
  `,
  'an unknown word is no error: it is a file to edit': `
    $ sops nothing
    !! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
  `,
});

documentedDifference('flags behind the file are taken for files in some forms', {
  'decrypt -i f --output-type json': `
    $ sops decrypt -i secret.json --output-type yaml
    $ head -1 secret.json
    > name: shop
  `,
  'encrypt -i f -a R has its recipient': `
    $ sops encrypt -i plain.json -a $ALICE
    $ sops filestatus plain.json
    > {"encrypted":true}
  `,
  'set f --idempotent PATH VAL': `
    $ sops set secret.json --idempotent '["name"]' '"shop"'
  `,
});

documentedDifference('a flag without its value takes the next word', {
  'decrypt f --output-type': `
    $ sops decrypt secret.yaml --output-type
    !! [CMD]…level=fatal msg="flag needs an argument: -output-type"
    ? 1
  `,
});

documentedDifference('a wrong flag prints the whole help on stdout', {
  'an unknown flag': `
    $ sops decrypt --bogus secret.yaml
    !! [CMD]…level=fatal msg="flag provided but not defined: -bogus"
    ? 1
    $ sops -di secret.yaml
    !! [CMD]…level=fatal msg="flag provided but not defined: -di"
    ? 1
  `,
  'two spellings of one flag': `
    $ sops encrypt -a $ALICE --age $BOB plain.yaml
    !! [CMD]…level=fatal msg="Cannot use two forms of the same flag: a age"
    ? 1
  `,
});

documentedDifference('any other word is a new file to edit', {
  'a word that is nearly a verb': `
    $ sops decryt secret.yaml
    !! "decryt" is neither a verb nor a file
    ? 1
  `,
});
