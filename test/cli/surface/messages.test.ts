import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 9: the longer texts, byte for byte, and log lines; the short ones are with their exit codes. */
sessions({
  'success is silent': `
    $ sops encrypt -a $ALICE --output out.json plain.json
    $ sops rotate -i out.json
    $ sops set out.json '["port"]' 1
    $ sops unset out.json '["port"]'
    $ EDITOR='sed -i s/shop/stall/' sops edit out.json
    $ sops groups add -i -f out.json --age $ALICE --shamir-secret-sharing-threshold 2
    $ sops groups delete -i -f out.json 1 --shamir-secret-sharing-threshold 1
    $ sops decrypt -i out.json
  `,
  '--verbose: level info': `
    $ sops --verbose -d --extract '["port"]' secret.json 2>&1 | grep -o 'Data key recovered successfully'
    > Data key recovered successfully
  `,
  'a tree that the format can’t hold: a word for decrypting, another one for all that encrypts': `
    $ sops decrypt --output-type dotenv secret.json
    !! Error dumping file: cannot use complex value in dotenv file; offending key database
    ? 4
    $ sops encrypt -a $ALICE --output-type dotenv plain.json
    !! Could not marshal tree: cannot use complex value in dotenv file; offending key database
    ? 4
    $ sops rotate --output-type ini secret.json
    !! Could not marshal tree: Error marshaling to INI: Error encoding section: Section values should always be TreeBranches
    ? 4
    $ printf 'A=1\\n' > a.env
    $ sops encrypt -i -a $ALICE a.env
    $ sops set a.env '["A"]' '{"b": 1}'
    !! Could not marshal tree: cannot use complex value in dotenv file; offending key A
    ? 4
    $ printf 'a: .nan\\n' > a.yaml
    $ sops encrypt -i -a $ALICE a.yaml
    $ sops decrypt --output-type json a.yaml
    !! Error dumping file: Error marshaling to json: Error encoding value : json: unsupported value: NaN
    ? 4
  `,
  'what can’t be encrypted': `
    $ printf 'a: 9223372036854775808\\n' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! Error encrypting tree: Error walking tree: Cannot walk value, unknown type: uint64
    ? 23
    $ printf '# b\\na: 1\\n' > a.yaml
    $ sops --unencrypted-comment-regex ENC -a $ALICE -e a.yaml
    !! Error encrypting tree: Error walking tree: Encrypted comment matches UnencryptedCommentRegex! Make sure that UnencryptedCommentRegex cannot match an encrypted comment.
    ? 23
  `,
  'metadata that is no mapping, and groups without keys': `
    $ printf '{"a": 1, "sops": []}' > a.json
    $ sops decrypt a.json
    !! Found sops entry that is not a mapping
    ? 1
    $ sed '/^sops:/,/^    lastmod/{/^    lastmod/!d}' secret.yaml > tail
    $ sed '/^    lastmod/,$d' tail > none.yaml
    $ printf 'sops:\\n    key_groups:\\n        - age: []\\n' >> none.yaml
    $ sed -n '/^    lastmod/,$p' tail >> none.yaml
    $ sops decrypt none.yaml
    ! Failed to get the data key required to decrypt the SOPS file.
    ! 
    ! Group 0: FAILED
    ! …
    ? 128
  `,
  'errors are plain lines, but for filestatus, groups and usage': `
    $ sops decrypt plain.json
    !! sops metadata not found
    ? 1
    $ sops filestatus none.json
    !! [CMD]	 time="…" level=fatal msg="cannot check file status: cannot load encrypted file: Error reading file: open none.json: no such file or directory"
    ? 1
    $ sops groups add -f plain.json --age $BOB
    !! [CMD]	 time="…" level=fatal msg="sops metadata not found"
    ? 1
    $ sops rotate --wibble > out
    ! [CMD]	 time="…" level=fatal msg="flag provided but not defined: -wibble"
    ? 1
  `,
  'data key not recovered: no key in any place': `
    $ HOME=/none SOPS_AGE_KEY_FILE=none sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ! 
    ! Group 0: FAILED
    !   $ALICE: FAILED
    !     - | failed to load age identities. Errors while loading age
    !       | identities: failed to open SOPS_AGE_KEY_FILE file: open
    !       | none: no such file or directory. Did not find keys in
    !       | locations 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
    !       | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', '/none/.ssh/id_ed25519',
    !       | '/none/.ssh/id_rsa', 'SOPS_AGE_KEY', 'SOPS_AGE_KEY_CMD', and
    !       | '/none/.config/sops/age/keys.txt'.
    ! 
    ! Recovery failed because no master key was able to decrypt the file. In
    ! order for SOPS to recover the file, at least one key has to be successful,
    !! but none were.
    ? 128
  `,
  'data key not recovered: one identity, and several': `
    $ HOME=/none SOPS_AGE_KEY_FILE=bob.key sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ! 
    ! Group 0: FAILED
    !   $ALICE: FAILED
    !     - | failed to create reader for decrypting sops data key with
    !       | age: identity did not match any of the recipients: incorrect
    !       | identity for recipient block. Did not find keys in locations
    !       | 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
    !       | 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', '/none/.ssh/id_ed25519',
    !       | '/none/.ssh/id_rsa', 'SOPS_AGE_KEY', and 'SOPS_AGE_KEY_CMD'.
    ! 
    ! Recovery failed because no master key was able to decrypt the file. In
    ! order for SOPS to recover the file, at least one key has to be successful,
    !! but none were.
    ? 128
    $ cat bob.key carol.key > two.key
    $ SOPS_AGE_KEY_FILE=two.key sops decrypt secret.json 2>&1 | sed -n 6p
    >       | age: no identity matched any of the recipients. Did not find
  `,
  'data key not recovered: several groups, without the local service': `
    $ printf 'creation_rules:\\n  - key_groups:\\n    - age: [$ALICE]\\n    - age: [$BOB, $CAROL]\\n    shamir_threshold: 2\\n' > .sops.yaml
    $ sops encrypt -i plain.json
    $ sops decrypt --enable-local-keyservice=false plain.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ! 
    ! Group 0: FAILED
    !   $ALICE: FAILED
    ! 
    ! 
    ! Group 1: FAILED
    !   $BOB: FAILED
    !   
    !   
    !   $CAROL: FAILED
    ! 
    ! 
    ! Recovery failed because the file was encrypted with a Shamir threshold of
    ! 2, but only 0 part(s) were successfully recovered, one for each successful
    ! key group. In order for SOPS to recover the file, at least 2 groups have to
    ! be successful. In order for a group to be successful, decryption has to
    !! succeed with any of the keys in that key group.
    ? 128
    $ sops decrypt plain.json 2>&1 | sed -n 3p
    > Group 0: SUCCESS
  `,
  'config: no creation rule for the file, none at all, none that is one': `
    $ sops updatekeys secret.json
    !! config file not found
    ? 1
    $ printf '{}' > .sops.yaml
    $ sops updatekeys secret.json
    ! …
    !! The config file .sops.yaml does not contain any creation rule
    ? 1
    $ printf 'creation_rules:\\n  - path_regex: x\\n    key_groups: []\\n  - path_regex: n\\n    key_groups:\\n    - {}\\n' > .sops.yaml
    $ sops encrypt plain.json
    !! Could not generate data key: [empty key group provided]
    ? 1
  `,
  'JSON that is no object': `
    $ printf '[1]' > a.json
    $ sops encrypt -a $ALICE a.json
    !! Error unmarshalling file: Could not unmarshal input data: SOPS only supports JSON files with a top-level object (starting with '{'), not arrays or other types. Got delimiter [ instead. To encrypt this file, wrap it in an object, e.g., {"data": [...]}
    ? 2
    $ printf '' > a.json
    $ sops encrypt -a $ALICE a.json
    !! Error unmarshalling file: Could not unmarshal input data: EOF
    ? 2
    $ sops decrypt alice.key
    !! Could not unmarshal input data: invalid character '#' looking for beginning of value
    ? 1
  `,
  'Version string empty': `
    $ sed -i 's/"version": .*/"version": ""/' secret.json
    $ sops decrypt secret.json
    !! Version string empty
    ? 1
  `,
});

