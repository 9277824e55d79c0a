import { ENVIRONMENT, type GitHost } from './host.ts';

/** A setting of git. */
export interface GitSetting {
  /** In lower case but for the part in the middle. */
  readonly name: string;
  /** `true` where there is a name alone. */
  readonly value: string;
}

/**
 * Settings of git in the working folder, whether or not it is in a repository; of all scopes, later ones count.
 *
 * @param pattern an extended regular expression for their names
 * @returns none where git is not there, or reads no settings
 */
export async function gitSettings(host: GitHost, pattern: string): Promise<GitSetting[]> {
  const path = host.findProgram('git');
  if (path === undefined) return [];
  const { stdout } = await host.runProgram(path, ['config', '--null', '--get-regexp', pattern], {
    environment: ENVIRONMENT,
  });
  const entries = Buffer.from(stdout).toString('utf8').split('\0').slice(0, -1);
  return entries.map((entry) => {
    const end = entry.indexOf('\n');
    return end < 0
      ? { name: entry, value: 'true' }
      : { name: entry.slice(0, end), value: entry.slice(end + 1) };
  });
}
