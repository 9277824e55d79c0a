import { sessions } from '../terminal.ts';

sessions({
  'sets a value in place, and nothing else moves': `
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["port"]' 9090
    $ diff before.yaml secret.yaml | grep '^>' | grep -vc lastmodified
    > 2
    $ sotto decrypt secret.yaml > after.yaml
    $ diff plain.yaml after.yaml
    > 3c3
    > < port: 8080
    > ---
    > > port: 9090
    ? 1
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
    $ sotto set --value-file secret.yaml '["port"]' value.json
    $ sotto decrypt --extract '["port"]["x"]' secret.yaml
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
    ! open missing.json: no such file or directory
    ? 1
    $ sotto set --value-file --value-stdin secret.yaml '["port"]'
    ! Error: cannot use both --value-file and --value-stdin
    ? 1
  `,
  'the number of words has to be right': `
    $ sotto set secret.yaml '["port"]'
    ! Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.
    ! hint: for example: …
    ? 100
    $ sotto set --value-stdin secret.yaml '["port"]' 1
    ! Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.
    ? 100
    $ sotto unset secret.yaml
    ! Error: no file specified, or index is missing
    ? 100
  `,
  'what is no path or no JSON ends with 7, and nothing is written': `
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml port 1
    ! Invalid set index format
    ! hint: a path looks like …
    ? 7
    $ sotto set secret.yaml '["port"]' text
    ! Value for --set is not valid JSON
    ! hint: a string needs its quotes: …
    ? 7
    $ sotto set secret.yaml '["port"]' '1 2'
    ! Value for --set is not valid JSON
    ? 7
    $ sotto set --value-stdin secret.yaml '["port"]'
    ! Value for --set is not valid JSON
    ? 7
    $ sotto unset secret.yaml '["port"'
    ! Invalid unset index format
    ? 7
    $ cmp secret.yaml before.yaml
  `,
  'the key of the metadata is reserved': `
    $ sotto set secret.yaml '["sops"]' 1
    ! The file you have provided contains a top-level entry called 'sops'…
    ? 203
    $ sotto set secret.yaml '["sops"]["x"]' 1
    ! The file you have provided contains a top-level entry called 'sops'…
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
  'a tampered file is refused, unless --ignore-mac says otherwise': `
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ cp secret.yaml before.yaml
    $ sotto set secret.yaml '["port"]' 1
    ! MAC mismatch. …
    ? 51
    $ sotto unset secret.yaml '["port"]'
    ! MAC mismatch. …
    ? 51
    $ cmp secret.yaml before.yaml
    $ sotto set --ignore-mac secret.yaml '["port"]' 1
    $ sotto decrypt --extract '["host_unencrypted"]' secret.yaml
    >| db.external
  `,
  'what is missing ends with 2, what is not encrypted with 1': `
    $ sotto set missing.yaml '["a"]' 1
    ! Error reading file: open $PWD/missing.yaml: no such file or directory
    ? 2
    $ sotto unset missing.yaml '["a"]'
    ! Error reading file: open $PWD/missing.yaml: no such file or directory
    ? 2
    $ sotto set plain.yaml '["a"]' 1
    ! sops metadata not found
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
    ! warning: ["b"] was the alias *x; it has values of its own now
    ! hint: change the value at the anchor to change it in both places
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
    ! Key not found: nope
    !   at secret.yaml
    ! hint: the file has no value at ["nope"]
    ? 1
    $ sotto unset secret.yaml '["database"]["hosts"][9]'
    ! Index 9 out of bounds
    ? 1
    $ sotto unset --idempotent secret.yaml '["nope"]'
    $ sotto unset --idempotent secret.yaml '["database"]["hosts"][9]'
    $ cmp secret.yaml before.yaml
    $ sotto unset --idempotent --json secret.yaml '["nope"]'
    > {"file":"secret.yaml","changed":false,"warnings":[]}
  `,
});
