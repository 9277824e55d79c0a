import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makePrivateFolder } from '../../src/io/private-folder.ts';
import { commandLine } from '../support/program.ts';
import { startSession } from '../support/session.ts';
import { processEnvironment, RECIPIENTS, sessions, startWithFiles } from '../support/terminal.ts';

/** Write an editor: a shell script that gets the file as $1. */
const editor = (script: string): string =>
  `printf '%s\\n' '#!/bin/sh' ${script
    .trim()
    .split('\n')
    .map((line) => `'${line.trim().replaceAll("'", "'\\''")}'`)
    .join(' ')} > ed; chmod +x ed`;

const NOTHING_LEFT = `$ ls -d sotto-* 2> /dev/null | wc -l
    > 0`;

sessions({
  'the editor gets the plain text under the file’s own name, where nobody else can read it': `
    $ ${editor(`cmp "$1" plain.yaml && stat -c %a "$(dirname "$1")" "$1" > seen
      basename "$1" >> seen
      sed -i s/8080/9090/ "$1"`)}
    $ EDITOR=./ed sotto edit secret.yaml
    $ cat seen
    > 700
    > 600
    > secret.yaml
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 9090
    ${NOTHING_LEFT}
  `,
  'only what changed changes in the file': `
    $ cp secret.yaml before.yaml
    $ EDITOR='sed -i s/8080/9090/' sotto edit secret.yaml
    $ diff before.yaml secret.yaml | grep '^>' | grep -vc lastmodified
    > 3
  `,
  'MAC and time stay where no value changed, so that the change merges with that of a value': `
    $ grep -E '^ +(mac|lastmodified):' secret.yaml > before
    $ EDITOR='sed -i "1i # a new comment"' sotto edit secret.yaml
    $ sotto decrypt secret.yaml > edited.yaml
    $ head -n 1 edited.yaml
    > # a new comment
    $ echo '# and another' >> edited.yaml
    $ sotto encrypt -i --onto secret.yaml edited.yaml
    $ sotto decrypt secret.yaml | tail -n 1
    > # and another
    $ sotto set secret.yaml '["port"]' 8080
    $ grep -E '^ +(mac|lastmodified):' secret.yaml > after
    $ cmp before after
    $ EDITOR='sed -i 1d' sops edit secret.yaml
    $ grep -E '^ +mac:' secret.yaml > after
    $ grep -c -F -f after before
    > 0
    ? 1
  `,
  'EDITOR is split like a shell does, and SOPS_EDITOR beats it': `
    $ mkdir 'my tools'
    $ ${editor(`printf '%s\\n' "$#" "$1" "$2" > seen
      sed -i s/8080/9090/ "$3"`)}
    $ mv ed 'my tools'
    $ EDITOR="'my tools/ed' --wait \\"two words\\"" sotto edit secret.yaml
    $ cat seen
    > 3
    > --wait
    > two words
    $ SOPS_EDITOR='sed -i s/9090/1/' EDITOR=false sotto edit secret.yaml
    $ SOPS_EDITOR= EDITOR='sed -i s/ratio/rate/' sotto edit secret.yaml
    $ sotto decrypt secret.yaml | sed -n 3,4p
    > port: 1
    > rate: 1.50
  `,
  'an editor that fails ends with 201, and the file is as it was': `
    $ cp secret.yaml before.yaml
    $ EDITOR=false sotto edit secret.yaml
    ! the editor failed: exit status 1
    !   at secret.yaml
    ! fix: check SOPS_EDITOR and EDITOR; nothing was written
    ? 201
    $ EDITOR='sh -c "kill -9 $$"' sotto edit secret.yaml
    ! the editor failed: signal SIGKILL
    ? 201
    $ EDITOR=/nowhere/ed sotto edit secret.yaml
    ! the editor failed: /nowhere/ed: no such file or directory
    ? 201
    $ EDITOR="'" sotto edit secret.yaml
    ! EDITOR is no command: a quote is not closed
    ? 201
    $ SOPS_EDITOR=' ' sotto edit secret.yaml
    ! SOPS_EDITOR is blank
    !   at secret.yaml
    ! fix: set it to a command, or leave it out: unset SOPS_EDITOR
    ? 201
    $ PATH=/nowhere sotto edit secret.yaml
    ! no editor was found
    ! …
    ? 201
    $ cmp secret.yaml before.yaml
    ${NOTHING_LEFT}
  `,
  'without a variable vim, nano and vi are tried': `
    $ mkdir bin
    $ ${editor(`/bin/sed -i s/8080/9090/ "$1"`)}
    $ cp ed bin/vi
    $ PATH=$PWD/bin sotto edit secret.yaml
    $ printf '#!/bin/sh\\nexit 3\\n' > bin/nano
    $ chmod +x bin/nano
    $ PATH=$PWD/bin sotto edit secret.yaml
    ! the editor failed: exit status 3
    ? 201
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 9090
  `,
  'what was not changed ends with 200, and is not written': `
    $ cp -p secret.yaml before.yaml
    $ EDITOR=true sotto edit secret.yaml
    ! nothing was changed in the editor
    ? 200
    $ EDITOR='touch -d 2001-01-01' sotto edit secret.yaml
    ! nothing was changed in the editor
    ? 200
    $ cmp secret.yaml before.yaml
    $ find . -name secret.yaml -newer before.yaml
    ${NOTHING_LEFT}
  `,
  'invalid text goes back to the editor, as it is': `
    $ ${editor(`if [ -e again ]; then grep -q 'a: \\[' "$1" && echo 'a: [1]' > "$1"
      else touch again; echo 'a: [' > "$1"; fi`)}
    $ EDITOR=./ed sotto edit secret.yaml
    < 
    ! not valid YAML: did not find expected node content
    !   at line 2, column 1
    ! explain: sotto explain input-invalid
    !! Press enter to return to the editor, or Ctrl+C to exit.
    $ sotto decrypt secret.yaml
    > a: [1]
  `,
  'so do another encoding, an empty file, and the reserved key': `
    $ ${editor(`n=$(cat n 2> /dev/null || echo 0); echo $((n + 1)) > n
      case $n in
      0) printf 'a: \\377\\n' > "$1" ;;
      1) : > "$1" ;;
      2) echo 'sops: 1' > "$1" ;;
      3) echo '- a' > "$1" ;;
      4) echo 'a: 1' > "$1" ;;
      esac`)}
    $ EDITOR=./ed sotto edit secret.yaml
    < 
    < 
    < 
    < 
    ! the file is not in UTF-8
    ! fix: …
    ! explain: sotto explain input-invalid
    ! Press enter to return to the editor, or Ctrl+C to exit.
    ! the file is empty
    ! fix: an empty mapping, {}, is enough
    ! explain: sotto explain no-document
    ! Press enter …
    ! the file is encrypted already, or has an entry called 'sops' of its own
    ! fix: …
    ! explain: sotto explain already-encrypted
    ! Press enter …
    ! the document is a list; sops needs a mapping at the top
    !   at line 1, column 1
    ! fix: …
    !! Press enter …
    $ sotto decrypt secret.yaml
    > a: 1
  `,
  'who does not go back loses the text, not the file': `
    $ cp secret.yaml before.yaml
    $ EDITOR='sh -c "echo a: [ > $0"' sotto edit secret.yaml
    ! not valid YAML: …
    !   at line 2, column 1
    ! explain: sotto explain input-invalid
    ! Press enter to return to the editor, or Ctrl+C to exit.
    ! canceled
    !   at secret.yaml
    ! fix: nothing was written
    ! explain: sotto explain canceled
    ? 2
    $ cmp secret.yaml before.yaml
    ${NOTHING_LEFT}
  `,
  'editors that write another file in its place, truncate it, or leave others beside it': `
    $ ${editor(`sed s/8080/9090/ "$1" > "$1.new"; mv "$1.new" "$1"; cp "$1" "$1~"`)}
    $ EDITOR=./ed sotto edit secret.yaml
    $ ${editor(`text=$(sed s/9090/1/ "$1"); : > "$1"; printf '%s\\n' "$text" >> "$1"`)}
    $ EDITOR=./ed sotto edit secret.yaml
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 1
    ${NOTHING_LEFT}
  `,
  'an editor that removes the file changes nothing': `
    $ cp secret.yaml before.yaml
    $ EDITOR=rm sotto edit secret.yaml
    ! the editor removed its copy of secret.yaml
    ! fix: secret.yaml is as it was; an editor has to leave the text under the name that it was given
    ? 2
    $ cmp secret.yaml before.yaml
    ${NOTHING_LEFT}
  `,
  'a new file begins with an example; left as it is, it is not made': `
    $ EDITOR='cp -t . ' sotto edit --age $ALICE new.yaml
    ! nothing was changed in the editor
    ? 200
    $ cat new.yaml
    > hello: Welcome to sotto! Edit this file as you please!
    > …
    $ rm new.yaml
    $ EDITOR=true sops --age $ALICE new.json
    ! File has not changed, exiting.
    ? 200
    $ ls new*
    ! ls: cannot access 'new*': No such file or directory
    ? 2
  `,
  'a new file is encrypted by its rule, or by flags': `
    $ printf 'creation_rules:\\n  - path_regex: ^new\\n    age: $BOB\\n    encrypted_regex: number\\n' > .sops.yaml
    $ EDITOR='sed -i s/1234/4321/' sotto edit new.yaml
    $ grep -E '^example_(number|key)|recipient|_regex' new.yaml
    > example_key: example_value
    > example_number: ENC[float]
    >           recipient: $BOB
    >     encrypted_regex: number
    $ stat -c %a new.yaml | grep -v '[2367]$'
    > 644
    $ EDITOR='sed -i s/1234/4321/' sotto edit --age $ALICE new.json
    $ sotto decrypt --extract '["example_number"]' new.json
    >| 4321.56789
    $ EDITOR='sed -i s/1234/4321/' sotto edit other.yaml
    ! no rule matches other.yaml
    ? 1
    $ rm .sops.yaml
    $ EDITOR='sed -i s/1234/4321/' sotto edit other.yaml
    ! nothing says for whom to encrypt: there is no .sops.yaml here, nor above
    ? 1
    $ EDITOR='sed -i s/1234/4321/' sotto edit --age $ALICE nowhere/other.yaml
    ! can't write $PWD/nowhere/other.yaml: no such file or directory
    ! …
    ? 3
  `,
  'a text that can not be written is not lost: there is time to make room': `
    $ mkdir deep
    $ ${editor(`if mv deep away; then sed -i s/1234/4321/ "$1"; else mv away deep; fi`)}
    $ EDITOR=./ed sotto edit --age $ALICE deep/new.yaml
    <
    ! can't write $PWD/deep/new.yaml: no such file or directory
    ! …
    $ sotto decrypt --extract '["example_number"]' deep/new.yaml
    > 4321.56789
  `,
  'what others wrote meanwhile stays, and the edited text is kept beside it, encrypted': `
    $ cp secret.yaml theirs.yaml
    $ sotto set theirs.yaml '["port"]' 1
    $ ${editor(`cp theirs.yaml secret.yaml; sed -i s/8080/9090/ "$1"`)}
    $ EDITOR=./ed sotto edit secret.yaml
    ! secret.yaml was changed while you edited it; it is left as it is
    ! fix: your version is in secret.edited.yaml, encrypted; compare the two with "sotto decrypt"
    ? 3
    $ cmp secret.yaml theirs.yaml
    $ sotto decrypt --extract '["port"]' secret.edited.yaml
    > 9090
    $ ${editor(`rm secret.yaml; sed -i "s/^port:.*/port: 2/" "$1"`)}
    $ EDITOR=./ed sotto edit secret.yaml
    ! secret.yaml was changed while you edited it; it is left as it is
    ! fix: your version is in secret.edited-2.yaml, encrypted; compare the two with "sotto decrypt"
    ? 3
    $ sotto decrypt --extract '["port"]' secret.edited-2.yaml
    > 2
    $ ls secret*.yaml
    > secret.edited-2.yaml
    > secret.edited.yaml
  `,
  'a file that somebody made while a new one was edited stays, too': `
    $ ${editor(`echo theirs > new.yaml; echo 'a: 1' > "$1"`)}
    $ EDITOR=./ed sotto edit --age $ALICE new.yaml
    ! new.yaml was changed while you edited it; it is left as it is
    ? 3
    $ cat new.yaml
    > theirs
    $ sotto decrypt new.edited.yaml
    > a: 1
  `,
  '--show-master-keys shows the metadata; what is changed in it has no effect': `
    $ ${editor(`grep -c 'recipient: age1' "$1" > seen; sed -i 's/8080/9090/; s/^    version: .*/    version: 1.0.0/' "$1"`)}
    $ EDITOR=./ed sotto edit -s secret.yaml
    $ cat seen
    > 1
    $ grep -E '^    version' secret.yaml
    >     version: 3.13.2
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 9090
    $ EDITOR=true sotto -s secret.json
    ! nothing was changed in the editor
    ? 200
  `,
  'another format comes out with --output-type': `
    $ EDITOR='sed -i s/8080/9090/' sotto edit --output-type yaml secret.json
    $ sotto decrypt --input-type yaml --output-type yaml --extract '["port"]' secret.json
    > 9090
  `,
  'what can not be opened is not edited': `
    $ EDITOR=touch sotto edit plain.yaml
    ! the file is not encrypted
    ? 1
    $ SOPS_AGE_KEY_FILE=none EDITOR=touch sotto edit secret.yaml
    ! you can't open …
    ? 128
    $ sed -i s/db.internal/db.external/ secret.yaml
    $ EDITOR=true sotto edit secret.yaml
    ! MAC mismatch: …
    ? 51
    $ cp secret.yaml other.yaml
    $ EDITOR='sed -i s/8080/9090/' sotto edit --ignore-mac secret.yaml
    ! warning: the MAC does not fit; not vouched for: the values in clear (host_unencrypted), and …
    $ sotto decrypt --extract '["host_unencrypted"]' secret.yaml
    >| db.external
    $ EDITOR=true sotto edit --ignore-mac other.yaml
    ! warning: the MAC does not fit; …
    $ sotto decrypt --extract '["host_unencrypted"]' other.yaml
    >| db.external
  `,
  'a second file is ignored with a warning': `
    $ EDITOR='sed -i s/8080/9090/' sotto edit secret.yaml secret.json
    ! warning: More than one positional argument provided. Only the first one will be used!
    $ sotto decrypt --extract '["port"]' secret.json
    >| 8080
  `,
  '--json tells what was written': `
    $ EDITOR='sed -i s/8080/9090/' sotto edit --json secret.yaml
    > {"file":"secret.yaml","written":"secret.yaml","changed":true,"warnings":[]}
  `,
});

