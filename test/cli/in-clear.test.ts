import { describe } from 'vitest';
import { sessions } from '../support/terminal.ts';

const TOKEN = 'ENC[AES256_GCM,data:ov==,iv:aGk=,tag:aGk=,type:str]';

/** Files that lost their metadata. */
const LOST = {
  yaml: [`a: 1\\nb:\\n- ${TOKEN}\\n`, 'f.yaml', 'b[0]', ':3'],
  'a quoted one in YAML': [`a: 1\\nb: "${TOKEN}"\\n`, 'f.yaml', 'b', ':2'],
  'a block in YAML': [`a: 1\\nb: |\\n  ${TOKEN}\\n`, 'f.yaml', 'b', ':2'],
  'a comment in YAML': [`a: 1\\n#${TOKEN}\\nb: 2\\n`, 'f.yaml', 'a comment in line 2', ':2'],
  json: [`{"a": 1,\\n "b": "${TOKEN}"}\\n`, 'f.json', 'b', ':2'],
  dotenv: [`a=1\\nb=${TOKEN}\\n`, 'f.env', 'b', ':2'],
  INI: [`[s]\\na=1\\nb=${TOKEN}\\n`, 'f.ini', 's.b', ':3'],
  TOML: [`a = 1\\nb = "${TOKEN}"\\n`, 'f.toml', 'b', ':2'],
  binary: [`${TOKEN}\\n`, 'f.bin', 'data', ''],
} as const;

describe.each(Object.entries(LOST))('tokens without metadata: %s', (_, [text, file, place, line]) => {
  sessions({
    'are not encrypted once more, but by sops': `
      $ printf '${text}' > ${file}
      $ cp ${file} before
      $ sotto encrypt -i --age $ALICE ${file}
      ! ${place} is encrypted already, but the sops block that belongs to it is not there
      !   at ${file}${line}
      ! fix: restore the file from git, block and all ("git log -p ${file}" shows it); or take the value out, and set it anew
      ! …
      ? 203
      $ cmp ${file} before
      $ sops encrypt -i --age $ALICE ${file}
      $ grep -c sops ${file} | grep -c -v ^0
      > 1
    `,
  });
});

const WANTED =
  'fix: the file stands in clear, although rule 1 of $PWD/.sops.yaml wants it encrypted; "sotto encrypt -i';

/** Commands that want an encrypted file. */
const COMMANDS = [
  'decrypt FILE',
  'decrypt -i FILE secret.json',
  `set FILE '["a"]' '"b"'`,
  `unset FILE '["a"]'`,
  'edit FILE',
  'rotate -i FILE',
  'rotate --check FILE secret.json',
  'updatekeys --yes FILE',
  'updatekeys --check FILE secret.json',
  'groups add -i --file FILE --age $BOB',
  'groups delete -i --file FILE 1',
  'run -f FILE -- true',
  'exec-env FILE true',
  'exec-file FILE true',
  'render -f FILE alice.key',
  'encrypt -i --onto FILE secret.key',
];

describe.each(['plain.yaml', 'plain.json', 'p.env', 'p.ini', 'p.toml', 'p.bin'])('%s in clear', (file) => {
  sessions({
    'is named with its rule by whatever wants it encrypted': `
      $ printf 'creation_rules:\\n- age: $ALICE\\n' > .sops.yaml
      $ printf 'a=b\\n' > p.env
      $ printf '[s]\\na=b\\n' > p.ini
      $ printf 'a = "b"\\n' > p.toml
      $ printf 'text' > p.bin
      $ cp alice.key secret.key
      $ cp ${file} before
      ${COMMANDS.map(
        (command) => `
          $ EDITOR=true sotto ${command.replace('FILE', file)} 2> err
          ? 1
          $ grep -c -F '${WANTED} ${file}" does that' err
          > 1
        `,
      ).join('\n')}
      $ cmp ${file} before
      $ sops decrypt ${file} 2> err
      ? 1
      $ grep -c clear err
      > 0
      ? 1
    `,
  });
});

sessions({
  'filestatus warns of it, and answers as ever': `
    $ printf 'creation_rules:\\n- path_regex: plain\\n  age: $ALICE\\n' > .sops.yaml
    $ sotto filestatus plain.yaml
    > {"encrypted":false}
    ! warning: plain.yaml: the file stands in clear, although rule 1 of $PWD/.sops.yaml wants it encrypted; "sotto encrypt -i plain.yaml" does that
    $ sops filestatus plain.yaml
    > {"encrypted":false}
    $ cp plain.yaml other.yaml
    $ sotto filestatus other.yaml
    > {"encrypted":false}
  `,
  'without a rule the hint is the one for any file': `
    $ sotto decrypt plain.yaml
    ! the file is not encrypted
    !   at plain.yaml
    ! fix: "sotto encrypt -i plain.yaml" encrypts it
    ! …
    ? 1
  `,
  'tokens without metadata are not told to be encrypted': `
    $ sed '/^sops:/,$d' secret.yaml > f.yaml
    $ sotto decrypt f.yaml
    ! the file has encrypted values, but not the sops block that belongs to them
    !   at f.yaml
    ! fix: restore it from git, block and all
    ! …
    ? 1
    $ sotto encrypt -i --onto secret.yaml f.yaml
    ! a comment in line 1 is encrypted already, but the sops block that belongs to it is not there
    ! …
    ? 203
  `,
  'several files: one with stray tokens, and none is written': `
    $ printf 'a: ${TOKEN}\\n' > f.yaml
    $ cp plain.yaml a.yaml
    $ sotto encrypt -i --age $ALICE a.yaml f.yaml
    ! a is encrypted already, but the sops block that belongs to it is not there
    ! …
    ? 1
    $ cmp a.yaml plain.yaml
  `,
  'a value that only speaks of a token is encrypted': `
    $ printf 'a: see ${TOKEN} for how it looks\\n' > f.yaml
    $ sotto encrypt -i --age $ALICE f.yaml
    $ sotto decrypt f.yaml
    > a: see ENC[str] for how it looks
  `,
});
