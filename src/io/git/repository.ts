import { resolve, sep } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { ProgramResult } from '../../keys/host.ts';
import { oneLine } from '../../text/printable.ts';
import { Blobs } from './blobs.ts';
import { type Change, readChanges } from './changes.ts';
import { ENVIRONMENT, type Environment, type GitHost } from './host.ts';
import { type Commit, readLog } from './log.ts';
import { records } from './records.ts';
import { type GitSetting, gitSettings } from './settings.ts';

/** A file as the index has it. */
export interface IndexEntry {
  /** Six octal digits. */
  readonly mode: string;
  readonly blob: string;
  /** 0; in a conflict 1 for the base, 2 for ours, 3 for theirs. */
  readonly stage: number;
  /** From the top of the work tree, with slashes. */
  readonly path: string;
}

/**
 * What a repository's own settings could make git do while it only reads: run a program that watches files, ask gpg about
 * signatures, page, or take locks that are in the way of others. A folder of a bare repository that lies in a work tree
 * came with somebody's commit, settings included.
 */
const GUARDS: readonly string[] = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    'core.quotePath=false',
    'log.showSignature=false',
    'safe.bareRepository=explicit',
  ].flatMap((setting) => ['-c', setting]),
];

/**
 * The git repository around a folder.
 *
 * @throws SottoError `git-missing`, `not-a-repository`, `git-failed`
 */
export async function openRepository(host: GitHost, folder: string = host.folder): Promise<Repository> {
  const path = host.findProgram('git');
  if (path === undefined) {
    throw new SottoError('git-missing', 'git was not found', {
      hint: 'install it, or put its folder into PATH; a folder that PATH names without a full path does not count',
    });
  }
  const start = folder === host.folder ? [] : ['-C', folder];
  const asked = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir', '--show-prefix'];
  const args = [...GUARDS, ...start, 'rev-parse', ...asked, '--revs-only', 'HEAD'];
  const result = await run(host, path, args);
  if (result.status !== 0) throw notThere(folder, result);
  const [root, gitFolder, common, prefix, head, ...more] = textOf(result.stdout).split('\n');
  if (root === undefined || gitFolder === undefined || common === undefined || more.length > 1)
    throw failed('rev-parse', 'the name of the folder has line breaks');
  return new Repository(host, path, {
    root,
    gitFolder,
    commonFolder: resolve(folder, common),
    prefix: prefix ?? '',
    head: head === '' ? undefined : head,
  });
}

/** Where a repository is; paths are absolute. */
interface Places {
  /** The top of the work tree. */
  readonly root: string;
  /** `.git`, or a linked work tree's own part of it. */
  readonly gitFolder: string;
  /** `.git`, which all work trees share. */
  readonly commonFolder: string;
  /** The folder in question from the top, with a slash behind it; empty at the top. */
  readonly prefix: string;
  /** The commit that was checked out when the repository was opened; `undefined` if there is none yet. */
  readonly head: string | undefined;
}

/** A git repository with a work tree. All is done by the user's own git, and never by a shell. */
export class Repository implements Places {
  readonly root: string;
  readonly gitFolder: string;
  readonly commonFolder: string;
  readonly prefix: string;
  readonly head: string | undefined;
  readonly #host: GitHost;
  readonly #git: string;
  /** The same repository in all commands, though they run at its top. */
  readonly #here: readonly string[];

  constructor(host: GitHost, git: string, { root, gitFolder, commonFolder, prefix, head }: Places) {
    this.#host = host;
    this.#git = git;
    this.root = root;
    this.gitFolder = gitFolder;
    this.commonFolder = commonFolder;
    this.prefix = prefix;
    this.head = head;
    this.#here = ['-C', root, `--git-dir=${gitFolder}`, `--work-tree=${root}`];
  }

