import { posix } from 'node:path';

/** Files that are to be encrypted, as `init` names them: a path, or a pattern with `*` and `**`. */
export interface FilePattern {
  readonly glob: string;
  /** For `.gitattributes` (gitattributes(5)). */
  readonly attribute: string;
  /** For `path_regex`. */
  readonly regex: string;
  /** Its files have names that do not say their type. */
  readonly format: 'dotenv' | undefined;
}

/** Read a pattern. */
export function patternOf(glob: string): FilePattern {
  const name = posix.basename(glob);
  const isDotenv = /^\.env(?:[.*]|$)/.test(name) && !name.endsWith('.env');
  return {
    glob,
    attribute: attributeOf(glob),
    regex: regexOf(glob),
    format: isDotenv ? 'dotenv' : undefined,
  };
}

/** As in `.gitattributes`: without a slash it means the name in any folder. */
function regexOf(glob: string): string {
  const isAnywhere = !glob.slice(0, -1).includes('/');
  const body = glob
    .replace(/^\//, '')
    .replace(/\*\*$/, '')
    .split(/(\*\*\/|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '*') return '[^/]*';
      return part === '?' ? '[^/]' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
  const start = isAnywhere ? '(?:^|/)' : '^';
  return `${start}${body}${glob.endsWith('**') ? '' : '$'}`;
}

/** A name with blanks or quotes stands in quotes, as C has them. */
function attributeOf(glob: string): string {
  if (!/[\s"\\#!]/.test(glob)) return glob;
  return `"${glob.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}

/** Names that hold examples, and no secrets. */
const SAMPLE = /(?:example|sample|template|dist|defaults?|schema)\b/i;

/**
 * The files of a repository that look as if they were to be encrypted.
 *
 * @param sealed those that are encrypted already
 */
export function suggestedPatterns(paths: readonly string[], sealed: readonly string[]): FilePattern[] {
  const globs: string[] = [];
  if (paths.some((path) => path.startsWith('secrets/'))) globs.push('secrets/**');
  if (paths.some((path) => ENC.test(path))) globs.push('*.enc.*');
  const dotenv = paths.filter((path) => DOTENV.test(path) && !SAMPLE.test(path));
  return coveringPatterns(globs.map(patternOf), [...dotenv, ...sealed]);
}

/** Patterns, and more of them for files that they do not match; where there is neither, the usual folder. */
export function coveringPatterns(patterns: readonly FilePattern[], paths: readonly string[]): FilePattern[] {
  const all = [...patterns];
  for (const path of paths)
    if (!all.some(({ regex }) => new RegExp(regex).test(path)))
      all.push(patternOf(path.includes('/') ? path : `/${path}`));
  return all.length === 0 ? [patternOf('secrets/**')] : all;
}

/** The patterns of lines that {@link patternOf} made for `.gitattributes`. */
export function patternsIn(attributes: string): FilePattern[] {
  return attributes.split('\n').flatMap((line) => {
    const glob = /^(.+) -text diff=sotto merge=sotto$/.exec(line)?.[1];
    if (glob === undefined) return [];
    return [patternOf(glob.startsWith('"') ? glob.slice(1, -1).replace(/\\(.)/g, '$1') : glob)];
  });
}

const ENC = /\.enc\.[^/.]+$/;
const DOTENV = /(?:^|\/)\.env(?:\.[^/]*)?$/;
