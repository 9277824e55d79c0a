import { Pattern } from './lifecycle/pattern.ts';

/** Where the file stands, from the top of a repository: the first that is there counts. */
export const CODEOWNERS: readonly string[] = [
  '.github/CODEOWNERS',
  'CODEOWNERS',
  'docs/CODEOWNERS',
  '.gitlab/CODEOWNERS',
];

interface Line {
  readonly pattern: Pattern;
  /** Users, teams, addresses; none where nobody owns what matches. */
  readonly owners: readonly string[];
}

/** Who owns which files, as GitHub reads it: the last line that matches counts. */
export class CodeOwners {
  readonly #lines: readonly Line[];

  private constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  /** Read a file. What GitHub skips says nothing: ranges of characters, `!`, the sections of GitLab. */
  static read(text: string): CodeOwners {
    const lines = text.split('\n').flatMap((line): Line[] => {
      const words = line.match(WORD) ?? [];
      const comment = words.findIndex((word) => word.startsWith('#'));
      const [path, ...owners] = comment === -1 ? words : words.slice(0, comment);
      if (path === undefined || /^[!^]|[[\]]/.test(path)) return [];
      return [{ pattern: patternOf(path.replaceAll('\\ ', ' ')), owners }];
    });
    return new CodeOwners(lines.reverse());
  }

  /** Of a file, from the top of the repository. */
  of(file: string): readonly string[] {
    return this.#lines.find(({ pattern }) => pattern.matchesFile(file))?.owners ?? [];
  }
}

/** A blank with a backslash before it belongs to a name. */
const WORD = /(?:\\.|[^\s\\])+/g;

/** As in `.gitignore`: without a slash but at its end it is one in any folder, and what is in a folder goes with it. */
function patternOf(path: string): Pattern {
  const name = path.replace(/\/$/, '');
  const glob = name.includes('/') ? name.replace(/^\//, '') : `**/${name}`;
  // `docs/*` is what stands in it, and nothing below.
  return Pattern.ofFiles(`/${/(?:^|\/)\*\*?$/.test(glob) ? glob : `${glob}/**`}`);
}
