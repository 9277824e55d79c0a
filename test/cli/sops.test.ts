import { sessions } from '../support/terminal.ts';

/** What sops's own functional tests call, as far as their formats and kinds of key are there. */
sessions({
  'an error is the one line that it is in sops': `
    $ printf 'creation_rules:\\n  - path_regex: none.yaml\\n  - path_regex: zero.yaml\\n    key_groups: []\\n  - path_regex: empty.yaml\\n    key_groups:\\n      - {}\\n' > .sops.yaml
    $ printf 'a: secret' | tee none.yaml zero.yaml > empty.yaml
    $ sops encrypt -i none.yaml
    !! Could not generate data key: [empty key group provided]
    ? 1
    $ sops encrypt -i zero.yaml
    !! Could not generate data key: [empty key group provided]
    ? 1
    $ sops encrypt -i empty.yaml
    !! Could not generate data key: [empty key group provided]
    ? 1
    $ cat empty.yaml
    >| a: secret
    $ sops decrypt --json missing.yaml
    !! {"error":{"code":"file-missing",…,"hint":…
    ? 100
  `,
  'JSON comes out of YAML on stdin': `
    $ sops encrypt --age $ALICE --filename-override test_encrypt.yaml --output-type json
    < foo: 2
    < bar: baz
    > {
    > 	"foo": "ENC[int]",
    > 	"bar": "ENC[str]",
    > 	"sops": {
    > …
  `,
  'set with a value that is there writes another format, unless --idempotent': `
    $ printf '{"a": 2, "b": "ba"}' > f.json
    $ sops encrypt -i --age $ALICE f.json
    $ cp f.json before.json
    $ sops set --output-type yaml --idempotent f.json '["b"]' '"ba"'
    $ cmp f.json before.json
    $ sops set --output-type yaml f.json '["b"]' '"ba"'
    $ head -1 f.json
    > a: ENC[int]
    $ sops decrypt --input-type yaml --output-type yaml f.json
    > a: 2
    > b: ba
  `,
  'set and unset, in either style': `
    $ printf 'a: 2\\nb: ba' > f.yaml
    $ sops -e --age $ALICE -i f.yaml
    $ sops set f.yaml '["c"]' '{"cc": "ccc"}'
    $ sops --set '["a"] "aaa"' -i f.yaml
    $ sops unset f.yaml '["b"]'
    $ sops unset --idempotent f.yaml '["b"]'
    $ sops -d f.yaml
    > a: aaa
    > c:
    >|     cc: ccc
  `,
  'unset in a flow mapping and in lists': `
    $ printf '{"a": 2, "b": "ba", "c": [1,2]}' | tee f.json > f.yaml
    $ sops encrypt -i --age $ALICE f.json
    $ sops encrypt -i --age $ALICE f.yaml
    $ sops unset f.json '["a"]'
    $ sops unset f.json '["c"][1]'
    $ sops unset --idempotent f.json '["c"][1]'
    $ sops decrypt f.json
    >| {"b": "ba", "c": [1]}
    $ sops unset f.yaml '["a"]'
    $ sops unset f.yaml '["c"][0]'
    $ sops unset --idempotent f.yaml '["c"][1]'
    $ sops decrypt f.yaml
    >| {"b": "ba", "c": [2]}
  `,
  'a file without MAC opens with --ignore-mac only': `
    $ sed -i '/^    mac:/d' secret.yaml
    $ sops decrypt secret.yaml
    !! MAC mismatch. File has no MAC, computed …
    ? 51
    $ sops decrypt --ignore-mac --extract '["port"]' secret.yaml
    > 8080
  `,
  'comments are encrypted, in lists, too': `
    $ printf 'lorem:\\n- foo\\n#this-is-a-comment\\n- bar' > f.yaml
    $ sops encrypt --age $ALICE f.yaml > out.yaml
    $ grep -c this-is-a-comment out.yaml
    > 0
    ? 1
    $ sops decrypt out.yaml > back.yaml
    $ cmp f.yaml back.yaml
  `,
  'a block comes out of --extract as it is': `
    $ printf 'multiline: |\\n  multi\\n  line' > f.yaml
    $ sops encrypt -i --age $ALICE f.yaml
    $ sops decrypt --extract '["multiline"]' f.yaml
    > multi
    >| line
  `,
  '--output prints nothing': `
    $ sops encrypt --age $ALICE --output out.yaml plain.yaml
    $ sops filestatus out.yaml
    > {"encrypted":true}
  `,
});
