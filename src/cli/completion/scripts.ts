/** Shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;

export type Shell = (typeof SHELLS)[number];

/** The script for a shell. @param program the name that is completed, and called for the words */
export function scriptFor(shell: Shell, program: string): string {
  return SCRIPTS[shell].replaceAll('PROGRAM', program);
}

/** Each asks the program what can stand there (`completion --words`), and adds what only the shell knows: files, commands. */
const SCRIPTS: { readonly [shell in Shell]: string } = {
  bash: `# Completion of PROGRAM for bash. To load it: source <(PROGRAM completion bash)
_PROGRAM() {
  local line others= start=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $others ]]; then
      others=\${line%% *} start=\${line#* }
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(command PROGRAM completion --words -- bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $others in
    nothing) compopt +o bashdefault +o default 2>/dev/null ;;
    command)
      if declare -F _command_offset >/dev/null; then
        _command_offset $((start + 1))
      elif ((COMP_CWORD == start + 1)); then
        COMPREPLY=($(compgen -c -- "\${COMP_WORDS[COMP_CWORD]}"))
      fi
      ;;
  esac
}
complete -o bashdefault -o default -F _PROGRAM PROGRAM
`,
  zsh: `#compdef PROGRAM
# Completion of PROGRAM for zsh. To load it, behind compinit: source <(PROGRAM completion zsh)
# or put it into a folder of fpath, as _PROGRAM.
_PROGRAM() {
  local -a lines described
  local line
  lines=("\${(@f)$(command PROGRAM completion --words -- zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  case $lines[1] in
    command*)
      local -i start=\${lines[1]#command }
      shift $((start + 1)) words
      ((CURRENT -= start + 1))
      _normal
      return
      ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (($#described)); then
    _describe -V PROGRAM described
  elif [[ $lines[1] == files ]]; then
    [[ $PREFIX == -*=* ]] && compset -P '*='
    _files
  fi
}
if [[ $funcstack[1] == _PROGRAM ]]; then
  _PROGRAM "$@"
else
  compdef _PROGRAM PROGRAM
fi
`,
  fish: `# Completion of PROGRAM for fish. To load it: PROGRAM completion fish | source
# or write it to ~/.config/fish/completions/PROGRAM.fish
function __PROGRAM_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (command PROGRAM completion --words -- fish $words[2..] "$current" 2>/dev/null)
    switch "$lines[1]"
        case 'command *'
            set -l start (math (string replace 'command ' '' -- $lines[1]) + 2)
            complete -C (string join ' ' -- (string escape -- $words[$start..]) "$current")
        case files
            if set -q lines[2]
                printf '%s\\n' $lines[2..]
            else
                set -l front (string match -r -- '^-[^=]*=' "$current")
                __fish_complete_path (string replace -- "$front" '' "$current") | string replace -r -- '^' "$front"
            end
        case '*'
            set -q lines[2]; and printf '%s\\n' $lines[2..]
    end
end
complete -c PROGRAM -f -a '(__PROGRAM_complete)'
`,
  pwsh: `# Completion of PROGRAM for PowerShell. To load it: PROGRAM completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'PROGRAM' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
    $current = if ($wordToComplete -eq '') { '""' } else { "$wordToComplete" }
    $lines = @(& PROGRAM completion '--words' '--' pwsh @words $current 2>$null)
    $lines | Select-Object -Skip 1 | ForEach-Object {
        $word, $help = $_ -split "\`t", 2
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $help)
    }
}
`,
};
