import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 6: set and unset. */
sessions({
  'VALUE is JSON': `
    $ sops set secret.json '["port"]' x
    !! Value for --set is not valid JSON
    ? 7
    $ sops set secret.json '["a"]' '{"b": {"c": 1}}'
    $ sops decrypt --extract '["a"]["b"]["c"]' secret.json
    >| 1
  `,
  'missing keys are made; an index past the end appends': `
    $ sops set secret.json '["a"]["b"][0]' '{"c": 1}'
    $ sops decrypt --extract '["a"]["b"][0]["c"]' secret.json
    >| 1
    $ sops set secret.json '["database"]["hosts"][9]' '"three"'
    $ sops decrypt --extract '["database"]["hosts"][2]' secret.json
    >| three
  `,
  'a scalar on the way is replaced by a mapping; an index into a mapping changes nothing': `
    $ sops set secret.json '["name"]["x"]' '"y"'
    $ sops decrypt --extract '["name"]["x"]' secret.json
    >| y
    $ sops set secret.json '["database"][0]' '"y"'
    $ sops decrypt --output-type yaml --extract '["database"]' secret.json
    > hosts:
    >     - one
    >     - two
  `,
  'other values keep their ciphertext': `
    $ grep -o '"name": "ENC.*]' secret.json > before
    $ sops set secret.json '["port"]' 1
    $ grep -o '"name": "ENC.*]' secret.json | cmp - before
  `,
  '--idempotent writes nothing when nothing changes': `
    $ cp secret.json before.json
    $ sops set --idempotent secret.json '["name"]' '"shop"'
    $ sops unset --idempotent secret.json '["k"]'
    $ cmp secret.json before.json
  `,
  'unset of something absent is exit 1': `
    $ sops unset secret.json '["k"]'
    !! Key not found: k
    ? 1
    $ sops unset secret.json '["database"]["hosts"][9]'
    !! Index 9 out of bounds
    ? 1
    $ sops unset secret.json '["k"]["name"]'
    !! Key not found: k
    ? 1
    $ sops unset secret.json '["database"]["hosts"][99999999999999999999]'
    !! Invalid unset index format
    ? 7
    $ sops unset secret.json '["database"]["hosts"][9]["name"]'
    !! Index 9 out of bounds
    ? 1
    $ sops unset secret.json '["database"]["hosts"][0]'
    $ sops decrypt --extract '["database"]["hosts"][0]' secret.json
    >| two
  `,
  'a text that ends with blank lines, in front of one': `
    $ printf 'a: x\\n\\nb:\\n    c: 1\\n\\nd:\\n    - 1\\n\\ne: |-\\n    x\\n\\nf: 1\\n' > a.yaml
    $ sops encrypt -i -a $ALICE a.yaml
    $ sops set a.yaml '["a"]' '"y\\n\\n"'
    $ sops set a.yaml '["b"]["c"]' '{"k": "\\n"}'
    $ sops set a.yaml '["b"]["n"]' '"\\n"'
    $ sops set a.yaml '["d"][1]' '"z\\n\\n"'
    $ sops set a.yaml '["e"]' '"z\\n\\n"'
    $ sops set a.yaml '["g"]' '"z\\n\\n"'
    $ sops decrypt --output-type json a.yaml
    > {
    > 	"a": "y\\n\\n",
    > 	"b": {
    > 		"c": {
    > 			"k": "\\n"
    > 		},
    > 		"n": "\\n"
    > 	},
    > 	"d": [
    > 		1,
    > 		"z\\n\\n"
    > 	],
    > 	"e": "z\\n\\n",
    > 	"f": 1,
    > 	"g": "z\\n\\n"
    > }
  `,
  'an index in INI, and a key that a binary file does not have': `
    $ printf 'a = 1\\n' > a.ini
    $ sops encrypt -i -a $ALICE a.ini
    $ sops set a.ini '["a"][0]' '"x"'
    !! Could not marshal tree: Error marshaling to INI: Error encoding section: Section values should always be TreeBranches
    ? 4
    $ printf x > a.bin
    $ sops encrypt -i -a $ALICE a.bin
    $ sops unset a.bin '["k"]'
    !! Key not found: k
    ? 1
    $ sops unset --idempotent a.bin '["k"]'
    $ printf '\\377' > b.bin
    $ sops decrypt b.bin
    ! Could not unmarshal input data: …
    ? 1
  `,
  'the value from a file, or from stdin': `
    $ sops set --value-file secret.json '["a"]' none
    !! open none: no such file or directory
    ? 1
    $ sops set --value-file --value-stdin secret.json '["a"]' x
    !! Error: cannot use both --value-file and --value-stdin
    ? 1
    $ sops set --value-stdin secret.json '["a"]' 1
    !! Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.
    ? 100
  `,
  'the key sops is refused': `
    $ sops set secret.json '["sops"]' 1
    ! The file you have provided contains a top-level entry called 'sops', or for
    ? 203
    $ sops unset secret.json '["sops"]'
    !! Key not found: sops
    ? 1
  `,
});

