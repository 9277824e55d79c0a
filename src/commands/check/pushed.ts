import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';

const NOTHING = /^0+$/;

/**
 * The commits that git is about to push: lines of `LOCAL-REF ID REMOTE-REF ID` on stdin (githooks(5), pre-push).
 *
 * @param remote its name; what it has already is not looked at
 * @returns what `git log` takes; `undefined` if there are none
 */
export async function pushedRange(
  repository: Repository,
  remote: string | undefined,
  io: Io,
): Promise<string[] | undefined> {
  const lines = Buffer.from(await io.readStdin())
    .toString()
    .split('\n');
  const wanted: string[] = [];
  const there: string[] = [];
  for (const line of lines) {
    const [, local = '', , known = ''] = line.split(' ');
    if (!/^[0-9a-f]{40,64}$/.test(local) || NOTHING.test(local)) continue;
    wanted.push(local);
    if (!NOTHING.test(known) && (await repository.find(`${known}^{commit}`)) !== undefined)
      there.push(`^${known}`);
  }
  if (wanted.length === 0) return undefined;
  const named = remote !== undefined && /^[\w.-]+$/.test(remote) ? [`--remotes=${remote}`] : ['--remotes'];
  return [...wanted, ...there, '--not', ...named];
}
