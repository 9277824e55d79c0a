import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 6: exec-env, exec-file. The commands are children, so they print into files. */
const SEAL = (name: string, text: string): string => `
    $ printf '${text}' > ${name}
    $ sops encrypt -i -a $ALICE ${name}`;

sessions({
  'exec-env: the parent’s environment and the first document’s values; the file wins': `${SEAL('a.yaml', 'name: shop\\nHOME: theirs\\n')}
    $ sops exec-env a.yaml 'echo "$name $HOME"; test -n "$TMPDIR"'
    > shop theirs
  `,
  'exec-env: not strings are 1.0, true, RFC 3339, <nil>; comments are skipped': `${SEAL('a.yaml', '# no\\nf: 1.0\\nb: true\\nt: 2024-01-02T03:04:05Z\\nn: null\\ni: 7\\n')}
    $ sops exec-env a.yaml 'echo "$f $b $t $n $i"'
    > 1.0 true 2024-01-02T03:04:05Z <nil> 7
  `,
  'exec-env: a list, a mapping or a key with = is exit 1, so INI never works': `${SEAL('a.ini', '[s]\\na = 1\\n')}${SEAL('b.json', '{"a=b": "1"}')}
    $ sops exec-env secret.json true
    !! cannot use complex value in environment; offending key database
    ? 1
    $ sops exec-env a.ini true
    ! cannot use complex value in environment; offending key …
    ? 1
    $ sops exec-env b.json true
    ! cannot use keys with '=' in environment: a=b
    ? 1
  `,
  'exec-env: --pristine drops the parent’s environment': `${SEAL('a.json', '{"name": "shop"}')}
    $ PARENT=x sops exec-env --pristine a.json 'echo "$name$PARENT"'
    > shop
  `,
  'exec-env: --same-process replaces the process; not with --background': `${SEAL('a.json', '{"name": "shop"}')}
    $ sops exec-env --same-process a.json 'echo "$name"; exit 4'
    > shop
    ? 4
    $ sops exec-env --same-process --background a.json true
    ! [CMD]…level=warning msg="exec-env's --background option is deprecated and will be removed in a future version of sops"
    !! Error: The --same-process flag cannot be used with --background
    ? 8
  `,
  'exec-env: there is no --input-type': `
    $ sops exec-env --input-type json secret.json true 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -input-type"
  `,
  'both: --user needs a user that there is': `${SEAL('a.json', '{"name": "shop"}')}
    $ sops exec-env --user wibble a.json true
    !! [EXEC]	 time="…" level=fatal msg="user: unknown user wibble"
    ? 1
    $ sops exec-file --user wibble secret.json true
    !! [EXEC]	 time="…" level=fatal msg="user: unknown user wibble"
    ? 1
  `,
  'exec-file: the text in a private folder under TMPDIR, as FIFO tmp-file; {} is replaced everywhere': `
    $ sops exec-file secret.json 'test -p {} && basename {} && stat -c %a $(dirname {}) && cat {} > copy; true'
    > tmp-file
    > 700
    $ sops decrypt secret.json | cmp - copy
    $ ls -d .sops* sotto* 2> /dev/null
    ? 2
  `,
  'exec-file: --no-fifo has a file of mode 0600, tmp-file…; --filename names it': `
    $ sops exec-file --no-fifo secret.json 'basename {} | cut -c1-8; stat -c "%a %F" {}; cat {} {} > out; true'
    > tmp-file
    > 600 regular file
    $ sops exec-file --no-fifo --filename a.json secret.json 'basename {}'
    > a.json
    $ sops exec-file --filename a.json secret.json 'basename {}'
    > a.json
  `,
  'exec-file: --filename must be local': `
    $ sops exec-file --filename /abs secret.json true
    ! The provided filename is not a local path.
    ? 1
    $ sops exec-file --filename ../up secret.json true
    ! The provided filename is not a local path.
    ? 1
  `,
  'exec-file: --output-type': `
    $ sops exec-file --output-type yaml secret.json 'cat {}'
    > name: shop
    > port: 8080
    > database:
    >     hosts:
    >         - one
    >         - two
  `,
  'both: stdin, stdout and stderr are inherited': `
    $ echo typed | sops exec-file secret.json 'cat; echo said >&2'
    > typed
    !! said
  `,
  'both: the exit status is the child’s, with a line on stderr; killed by a signal: 255': `${SEAL('a.json', '{"name": "shop"}')}
    $ sops exec-env a.json 'exit 5'
    !! exit status 5
    ? 5
    $ sops exec-file a.json 'kill -9 $$'
    !! signal: killed
    ? 255
  `,
  'both: a missing FILE is exit 2': `
    $ sops exec-env missing.json true
    !! Error reading file: open missing.json: no such file or directory
    ? 2
    $ sops exec-file missing.json true
    !! Error reading file: open missing.json: no such file or directory
    ? 2
  `,
});

documentedDifference('`exec-env` drops later documents silently', {
  'with a warning': `${SEAL('a.yaml', 'a: 1\\n---\\nb: 2\\n')}
    $ sops exec-env a.yaml 'echo "$a$b"'
    > 1
    ! [CMD]…level=warning …
  `,
});

documentedDifference('signals are not forwarded', {
  'SIGTERM ends the command, and sops with it, with 255': `${SEAL('a.json', '{"name": "shop"}')}
    $ sops exec-env a.json 'echo $$ > pid; exec sleep 30' & for i in $(seq 200); do test -s pid && break; sleep 0.05; done; kill -TERM $!; wait $!; echo $?; kill -0 $(cat pid) 2> /dev/null || echo gone
    > 255
    > gone
    !! signal: terminated
  `,
});

documentedDifference('`exec-file` without a folder for temporary files', {
  'is 3': `
    $ TMPDIR=/none sops exec-file secret.json true
    !! Could not create temporary directory: no such file or directory
    ? 3
  `,
});

documentedDifference('`exec-file --filename a/b` fails', {
  'the folder is made': `
    $ sops exec-file --no-fifo --filename a/b.json secret.json 'basename {}'
    > b.json
  `,
});
