import { documentedDifference } from '../../support/documented-difference.ts';
import { sessions } from '../../support/terminal.ts';

/** cli-surface.md, section 6: completion. What the scripts complete is in test/cli/completion.test.ts. */
sessions({
  'completion bash and completion zsh: the script on stdout': `
    $ sops completion bash | bash -n
    $ sops completion bash | tail -1 | grep -o '^complete -o bashdefault -o default .* sops$' | tail -c 6
    >  sops
    $ sops completion zsh | head -1
    > #compdef sops
    $ sops completion bash more | bash -n
  `,
  'completion takes no flags but --help; without a shell it prints its help': `
    $ sops completion --help > help
    $ sops completion | cmp - help
    $ sops completion bash --help > out
    $ sops completion --wibble 2>&1 > /dev/null | grep -o 'flag provided.*'
    > flag provided but not defined: -wibble"
  `,
  'another shell is an unknown topic of help': `
    $ sops completion wibble
    !! No help topic for 'wibble'
    ? 3
  `,
  '--generate-bash-completion last: names of commands, or flags of the command, one a line': `
    $ sops --generate-bash-completion | grep -cxE 'publish|keyservice|completion'
    > 3
    $ sops publish --generate-bash-completion
    $ sops publish --o --generate-bash-completion | grep -x -- --omit-extensions
    > --omit-extensions
    $ sops keyservice --a --generate-bash-completion | grep -x -- --address
    > --address
    $ sops completion --generate-bash-completion | grep -xE 'bash|zsh'
    > bash
    > zsh
  `,
});

documentedDifference('the scripts of `completion`', {
  'they know more than names': `
    $ sops completion bash | grep -c generate-bash-completion
    > 0
    ? 1
  `,
});
