import { sessions } from '../support/terminal.ts';

sessions({
  'makes an identity that only its owner can read, and prints the recipient': `
    $ sotto keygen --output new.key > recipient.txt
    $ grep -c '^age1' recipient.txt
    > 1
    $ stat -c %a new.key
    > 600
    $ grep -c '^AGE-SECRET-KEY-1' new.key
    > 1
    $ sotto keygen --show new.key > shown.txt
    $ cmp shown.txt recipient.txt
    $ age-keygen -y new.key | cmp - recipient.txt
  `,
  'without a name it goes where keys are looked for': `
    $ XDG_CONFIG_HOME=$PWD/conf sotto keygen
    > age1…
    $ stat -c %a conf/sops/age conf/sops/age/keys.txt
    > 700
    > 600
    $ sotto keygen
    > age1…
    $ ls nobody/.config/sops/age
    > keys.txt
  `,
  'writes over nothing': `
    $ sotto keygen --output alice.key
    ! alice.key is there already, and is left as it is
    ! fix: "sotto keygen --show alice.key" prints its recipient; …
    ? 3
    $ sotto keygen -o alice.key
    ! alice.key is there already, and is left as it is
    ? 3
    $ sotto keygen --show alice.key
    > $ALICE
  `,
  'shows each recipient of a file': `
    $ cat alice.key bob.key > both.key
    $ sotto keygen --show both.key
    > $ALICE
    > $BOB
    $ sotto keygen --show both.key --json
    > {"file":"both.key","recipients":["$ALICE","$BOB"]}
  `,
  'what is no identity file is refused, with the line': `
    $ sotto keygen --show secret.yaml
    ! secret.yaml is no identity file: line 2: …
    ! fix: an identity file has lines AGE-SECRET-KEY-1…, and comments with #
    ? 1
    $ sotto keygen --show missing.key
    ! can't read $PWD/missing.key: no such file or directory
    ? 2
  `,
  'surplus words are not taken for files': `
    $ sotto keygen a.key b.key
    ! keygen makes one file
    ! fix: name it with --output
    ? 1
    $ ls
    > alice.key
    > bob.key
    > …
  `,
  '--json tells file and recipient': `
    $ sotto keygen --json --output new.key
    > {"file":"new.key","recipient":"age1…
  `,
  'a folder that is not there is made, one that can not be made is an error': `
    $ sotto keygen --output deep/er/new.key
    > age1…
    $ sotto keygen --output alice.key/new.key
    ! $PWD/alice.key/new.key could not be made: …
    ! …
    ? 3
  `,
  'when the disk is full there is no empty file in the way of the next try': `
    $ trap '' XFSZ; ulimit -f 0; sotto keygen --output new.key
    ! $PWD/new.key could not be made: file too large
    ! …
    ? 3
    $ test ! -e new.key
    $ sotto keygen --output new.key
    > age1…
  `,
});
