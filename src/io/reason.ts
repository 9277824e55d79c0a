import { messageOf } from '../errors.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EISDIR', 'is a directory'],
  ['ENOTDIR', 'not a directory'],
  ['ENOSPC', 'no space left on device'],
  ['EROFS', 'read-only file system'],
  ['EEXIST', 'file exists'],
  ['E2BIG', 'argument list too long'],
  ['ELOOP', 'too many levels of symbolic links'],
  ['EMFILE', 'too many open files'],
  ['ENAMETOOLONG', 'file name too long'],
  ['EDQUOT', 'disk quota exceeded'],
  ['EFBIG', 'file too large'],
  ['EBUSY', 'device or resource busy'],
  ['EXDEV', 'invalid cross-device link'],
  ['EIO', 'input/output error'],
  ['ETXTBSY', 'text file busy'],
  ['EADDRINUSE', 'address already in use'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['ENOTFOUND', 'no such host'],
  ['EPIPE', 'broken pipe'],
  ['EBADF', 'bad file descriptor'],
  ['ENXIO', 'no such device or address'],
]);

/** Why a system call failed, in the system's words. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return REASONS.get(error.code) ?? error.code;
  return messageOf(error);
}