documentedDifference('a malformed recipient is shown as a whole', {
  'its beginning, with sops’s reason': `
    $ sops encrypt -a age1nxq87ktqcmpjsx7mdw5ftsfmuy4z4dw7y5sz0kaa8y89lxnmsu0qz2qtrb plain.json
    !! failed to parse input as Bech32-encoded age public key: malformed recipient "age1nxq87ktqcmpjsx7m…": invalid character data part: s[57]=98
    ? 1
  `,
});

sessions({
  'what Go says of a text, a time or a configuration that it can’t read': `
    $ printf 'b: 1\\na: [' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! Error unmarshalling file: yaml: line 2: did not find expected node content
    ? 2
    $ printf -- '- 1\\n' > a.yaml
    $ sops encrypt -a $ALICE a.yaml
    !! Error unmarshalling file: yaml: unmarshal errors:
    !!   line 1: cannot unmarshal !!seq into map[string]interface {}
    ? 2
    $ printf '{"a" 1}' > a.json
    $ sops encrypt -a $ALICE a.json
    !! Error unmarshalling file: Could not unmarshal input data: invalid character '1' after object key
    ? 2
    $ sed -i 's/"lastmodified": .*/"lastmodified": "yesterday",/' secret.json
    $ sops decrypt secret.json
    !! parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"
    ? 1
    $ printf 'creation_rules: [' > .sops.yaml
    $ sops encrypt plain.json
    !! error loading config: Could not unmarshal config file: yaml: line 1: did not find expected node content
    ? 1
  `,
});

documentedDifference('an error shows the value, the line or the offset that Go can’t read', {
  'dotenv, INI': `
    $ printf 'secret' > a.env
    $ sops encrypt -a $ALICE a.env
    !! Error unmarshalling file: invalid dotenv input line
    ? 2
    $ printf '[secret' > a.ini
    $ sops encrypt -a $ALICE a.ini
    !! Error unmarshalling file: Could not unmarshal input data: unclosed section
    ? 2
  `,
});
