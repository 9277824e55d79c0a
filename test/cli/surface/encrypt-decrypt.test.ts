import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 6: encrypt, decrypt, PATH, --extract. */
const REFUSED = `
    !! The file you have provided contains a top-level entry called 'sops', or for
    !! flat file formats top-level entries starting with 'sops_'. This is
    !! generally due to the file already being encrypted. SOPS uses a top-level
    !! entry called 'sops' to store the metadata required to decrypt the file. For
    !! this reason, SOPS can not encrypt files that already contain such an entry.
    !!${' '}
    !! If this is an unencrypted file, rename the 'sops' entry.
    !!${' '}
    !! If this is an encrypted file and you want to edit it, use the editor mode,
    !! for example: \`sops edit my_file.yaml\`
    ? 203`;

sessions({
  'encrypt: stdin needs --filename-override; the type flags do not replace it': `
    $ sops encrypt -a $ALICE --input-type json --output-type json
    < {}
    !! Error: must specify --filename-override when reading from stdin
    ? 8
    $ sops encrypt -a $ALICE --filename-override x.json --output out.json
    < {"a": 1}
    $ sops decrypt --extract '["a"]' out.json
    >| 1
  `,
  'encrypt refuses a top-level sops, in dotenv any sops_… key, in INI the section sops': `
    $ sops encrypt -a $ALICE secret.yaml${REFUSED}
    $ sops encrypt -a $ALICE secret.json${REFUSED}
    $ printf 'sops_a=1\\n' > a.env
    $ sops encrypt -a $ALICE a.env${REFUSED}
    $ printf '[sops]\\na = 1\\n' > a.ini
    $ sops encrypt -a $ALICE a.ini${REFUSED}
  `,
  'encrypt refuses a YAML file without a document; {} is fine': `
    $ printf '' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! File cannot be completely empty, it must contain at least one document
    ? 92
    $ printf '{}' > a.yaml
    $ sops encrypt -i -a $ALICE a.yaml
    $ sops filestatus a.yaml
    > {"encrypted":true}
  `,
  'encrypt: one group, in the order of kinds; repeated keys are kept': `
    $ sops encrypt -a $ALICE,$BOB,$ALICE plain.json > out.json
    $ grep -o '"recipient": .*' out.json
    > "recipient": "$ALICE"
    > "recipient": "$BOB"
    > "recipient": "$ALICE"
  `,
  'encrypt: any key that fails to wrap fails all': `
    $ GNUPGHOME=$PWD sops encrypt -a $ALICE --pgp FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4 plain.json
    ! Could not generate data key: [failed to encrypt new data key with master key "FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4": …
    ? 1
  `,
  'decrypt without FILE reads stdin, type binary unless told': `
    $ printf 'text' > note
    $ sops encrypt -a $ALICE note > out
    $ sops decrypt < out
    >| text
    $ sops decrypt --filename-override x.json --extract '["port"]' < secret.json
    >| 8080
  `,
  'decrypt: --output files have the umask’s mode, -i keeps the mode and follows links': `
    $ (umask 022 && sops decrypt --output out.json secret.json)
    $ stat -c %a out.json
    > 644
    $ chmod 640 secret.json
    $ ln -s secret.json link.json
    $ sops decrypt -i link.json
    $ stat -c '%a %F' secret.json link.json
    > 640 regular file
    > 777 symbolic link
    $ sops filestatus secret.json
    > {"encrypted":false}
  `,
  'decrypt: metadata, then data key (128), values (25), MAC (51)': `
    $ sops decrypt plain.json
    !! sops metadata not found
    ? 1
    $ sed 's/"name": "ENC.AES256_GCM,data:..../&AAAA/' secret.json > value.json
    $ sed 's/"port": "ENC/"ports": "ENC/; s/"mac": "ENC.AES256_GCM,data:..../&AAAA/' secret.json > both.json
    $ sed '/"name"/d' secret.json > mac.json
    $ SOPS_AGE_KEY_FILE=bob.key sops decrypt value.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128
    $ sops decrypt value.json
    ! Error decrypting tree: Error walking tree: Could not decrypt value: …
    ? 25
    $ sops decrypt both.json
    ! Error decrypting tree: Error walking tree: Could not decrypt value: …
    ? 25
    $ sops decrypt mac.json
    ! MAC mismatch. File has …, computed …
    ? 51
    $ sops decrypt --ignore-mac --extract '["port"]' mac.json
    >| 8080
  `,
  'PATH: ["key"]["k2"][0], also [\'key\']; nothing between the parts': `
    $ sops decrypt --extract '["database"]["hosts"][1]' secret.json
    >| two
    $ sops decrypt --extract "['database']['password']" secret.yaml
    >| s3cret
    $ sops decrypt --extract '["database"].["hosts"]' secret.json
    ! error parsing --extract path: component …
    ? 91
    $ sops decrypt --extract 'port' secret.json
    !! error parsing --extract path: component port doesn't end with ]
    ? 91
    $ sops set secret.json 'port' 1
    !! Invalid set index format
    ? 7
    $ sops unset secret.json '["port"' 2>&1
    > Invalid unset index format
    ? 7
  `,
  'PATH: only the first document is looked at': `
    $ printf 'a: 1\\n---\\nb: 2\\n' > a.yaml
    $ sops encrypt -i -a $ALICE a.yaml
    $ sops decrypt --extract '["a"]' a.yaml
    > 1
    $ sops decrypt --extract '["b"]' a.yaml
    !! error truncating tree: component ['b'] not found
    ? 1
  `,
  '--extract: a string is raw, a mapping a file, other values the output type’s value': `
    $ sops decrypt --extract '["database"]["password"]' --output-type json secret.yaml
    >| s3cret
    $ sops decrypt --extract '["database"]' --output-type json secret.yaml
    > {
    > 	"password": "s3cret",
    > …
    $ sops decrypt --extract '["on"]' secret.yaml
    > true
    $ sops decrypt --extract '["on"]' --output-type json secret.yaml
    >| true
    $ sops decrypt --extract '["database"]["hosts"]' --output-type ini secret.yaml
    >| ["one","two"]
    $ sops decrypt --extract '["port"]' --output-type ini secret.yaml
    >| 8080
  `,
  '--extract: dotenv and binary refuse what is no string': `
    $ sops decrypt --extract '["port"]' --output-type dotenv secret.yaml
    !! Error dumping tree: the dotenv store only supports emitting strings, got int
    ? 4
    $ sops decrypt --extract '["port"]' --output-type binary secret.yaml
    !! Error dumping tree: Binary files are not structured and extracting a single value is not possible
    ? 4
    $ sops decrypt --extract '["name"]' --output-type binary secret.yaml
    >| shop
  `,
  '--extract: a missing key or index is exit 1': `
    $ sops decrypt --extract '["k"]' secret.json
    !! error truncating tree: component ['k'] not found
    ? 1
    $ sops decrypt --extract '["database"]["hosts"][9]' secret.json
    !! error truncating tree: component [9] accesses out of bounds
    ? 1
  `,
});

documentedDifference('prints the whole file anew when it decrypts', {
  'the file comes back': `
    $ sops decrypt secret.yaml > out.yaml
    $ cmp out.yaml plain.yaml
  `,
});

documentedDifference('`--extract` with an index into a mapping prints parts of Go’s tree', {
  'an error': `
    $ sops decrypt --extract '["database"][0]' secret.json
    ! error truncating tree: component [0] accesses out of bounds
    ? 1
  `,
});
