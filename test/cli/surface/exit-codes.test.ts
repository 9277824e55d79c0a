import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 8, code by code; with the texts of section 9 where they are short. */
sessions({
  '0: done, help, version, idempotent no-op, n at updatekeys': `
    $ sops decrypt --output out secret.json
    $ sops --help > out
    $ sops --version > out
    $ sops unset --idempotent secret.json '["k"]'
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yaml
    $ echo n | sops updatekeys secret.json > out 2> err
  `,
  '1: no metadata, no keys or rule, bad config, bad recipient, wrapping failed, usage, missing path': `
    $ sops decrypt plain.json
    !! sops metadata not found
    ? 1
    $ sops encrypt plain.json
    !! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
    $ sops encrypt -a wibble plain.json
    !! failed to parse input, unknown recipient type: "wibble"
    ? 1
    $ sops encrypt -a age1wibble plain.json
    !! failed to parse input as Bech32-encoded age public key: malformed recipient "age1wibble": invalid character data part: s[1]=105
    ? 1
    $ sops encrypt -a age1 plain.json
    !! failed to parse input as Bech32-encoded age public key: malformed recipient "age1": separator '1' at invalid position: pos=3, len=4
    ? 1
    $ sops encrypt -a age1Wibble plain.json
    !! failed to parse input as Bech32-encoded age public key: malformed recipient "age1Wibble": mixed case
    ? 1
    $ sops encrypt -a age1qqqqqqqqqqqqqqqq plain.json
    !! failed to parse input as Bech32-encoded age public key: malformed recipient "age1qqqqqqqqqqqqqqqq": invalid checksum
    ? 1
    $ sops encrypt -a $ALICE --enable-local-keyservice=false plain.json
    !! Could not generate data key: [no key services provided, cannot update master keys]
    ? 1
    $ sops decrypt --wibble secret.json > out
    ! [CMD]	 time="…" level=fatal msg="flag provided but not defined: -wibble"
    ? 1
    $ sops decrypt --extract '["k"]' secret.json
    ! error truncating tree: component ['k'] not found
    ? 1
    $ sops exec-env secret.json
    !! error: missing file to decrypt
    ? 1
    $ sops groups delete -f secret.json
    !! error: exactly one positional argument (index) required
    ? 1
  `,
  '2: input unreadable or unparsable when encrypting; 1 when decrypting': `
    $ printf '{"a" 1}' > a.json
    $ sops encrypt -a $ALICE a.json
    ! Error unmarshalling file: …
    ? 2
    $ sops decrypt a.json
    ! Could not unmarshal input data: …
    ? 1
    $ sops decrypt $PWD
    !! Error reading file: read $PWD: is a directory
    ? 2
  `,
  '2: missing FILE for rotate, set, unset, groups, exec-*': `
    $ sops rotate none
    !! Error reading file: open $PWD/none: no such file or directory
    ? 2
    $ sops set none '["a"]' 1
    !! Error reading file: open $PWD/none: no such file or directory
    ? 2
    $ sops unset none '["a"]'
    !! Error reading file: open $PWD/none: no such file or directory
    ? 2
    $ sops groups add -f none --age $BOB
    !! Error reading file: open none: no such file or directory
    ? 2
    $ sops groups delete -f none 0
    !! Error reading file: open none: no such file or directory
    ? 2
    $ sops groups add --age $BOB
    !! Error reading file: open : no such file or directory
    ? 2
    $ sops exec-env none true
    !! Error reading file: open none: no such file or directory
    ? 2
  `,
  '3: a temporary file can’t be written': `
    $ TMPDIR=$PWD/none EDITOR=true sops edit secret.json
    ! Could not create temporary directory: …
    ? 3
  `,
  '3: output can’t be written': `
    $ sops decrypt --output none/out secret.json
    !! Could not open output file for writing: open none/out: no such file or directory
    ? 3
    $ sops encrypt -a $ALICE --output none/out plain.json
    !! Could not open output file for writing: open none/out: no such file or directory
    ? 3
    $ sops rotate --output none/out secret.json
    !! Could not open output file for writing: open none/out: no such file or directory
    ? 3
  `,
  '4: tree can’t be written in the output format': `
    $ sops decrypt --output-type dotenv secret.json
    !! Error dumping file: cannot use complex value in dotenv file; offending key database
    ? 4
    $ sops decrypt --output-type binary secret.json
    ! Error dumping file: error emitting binary store: no binary data found in tree
    ! 
    !! This is likely not an encrypted binary file? If not, use --output-type to select the correct output type.
    ? 4
  `,
  '6: --encryption-context malformed': `
    $ sops encrypt --encryption-context a -a $ALICE plain.json
    ! Invalid KMS encryption context format
    ? 6
  `,
  '7: set and unset PATH, VALUE, --set format': `
    $ sops set secret.json x 1
    !! Invalid set index format
    ? 7
    $ sops unset secret.json x
    !! Invalid unset index format
    ? 7
    $ sops set secret.json x x
    !! Invalid set index format
    ? 7
    $ sops set secret.json '["a"]' x
    !! Value for --set is not valid JSON
    ? 7
    $ sops --set x secret.json
    !! Invalid --set format
    ? 7
  `,
  '8: contradicting flags': `
    $ sops encrypt -a $ALICE -i --output out plain.json
    !! Error: cannot operate on both --output and --in-place
    ? 8
    $ sops decrypt -i --output out secret.json
    !! Error: cannot operate on both --output and --in-place
    ? 8
    $ sops -r -i --output out secret.json
    !! Error: cannot operate on both --output and --in-place
    ? 8
    $ sops decrypt -i
    !! Error: cannot use --in-place when reading from stdin
    ? 8
    $ sops encrypt -i -a $ALICE
    !! Error: cannot use --in-place when reading from stdin
    ? 8
    $ sops encrypt -a $ALICE
    !! Error: must specify --filename-override when reading from stdin
    ? 8
    $ sops encrypt -a $ALICE --encrypted-suffix x --encrypted-regex y plain.json
    ! Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or une…
    ? 8
  `,
  '23: tree encryption, a key that is not a string': `
    $ printf '1: a\\n' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! Error encrypting tree: Error walking tree: Tree contains a non-string key (type int): %!s(int=1). Only string keys are supported
    ? 23
    $ printf 'a:\\n  on: {1.5: a}\\n  true: a\\n' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! Error encrypting tree: Error walking tree: Tree contains a non-string key (type float64): %!s(float64=1.5). Only string keys are supported
    ? 23
    $ printf '2020-01-02: a\\n' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! Error encrypting tree: Error walking tree: Tree contains a non-string key (type time.Time): 2020-01-02 00:00:00 +0000 UTC. Only string keys are supported
    ? 23
  `,
  '25: a value does not decrypt': `
    $ sed -i 's/"name": "ENC.AES256_GCM,data:..../&AAAA/' secret.json
    $ sops decrypt secret.json
    !! Error decrypting tree: Error walking tree: Could not decrypt value: Could not decrypt with AES_GCM: cipher: message authentication failed
    ? 25
  `,
  '49: --add-* and --rm-* on a missing file': `
    $ sops rotate --add-age $BOB none
    !! Error: cannot add or remove keys on non-existent file "$PWD/none", use the \`edit\` subcommand instead.
    ? 49
    $ sops -r --rm-age $BOB none
    !! Error: cannot add or remove keys on non-existent file "$PWD/none", use \`--kms\` and \`--pgp\` instead.
    ? 49
  `,
  '51: MAC wrong, missing or undecryptable': `
    $ sed '/"name"/d' secret.json > wrong.json
    $ sops decrypt wrong.json
    !! MAC mismatch. File has …, computed …
    ? 51
    $ sed '/"mac"/d' secret.json > missing.json
    $ sops decrypt missing.json
    !! MAC mismatch. File has no MAC, computed …
    ? 51
    $ sed 's/"mac": "ENC.AES256_GCM,data:..../&AAAA/' secret.json > undecryptable.json
    $ sops decrypt undecryptable.json
    !! Cannot decrypt MAC: Could not decrypt with AES_GCM: cipher: message authentication failed
    ? 51
  `,
  '91: --extract syntax; 92: no document': `
    $ sops decrypt --extract x secret.json
    !! error parsing --extract path: component x doesn't end with ]
    ? 91
    $ sops encrypt -a $ALICE --filename-override x.yaml /dev/null
    !! File cannot be completely empty, it must contain at least one document
    ? 92
  `,
  '100: no FILE, missing FILE, wrong number for set and unset': `
    $ sops rotate
    !! Error: no file specified
    ? 100
    $ sops encrypt none
    !! Error: cannot operate on non-existent file "$PWD/none"
    ? 100
    $ sops decrypt none
    !! Error: cannot operate on non-existent file "$PWD/none"
    ? 100
    $ sops -d none
    !! Error: cannot operate on non-existent file "$PWD/none"
    ? 100
    $ sops -e none
    !! Error: cannot operate on non-existent file "$PWD/none"
    ? 100
    $ sops set secret.json
    !! Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.
    ? 100
    $ sops unset secret.json
    !! Error: no file specified, or index is missing
    ? 100
  `,
  '112: duplicate in the decryption order': `
    $ sops decrypt --decryption-order age,age secret.json
    !! Duplicate decryption key type: age
    ? 112
  `,
  '128: data key not recovered, by every command that opens the file but groups': `
    $ SOPS_AGE_KEY_FILE=bob.key sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops -d secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops rotate secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops edit secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops set secret.json '["a"]' 1
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops unset secret.json '["name"]'
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops exec-env secret.json true
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ SOPS_AGE_KEY_FILE=bob.key sops exec-file secret.json true
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ printf 'creation_rules:\\n  - age: $BOB\\n' > .sops.yaml
    $ SOPS_AGE_KEY_FILE=bob.key sops updatekeys -y secret.json > out
    ! … Syncing keys for file $PWD/secret.json
    ? 128
  `,
  '202: a version that can’t be compared is 1, as it is read earlier; nothing else leads to 202, or to 21': `
    $ sed -i 's/"version": .*/"version": "3.x"/' secret.json
    $ EDITOR='sed -i s/shop/stall/' sops edit secret.json
    !! No Major.Minor.Patch elements found
    ? 1
  `,
  '200, 201: unchanged in the editor; no or failed editor': `
    $ EDITOR=true sops secret.json
    !! File has not changed, exiting.
    ? 200
    $ EDITOR=false sops secret.json
    ! Could not run editor: exit status 1
    ? 201
  `,
  '203: already encrypted': `
    $ sops encrypt -a $ALICE secret.json
    ! The file you have provided contains a top-level entry called 'sops', or for
    ? 203
  `,
});

documentedDifference('`encrypt` of a folder', {
  'is 2': `
    $ sops encrypt .
    !! Error reading file: read $PWD: is a directory
    ? 2
  `,
});

documentedDifference('a crash (2)', {
  'PATH [] or empty, a negative index, a key below a list or a scalar': `
    $ sops decrypt --extract '[]' secret.json
    ! error parsing --extract path: component ] is neither a quoted key nor an index
    ? 91
    $ sops set secret.json '' 1
    !! Invalid set index format
    ? 7
    $ sops set secret.json '["database"]["hosts"][-1]' 1
    !! Invalid set index format
    ? 7
    $ sops decrypt --extract '["name"]["x"]' secret.json
    !! error truncating tree: component ['x'] not found
    ? 1
    $ sops decrypt --extract '["database"]["hosts"]["x"]' secret.json
    !! error truncating tree: component ['x'] not found
    ? 1
  `,
  'rotate --rm-K of a duplicated last key': `
    $ sops encrypt -i -a $ALICE,$ALICE plain.json
    $ sops rotate -i --rm-age $ALICE plain.json
    !! Could not generate data key: [empty key group provided]
    ? 1
  `,
});