/** The outcome of a process. */
function ended(child: ChildProcess): Promise<{ exit: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((accept) => child.on('close', (exit) => accept({ exit, stderr })));
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 1000) throw new Error('waited in vain');
    await new Promise((accept) => setTimeout(accept, 10));
  }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while the editor runs leaves nothing',
  async (signal) => {
    const session = await startWithFiles();
    const before = session.read('secret.yaml');
    // The editor ends with the signal that sotto hands on, and says so.
    session.write(
      'ed',
      '#!/bin/sh\ntrap "touch gone; exit 1" TERM\ntouch here\nwhile :; do sleep 0.05; done\n',
    );
    chmodSync(session.path('ed'), 0o755);
    const child = spawn(...commandLine(['edit', 'secret.yaml']), {
      cwd: session.folder,
      env: { ...processEnvironment(session.folder), EDITOR: './ed' },
    });
    const outcome = ended(child);
    await until(() => existsSync(session.path('here')));
    const [folder = ''] = readdirSync(session.folder).filter((name) => name.startsWith('sotto-'));
    expect(statSync(session.path(folder)).mode & 0o777).toBe(0o700);
    child.kill(signal);
    expect(await outcome).toEqual({
      exit: 1,
      stderr:
        'error: canceled\n  at secret.yaml\nfix: nothing was written\nexplain: sotto explain canceled\n',
    });
    await until(() => existsSync(session.path('gone')));
    expect(readdirSync(session.folder).filter((name) => name.startsWith('sotto-'))).toEqual([]);
    expect(session.read('secret.yaml')).toBe(before);
    session.end();
  },
);

