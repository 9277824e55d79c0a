/** What somebody types in the first hour that is no use, and all that is said to it. */
export interface Mistake {
  readonly files?: { readonly [name: string]: string };
  readonly environment?: { readonly [name: string]: string };
  readonly stdin?: string;
  readonly line: readonly string[];
  /** For sops, where it is another one. */
  readonly lineOfSops?: readonly string[];
  /** Under the name sotto: what is printed, on both streams, and the exit status. */
  readonly sotto: string;
  /** Under the name sops; left out where sops has no such command. */
  readonly sops?: string;
}

/**
 * Mistakes of the first hour. Each begins with plain.yaml, plain.json, the encrypted secret.yaml and secret.json, and
 * alice.key, which opens them; SOPS_AGE_KEY_FILE names it. What stands under `sops` was compared with sops 3.13.2.
 */
export const MISTAKES: { readonly [name: string]: Mistake } = {
  'with the key of somebody else': {
    files: { '.sops.yaml': 'keys: [&ann $ALICE]\n' },
    environment: { SOPS_AGE_KEY_FILE: 'bob.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: none of your keys is that of its one recipient
      needs one of: ann (age1nxq87…)
      you have:     age1v3h0k…  (SOPS_AGE_KEY_FILE=bob.key)
    fix: send ann your recipient: sotto keygen --show bob.key; or set SOPS_AGE_KEY_FILE to a file with one of these keys
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to create reader for decrypting sops data key with
          | age: identity did not match any of the recipients: incorrect
          | identity for recipient block. Did not find keys in locations
          | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa', 'SOPS_AGE_KEY',
          | and 'SOPS_AGE_KEY_CMD'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'without any key': {
    environment: { SOPS_AGE_KEY_FILE: 'none.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: no key of yours was found, and its one recipient has to open it
      needs one of: age1nxq87…
      looked in:    SOPS_AGE_KEY_FILE=none.key: there is no such file
                    ~/.config/sops/age/keys.txt: not there
    fix: set SOPS_AGE_KEY_FILE to a file with one of these keys; or make a key with "sotto keygen" and send its recipient to somebody who can open it
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to load age identities. Errors while loading age
          | identities: failed to open SOPS_AGE_KEY_FILE file: open
          | none.key: no such file or directory. Did not find keys in
          | locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa', 'SOPS_AGE_KEY',
          | 'SOPS_AGE_KEY_CMD', and
          | '$PWD/nobody/.config/sops/age/keys.txt'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'with a secret that a fork does not get': {
    environment: { SOPS_AGE_KEY: '', CI: 'true', SOPS_AGE_KEY_FILE: 'bob.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: none of your keys is that of its one recipient
      needs one of: age1nxq87…
      you have:     age1v3h0k…  (SOPS_AGE_KEY_FILE=bob.key)
      looked in:    SOPS_AGE_KEY: it is set, but empty: a pull request from a fork gets no secrets
    fix: send somebody who can open it your recipient: sotto keygen --show bob.key; or set SOPS_AGE_KEY_FILE to a file with one of these keys
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to create reader for decrypting sops data key with
          | age: identity did not match any of the recipients: incorrect
          | identity for recipient block. Did not find keys in locations
          | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa',
          | 'SOPS_AGE_KEY_CMD', and 'SOPS_AGE_KEY'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'with a key where the name of its file belongs': {
    environment: {
      SOPS_AGE_KEY_FILE: 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ',
    },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: no key of yours was found, and its one recipient has to open it
      needs one of: age1nxq87…
      looked in:    SOPS_AGE_KEY_FILE: a private key stands in it, where the name of a file belongs; SOPS_AGE_KEY takes the key itself
                    ~/.config/sops/age/keys.txt: not there
    fix: set SOPS_AGE_KEY_FILE to a file with one of these keys; or make a key with "sotto keygen" and send its recipient to somebody who can open it
    explain: sotto explain no-key-fits
    ? 128`,
  },
  'with a key behind which a line break came as two characters': {
    environment: { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1QQQQ\\n', SOPS_AGE_KEY_FILE: 'bob.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: none of your keys is that of its one recipient
      needs one of: age1nxq87…
      you have:     age1v3h0k…  (SOPS_AGE_KEY_FILE=bob.key)
      looked in:    SOPS_AGE_KEY: line 1: it has the two characters \\n where a line should end
    fix: send somebody who can open it your recipient: sotto keygen --show bob.key; or set SOPS_AGE_KEY_FILE to a file with one of these keys
    explain: sotto explain no-key-fits
    ? 128`,
  },
  'a file that the shell has emptied': {
    files: { 'plain.yaml': '' },
    line: ['encrypt', '--age', '$ALICE', 'plain.yaml'],
    sotto: `
    warning: plain.yaml is empty
    fix: if it was not before: "> plain.yaml" empties it before it is read, "sotto encrypt -i plain.yaml" does not; restore it and use that
    error: the file is empty
      at plain.yaml
    fix: an empty mapping, {}, is enough
    explain: sotto explain no-document
    ? 92`,
  },
  'a dash for stdin': {
    line: ['decrypt', '-'],
    sotto: `
    error: there is no file -
    fix: leave it out: stdin is read where no file is named
    explain: sotto explain file-missing
    ? 100`,
  },
  'a word that is nearly init': {
    line: ['inti'],
    sotto: `
    error: "inti" is neither a command nor a file
    fix: did you mean: sotto init; to create a file: sotto edit ./inti
    explain: sotto explain usage
    ? 1`,
  },
  'with a key whose line break came as two characters': {
    environment: { SOPS_AGE_KEY: '# mine\\nAGE-SECRET-KEY-1', SOPS_AGE_KEY_FILE: 'bob.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: none of your keys is that of its one recipient
      needs one of: age1nxq87…
      you have:     age1v3h0k…  (SOPS_AGE_KEY_FILE=bob.key)
      looked in:    SOPS_AGE_KEY: there is no identity in it; it has the two characters \\n where a line should end
    fix: send somebody who can open it your recipient: sotto keygen --show bob.key; or set SOPS_AGE_KEY_FILE to a file with one of these keys
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to create reader for decrypting sops data key with
          | age: identity did not match any of the recipients: incorrect
          | identity for recipient block. Did not find keys in locations
          | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa',
          | 'SOPS_AGE_KEY_CMD', and 'SOPS_AGE_KEY'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'with a comment in place of a key': {
    environment: { SOPS_AGE_KEY: '# my key', SOPS_AGE_KEY_FILE: 'bob.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: none of your keys is that of its one recipient
      needs one of: age1nxq87…
      you have:     age1v3h0k…  (SOPS_AGE_KEY_FILE=bob.key)
      looked in:    SOPS_AGE_KEY: there is no identity in it
    fix: send somebody who can open it your recipient: sotto keygen --show bob.key; or set SOPS_AGE_KEY_FILE to a file with one of these keys
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to create reader for decrypting sops data key with
          | age: identity did not match any of the recipients: incorrect
          | identity for recipient block. Did not find keys in locations
          | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa',
          | 'SOPS_AGE_KEY_CMD', and 'SOPS_AGE_KEY'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'with a folder in place of a key file': {
    environment: { SOPS_AGE_KEY_FILE: '.' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: no key of yours was found, and its one recipient has to open it
      needs one of: age1nxq87…
      looked in:    SOPS_AGE_KEY_FILE=.: is a directory
                    ~/.config/sops/age/keys.txt: not there
    fix: set SOPS_AGE_KEY_FILE to a file with one of these keys; or make a key with "sotto keygen" and send its recipient to somebody who can open it
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to load age identities. Did not find keys in
          | locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa', 'SOPS_AGE_KEY',
          | 'SOPS_AGE_KEY_CMD', and 'SOPS_AGE_KEY_FILE'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'with an empty name of a key file': {
    environment: { SOPS_AGE_KEY_FILE: '' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: no key of yours was found, and its one recipient has to open it
      needs one of: age1nxq87…
      looked in:    SOPS_AGE_KEY_FILE: it is set, but empty
                    ~/.config/sops/age/keys.txt: not there
    fix: set SOPS_AGE_KEY_FILE to a file with one of these keys; or make a key with "sotto keygen" and send its recipient to somebody who can open it
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to load age identities. Errors while loading age
          | identities: failed to open SOPS_AGE_KEY_FILE file: open : no
          | such file or directory. Did not find keys in locations
          | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa', 'SOPS_AGE_KEY',
          | 'SOPS_AGE_KEY_CMD', and
          | '$PWD/nobody/.config/sops/age/keys.txt'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'with a recipient in place of a key': {
    environment: { SOPS_AGE_KEY: '$ALICE', SOPS_AGE_KEY_FILE: 'bob.key' },
    line: ['decrypt', 'secret.yaml'],
    sotto: `
    error: you can't open secret.yaml: none of your keys is that of its one recipient
      needs one of: age1nxq87…
      you have:     age1v3h0k…  (SOPS_AGE_KEY_FILE=bob.key)
      looked in:    SOPS_AGE_KEY: line 1: an age recipient (the public key) stands where the identity belongs, which begins with AGE-SECRET-KEY-1
    fix: send somebody who can open it your recipient: sotto keygen --show bob.key; or set SOPS_AGE_KEY_FILE to a file with one of these keys
    explain: sotto explain no-key-fits
    ? 128`,
    sops: `
    Failed to get the data key required to decrypt the SOPS file.

    Group 0: FAILED
      $ALICE: FAILED
        - | failed to create reader for decrypting sops data key with
          | age: identity did not match any of the recipients: incorrect
          | identity for recipient block. Errors while loading age
          | identities: failed to parse 'SOPS_AGE_KEY' age identities:
          | line 1: an age recipient (the public key) stands where the
          | identity belongs, which begins with AGE-SECRET-KEY-1. Did
          | not find keys in locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
          | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
          | '$PWD/nobody/.ssh/id_ed25519',
          | '$PWD/nobody/.ssh/id_rsa', and
          | 'SOPS_AGE_KEY_CMD'.

    Recovery failed because no master key was able to decrypt the file. In
    order for SOPS to recover the file, at least one key has to be successful,
    but none were.
    ? 128`,
  },
  'encrypting without a configuration': {
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: nothing says for whom to encrypt: there is no .sops.yaml here, nor above
      at plain.yaml
    fix: make a key with "sotto keygen", then name its recipient with --age, or in creation_rules of .sops.yaml
    explain: sotto explain config-missing
    ? 1`,
    sops: `
    config file not found, or has no creation rules, and no keys provided through command line options
    ? 1`,
  },
  'encrypting with a configuration that has no rules': {
    files: { '.sops.yaml': 'keys: [&ann $ALICE]\n' },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: nothing says for whom to encrypt: the configuration has no creation_rules
      at $PWD/.sops.yaml
    fix: write creation_rules into it: the first rule whose path_regex matches a file names its recipients
    explain: sotto explain config-missing
    ? 1`,
    sops: `
    config file not found, or has no creation rules, and no keys provided through command line options
    ? 1`,
  },
  'encrypting with a rule that names nobody': {
    files: { '.sops.yaml': 'creation_rules:\n  - path_regex: .*\n' },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: nothing says for whom to encrypt: rule 1 of $PWD/.sops.yaml names no recipient
      at plain.yaml
    fix: add "age:" with a recipient to the rule, or name one with --age; "sotto keygen" makes a key and prints its recipient
    explain: sotto explain no-recipients
    ? 1`,
    sops: `
    Could not generate data key: [empty key group provided]
    ? 1`,
  },
  'encrypting what no rule is for': {
    files: {
      '.sops.yaml':
        'creation_rules:\n  - path_regex: ^prod/\n    age: $ALICE\n  - path_regex: ^dev/\n    age: $ALICE\n',
    },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: no rule matches plain.yaml
      at $PWD/.sops.yaml
      rule 1: path_regex: ^prod/
      rule 2: path_regex: ^dev/
    fix: add a rule for it, or one without path_regex at the end
    explain: sotto explain no-matching-rule
    ? 1`,
    sops: `
    error loading config: no matching creation rules found
    ? 1`,
  },
  'a glob in path_regex that matches nothing': {
    files: { '.sops.yaml': 'creation_rules:\n  - path_regex: ./*.yaml\n    age: $ALICE\n' },
    line: ['encrypt', 'plain.json'],
    sotto: `
    error: no rule matches plain.json
      at $PWD/.sops.yaml
      rule 1: path_regex: ./*.yaml
    fix: of rule 1, write the glob as an expression: path_regex: (^|/)[^/]*\\.yaml$
    explain: sotto explain no-matching-rule
    ? 1`,
    sops: `
    error loading config: no matching creation rules found
    ? 1`,
  },
  'a glob in path_regex that is no expression': {
    files: { '.sops.yaml': 'creation_rules:\n  - path_regex: "*.yaml"\n    age: $ALICE\n' },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: path_regex is no regular expression: error parsing regexp: missing argument to repetition operator: \`*\`
      at $PWD/.sops.yaml:2:17
    fix: it is a glob; as a regular expression it is: path_regex: (^|/)[^/]*\\.yaml$
    explain: sotto explain config-invalid
    ? 1`,
    sops: `
    can not compile regexp: error parsing regexp: missing argument to repetition operator: \`*\`
    ? 1`,
  },
  'two selectors in a rule': {
    files: {
      '.sops.yaml': 'creation_rules:\n  - encrypted_regex: a\n    unencrypted_suffix: b\n    age: $ALICE\n',
    },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: this rule has unencrypted_suffix and encrypted_regex, and only one of them can hold
      at $PWD/.sops.yaml:2:5
    fix: leave one; a single encrypted_regex can name several keys: ^(password|token)$
    explain: sotto explain config-invalid
    ? 1`,
    sops: `
    error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex for the same rule
    ? 1`,
  },
  'a configuration that is no YAML': {
    files: { '.sops.yaml': 'creation_rules:\n\t- age: x\n' },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: not valid YAML: found character that cannot start any token
      at $PWD/.sops.yaml:2:1
    fix: the configuration is a mapping with creation_rules at the top; nothing was done
    explain: sotto explain config-invalid
    ? 1`,
    sops: `
    error loading config: Could not unmarshal config file: yaml: line 2: found character that cannot start any token
    ? 1`,
  },
  'a field of the wrong type': {
    files: { '.sops.yaml': 'creation_rules: everything\n' },
    line: ['encrypt', 'plain.yaml'],
    sotto: `
    error: creation_rules must be a list, not a string
      at $PWD/.sops.yaml:1:17
    fix: for example: creation_rules: [{ path_regex: ^secrets/, age: age1… }]; schemas/sops-config.schema.json has all fields
    explain: sotto explain config-invalid
    ? 1`,
    sops: `
    error loading config: Could not unmarshal config file: yaml: unmarshal errors:
      line 1: creation_rules must be a list, not a string
    ? 1`,
  },
  'a recipient that was cut': {
    line: ['encrypt', '--age', 'age1nxq87ktqcmpjsx7', 'plain.yaml'],
    sotto: `
    error: "age1nxq87ktqcmpjsx7" is no age recipient: its checksum does not fit; a character was mistyped or lost
      at plain.yaml
    fix: copy it again as a whole; "sotto keygen --show FILE" prints the recipient of an identity file
    explain: sotto explain recipient-invalid
    ? 1`,
    sops: `
    failed to parse input as Bech32-encoded age public key: malformed recipient "age1nxq87ktqcmpjsx7": invalid checksum
    ? 1`,
  },
  'an address in place of a fingerprint': {
    line: ['encrypt', '--pgp', 'ann@example.com', 'plain.yaml'],
    sotto: `
    error: malformed PGP fingerprint "ann@example.com": it is an e-mail address, and anybody can make a key with that
      at plain.yaml
    fix: name the fingerprint; gpg --list-keys ann@example.com prints it
    explain: sotto explain recipient-invalid
    ? 1`,
    sops: `
    malformed PGP fingerprint "ann@example.com": it is an e-mail address, and anybody can make a key with that
    ? 1`,
  },
  'an SSH key of another type': {
    line: ['encrypt', '--age', 'ecdsa-sha2-nistp256 AAAA', 'plain.yaml'],
    sotto: `
    error: "ecdsa-sha2-nistp256 …" is no age recipient
      at plain.yaml
    fix: age takes SSH keys of the types ssh-ed25519 and ssh-rsa only
    explain: sotto explain recipient-invalid
    ? 1`,
    sops: `
    failed to parse input, unknown recipient type: "ecdsa-sha2-nistp256 …"
    ? 1`,
  },
  'a word that is no command: list': {
    line: ['ls'],
    sotto: `
    error: "ls" is neither a command nor a file
    fix: did you mean: sotto get FILE; to create a file: sotto edit ./ls
    explain: sotto explain usage
    ? 1`,
    sops: `
    config file not found, or has no creation rules, and no keys provided through command line options
    ? 1`,
  },
  'a word that is no command: import': {
    line: ['import', '.env'],
    sotto: `
    error: "import" is neither a command nor a file
    fix: did you mean: sotto encrypt -i .env; to create a file: sotto edit ./import
    explain: sotto explain usage
    ? 1`,
    sops: `
    [CMD]	 time=… level=warning msg="More than one positional argument provided. Only the first one will be used!"
    config file not found, or has no creation rules, and no keys provided through command line options
    ? 1`,
  },
  'a misspelt command': {
    line: ['decryt', 'secret.yaml'],
    sotto: `
    error: "decryt" is neither a command nor a file
    fix: did you mean: sotto decrypt secret.yaml; to create a file: sotto edit ./decryt
    explain: sotto explain usage
    ? 1`,
    sops: `
    "decryt" is neither a verb nor a file
    ? 1`,
  },
  'a file that is not there, and no command': {
    line: ['secrets/new.yaml'],
    sotto: `
    error: there is no file secrets/new.yaml
    fix: check the name; to create a file: sotto edit secrets/new.yaml
    explain: sotto explain usage
    ? 1`,
    sops: `
    config file not found, or has no creation rules, and no keys provided through command line options
    ? 1`,
  },
  'decrypting a file that is not there': {
    line: ['decrypt', 'secrets.yaml'],
    sotto: `
    error: there is no file secrets.yaml
    fix: check the name; the working folder is $PWD
    explain: sotto explain file-missing
    ? 100`,
    sops: `
    Error: cannot operate on non-existent file "$PWD/secrets.yaml"
    ? 100`,
  },
  'decrypting a folder': {
    line: ['decrypt', '.'],
    sotto: `
    error: . is a folder
    fix: name a file in it; with -i, encrypt and decrypt work on all files in it: sotto decrypt -i .
    explain: sotto explain input-unreadable
    ? 2`,
    sops: `
    Error reading file: read $PWD: is a directory
    ? 2`,
  },
  'decrypting what is not encrypted': {
    line: ['decrypt', 'plain.yaml'],
    sotto: `
    error: the file is not encrypted
      at plain.yaml
    fix: "sotto encrypt -i plain.yaml" encrypts it
    explain: sotto explain metadata-missing
    ? 1`,
    sops: `
    sops metadata not found
    ? 1`,
  },
  'decrypting a text': {
    files: { 'app.conf': 'listen = 80\n' },
    line: ['decrypt', 'app.conf'],
    sotto: `
    error: the file is not encrypted
      at app.conf
    fix: "sotto encrypt -i app.conf" encrypts it; --input-type names the type of one that is
    explain: sotto explain input-invalid
    ? 1`,
    sops: `
    Could not unmarshal input data: invalid character 'l' looking for beginning of value
    ? 1`,
  },
  'decrypting an empty file': {
    files: { 'empty.yaml': '' },
    line: ['decrypt', 'empty.yaml'],
    sotto: `
    error: the file is empty, which an encrypted one never is
      at empty.yaml
    fix: restore it from git ("sotto decrypt empty.yaml > empty.yaml" empties it before it is read)
    explain: sotto explain metadata-missing
    ? 1`,
    sops: `
    sops metadata not found
    ? 1`,
  },
  'encrypting twice': {
    line: ['encrypt', '--age', '$ALICE', 'secret.yaml'],
    sotto: `
    error: the file is encrypted already, or has an entry called 'sops' of its own
      at secret.yaml
    fix: use "sotto edit" or "sotto set" to change it, or rename the entry
    explain: sotto explain already-encrypted
    ? 203`,
    sops: `
    The file you have provided contains a top-level entry called 'sops', or for
    flat file formats top-level entries starting with 'sops_'. This is
    generally due to the file already being encrypted. SOPS uses a top-level
    entry called 'sops' to store the metadata required to decrypt the file. For
    this reason, SOPS can not encrypt files that already contain such an entry.

    If this is an unencrypted file, rename the 'sops' entry.

    If this is an encrypted file and you want to edit it, use the editor mode,
    for example: \`sops edit my_file.yaml\`
    ? 203`,
  },
  'encrypting broken YAML': {
    files: { 'bad.yaml': 'a: "b\nc: 1\n' },
    line: ['encrypt', '--age', '$ALICE', 'bad.yaml'],
    sotto: `
    error: not valid YAML: found unexpected end of stream
      at bad.yaml:1:4
    fix: mend it there; nothing was written
    explain: sotto explain input-invalid
    ? 2`,
    sops: `
    Error unmarshalling file: yaml: found unexpected end of stream
    ? 2`,
  },
  'encrypting a template': {
    files: { 'values.yaml': 'name: {{ .Values.x }}\n' },
    line: ['encrypt', '--age', '$ALICE', 'values.yaml'],
    sotto: `
    error: not valid YAML: invalid map key
      at values.yaml:1:8
    fix: put what is in {{ }} into quotes: a template is no YAML until it is filled in; of a Helm chart, encrypt the values and not the templates
    explain: sotto explain input-invalid
    ? 2`,
    sops: `
    Error unmarshalling file: yaml: unmarshal errors:
      line 1: cannot unmarshal a collection into string
    ? 2`,
  },
  'encrypting a list': {
    files: { 'list.yaml': '- a\n' },
    line: ['encrypt', '--age', '$ALICE', 'list.yaml'],
    sotto: `
    error: the document is a list; sops needs a mapping at the top
      at list.yaml:1:1
    fix: put it below a key, for example "data:"
    explain: sotto explain input-invalid
    ? 2`,
    sops: `
    Error unmarshalling file: yaml: unmarshal errors:
      line 1: cannot unmarshal !!seq into map[string]interface {}
    ? 2`,
  },
  'encrypting JSON with a comma too much': {
    files: { 'bad.json': '{"a": 1,}\n' },
    line: ['encrypt', '--age', '$ALICE', 'bad.json'],
    sotto: `
    error: not valid JSON: expected a key in double quotes
      at bad.json:1:9
    fix: there is a comma behind the last item; take it out; --input-type jsonc reads such a file, but sops can't read the result
    explain: sotto explain input-invalid
    ? 2`,
    sops: `
    Error unmarshalling file: Could not unmarshal input data: invalid character '}' looking for beginning of object key string
    ? 2`,
  },
  'encrypting TOML without quotes': {
    files: { 'app.toml': 'a = hunter2\n' },
    line: ['encrypt', '--age', '$ALICE', 'app.toml'],
    sotto: `
    error: not valid TOML: a value that is no number, no date and not true or false is a text in quotes
      at app.toml:1:5
    fix: put it in quotes, as in: key = "value"
    explain: sotto explain input-invalid
    ? 2`,
    sops: `
    (the encrypted file)
    ? 0`,
  },
  'encrypting stdin without a name': {
    stdin: 'a: 1\n',
    line: ['encrypt', '--age', '$ALICE'],
    sotto: `
    error: what comes from stdin has no name
    fix: to encrypt a file, name it: sotto encrypt -i secrets.yaml; what comes from stdin needs a name for its type and creation rule: --filename-override secrets.yaml
    explain: sotto explain options-conflict
    ? 8`,
    sops: `
    Error: must specify --filename-override when reading from stdin
    ? 8`,
  },
  'a selector that selects nothing': {
    line: ['encrypt', '--age', '$ALICE', '--encrypted-regex', '^pasword$', 'plain.yaml'],
    sotto: `
    error: nothing was encrypted: encrypted_regex: ^pasword$ selects no value
      at plain.yaml
    fix: check the selector against the keys of the file, or add --allow-nothing
    explain: sotto explain nothing-encrypted
    ? 23`,
    sops: `
    (the encrypted file)
    [CMD]	 time=… level=warning msg="nothing was encrypted: encrypted_regex: ^pasword$ selects no value"
    ? 0`,
  },
  'setting a text without quotes': {
    line: ['set', 'secret.yaml', '["name"]', 'shop'],
    sotto: `
    error: the value is not JSON
    fix: in JSON a text has quotes: '"text"'; for a text as it is, "sotto set secret.yaml '["name"]'" asks for it, and "sotto set --stdin secret.yaml '["name"]'" reads it
    explain: sotto explain set-invalid
    ? 7`,
    sops: `
    Value for --set is not valid JSON
    ? 7`,
  },
  'setting without a value': {
    line: ['set', '--value-stdin', 'secret.yaml'],
    sotto: `
    error: set --value-stdin takes FILE and PATH, and nothing else
    fix: for example: sotto set --value-stdin secrets.yaml database.password < file
    explain: sotto explain no-file
    ? 100`,
    sops: `
    Error: file specified, or index and value are missing. Need precisely 2 positional arguments since --value-stdin is used.
    ? 100`,
  },
  'setting below a single value': {
    line: ['set', 'secret.yaml', '["name"]["first"]', '"x"'],
    sotto: `
    error: name is a single value, and nothing can stand below it
      at secret.yaml
    fix: check the path; to replace the value: sotto unset secret.yaml name, then set it again
    explain: sotto explain set-invalid
    ? 7`,
    sops: `
    ? 0`,
  },
  'setting at no path': {
    line: ['set', 'secret.yaml', '["name"', '"x"'],
    sotto: `
    error: this is no path to a value: in brackets stands an index, or a key in quotes, at character 1
      at secret.yaml
    fix: a path looks like database.password, hosts[0], or '["a.b"]' for a key with dots
    explain: sotto explain path-invalid
    ? 7`,
    sops: `
    Invalid set index format
    ? 7`,
  },
  'setting in what is not encrypted': {
    line: ['set', 'plain.yaml', '["name"]', '"x"'],
    sotto: `
    error: the file is not encrypted
      at plain.yaml
    fix: "sotto encrypt -i plain.yaml" encrypts it
    explain: sotto explain metadata-missing
    ? 1`,
    sops: `
    sops metadata not found
    ? 1`,
  },
  'taking out what is not there': {
    line: ['unset', 'secret.yaml', '["nam"]'],
    sotto: `
    error: there is nothing at nam
      at secret.yaml
    fix: did you mean name?
    explain: sotto explain path-missing
    ? 1`,
    sops: `
    Key not found: nam
    ? 1`,
  },
  'extracting what is not there': {
    line: ['decrypt', '--extract', '["database"]["pasword"]', 'secret.yaml'],
    sotto: `
    error: there is nothing at database.pasword
      at secret.yaml
    fix: did you mean database.password?
    explain: sotto explain path-missing
    ? 1`,
    sops: `
    error truncating tree: component ['pasword'] not found
    ? 1`,
  },
  'extracting in a list': {
    line: ['decrypt', '--extract', '["database"]["hosts"][7]', 'secret.yaml'],
    sotto: `
    error: there is nothing at database.hosts[7]
      at secret.yaml
    fix: database.hosts is a list of 2, whose last item is database.hosts[1]
    explain: sotto explain path-missing
    ? 1`,
    sops: `
    error truncating tree: component [7] accesses out of bounds
    ? 1`,
  },
  'taking out the last recipient': {
    line: ['rotate', '-i', '--rm-age', '$ALICE', 'secret.yaml'],
    sotto: `
    error: nobody would be left who can open the file
      at secret.yaml
    fix: name who is to open it from now on, too: --add-age RECIPIENT
    explain: sotto explain no-recipients
    ? 1`,
    sops: `
    Could not generate data key: [empty key group provided]
    ? 1`,
  },
  'adding a group of nobody': {
    line: ['groups', 'add', '-i', '-f', 'secret.yaml'],
    sotto: `
    error: the new key group would have no recipient
      at secret.yaml
    fix: name who is in it: sotto groups add -i -f secret.yaml --age RECIPIENT
    explain: sotto explain no-recipients
    ? 1`,
    sops: `
    [CMD]	 time=… level=fatal msg="Could not generate data key: [empty key group provided]"
    ? 1`,
  },
  'deleting the only group': {
    line: ['groups', 'delete', '-i', '-f', 'secret.yaml', '1'],
    lineOfSops: ['groups', 'delete', '-i', '-f', 'secret.yaml', '0'],
    sotto: `
    error: this is the only key group; without it nobody could open the file
      at secret.yaml
    fix: "sotto rotate" and "sotto updatekeys" change the recipients in it
    explain: sotto explain no-recipients
    ? 1`,
    sops: `
    [CMD]	 time=… level=fatal msg="this is the only key group; without it nobody could open the file"
    ? 1`,
  },
  'deleting the group before the first': {
    line: ['groups', 'delete', '-i', '-f', 'secret.yaml', '0'],
    lineOfSops: ['groups', 'delete', '-i', '-f', 'secret.yaml', 'x'],
    sotto: `
    error: there is no key group 0: they are counted from 1
    fix: the first group is 1 (for sops it is 0)
    explain: sotto explain group-missing
    ? 1`,
    sops: `
    [CMD]	 time=… level=fatal msg="failed to parse [index] argument: strconv.ParseUint: parsing \\"x\\": invalid syntax"
    ? 1`,
  },
  'running without a command': {
    line: ['exec-env', 'secret.yaml'],
    sotto: `
    error: no file, or no command, was given
    fix: give a file and one command in quotes, as in: sotto exec-env secrets.env 'psql -h "$DB_HOST"'
    explain: sotto explain usage
    ? 1`,
    sops: `
    error: missing file to decrypt
    ? 1`,
  },
  'variables of a mapping': {
    line: ['exec-env', 'secret.yaml', 'env'],
    sotto: `
    error: database holds several values, and a variable takes one
      at secret.yaml
    fix: "sotto run" makes a variable of each of them
    explain: sotto explain environment-invalid
    ? 1`,
    sops: `
    cannot use complex value in environment; offending key database
    ? 1`,
  },
  'updating keys without a configuration': {
    line: ['updatekeys', '-y', 'secret.yaml'],
    sotto: `
    error: nothing says for whom to encrypt: there is no .sops.yaml here, nor above
      at secret.yaml
    fix: write one with creation_rules: updatekeys takes the recipients from it
    explain: sotto explain config-missing
    ? 1`,
    sops: `
    config file not found
    ? 1`,
  },
  'a flag that is not there': {
    line: ['decrypt', '--outputt', 'x', 'secret.yaml'],
    sotto: `
    error: there is no flag --outputt
    fix: did you mean --output? See "sotto decrypt --help"
    explain: sotto explain usage
    ? 1`,
    sops: `
    [CMD]	 time=… level=fatal msg="flag provided but not defined: -outputt"
    ? 1`,
  },
  'two places for the result': {
    line: ['decrypt', '-i', '--output', 'x', 'secret.yaml'],
    sotto: `
    error: --output and --in-place exclude each other
    fix: leave one of the two out
    explain: sotto explain options-conflict
    ? 8`,
    sops: `
    Error: cannot operate on both --output and --in-place
    ? 8`,
  },
  'a kind of key twice': {
    line: ['decrypt', '--decryption-order', 'age,age', 'secret.yaml'],
    sotto: `
    error: age is named twice in the decryption order
      at secret.yaml
    fix: name each kind once, as in --decryption-order age,pgp
    explain: sotto explain order-duplicate
    ? 112`,
    sops: `
    Duplicate decryption key type: age
    ? 112`,
  },
  'an editor that fails': {
    environment: { EDITOR: 'false' },
    line: ['edit', 'secret.yaml'],
    sotto: `
    error: the editor failed: exit status 1
      at secret.yaml
    fix: check SOPS_EDITOR and EDITOR; nothing was written
    explain: sotto explain editor-failed
    ? 201`,
    sops: `
    Could not run editor: exit status 1
    ? 201`,
  },
  'an editor that is not there': {
    environment: { EDITOR: 'no-such-editor' },
    line: ['edit', 'secret.yaml'],
    sotto: `
    error: the editor failed: no-such-editor: no such file or directory
      at secret.yaml
    fix: check SOPS_EDITOR and EDITOR; nothing was written
    explain: sotto explain editor-failed
    ? 201`,
    sops: `
    Could not run editor: no-such-editor: no such file or directory
    ? 201`,
  },
  'nothing changed in the editor': {
    environment: { EDITOR: 'true' },
    line: ['edit', 'secret.yaml'],
    sotto: `
    error: nothing was changed in the editor
      at secret.yaml
    fix: true ended at once; if its window is open, close it: what is saved there does not reach secret.yaml. An editor has to wait until the text is closed: export EDITOR='code --wait'
    explain: sotto explain file-unchanged
    ? 200`,
    sops: `
    File has not changed, exiting.
    ? 200`,
  },
  'a new identity where one is': {
    line: ['keygen', '--output', 'alice.key'],
    sotto: `
    error: alice.key is there already, and is left as it is
    fix: "sotto keygen --show alice.key" prints its recipient; --output FILE makes another identity
    explain: sotto explain output-unwritable
    ? 3`,
  },
  'a key file that is none': {
    files: { 'notes.txt': 'hello\n' },
    line: ['keygen', '--show', 'notes.txt'],
    sotto: `
    error: notes.txt is no identity file: line 1: it does not begin with AGE-SECRET-KEY-1, AGE-SECRET-KEY-PQ-1 or AGE-PLUGIN-
    fix: an identity file has lines AGE-SECRET-KEY-1…, and comments with #
    explain: sotto explain identity-invalid
    ? 1`,
  },
  'publishing without a configuration': {
    line: ['publish', 'secret.yaml'],
    sotto: `
    error: nothing says where to: there is no .sops.yaml here, nor above
      at secret.yaml
    fix: publish takes the destination from destination_rules in .sops.yaml
    explain: sotto explain config-missing
    ? 1`,
    sops: `
    config file not found
    ? 1`,
  },
};
