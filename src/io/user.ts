import { userInfo } from 'node:os';
import { SottoError } from '../errors.ts';
import type { Account } from './io.ts';
import { runSystemProgram } from './system-program.ts';

/** The functions that change who a process is; Node's types leave one of them out. */
interface Changeable {
  seteuid(user: string | number): void;
  setuid(user: number): void;
  setgid(group: number): void;
  initgroups(user: string, group: number): void;
  getuid(): number;
  geteuid(): number;
  getgid(): number;
  getegid(): number;
  getgroups(): number[];
}

/** A user as the system knows him. */
interface Entry {
  readonly uid: number;
  readonly gid: number;
  readonly homedir: string;
}

/**
 * Become another user, with the groups of that one, for good. Only root can.
 *
 * @throws SottoError `user-invalid`; also when the process is not that user afterwards
 */
export function becomeUser(name: string): Account {
  if (!isChangeable(process)) {
    throw new SottoError('user-invalid', 'user switching not available on windows', {
      hint: 'leave out --user, or start the command as that user',
    });
  }
  try {
    const { uid, gid, homedir } = entryOf(name, process);
    const groups = groupsOf(name);
    process.initgroups(name, gid);
    process.setgid(gid);
    process.setuid(uid);
    requireThat(isOnly(process, uid, gid, groups), name);
    return { name, home: homedir };
  } catch (error) {
    if (error instanceof SottoError) throw error;
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

function isChangeable(self: object): self is Changeable {
  return 'initgroups' in self && 'seteuid' in self;
}

/** @throws Error of Node's when there is no such user, or this process may not ask */
function entryOf(name: string, self: Changeable): Entry {
  const before = self.geteuid();
  // Node tells about the account of the effective user only.
  self.seteuid(name);
  const [uid, entry] = [self.geteuid(), userInfo()];
  self.seteuid(before);
  return entry.uid === uid ? entry : entryInSystem(name, uid);
}

/** Other runtimes tell about the account of the real user whatever the effective one is. */
function entryInSystem(name: string, uid: number): Entry {
  const [program, ...args] = process.platform === 'darwin' ? ['id', '-P', name] : ['getent', 'passwd', name];
  // A line of /etc/passwd; that of macOS has more fields before the last two.
  const fields = (runSystemProgram(program ?? '', args) ?? '').trim().split(':');
  const [gid, homedir] = [Number(fields[3] || Number.NaN), fields.at(-2)];
  requireThat(Number(fields[2]) === uid && Number.isInteger(gid), name);
  return { uid, gid, homedir: homedir ?? '/' };
}

function groupsOf(name: string): number[] {
  return (runSystemProgram('id', ['-G', name]) ?? '').trim().split(' ').map(Number);
}

/** Whether a process is this user in every respect, has these groups and no others, and can't become root again. */
function isOnly(self: Changeable, uid: number, gid: number, groups: readonly number[]): boolean {
  const own = new Set([...self.getgroups(), gid]);
  const wanted = new Set([...groups, gid]);
  return (
    [self.getuid(), self.geteuid()].every((one) => one === uid) &&
    [self.getgid(), self.getegid()].every((one) => one === gid) &&
    own.size === wanted.size &&
    [...own].every((one) => wanted.has(one)) &&
    (uid === 0 || !canBe(self, 0))
  );
}

function canBe(self: Changeable, uid: number): boolean {
  try {
    self.seteuid(uid);
    return true;
  } catch {
    return false;
  }
}

function requireThat(isSo: boolean, name: string): void {
  if (isSo) return;
  throw new SottoError('user-invalid', `this process could not become ${name} with all of his groups`, {
    hint: 'nothing was run; start the command as that user, without --user',
  });
}