  /** Run a git command at the top of the work tree. @returns how it ended, whatever that is */
  async try(args: readonly string[], stdin?: Uint8Array): Promise<ProgramResult> {
    return run(this.#host, this.#git, [...GUARDS, ...this.#here, ...args], stdin);
  }

  /** {@link try}. @returns what it printed @throws SottoError `git-failed` unless it ended with status 0 */
  async run(args: readonly string[], stdin?: Uint8Array): Promise<Uint8Array> {
    const result = await this.try(args, stdin);
    if (result.status === 0) return result.stdout;
    throw failed(args[0] ?? '', reasonIn(result));
  }

  /** What a command prints, each record of which ends with a zero byte. @throws SottoError `git-failed` at its end */
  records(args: readonly string[], environment: Environment = {}): AsyncGenerator<string> {
    const program = this.#host.startProgram(this.#git, [...GUARDS, ...this.#here, ...args], {
      ...ENVIRONMENT,
      ...environment,
    });
    return records(program, (result) => failed(args[0] ?? '', reasonIn(result)));
  }

  /** The object that a revision names, such as `HEAD`, `main~3` or `HEAD:secrets/a.yaml`; `undefined` if it names none. */
  async find(revision: string): Promise<string | undefined> {
    // It would be taken for a flag.
    if (revision.startsWith('-')) return undefined;
    const { status, stdout } = await this.try(['rev-parse', '--verify', '--quiet', revision]);
    return status === 0 ? textOf(stdout).trim() : undefined;
  }

  /** What the index holds, conflicts included. @param paths from the top; all if there are none */
  async lsFiles(paths: readonly string[] = []): Promise<IndexEntry[]> {
    const entries: IndexEntry[] = [];
    for await (const record of this.records(['ls-files', '-s', '-z', '--', ...paths])) {
      const [, mode = '', blob = '', stage = '', path = ''] = /^(\d+) (\w+) (\d)\t(.*)$/s.exec(record) ?? [];
      entries.push({ mode, blob, stage: Number(stage), path });
    }
    return entries;
  }

  /** What a revision holds. @param paths from the top; all if there are none */
  async lsTree(revision: string, paths: readonly string[] = []): Promise<IndexEntry[]> {
    const entries: IndexEntry[] = [];
    for await (const record of this.records([
      'ls-tree',
      '-r',
      '-z',
      '--full-tree',
      revision,
      '--',
      ...paths,
    ])) {
      const [, mode = '', type, blob = '', path = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(record) ?? [];
      if (type === 'blob') entries.push({ mode, blob, stage: 0, path });
    }
    return entries;
  }

  /** Which files differ between two revisions. @param paths from the top; all if there are none */
  changesBetween(from: string, to: string, paths: readonly string[] = []): Promise<Change[]> {
    return readChanges(this.records(['diff-tree', '-r', ...RAW, from, to, '--', ...paths]));
  }

  /** Which files of the index differ from a revision. */
  changesStaged(from: string, paths: readonly string[] = []): Promise<Change[]> {
    return readChanges(this.records(['diff-index', '--cached', ...RAW, from, '--', ...paths]));
  }

  /**
   * Which files of the work tree may differ from a revision; the new blob is `undefined` where only a look can tell.
   *
   * @param filters what {@link filterSettings} gives, where that was asked for before
   */
  async changesInTree(
    from: string,
    paths: readonly string[] = [],
    filters: readonly GitSetting[] | undefined = undefined,
  ): Promise<Change[]> {
    const off = withoutFilters(filters ?? (await filterSettings(this.#host)), this.#host.environment);
    return readChanges(this.records(['diff-index', ...RAW, from, '--', ...paths], off));
  }

  /** Read many objects by one process. */
  blobs(): Blobs {
    const args = [...GUARDS, ...this.#here, 'cat-file', '--batch'];
    return new Blobs(() => this.#host.startProgram(this.#git, args, ENVIRONMENT));
  }

  /** The bytes of objects, one after the other; `undefined` for one that is not there, or is too long. */
  async *catFiles(ids: Iterable<string>): AsyncGenerator<{ id: string; bytes: Uint8Array | undefined }> {
    const blobs = this.blobs();
    try {
      yield* blobs.readAll(ids);
    } finally {
      blobs.end();
    }
  }

  /**
   * Commits with what they changed, newest first. A merge comes once for each of its parents if `-m` is among the
   * arguments, else without changes.
   *
   * @param args revisions and flags of `git log`
   */
  log(args: readonly string[], paths: readonly string[] = []): AsyncGenerator<Commit> {
    return readLog((format) => this.records(['log', ...RAW, format, ...args, '--', ...paths]));
  }

  /** A setting of whatever scope; `undefined` if there is none. Programs that it names are nothing to run. */
  async config(name: string): Promise<string | undefined> {
    const { status, stdout } = await this.#config(['--get', '--null', name]);
    return status === 0 ? textOf(stdout).replace(/\0$/, '') : undefined;
  }

  /**
   * A setting that may name a program: the user's own, or one that stands in this clone's `.git`. A file that those
   * include from elsewhere may have come with somebody's commit.
   */
  async ownConfig(name: string): Promise<string | undefined> {
    const { status, stdout } = await this.#config(['--show-scope', '--show-origin', '--null', '--get', name]);
    const [scope, origin = '', value] = textOf(stdout).split('\0');
    if (status !== 0) return undefined;
    if (scope !== 'local' && scope !== 'worktree') return value;
    const file = resolve(this.root, origin.replace(/^file:/, ''));
    return [this.gitFolder, this.commonFolder].some((folder) => file.startsWith(`${folder}${sep}`))
      ? value
      : undefined;
  }

  /** All values of a setting of this clone. */
  async localConfig(name: string): Promise<string[]> {
    const { status, stdout } = await this.#config(['--local', '--get-all', '--null', name]);
    return status === 0 ? textOf(stdout).split('\0').slice(0, -1) : [];
  }

  /** Set a setting of this clone, in the place of all that it was. @throws SottoError `git-failed` */
  async setConfig(name: string, value: string): Promise<void> {
    await this.#changeConfig(['--local', '--replace-all', name, value], [0]);
  }

  /** Take a setting of this clone away, whether it was there or not. @throws SottoError `git-failed` */
  async unsetConfig(name: string): Promise<void> {
    // 5: there is no such setting (git-config(1)).
    await this.#changeConfig(['--local', '--unset-all', name], [0, 5]);
  }

  async #changeConfig(args: readonly string[], expected: readonly (number | undefined)[]): Promise<void> {
    const result = await this.#config(args);
    if (!expected.includes(result.status)) throw failed('config', reasonIn(result));
  }

  /** Without the guards, which would be among the answers. */
  #config(args: readonly string[]): Promise<ProgramResult> {
    return run(this.#host, this.#git, [...this.#here, 'config', ...args]);
  }
}

/** The settings of the filters of the working folder. */
export function filterSettings(host: GitHost): Promise<GitSetting[]> {
  return gitSettings(host, '^filter\\.');
}

/**
 * Variables that turn off all filters: git runs one where it has to look into a file to see that it is the same
 * (gitattributes(5), git-config(1)).
 */
function withoutFilters(settings: readonly GitSetting[], environment: Environment): Environment {
  const filters = [...new Set(settings.map(({ name }) => name.slice(0, name.lastIndexOf('.'))))];
  const others = filters.flatMap((filter) => [
    [`${filter}.clean`, ''],
    [`${filter}.process`, ''],
    [`${filter}.required`, 'false'],
  ]);
  const first = Number(environment['GIT_CONFIG_COUNT'] ?? 0);
  const variables = others.flatMap(([key = '', value = ''], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return Object.fromEntries([...variables, ['GIT_CONFIG_COUNT', String(first + others.length)]]);
}

/** A change as git tells it to programs; no program of the repository's settings has a say, and no submodule is entered. */
const RAW: readonly string[] = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=all',
];

async function run(
  host: GitHost,
  path: string,
  args: readonly string[],
  stdin?: Uint8Array,
): Promise<ProgramResult> {
  try {
    return await host.runProgram(path, args, { environment: ENVIRONMENT, stdin });
  } catch (error) {
    throw failed('', error instanceof Error ? error.message : '');
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function reasonIn({ stderr, status }: ProgramResult): string {
  const line = stderr.split('\n').find((one) => one.trim() !== '');
  return line?.replace(/^(?:fatal|error): /, '') ?? `it ended with status ${status ?? 'of a signal'}`;
}

function notThere(folder: string, result: ProgramResult): SottoError {
  const reason = reasonIn(result);
  if (/not a git repository|must be run in a work tree|cannot use bare repository/.test(reason)) {
    return new SottoError('not-a-repository', `${folder} is in no work tree of a git repository`, {
      hint: 'go to one, or make one with "git init"',
    });
  }
  return failed('rev-parse', reason);
}

function failed(command: string, reason: string): SottoError {
  return new SottoError(
    'git-failed',
    `git${command === '' ? '' : ` ${command}`} failed: ${oneLine(reason)}`,
    {
      hint: 'run "git status" here: it shows what is the matter',
    },
  );
}
