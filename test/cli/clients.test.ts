import { sessions } from '../support/terminal.ts';

/**
 * Calls of programs that use a binary named sops, argument by argument, and what they look for in files. Those that can
 * be installed run for real in client-programs.test.ts.
 */
sessions({
  'Ansible: version, decrypting by file and stdin, encrypting from stdin, status': `
    $ sops --version --disable-version-check | head -1 | grep -cE '^sops ([0-9]+)\\.([0-9]+)\\.([0-9]+)'
    > 1
    $ sops --help > /dev/null
    $ sops --config /dev/null decrypt --input-type yaml --output-type yaml secret.yaml | cmp - plain.yaml
    $ sops decrypt --input-type yaml --output-type yaml /dev/stdin < secret.yaml | cmp - plain.yaml
    $ sops decrypt --extract "['database']['password']" secret.yaml
    >| s3cret
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > rules
    $ sops --config rules encrypt --input-type yaml --output-type yaml --filename-override x.sops.yaml /dev/stdin < plain.yaml | sops decrypt --input-type yaml --output-type yaml /dev/stdin | cmp - plain.yaml
    $ sops filestatus secret.yaml
    > {"encrypted":true}
  `,
  'Ansible: --config before the verb, all types and --extract with single quotes behind it': `
    $ sops --config /dev/null decrypt --input-type json --output-type yaml --extract "['database']" secret.json
    > hosts:
    >     - one
    >     - two
    $ sops --config /dev/null decrypt --input-type json --output-type yaml --extract "['database']['hosts'][0]" secret.json
    >| one
  `,
  'Ansible: bytes come out of YAML, JSON and binary as they were': `
    $ printf 'one\\r\\n\\0two' > bytes
    $ sops encrypt --age $ALICE --input-type binary --output-type yaml --filename-override x.yaml /dev/stdin < bytes > a.yaml
    $ sops decrypt --output-type binary a.yaml | cmp - bytes
    $ sops encrypt --age $ALICE --input-type binary --output-type json --filename-override x.json /dev/stdin < bytes > a.json
    $ sops decrypt --output-type binary a.json | cmp - bytes
    $ sops encrypt --age $ALICE --input-type binary --filename-override x /dev/stdin < bytes > a
    $ sops decrypt --output-type binary a | cmp - bytes
  `,
  'helm-secrets: --in-place, and a .sops.yaml that is a link': `
    $ mkdir shared
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > shared/rules
    $ ln -s shared/rules .sops.yaml
    $ sops --encrypt --input-type yaml --output-type yaml --in-place plain.yaml
    $ sops filestatus plain.yaml
    > {"encrypted":true}
    $ sops --decrypt --input-type yaml --output-type yaml --in-place plain.yaml
    $ sops filestatus plain.yaml
    > {"encrypted":false}
  `,
  'helm-secrets: a binary file is told by its first value, JSON by one blank after the colon': `
    $ printf text > note
    $ sops encrypt --age $ALICE note > out
    $ grep -c '"data": "ENC' out
    > 1
    $ grep -q 'mac.*type:str]' out
  `,
  'Terraform, editors: the first line of --version is name and number alone': `
    $ sops --version --disable-version-check
    > sops 3.13.2
    $ sops -v
    > sops 3.13.2
  `,
  'helm-secrets: old flags, repeated ones, paths with blanks and brackets': `
    $ mkdir -p 'charts/my [chart] 🔑'
    $ cp secret.yaml 'charts/my [chart] 🔑/secrets.yaml'
    $ sops --output-type '"yaml"' --decrypt --input-type yaml --output-type yaml 'charts/my [chart] 🔑/secrets.yaml' | cmp - plain.yaml
    $ sops --decrypt --input-type yaml --output-type yaml --output 'charts/my [chart] 🔑/secrets.yaml.dec' 'charts/my [chart] 🔑/secrets.yaml'
    $ cmp plain.yaml 'charts/my [chart] 🔑/secrets.yaml.dec'
    $ sops --encrypt --input-type yaml --output-type yaml --output out.yaml plain.yaml
    !! config file not found, or has no creation rules, and no keys provided through command line options
    ? 1
    $ grep -q 'mac.*type:str]' secret.yaml
    $ grep -cx sops: secret.yaml
    > 1
    $ grep -c '"mac": "ENC\\[' secret.json
    > 1
  `,
  'helm-secrets: --verbose says that the key was found': `
    $ sops --verbose --decrypt --input-type yaml --output-type yaml secret.yaml 2>&1 > out.yaml | grep -o 'Data key recovered successfully'
    > Data key recovered successfully
    $ cmp out.yaml plain.yaml
  `,
  'sopsy: a configuration without a name, and no file': `
    $ printf '{}' > tmpconfig
    $ sops --config tmpconfig decrypt --filename-override dummy.yaml < secret.yaml | cmp - plain.yaml
    $ sops --config tmpconfig encrypt --age $ALICE --filename-override dummy.json < plain.json | grep -c 'ENC\\['
    > 4
    $ sops --config tmpconfig decrypt --extract '["port"]' --input-type yaml --output-type json secret.yaml
    >| 8080
    $ sops --config tmpconfig decrypt none.yaml
    !! Error: cannot operate on non-existent file "$PWD/none.yaml"
    ? 100
  `,
  'Emacs: decrypts a file, encrypts stdin, with stderr in the same pipe': `
    $ sops -d secret.yaml 2>&1 | cmp - plain.yaml
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ sops --filename-override secret.yaml --encrypt /dev/stdin < plain.yaml > out.yaml 2>&1
    $ sops -d out.yaml | cmp - plain.yaml
  `,
  'VS Code: a file without suffix, --config twice, --set, an editor that writes the same inode': `
    $ cp secret.yaml tmpfile
    $ sops --config /dev/null --config /dev/null --output-type yaml --input-type yaml --decrypt tmpfile | cmp - plain.yaml
    $ sops --set '["database"]["password"] "new"' secret.yaml
    $ sops -d --extract '["database"]["password"]' secret.yaml
    >| new
    $ printf '#!/bin/sh\\ncat edited.yaml > "$1"\\n' > editor.sh
    $ chmod +x editor.sh
    $ sed s/8080/9090/ plain.yaml > edited.yaml
    $ EDITOR=./editor.sh sops secret.yaml
    $ sops -d secret.yaml | cmp - edited.yaml
    $ EDITOR=./editor.sh sops secret.yaml
    !! File has not changed, exiting.
    ? 200
  `,
  'IntelliJ: in the file’s folder, an editor with blanks in its path': `
    $ mkdir 'my editors'
    $ printf '#!/bin/sh\\nsed -i s/8080/9090/ "$1"\\n' > 'my editors/script'
    $ chmod +x 'my editors/script'
    $ EDITOR="$PWD/my\\\\ editors/script" sops secret.yaml
    $ sops decrypt --extract '["port"]' secret.yaml
    > 9090
    $ sops decrypt --in-place secret.yaml
    $ printf 'creation_rules:\\n  - age: $ALICE\\n' > .sops.yaml
    $ sops encrypt --in-place secret.yaml
    $ sops filestatus secret.yaml
    > {"encrypted":true}
  `,
  'Neovim: an unknown type means by suffix; an editor that truncates': `
    $ sops --decrypt --input-type yaml.helm-values --output-type yaml.helm-values secret.yaml | cmp - plain.yaml
    $ sed s/8080/9090/ plain.yaml > edited.yaml
    $ printf '#!/bin/sh\\ncat edited.yaml >"$1"\\n' > editor.sh
    $ chmod +x editor.sh
    $ SOPS_EDITOR=./editor.sh EDITOR=false sops edit secret.yaml
    $ sops -d secret.yaml | cmp - edited.yaml
  `,
  'Flux: the bytes that it looks for are in the files': `
    $ grep -c '^    mac: ENC\\[' secret.yaml
    > 1
    $ grep -c '"mac": "ENC\\[' secret.json
    > 1
    $ printf 'a=1\\n' > a.env
    $ sops encrypt -i --age $ALICE a.env
    $ grep -c '^sops_mac=ENC\\[' a.env
    > 1
    $ printf '[s]\\na = 1\\n' > a.ini
    $ sops encrypt -i --age $ALICE a.ini
    $ grep -cx '\\[sops\\]' a.ini
    > 1
    $ printf text > note
    $ sops encrypt -i --age $ALICE note
    $ grep -c '"mac": "ENC\\[' note
    > 1
  `,
  'IntelliJ, VS Code: lastmodified and version stand in the block, sops_version in dotenv': `
    $ sed -n '/^sops:/,$p' secret.yaml | grep -cE '^    (lastmodified: "20|mac: ENC.AES256_GCM,|version: 3)'
    > 3
    $ printf 'a=1\\n' > a.env
    $ sops encrypt -i --age $ALICE a.env
    $ grep -cE '^sops_(lastmodified|mac|version)=' a.env
    > 3
  `,
  'Emacs: ENC[AES256_GCM stands there at least twice': `
    $ printf 'a: 1\\n' > a.yaml
    $ sops encrypt -i --age $ALICE a.yaml
    $ grep -o 'ENC.AES256_GCM' a.yaml
    > ENC[AES256_GCM
    > ENC[AES256_GCM
  `,
});
