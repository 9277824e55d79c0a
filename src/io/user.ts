import { userInfo } from 'node:os';
import { SottoError } from '../errors.ts';
import type { Account } from './io.ts';

/**
 * Become another user, with the groups of that one, for good. Only root can.
 *
 * @throws SottoError `user-invalid`
 */
export function becomeUser(name: string): Account {
  const { geteuid, seteuid, setgid, setuid } = process;
  if (!geteuid || !seteuid || !setgid || !setuid || !hasGroups(process)) {
    throw new SottoError('user-invalid', 'user switching not available on windows', {
      hint: 'leave out --user, or start the command as that user',
    });
  }
  const before = geteuid();
  try {
    // Node tells about the account of the effective user only.
    seteuid(name);
    const { uid, gid, homedir } = userInfo();
    seteuid(before);
    process.initgroups(name, gid);
    setgid(gid);
    setuid(uid);
    return { name, home: homedir };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isUnknown = code !== 'EPERM';
    throw new SottoError(
      'user-invalid',
      isUnknown ? `user: unknown user ${name}` : 'operation not permitted',
      {
        hint: isUnknown ? 'check the name of --user' : 'only root can run a command as somebody else',
        cause: error,
      },
    );
  }
}

/** Node's types leave it out. */
function hasGroups(self: object): self is { initgroups(user: string, group: number): void } {
  return 'initgroups' in self && typeof self.initgroups === 'function';
}
