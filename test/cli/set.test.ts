import { describe, expect, test } from 'vitest';
import { sessions, startWithFiles } from '../support/terminal.ts';

sessions({
  'sets a value in place, and nothing else moves': `
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["port"]' 9090
    $ diff before.yaml secret.yaml | grep '^>' | grep -vc lastmodified
    > 3
    $ sotto decrypt secret.yaml > after.yaml
    $ diff plain.yaml after.yaml
    > 3c3
    > < port: 8080
    > ---
    > > port: 9090
    ? 1
  `,
  'a mapping or list does not give way to a single value, but for sops': `
    $ sotto set secret.json '["database"]' '"x"'
    ! database is a mapping, and its value would be lost
    !   at secret.json
    ! fix: set a value in it; to replace it as a whole: sotto unset secret.json database, then set it again
    !! …
    ? 7
    $ sotto set secret.json database.hosts 1
    ! database.hosts is a list, and its 2 items would be lost
    !! …
    ? 7
    $ sotto set secret.json database.hosts '[]'
    $ sotto set secret.json database.hosts 1
    $ sotto set secret.json database '{"user": "x"}'
    $ sops set secret.json '["database"]' '"x"'
    $ sotto get secret.json database
    >| x
  `,
  'takes any JSON value': `
    $ sotto set secret.json '["a"]' '"text"'
    $ sotto set secret.json '["b"]' '1.5'
    $ sotto set secret.json '["c"]' 'false'
    $ sotto set secret.json '["d"]' 'null'
    $ sotto set secret.json '["e"]' '{"x": [1, {"y": "z"}]}'
    $ sotto set secret.json '["f"]' ' [true] '
    $ sotto set secret.json '["g"]' 9007199254740993
    $ sotto decrypt secret.json
    > {
    >   "name": "shop",
    >   "port": 8080,
    >   "database": {"hosts": ["one", "two"]},
    >   "a": "text",
    >   "b": 1.5,
    >   "c": false,
    >   "d": null,
    >   "e": {
    >     "x": [
    >       1,
    >       {
    >         "y": "z"
    >       }
    >     ]
    >   },
    >   "f": [
    >     true
    >   ],
    >   "g": 9007199254740993
    > }
  `,
  'makes parents, appends to lists, replaces a scalar on the way': `
    $ sotto set secret.yaml '["new"]["deep"]' '"v"'
    $ sotto set secret.yaml '["database"]["hosts"][9]' '"three"'
    $ sotto set secret.yaml '["port"]["inner"]' true
    ! port is a single value, and nothing can stand below it
    !   at secret.yaml
    ! fix: check the path; to replace the value: sotto unset secret.yaml port, then set it again
    ? 7
    $ sops set secret.yaml '["port"]["inner"]' true
    $ sotto decrypt --extract '["new"]' secret.yaml
    > deep: v
    $ sotto decrypt --extract '["database"]["hosts"]' secret.yaml
    > - one
    > - two
    > - three
    $ sotto decrypt --extract '["port"]' secret.yaml
    > inner: true
  `,
  'an index into a mapping changes nothing': `
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["database"][0]' 1
    $ cmp secret.yaml before.yaml
  `,
  'the value comes from a file or from stdin': `
    $ printf '{"x": 1}' > value.json
    $ sotto set --value-file secret.yaml '["box"]' value.json
    $ sotto decrypt --extract '["box"]["x"]' secret.yaml
    > 1
    $ sotto set --value-stdin secret.yaml '["port"]'
    < "from stdin"
    $ sotto decrypt --extract '["port"]' secret.yaml
    >| from stdin
    $ sotto set secret.yaml '["port"]' --value-stdin
    < 2
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 2
    $ sotto set --value-file secret.yaml '["port"]' missing.json
    ! can't read missing.json: no such file or directory
    ? 1
    $ sotto set --value-file --value-stdin secret.yaml '["port"]'
    ! --value-file and --value-stdin exclude each other
    ? 1
  `,
  'the number of words has to be right': `
    $ sotto set secret.yaml
    ! set takes FILE, PATH and VALUE, and nothing else
    ! fix: for example: sotto set secrets.yaml database.password, which asks for the value; a text with blanks is in quotes
    ? 100
    $ sotto set secret.yaml name my new name
    ! set takes FILE, PATH and VALUE, and nothing else
    ? 100
    $ sotto set --value-stdin secret.yaml port 1
    ! set --value-stdin takes FILE and PATH, and nothing else
    ? 100
    $ sotto set --stdin secret.yaml port 1
    ! set --stdin takes FILE and PATH, and nothing else
    ! fix: for example: sotto set --stdin secrets.yaml database.password < file
    ? 100
    $ sops set secret.yaml '["port"]'
    ! Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.
    ? 100
    $ sops set --value-stdin secret.yaml '["port"]' 1
    ! Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.
    ? 100
    $ sotto unset secret.yaml
    ! unset takes FILE and PATH, and nothing else
    ? 100
  `,
  'an empty text on stdin is set, and said': `
    $ printf '%s\\n' "$UNSET" | sotto set --stdin secret.yaml '["port"]'
    ! warning: the text on stdin is empty, and so is the value now
    ! fix: …
    $ sotto decrypt --extract '["port"]' secret.yaml
    $ echo '""' | sotto set --stdin secret.yaml '["port"]'
    $ echo '""' | sotto set --value-stdin secret.yaml '["port"]'
  `,
  'what is no path or no JSON ends with 7, and nothing is written': `
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml port[ 1
    ! this is no path to a value: in brackets stands an index, or a key in quotes, at character 5
    !   at secret.yaml
    ! fix: a path looks like database.password, hosts[0], or '["a.b"]' for a key with dots
    ? 7
    $ sops set secret.yaml port 1
    ! Invalid set index format
    ? 7
    $ sotto set secret.yaml '["port"]' text
    ! the value is not JSON
    ! fix: in JSON a text has quotes: '"text"'; for a text as it is, "sotto set secret.yaml '["port"]'" asks for it, and "sotto set --stdin secret.yaml '["port"]'" reads it
    ? 7
    $ sotto set secret.yaml '["port"]' '1 2'
    ! the value is not JSON
    ? 7
    $ sotto set --value-stdin secret.yaml '["port"]'
    ! the value is not JSON
    ? 7
    $ sops set secret.yaml '["port"]' text
    ! Value for --set is not valid JSON
    ? 7
    $ sotto unset secret.yaml '["port"'
    ! this is no path to a value: in brackets stands an index, or a key in quotes, at character 1
    ? 7
    $ cmp secret.yaml before.yaml
  `,
  'the key of the metadata is reserved': `
    $ sotto set secret.yaml '["sops"]' 1
    ! sops is where the metadata stands
    ? 203
    $ sotto set secret.yaml '["sops"]["x"]' 1
    ! the file is encrypted already, or has an entry called 'sops' of its own
    ? 203
  `,
  'the same value is no change': `
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["port"]' 8080
    $ sotto set --idempotent secret.yaml '["name"]' '"shop"'
    $ cmp secret.yaml before.yaml
    $ sotto set --json secret.yaml '["port"]' 8080
    > {"file":"secret.yaml","changed":false,"warnings":[]}
    $ sotto set --json secret.yaml '["port"]' 1
    > {"file":"secret.yaml","written":"secret.yaml","changed":true,"warnings":[]}
  `,
  'another format with --output-type, unless nothing changes and --idempotent says so': `
    $ cp secret.json before.json
    $ sotto set --output-type yaml --idempotent secret.json '["port"]' 8080
    $ cmp secret.json before.json
    $ sotto set --output-type yaml secret.json '["port"]' 8080
    $ sotto decrypt --input-type yaml --output-type yaml secret.json
    > name: shop
    > port: 8080
    > database:
    >     hosts:
    >         - one
    >         - two
    $ sotto unset --input-type yaml --output-type json secret.json '["database"]'
    $ sotto decrypt secret.json
    > {
    > 	"name": "shop",
    > 	"port": 8080
    > }
  `,
  'a value in clear is set in clear': `
    $ sotto set secret.yaml '["host_unencrypted"]' '"other"'
    $ grep host_ secret.yaml
    > host_unencrypted: other
  `,
  'a value that is there already, however it is written, leaves the file as it is': `
    $ printf 'a: True\\nb: ~\\nc:\\nd: 0x10\\ne: "\\\\u0078"\\nf: >-\\n  x\\n  y\\ng: {h: [1.50, 1_000], i: {}}\\nj: &j 1.0\\nk: *j\\n' > odd.yaml
    $ sotto encrypt -i --age $ALICE odd.yaml
    $ cp odd.yaml before.yaml
    $ sotto set odd.yaml '["a"]' true
    $ sotto set odd.yaml '["b"]' null
    $ sotto set odd.yaml '["c"]' null
    $ sotto set odd.yaml '["d"]' 16
    $ sotto set --idempotent odd.yaml '["e"]' '"x"'
    $ sotto set odd.yaml '["f"]' '"x y"'
    $ sotto set odd.yaml '["g"]' '{"i": {}, "h": [1.5, 1000]}'
    $ sotto set odd.yaml '["g"]["h"][0]' 1.5
    $ sotto set odd.yaml '["j"]' 1
    $ sotto set odd.yaml '["j"]' 1.0
    $ sotto set odd.yaml '["k"]' 1.0
    $ cmp odd.yaml before.yaml
    $ sotto set odd.yaml '["d"]' '"16"'
    $ cmp -s odd.yaml before.yaml
    ? 1
  `,
  'so it is in every format': `
    $ printf '{\\n "a": 1.50, "b": "\\\\u0078", "c": { }, "d": 1.0}' > a.json
    $ printf '// plain\\n{"a": 1.50, "b": "\\\\u0078", "c": { /* x */ }, "d": 1.0,}\\n' > a.jsonc
    $ printf 'a = 1.50\\nb = "\\\\u0078"\\nc = { x = 0x10 }\\nd = 1.0\\n' > a.toml
    $ printf 'a=1.50\\nb= x\\n' > a.env
    $ printf '[s]\\na = \`1.50\`\\nb: "x"\\n' > a.ini
    $ sotto encrypt -i --age $ALICE a.json
    $ sotto encrypt -i --age $ALICE a.jsonc
    $ sotto encrypt -i --age $ALICE a.toml
    $ sotto encrypt -i --input-type dotenv --age $ALICE a.env
    $ sotto encrypt -i --age $ALICE a.ini
    $ sha256sum a.* > before
    $ sotto set a.json '["a"]' 1.5
    $ sotto set a.json '["b"]' '"x"'
    $ sotto set a.json '["c"]' {}
    $ sotto set a.json '["d"]' 1
    $ sotto set a.jsonc '["a"]' 1.5
    $ sotto set a.jsonc '["b"]' '"x"'
    $ sotto set a.jsonc '["c"]' {}
    $ sotto set a.toml '["a"]' 1.5
    $ sotto set a.toml '["b"]' '"x"'
    $ sotto set a.toml '["c"]' '{"x": 16}'
    $ sotto set a.toml '["d"]' 1.0
    $ sotto set a.env '["a"]' '"1.50"'
    $ sotto set a.env '["b"]' '" x"'
    $ sotto set a.ini '["s"]' '{"a": "1.50", "b": "x"}'
    $ sotto set a.ini '["s"]["b"]' '"x"'
    $ sha256sum --quiet -c before
    $ sotto set a.toml '["d"]' 1
    $ sotto decrypt --extract '["d"]' a.toml
    >| 1
  `,
  'a tampered file is refused, unless --ignore-mac says otherwise': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["port"]' 1
    ! MAC mismatch: …
    ? 51
    $ sotto unset secret.yaml '["port"]'
    ! MAC mismatch: …
    ? 51
    $ cmp secret.yaml before.yaml
    $ sotto set --ignore-mac secret.yaml '["port"]' 1
    ! warning: the MAC does not fit; not vouched for: the values in clear (host_unencrypted), and that no value was taken out, put in or moved
    ! fix: compare the file with git; …
    $ sotto decrypt --extract '["host_unencrypted"]' secret.yaml
    >| db.external
  `,
  'a value that is there already with --ignore-mac still gives the file a new MAC': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ sotto set --ignore-mac secret.yaml '["port"]' 8080
    ! warning: the MAC does not fit; …
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 8080
  `,
  'a binary file whose MAC does not fit is mended in the same way': `
    $ printf 'some bytes' > data.bin
    $ sotto encrypt -i --age $ALICE data.bin
    $ sed -i '/"mac"/d' data.bin
    $ sotto set --ignore-mac data.bin '["data"]' '"some bytes"'
    ! warning: the MAC does not fit; not vouched for: that no value was taken out, put in or moved
    $ sotto decrypt data.bin
    >| some bytes
  `,
  'what is missing ends with 2, what is not encrypted with 1': `
    $ sotto set missing.yaml '["a"]' 1
    ! there is no file missing.yaml
    ? 2
    $ sotto unset missing.yaml '["a"]'
    ! there is no file missing.yaml
    ? 2
    $ sotto set plain.yaml '["a"]' 1
    ! the file is not encrypted
    ? 1
  `,
  'a flag that sops accepts without effect does no harm': `
    $ sotto set --shamir-secret-sharing-threshold 2 secret.yaml '["port"]' 1
    $ sotto unset --shamir-secret-sharing-threshold 2 secret.yaml '["port"]'
  `,
  'flags may stand between the words': `
    $ sotto set secret.yaml --idempotent '["port"]' 1
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 1
  `,
  'only the first document is looked at': `
    $ printf 'a: 1\\n---\\nb: 2\\n' > two.yaml
    $ sotto encrypt -i --age $ALICE two.yaml
    $ sotto set two.yaml '["b"]' 3
    $ sotto decrypt two.yaml
    > a: 1
    > b: 3
    > ---
    > b: 2
    $ sotto unset two.yaml '["a"]'
    $ sotto decrypt two.yaml
    > b: 3
    > ---
    > b: 2
  `,
  'below an alias the value becomes the alias’s own, with a warning': `
    $ printf 'a: &x\\n  k: 1\\nb: *x\\n' > alias.yaml
    $ sotto encrypt -i --age $ALICE alias.yaml
    $ sotto set alias.yaml '["b"]["k"]' 2
    ! warning: b was the alias *x; it has values of its own now
    ! fix: change the value at the anchor to change it in both places
    $ sotto decrypt alias.yaml
    > a: &x
    >   k: 1
    > b:
    >   k: 2
  `,
});

