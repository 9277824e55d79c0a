import { posix } from 'node:path';
import type { Config, CreationRule } from '../../config/config.ts';
import { recipientNames } from '../../config/names.ts';
import { readConfig } from '../../config/read.ts';
import { matchesPath, ruleAt } from '../../config/rules.ts';
import { attempt, attemptAsync, SottoError } from '../../errors.ts';
import type { Names } from '../../keys/names.ts';
import { NO_NAMES } from '../../keys/names.ts';

/** The name of a configuration. */
export const CONFIG_NAME = '.sops.yaml';

/** Whether a file is a configuration. */
export function isConfig(path: string): boolean {
  return posix.basename(path) === CONFIG_NAME;
}

/** The text of one, which may not be there. */
export function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

/** A configuration of the tree that is checked. */
export interface Chapter {
  /** From the top of the tree. */
  readonly path: string;
  readonly text: string;
  /** `undefined` where it can't be read. */
  readonly config: Config | undefined;
  readonly problem?: SottoError;
}

/** The rule of a file. */
export interface Ruled {
  readonly chapter: Chapter;
  /** From 0. */
  readonly number: number;
  /** It has a path_regex that speaks of some files only. */
  readonly isSpecific: boolean;
  readonly rule: CreationRule;
}

/** All configurations of a tree: for a file the nearest one at or above its folder counts. */
export class Rulebook {
  readonly #chapters: ReadonlyMap<string, Chapter>;

  /** @param top absolute @param texts of configurations by their paths from the top */
  constructor(top: string, texts: ReadonlyMap<string, string>) {
    this.#chapters = new Map([...texts].map(([path, text]) => [folderOf(path), chapterOf(top, path, text)]));
  }

  get chapters(): readonly Chapter[] {
    return [...this.#chapters.values()];
  }

  /** The configuration that holds for a file. */
  chapterFor(path: string): Chapter | undefined {
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const chapter = this.#chapters.get(folder);
      if (chapter !== undefined || folder === '') return chapter;
    }
  }

  /** The rule that holds for a file. @throws SottoError `config-invalid` */
  async ruleFor(path: string): Promise<Ruled | undefined> {
    const chapter = this.chapterFor(path);
    const [number] = chapter === undefined ? [] : await this.matching(chapter, path, true);
    const { config } = chapter ?? {};
    if (chapter === undefined || config === undefined || number === undefined) return undefined;
    const rule = ruleAt(config, number);
    const matcher = config.rules?.[number];
    if (rule === undefined || matcher === undefined) return undefined;
    const speaksOfAll = rule.isForAll || (await matchesPath(matcher, CONFIG_NAME));
    return { chapter, number, isSpecific: !speaksOfAll, rule };
  }

  /** As {@link ruleFor}; none of a configuration that can't be read, which has a finding of its own. */
  async ruleOrNone(path: string): Promise<Ruled | undefined> {
    return attemptAsync(() => this.ruleFor(path));
  }

  /** All rules that can be read. */
  rules(): { readonly chapter: Chapter; readonly rule: CreationRule }[] {
    return this.chapters.flatMap((chapter) => {
      const { config } = chapter;
      return (config?.rules ?? []).flatMap((_, number) => {
        const rule = config === undefined ? undefined : attempt(() => ruleAt(config, number));
        return rule === undefined ? [] : [{ chapter, rule }];
      });
    });
  }

  /** The numbers of all rules that match a file; of the first alone, if that is enough. */
  async matching({ config, path: own }: Chapter, path: string, isFirstEnough = false): Promise<number[]> {
    const below = folderOf(own) === '' ? path : path.slice(folderOf(own).length + 1);
    const numbers: number[] = [];
    for (const [number, rule] of (config?.rules ?? []).entries()) {
      if (!(await matchesPath(rule, below))) continue;
      numbers.push(number);
      if (isFirstEnough) break;
    }
    return numbers;
  }

  /** Names of recipients where a file is. */
  namesFor(path: string): Names {
    const config = this.chapterFor(path)?.config;
    return config === undefined ? NO_NAMES : recipientNames(config);
  }
}

/** As the rest of a message calls it. */
export function ruleName({ chapter, rule: { number } }: Pick<Ruled, 'chapter' | 'rule'>): string {
  return chapter.path === CONFIG_NAME ? `rule ${number}` : `rule ${number} of ${chapter.path}`;
}

/** The folder of a path; empty at the top. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function chapterOf(top: string, path: string, text: string): Chapter {
  try {
    return { path, text, config: readConfig(text, posix.join(top, path)) };
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    return { path, text, config: undefined, problem: error };
  }
}