documentedDifference('numbers in `set` become floats', {
  'a whole number stays an int': `
    $ sops set secret.json '["port"]' 8081
    $ grep -o '"port": "ENC.*]' secret.json
    > "port": "ENC[int]
    $ cp secret.json before.json
    $ sops set --idempotent secret.json '["port"]' 8081
    $ cmp secret.json before.json
  `,
});

documentedDifference('an index into a list counts its comments', {
  'it counts values': `
    $ printf 'a:\\n    # one\\n    - 1\\n    - 2\\n' > a.yaml
    $ sops encrypt -i -a $ALICE a.yaml
    $ sops decrypt --extract '["a"][0]' a.yaml
    > 1
    $ sops set a.yaml '["a"][1]' 3
    $ sops decrypt a.yaml
    > a:
    >     # one
    >     - 1
    >     - 3
  `,
});

documentedDifference('INI: `unset` of `DEFAULT`', {
  'an error': `
    $ printf 'a = 1\\n' > a.ini
    $ sops encrypt -i -a $ALICE a.ini
    $ sops unset a.ini '["DEFAULT"]'
    ! the keys in front of the first section are always there, as DEFAULT
    ? 7
  `,
});

documentedDifference('encrypts a YAML document that is the word', {
  'it is refused': `
    $ printf 'a: 1\\n---\\nnull\\n' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    ! Error unmarshalling file: the document is a single value…
    ? 2
  `,
});

documentedDifference('with keys on the command line', {
  'the rule’s are not looked at': `
    $ printf 'creation_rules:\\n  - age: wibble\\n' > .sops.yaml
    $ sops encrypt -a $ALICE --output a.json plain.json
    $ sops decrypt --output b.json a.json
    $ cmp b.json plain.json
  `,
});

documentedDifference('numbers in `set` become floats', {
  'a float that is whole is printed so, and reads as an int': `
    $ sops set secret.json '["port"]' 8081.0
    $ sops set secret.json '["n"]' '{"a": 1e3, "b": -0.0, "c": 2.50}'
    $ sops decrypt --extract '["port"]' secret.json
    >| 8081
    $ sops decrypt --extract '["n"]' secret.json
    > {
    > 	"a": 1000,
    > 	"b": 0,
    > 	"c": 2.5
    > }
    $ sops set secret.yaml '["port"]' 8081.0
    $ sops set secret.yaml '["ratio"]' 1e6
    $ sops decrypt --extract '["port"]' secret.yaml
    > 8081
    $ sops decrypt --extract '["ratio"]' --output-type json secret.yaml
    >| 1000000
  `,
});

documentedDifference('`set` refuses arrays', {
  'an array is a value like others': `
    $ sops set secret.json '["a"]' '[1, "x"]'
    $ sops decrypt --extract '["a"][1]' secret.json
    >| x
  `,
});

documentedDifference('`set` to the value that is there writes anew', {
  'nothing is written when nothing changed': `
    $ cp secret.json before.json
    $ sops set secret.json '["name"]' '"shop"'
    $ cmp secret.json before.json
  `,
});
