/**
 * Let a shell command take the place of this process. It only comes back where this version of Node can't do that
 * (before 22.15 and 23.11, and on Windows).
 */
export function replaceProcess(
  command: string,
  environment: { readonly [name: string]: string | undefined },
): void {
  if (process.platform === 'win32' || !('execve' in process)) return;
  const { execve } = process;
  if (typeof execve === 'function') execve.call(process, '/bin/sh', ['/bin/sh', '-c', command], environment);
}