test('a signal while it asks whether to go back to the editor leaves nothing', async () => {
  const session = await startWithFiles();
  const child = spawn(...commandLine(['edit', '--age', RECIPIENTS['ALICE'] ?? '', 'new.yaml']), {
    cwd: session.folder,
    env: { ...processEnvironment(session.folder), EDITOR: 'sh -c "echo a: [ > $0"' },
  });
  let seen = '';
  child.stderr.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const outcome = ended(child);
  await until(() => seen.includes('Press enter'));
  child.kill('SIGINT');
  const { exit, stderr } = await outcome;
  expect(exit).toBe(1);
  expect(stderr).toMatch(/\nUser canceled operation\n$/);
  expect(
    readdirSync(session.folder).filter((name) => name.startsWith('sotto-') || name === 'new.yaml'),
  ).toEqual([]);
  session.end();
});

test('without TMPDIR the text is kept in memory, where the system has such a place', () => {
  const session = startSession();
  const folder = makePrivateFolder({ XDG_RUNTIME_DIR: session.folder });
  expect(folder.path.startsWith(session.folder)).toBe(true);
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  writeFileSync(`${folder.path}/x`, 'secret');
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
  const usual = makePrivateFolder({});
  const isInMemory = existsSync('/dev/shm');
  expect(usual.path.startsWith('/dev/shm/')).toBe(isInMemory);
  usual.remove();
  session.end();
  expect(() => makePrivateFolder({ TMPDIR: '/nowhere' })).toThrow("can't make a folder for temporary files");
});
