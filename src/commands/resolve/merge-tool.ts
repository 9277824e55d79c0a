import { basename, extname, join } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { Editor } from '../editor.ts';

/** A merge tool that git was told of (git-mergetool(1)). */
export interface MergeTool {
  readonly name: string;
  /** A shell command that finds the names of the files in LOCAL, REMOTE, BASE and MERGED. */
  readonly command: string;
  /** Its status says whether the merge is done; else the text alone does. */
  readonly isTrusted: boolean;
}

/** What a merge tool shows, as whole files in plain text. */
export interface ToolVersions {
  readonly ours: string;
  readonly theirs: string;
  /** Empty where there is none, as git has it. */
  readonly base: string;
}

/** @throws SottoError `not-a-repository`, `editor-failed` if the user's own settings name none */
export async function findMergeTool(name: string, repository: Repository | undefined): Promise<MergeTool> {
  if (repository === undefined)
    throw new SottoError('not-a-repository', `no git repository says what the merge tool ${name} is`, {
      hint: 'leave --tool out: your editor opens then',
    });
  const setting = `mergetool.${name}.cmd`;
  const command = await repository.ownConfig(setting);
  if (command === undefined || command.trim() === '')
    throw new SottoError('editor-failed', `your settings of git have no ${setting}`, {
      hint: `git config --global ${setting} 'COMMAND "$LOCAL" "$BASE" "$REMOTE" "$MERGED"'; settings of files in the work tree don't count`,
    });
  const trust = await repository.ownConfig(`mergetool.${name}.trustExitCode`);
  return { name, command, isTrusted: /^(?:true|yes|on|1)$/i.test(trust ?? '') };
}

/** As git runs it; a command that can't be run is a failure, whether or not its status is trusted. */
const RUN = 'LOCAL=$1 REMOTE=$2 BASE=$3 MERGED=$5; (eval "$4"); r=$?';

/**
 * The merge tool in the place of an editor: it has the versions in the same private folder, and what it leaves in
 * MERGED is the edited text.
 */
export function toolAsEditor(
  { name, command, isTrusted }: MergeTool,
  file: string,
  versions: ToolVersions,
  io: Io,
): (folder: string) => Editor {
  const suffix = extname(file);
  const write = (folder: string, version: string, text: string): string => {
    const path = join(folder, `${basename(file, suffix)}_${version}${suffix}`);
    io.create(path, Buffer.from(text), 0o600);
    return path;
  };
  return (folder) => ({
    words: [
      'sh',
      '-c',
      `${RUN}; ${isTrusted ? '' : '[ $r -lt 126 ] && r=0; '}exit $r`,
      'sotto',
      write(folder, 'LOCAL', versions.ours),
      write(folder, 'REMOTE', versions.theirs),
      write(folder, 'BASE', versions.base),
      command,
    ],
    kind: 'merge tool',
    variable: `mergetool.${name}.cmd`,
    isKnownToWait: true,
  });
}