sessions({
  'unset takes a value out': `
    $ sotto unset secret.yaml '["database"]["password"]'
    $ sotto unset secret.yaml '["database"]["hosts"][0]'
    $ sotto unset secret.yaml '["text"]'
    $ sotto decrypt --extract '["database"]' secret.yaml
    > hosts:
    >     - two
    $ sotto unset secret.json '["database"]'
    $ sotto decrypt secret.json
    > {
    >   "name": "shop",
    >   "port": 8080
    > }
  `,
  'unset of what is not there ends with 1, unless --idempotent': `
    $ cp secret.yaml before.yaml
    $ sotto unset secret.yaml '["nope"]'
    ! there is nothing at nope
    !   at secret.yaml
    ! fix: did you mean name?
    ? 1
    $ sotto unset secret.yaml '["database"]["hosts"][9]'
    ! there is nothing at database.hosts[9]
    !   at secret.yaml
    ! fix: database.hosts is a list of 2, whose last item is database.hosts[1]
    ? 1
    $ sops unset secret.yaml '["nope"]["deeper"]'
    ! Key not found: nope
    ? 1
    $ sops unset secret.yaml '["database"]["hosts"][9]'
    ! Index 9 out of bounds
    ? 1
    $ sotto unset --idempotent secret.yaml '["nope"]'
    $ sotto unset --idempotent secret.yaml '["database"]["hosts"][9]'
    $ cmp secret.yaml before.yaml
    $ sotto unset --idempotent --json secret.yaml '["nope"]'
    > {"file":"secret.yaml","changed":false,"warnings":[]}
  `,
});

describe('--stdin', () => {
  test.each([
    ['backslashes and quotes', 'C:\\new\\table "x" \'y\' $z\n', 'C:\\new\\table "x" \'y\' $z'],
    ['what looks like JSON', '"5"\n', '"5"'],
    ['blanks, and all line breaks but the last', '  a\nb \n\n', '  a\nb \n'],
    ['nothing', '', ''],
  ])('keeps %s', async (_, stdin, value) => {
    const here = await startWithFiles();
    const args = ['set', '--stdin', 'secret.yaml', '["password"]'];
    const environment = { SOPS_AGE_KEY_FILE: here.path('alice.key') };
    expect(await here.sotto(args, { stdin, environment })).toMatchObject({ exit: 0, stdout: '' });
    const { stdout } = await here.sotto(['decrypt', '--extract', '["password"]', 'secret.yaml'], {
      environment,
    });
    expect(stdout).toBe(value);
    const both = await here.sotto([...args, '--value-stdin'], { stdin, environment });
    expect(both.stderr).toContain('--stdin, --value-stdin and --value-file exclude each other');
    here.end();
  });
});
