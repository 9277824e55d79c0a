import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onTerminal, SCRIPT_MISSING, type Typed } from '../support/on-terminal.ts';
import { spawnSync } from '../support/processes.ts';
import { UNIX_MISSING } from '../support/program.ts';
import { processEnvironment, sessions, startWithFiles } from '../support/terminal.ts';

/** A vimrc of somebody who wants to keep everything, outside of the folder of the text. */
const HOARDING = `set nocompatible undofile undodir=~/kept backup writebackup backupdir=~/kept directory=~/kept
set swapfile updatecount=1 patchmode=.orig
filetype plugin on
autocmd BufWritePre * set undofile backup undodir=~/kept backupdir=~/kept
autocmd VimEnter * set undofile backup undodir=~/kept backupdir=~/kept directory=~/kept updatecount=1
`;
const VIMINFO = `set viminfo='100,n~/kept/viminfo
set viminfofile=~/kept/viminfo2
autocmd VimLeavePre * set viminfo='100,n~/kept/viminfo3
`;
const SHADA = `set shada='100,n~/kept/shada shadafile=~/kept/shada2
`;

/** The editor writes what it is told, and its user's folder keeps nothing of it. */
function keepsNothing(editor: string, settings: string, text: string): string {
  return `
    $ mkdir -p kept .config/nvim .vim/after/ftplugin; echo 'setlocal undofile' > .vim/after/ftplugin/yaml.vim
    $ printf '${text.replaceAll("'", `'"'"'`).replaceAll('\n', '\\n')}' > ${settings}
    $ (cat plain.yaml; echo '# vim: set undofile :') > p.yaml; sotto encrypt --age $ALICE p.yaml > secret.yaml
    $ HOME=$PWD XDG_CONFIG_HOME=$PWD/.config EDITOR='${editor} -c %s/8080/1/ -c wq' sotto edit secret.yaml 2> said > said
    $ sotto decrypt --extract '["port"]' secret.yaml
    > 1
    $ find . -name 'kept' -prune -exec ls {} \\;
    $ ls -d *~ *.orig .*.sw? .*.un~ .viminfo 2> said
    ? 2
  `;
}

const isThere = (program: string): boolean =>
  UNIX_MISSING === undefined && spawnSync(program, ['--version']).status === 0;

const vim = isThere('vim');
const nvim = isThere('nvim');
for (const [name, is] of Object.entries({ vim, nvim }))
  if (!is) console.info(`cli/editors: skipped: ${name} is not installed`);

sessions({
  ...(vim && {
    'vim leaves nothing behind, whatever its settings say': keepsNothing(
      'vim --not-a-term -T dumb',
      '.vimrc',
      HOARDING + VIMINFO,
    ),
  }),
  ...(nvim && {
    'nvim leaves nothing behind, whatever its settings say': keepsNothing(
      'nvim --headless',
      '.config/nvim/init.vim',
      HOARDING + SHADA,
    ),
  }),
});

/** An editor at work: what somebody types in it to change the port, and settings of one who wants to keep everything. */
interface AtWork {
  readonly command: string;
  /** Of the test's home folder. */
  readonly settings: readonly [name: string, text: string];
  readonly typed: readonly Typed[];
}

const CTRL = (key: string): string => String.fromCharCode(key.charCodeAt(0) & 31);
const SHOWN = /port/;

const TYPED = 'x: typed-s3cret\r';

const AT_WORK: { readonly [program: string]: AtWork } = {
  nano: {
    command: 'nano',
    settings: ['.config/nano/nanorc', 'set backup\nset backupdir "KEPT"\nset historylog\nset positionlog\n'],
    typed: [{ shown: SHOWN, keys: `${TYPED}${CTRL('O')}\r${CTRL('X')}` }],
  },
  emacs: {
    command: 'emacs -nw',
    settings: [
      '.emacs',
      `(setq make-backup-files t backup-directory-alist '((".*" . "KEPT")) backup-enable-predicate 'identity)`,
    ],
    typed: [{ shown: SHOWN, keys: `${TYPED}${CTRL('X')}${CTRL('S')}${CTRL('X')}${CTRL('C')}` }],
  },
  micro: {
    command: 'micro',
    settings: ['.config/micro/settings.json', '{"saveundo": true, "permbackup": true}'],
    typed: [{ shown: SHOWN, keys: `${TYPED}${CTRL('S')}${CTRL('Q')}` }],
  },
};

describe.each(Object.entries(AT_WORK))('%s', (program, { command, settings: [name, text], typed }) => {
  const missing = SCRIPT_MISSING ?? (isThere(program) ? undefined : `skipped: ${program} is not installed`);
  if (missing !== undefined) console.info(`cli/editors: ${missing}`);

  test.skipIf(missing !== undefined)('leaves no plaintext behind, whatever its settings say', async () => {
    const session = await startWithFiles();
    const environment = processEnvironment(session.folder);
    const home = session.path('home');
    mkdirSync(join(home, 'kept'), { recursive: true });
    mkdirSync(dirname(join(home, name)), { recursive: true });
    session.write(join('home', name), text.replace('KEPT', join(home, 'kept')));
    rmSync(session.path('plain.yaml'));
    const edit = `EDITOR='${command}' sotto edit secret.yaml`;
    const { exit, text: seen } = await onTerminal(
      edit,
      session.folder,
      { ...environment, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), TERM: 'xterm' },
      typed,
    );
    expect(exit, seen).toBe(0);
    expect(
      (
        await session.sotto(['decrypt', '--extract', '["x"]', 'secret.yaml'], {
          environment: { SOPS_AGE_KEY_FILE: session.path('alice.key') },
        })
      ).stdout,
    ).toBe('typed-s3cret');
    const left = spawnSync('find', [home, '-name', '*secret.yaml*'], { encoding: 'utf8' });
    expect(left.stdout).toBe('');
    expect(spawnSync('grep', ['-rl', 's3cret', session.folder], { encoding: 'utf8' }).stdout).toBe('');
    session.end();
  });
});

/** No script, and it does nothing. */
const TRUE = ['/usr/bin/true', '/bin/true'].find((path) => existsSync(path));

const FAKES = `
  $ mkdir bin; printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" > args\\n' > bin/vim; chmod +x bin/vim
  $ for name in vi.d nano nvim emacs code subl idea gvim emacsclient xdg-open; do cp bin/vim bin/$name; done; ln -s vim bin/vi; cp ${TRUE} bin/rnano
`;

// Windows has other editors, and no scripts of sh.
if (UNIX_MISSING === undefined)
  sessions({
    'an editor that is known gets its flags in front of the user’s own, and the file at the end': `${FAKES}
      $ EDITOR='bin/vim -c "set ai"' sotto edit secret.yaml 2> said; head -3 args; tail -3 args | sed 's|/.*/||'
      > -n
      > -i
      > NONE
      > -c
      > set ai
      > secret.yaml
      $ EDITOR=bin/vi sotto edit secret.yaml 2> said; head -1 args
      > -n
      $ EDITOR=bin/nvim sotto edit secret.yaml 2> said; grep -c shadafile=NONE args
      > 2
      $ EDITOR=bin/nano sotto edit secret.yaml 2> said; sed 's|/.*/||' args
      > --ignorercfiles
      > secret.yaml
      $ EDITOR='bin/nano -f mine' sotto edit secret.yaml 2> said; head -2 args
      > -f
      > mine
      $ EDITOR=bin/emacs sotto edit secret.yaml 2> said; head -1 args; grep -c 'create-lockfiles nil' args
      > --eval
      > 1
      $ EDITOR=bin/vi.d sotto edit secret.yaml 2> said; grep -c '' args
      > 1
    `,
    'an editor that would return at once is told to wait, and named': `${FAKES}
      $ EDITOR=bin/code sotto edit secret.yaml
      ! warning: code is started with --wait: without it, it returns at once, before the text is edited
      ! fix: export EDITOR='code --wait'
      ! nothing was changed in the editor
      ? 200
      $ head -1 args
      > --wait
      $ EDITOR='bin/code -w' sotto edit secret.yaml
      ! nothing was changed in the editor
      ? 200
      $ head -1 args
      > -w
      $ for name in subl idea gvim; do EDITOR=bin/$name sotto edit secret.yaml 2>&1 | head -1 | cut -d: -f2; done
      >  subl is started with --wait
      >  idea is started with --wait
      >  gvim is started with -f
      $ EDITOR=bin/xdg-open sotto edit secret.yaml
      ! the editor xdg-open returns at once, before the text is edited
      ? 201
      $ EDITOR='bin/emacsclient -n' sotto edit secret.yaml
      ! the editor emacsclient --no-wait returns at once, before the text is edited
      ? 201
    `,
    'VISUAL counts before EDITOR, but not under the name sops': `${FAKES}
      $ VISUAL='bin/nano -x' EDITOR=false sotto edit secret.yaml 2> said; head -2 args
      > --ignorercfiles
      > -x
      $ SOPS_EDITOR=bin/vi.d VISUAL=false sotto edit secret.yaml
      ! nothing was changed in the editor
      ? 200
      $ VISUAL=bin/nano EDITOR=bin/vi.d sops secret.yaml 2> said; grep -c '' args
      > 1
    `,
    'a path with blanks needs no quotes': `${FAKES}
      $ mkdir -p 'My Apps'; cp bin/vim 'My Apps/code'; mkdir 'C:\\Apps'; cp bin/vim 'C:\\Apps/mine'
      $ EDITOR="$PWD/My Apps/code -n" sotto edit secret.yaml
      ! warning: code is started with --wait: without it, it returns at once, before the text is edited
      ! …
      ? 200
      $ head -2 args
      > --wait
      > -n
    `,
    'one that is not known and ends at once is recognised, and the right setting named': `${FAKES}
      $ for name in my-wrapper flatpak; do cp bin/vim bin/$name; done
      $ EDITOR=bin/my-wrapper sotto edit secret.yaml
      ! nothing was changed in the editor
      !   at secret.yaml
      ! fix: my-wrapper ended at once; if its window is open, close it: what is saved there does not reach secret.yaml. An editor has to wait until the text is closed: export EDITOR='code --wait'
      ? 200
      $ VISUAL='bin/flatpak run com.vscodium.codium' sotto edit secret.yaml 2>&1 | grep -o 'export .*'
      > export VISUAL='bin/flatpak run com.vscodium.codium --wait'
      $ EDITOR='bin/nano' sotto edit secret.yaml 2>&1 | grep fix
      > fix: nothing was saved in the editor; save the text there to change the file
      $ EDITOR=bin/my-wrapper sops secret.yaml
      !! File has not changed, exiting.
      ? 200
    `,
    'vim in a window of its own waits, and does not hand the text over': `${FAKES}
      $ EDITOR='bin/vim -g' sotto edit secret.yaml 2> said; grep -c -- '^-f$' args
      > 1
      $ EDITOR='bin/gvim --remote-silent' sotto edit secret.yaml
      ! the editor gvim --remote-silent returns at once, before the text is edited
      ? 201
      $ EDITOR='bin/vim -u NONE' sotto edit secret.yaml 2> said; tail -3 args | head -2
      > -u
      > NONE
      $ EDITOR='bin/emacsclient -t' sotto edit secret.yaml 2> said; head -1 args
      > -t
    `,
    'a script in the place of an editor gets the file alone under the name sops': `${FAKES}
      $ for name in vim nano code xdg-open; do EDITOR=bin/$name sops secret.yaml 2> said; grep -c '' args; done
      > 1
      > 1
      > 1
      > 1
    `,
    'without a terminal, an editor that needs one is not started': `${FAKES}
      $ EDITOR=bin/rnano sotto edit secret.yaml
      ! the editor rnano needs a terminal, and there is none
      ? 201
      $ EDITOR='bin/rnano -x' sotto edit secret.yaml
      ! nothing was changed in the editor
      ? 200
      $ cp bin/rnano bin/vim; PATH=$PWD/bin:$PATH; sotto edit secret.yaml
      ! the editor vim needs a terminal, and there is none
      ? 201
    `,
  });
else test.skip('editors of Unix', () => undefined);
