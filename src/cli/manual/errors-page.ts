import { EXIT_STATUS } from '../../errors.ts';
import { ERROR_CODES, EXPLANATIONS, statusesOf } from '../explanations.ts';

/** The text of docs/errors.md. */
export function errorsPage(): string {
  return `${[
    '# Errors',
    'Every error has a code, which is shown below its message, stands in `error.code` of `--json`, and is explained by `sotto explain CODE`. The exit statuses are those of sops where sops has one. This page is made by `npm run docs`.',
    'Besides: 0 when all is well; 1 when some of several files failed, or `--check` found something; `run`, `exec-env` and `exec-file` end with the status of their command.',
    statuses()
      .map(([status, codes]) => `- **${status}**: ${codes.map(link).join(', ')}`)
      .join('\n'),
    ...ERROR_CODES.map((code) => {
      const { title, cause, fix } = EXPLANATIONS[code];
      return [
        `## ${code}`,
        `${title.charAt(0).toUpperCase()}${title.slice(1)}. Exit status ${statusesOf(code)}.`,
        `**Cause.** ${escaped(cause)}`,
        `**Fix.** ${escaped(fix)}`,
      ].join('\n\n');
    }),
  ].join('\n\n')}\n`;
}

/** The usual exit statuses in order, with their codes. */
function statuses(): [status: number, codes: string[]][] {
  const all = [...new Set(ERROR_CODES.map((code) => EXIT_STATUS[code]))].sort((a, b) => a - b);
  return all.map((status) => [status, ERROR_CODES.filter((code) => EXIT_STATUS[code] === status)]);
}

function link(code: string): string {
  return `[${code}](#${code})`;
}

/** What Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[*_<>[\]\\]/g, '\\$&');
}
