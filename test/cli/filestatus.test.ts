import { sessions } from '../support/terminal.ts';

sessions({
  'tells whether a file is encrypted; no key is needed': `
    $ SOPS_AGE_KEY_FILE=none sotto filestatus secret.yaml
    > {"encrypted":true}
    $ sotto filestatus secret.json
    > {"encrypted":true}
    $ sotto filestatus plain.yaml
    > {"encrypted":false}
    $ sotto filestatus --json plain.json
    > {"encrypted":false}
  `,
  'both version and MAC have to be there': `
    $ grep -v '^    version' secret.yaml > file.yaml
    $ sotto filestatus file.yaml
    > {"encrypted":false}
    $ grep -v '^    mac' secret.yaml > file.yaml
    $ sotto filestatus file.yaml
    > {"encrypted":false}
  `,
  'what can not be read ends with 1': `
    $ sotto filestatus missing.yaml
    ! there is no file missing.yaml
    ? 1
    $ mkdir folder
    $ sotto filestatus folder
    ! folder is a folder
    ? 1
    $ sed 's/^database:/database: {/' secret.yaml > broken.yaml
    $ sotto filestatus broken.yaml
    ! …
    !   at broken.yaml…
    ? 1
  `,
  'what is none of its type, and has nothing encrypted, is not encrypted; for sops it is an error': `
    $ printf '{"a": }' > bad.json
    $ sotto filestatus bad.json
    > {"encrypted":false}
    $ printf '\\177ELF\\377\\000' > program
    $ sotto filestatus program
    > {"encrypted":false}
    $ cp program program.yaml
    $ sotto filestatus program.yaml
    > {"encrypted":false}
    $ sops filestatus bad.json 2> said
    ? 1
    $ grep -c 'cannot load encrypted file' said
    > 1
  `,
  'the type may be told, and more files are ignored': `
    $ cp secret.yaml secret
    $ sotto filestatus --input-type yaml secret secret.json
    > {"encrypted":true}
  `,
  'a broken configuration is an error here, too': `
    $ printf 'creation_rules: [\\n' > .sops.yaml
    $ sotto filestatus secret.yaml
    ! not valid YAML: did not find expected node content
    !   at $PWD/.sops.yaml:2:1
    ? 1
  `,
});
