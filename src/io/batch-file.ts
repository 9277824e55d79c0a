/** Whether a program of Windows is a batch file, which only its shell can run: `code` is `code.cmd`. */
export function isBatchFile(path: string, platform: string): boolean {
  return platform === 'win32' && /\.(?:cmd|bat)$/i.test(path);
}

/** What means something to cmd.exe. */
const SPECIAL = /[()\][%!^"`<>&|;, *?]/g;

/**
 * The words with which cmd.exe runs a batch file; they are to be handed over verbatim. An argument is read three times:
 * by cmd.exe, by the batch file's own call, and by the program that it starts.
 */
export function batchCommand(path: string, args: readonly string[]): string[] {
  const line = [path.replace(SPECIAL, '^$&'), ...args.map((arg) => escaped(escaped(quoted(arg))))].join(' ');
  return ['/d', '/s', '/c', `"${line}"`];
}

function escaped(text: string): string {
  return text.replace(SPECIAL, '^$&');
}

/** As programs of Windows take their command line apart: backslashes only count in front of a quote. */
function quoted(arg: string): string {
  return `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`;
}
