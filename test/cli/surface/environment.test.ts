import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 7. Variables that stand for flags are in section 3; clouds are not there yet. */
const OPENS = `sops decrypt --extract '["port"]' secret.json
    >| 8080`;
const FAILS = `sops decrypt secret.json
    ! Failed to get the data key required to decrypt the SOPS file.
    ? 128`;

sessions({
  'SOPS_AGE_KEY: identities, white-space separated': `
    $ printf '%s %s' "$(grep -h SECRET bob.key)" "$(grep -h SECRET alice.key)" > both
    $ SOPS_AGE_KEY_FILE=bob.key ${FAILS}
    $ SOPS_AGE_KEY="$(cat both)" SOPS_AGE_KEY_FILE=bob.key sops decrypt --extract '["port"]' secret.json; true
    >| 8080
  `,
  'SOPS_AGE_KEY_FILE: identities, one a line, # comments; unreadable is reported, others still count': `
    $ cat bob.key alice.key > both.key
    $ SOPS_AGE_KEY_FILE=both.key ${OPENS}
    $ SOPS_AGE_KEY_FILE=missing.key ${FAILS}
    $ SOPS_AGE_KEY_FILE=missing.key sops decrypt secret.json 2>&1 | tr -d '|\\n' | tr -s ' ' | grep -c 'SOPS_AGE_KEY_FILE'
    > 1
    $ SOPS_AGE_KEY_FILE=missing.key SOPS_AGE_KEY_CMD='cat alice.key' ${OPENS}
    $ SOPS_AGE_KEY_FILE= SOPS_AGE_KEY_CMD='cat alice.key' ${OPENS}
  `,
  'SOPS_AGE_KEY_CMD: split like a shell, no shell; gets SOPS_AGE_RECIPIENT': `
    $ printf '#!/bin/sh\\necho "$SOPS_AGE_RECIPIENT" > asked\\ncat "$1"\\n' > 'my key'
    $ chmod +x 'my key'
    $ SOPS_AGE_KEY_FILE= SOPS_AGE_KEY_CMD='./my\\ key "alice.key"' ${OPENS}
    $ cat asked
    > $ALICE
    $ SOPS_AGE_KEY_FILE= SOPS_AGE_KEY_CMD='cat alice.key; true' ${FAILS}
  `,
  'SOPS_AGE_SSH_PRIVATE_KEY_FILE and _CMD, ~/.ssh/id_ed25519': `
    $ ssh-keygen -q -t ed25519 -N '' -f ssh
    $ sops encrypt -i -a "$(cut -d' ' -f1,2 ssh.pub)" plain.json; true
    $ cp plain.json secret.json
    $ ${FAILS}
    $ SOPS_AGE_SSH_PRIVATE_KEY_FILE=ssh ${OPENS}
    $ SOPS_AGE_SSH_PRIVATE_KEY_CMD='cat ssh' ${OPENS}
    $ mkdir -p nobody/.ssh
    $ mv ssh nobody/.ssh/id_ed25519
    $ ${OPENS}
  `,
  '$XDG_CONFIG_HOME or ~/.config, sops/age/keys.txt': `
    $ mkdir -p nobody/.config/sops/age config/sops/age
    $ cp alice.key config/sops/age/keys.txt
    $ SOPS_AGE_KEY_FILE= ${FAILS}
    $ SOPS_AGE_KEY_FILE= XDG_CONFIG_HOME=$PWD/config ${OPENS}
    $ cp alice.key nobody/.config/sops/age/keys.txt
    $ SOPS_AGE_KEY_FILE= ${OPENS}
  `,
  'SOPS_EDITOR, EDITOR, else the first of vim, nano, vi in PATH': `
    $ SOPS_EDITOR=true EDITOR=false sops edit secret.json
    !! File has not changed, exiting.
    ? 200
    $ mkdir bin
    $ printf '#!/bin/sh\\nsed -i s/shop/nano/ "$1"\\n' > bin/nano
    $ cp bin/nano bin/vi
    $ sed -i s/nano/vi/ bin/vi
    $ chmod +x bin/nano bin/vi
    $ ln -s "$(command -v sed)" "$(command -v env)" "$(command -v node)" bin
    $ SOPS=$(command -v sops); env -u EDITOR PATH=$PWD/bin $SOPS edit secret.json
    $ sops decrypt --extract '["name"]' secret.json
    >| nano
  `,
  'SOPS_GPG_EXEC: the gpg program; encrypting and decrypting': `
    $ printf '#!/bin/sh\\nfor a; do case "$a" in *encrypt|-d) echo "$a" >> called;; esac; done\\nexit 1\\n' > mygpg
    $ chmod +x mygpg
    $ SOPS_GPG_EXEC=$PWD/mygpg sops encrypt --pgp 85D77543B3D624B63CEA9E6DBC17301B491B3F21 plain.json
    ! Could not generate data key: [failed to encrypt new data key with master key "85D77543B3D624B63CEA9E6DBC17301B491B3F21": …
    ? 1
    $ grep -c -- --encrypt called
    > 1
  `,
  'SOPS_CONFIG, SOPS_DECRYPTION_ORDER, SOPS_KEYSERVICE': `
    $ SOPS_CONFIG=none sops decrypt secret.json
    !! could not read config file: open none: no such file or directory
    ? 1
    $ SOPS_DECRYPTION_ORDER=pgp,age,pgp sops decrypt secret.json
    !! Duplicate decryption key type: pgp
    ? 112
    $ SOPS_DECRYPTION_ORDER=wibble ${OPENS}
  `,
  'TMPDIR: exec-file, edit': `
    $ mkdir tmp
    $ TMPDIR=$PWD/tmp sops exec-file secret.json 'dirname $(dirname {})'
    > $PWD/tmp
  `,
});
