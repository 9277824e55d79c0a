import type { CheckResult, Reported } from '../../commands/check/result.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Annotations for the log of a workflow of GitHub; file names begin at the top of the repository. */
export function githubText({ findings }: CheckResult): string {
  return findings.map(annotation).join('');
}

function annotation({ level, rule, file, region, message, fix, commit }: Reported): string {
  const place = commit === undefined ? region : undefined;
  const fields = [
    `file=${property(file)}`,
    ...(place === undefined
      ? []
      : [
          `line=${place.line}`,
          `endLine=${place.endLine}`,
          `col=${place.column}`,
          `endColumn=${place.endColumn}`,
        ]),
    `title=${property(rule)}`,
  ];
  const text = fix === undefined ? message : `${message}\nfix: ${fix.command.join(' ')}`;
  return `::${COMMANDS[level]} ${fields.join(',')}::${data(text)}\n`;
}

/** As @actions/core writes it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
