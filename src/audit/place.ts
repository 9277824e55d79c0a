import { dirname, join, relative, resolve } from 'node:path';
import type { KeyHost } from '../keys/host.ts';

/** Where a file is in git. */
export interface GitPlace {
  /** The work tree. */
  readonly folder: string;
  /** The file, from there. */
  readonly path: string;
  /** Where `origin` is, without names and passwords in it. */
  readonly remote?: string;
  /** What is checked out; `undefined` where there is none yet. */
  readonly commit: string | undefined;
}

const OBJECT = /^[0-9a-f]{40,64}$/;

/**
 * Where a file is in git. Its files are read: starting git would take longer than all the rest.
 *
 * @returns `undefined` if it is in no work tree
 */
export function placeInGit(
  host: Pick<KeyHost, 'readBytes'> & { exists(path: string): boolean },
  file: string,
): GitPlace | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const marker = join(folder, '.git');
    if (host.exists(marker)) {
      const { head, common } = gitFolder(host, marker);
      const remote = remoteOf(textIn(host, join(common, 'config')));
      return {
        folder,
        path: relative(folder, file).replaceAll('\\', '/'),
        ...(remote === undefined ? {} : { remote }),
        commit: commitAt(host, head, common),
      };
    }
    if (dirname(folder) === folder) return undefined;
  }
}

interface GitFolder {
  /** What stands in its HEAD. */
  readonly head: string;
  /** The same for all work trees of a repository. */
  readonly common: string;
}

/** Of a further work tree, `.git` is a file that says where the rest is. */
function gitFolder(host: Pick<KeyHost, 'readBytes'>, marker: string): GitFolder {
  const head = textIn(host, join(marker, 'HEAD')).trim();
  if (head !== '') return { head, common: marker };
  const [, named] = /^gitdir: (.+)$/m.exec(textIn(host, marker)) ?? [];
  if (named === undefined) return { head, common: marker };
  const own = resolve(dirname(marker), named);
  const shared = textIn(host, join(own, 'commondir')).trim();
  return { head: textIn(host, join(own, 'HEAD')).trim(), common: resolve(own, shared) };
}

function commitAt(host: Pick<KeyHost, 'readBytes'>, head: string, common: string): string | undefined {
  const [, branch] = /^ref: (refs\/[^\s]+)$/.exec(head) ?? [];
  if (branch === undefined) return OBJECT.test(head) ? head : undefined;
  const loose = textIn(host, join(common, ...branch.split('/'))).trim();
  if (OBJECT.test(loose)) return loose;
  const packed = textIn(host, join(common, 'packed-refs'));
  const line = packed.split('\n').find((one) => one.endsWith(` ${branch}`));
  const [commit = ''] = line?.split(' ') ?? [];
  return OBJECT.test(commit) ? commit : undefined;
}

function remoteOf(config: string): string | undefined {
  const [, section = ''] = /^\[remote "origin"\]\n((?:[ \t]+.*\n?)*)/m.exec(config) ?? [];
  const [, url] = /^[ \t]*url[ \t]*=[ \t]*(\S+)$/m.exec(section) ?? [];
  // A password may stand there; the name of a user is not what it is about either.
  return url?.replace(/:\/\/[^/]*@/, '://').replace(/[?#].*$/, '');
}

function textIn(host: Pick<KeyHost, 'readBytes'>, path: string): string {
  try {
    return Buffer.from(host.readBytes(path) ?? []).toString('utf8');
  } catch {
    return '';
  }
}
