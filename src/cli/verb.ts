import type { Warning } from '../core/splice/warning.ts';
import type { SottoError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import type { Shell } from './completion/scripts.ts';
import { type Flag, SECTIONS, toggle } from './flags/flag.ts';
import type { FlagValues } from './flags/values.ts';
import type { Progressing } from './progress.ts';

/** What people want, in the order of help. */
export const GROUPS = {
  start: 'Start',
  change: 'Change',
  team: 'With a team',
  run: 'Run programs, hand values over',
  other: 'Other',
} as const;

/** A verb: what it is for, how it is used, and what it does. Parsing, help, completion and man pages are made of it. */
export interface Verb {
  readonly name: string;
  /** Where help lists it. */
  readonly group: keyof typeof GROUPS;
  /** Shown when the program is called without arguments, since people begin with it. */
  readonly isFirst?: boolean;
  /** With the name in front, and `FILE` where there can be names of files. */
  readonly usage: string;
  /** In a few words, without a full stop. */
  readonly summary: string;
  readonly examples: readonly string[];
  /** In the order of help under the name `sops`; `--json` and `--help` come behind them. */
  readonly flags: readonly Flag[];
  /** The names of flags that people begin with, in the order of help; if left out, all that have no heading of their own. */
  readonly first?: readonly string[];
  /** What `--json` reports, by the names of its fields; a verb that reports nothing has no such flag. */
  readonly json?: string;
  /** A sentence on exit statuses other than 0 that are no failure: its own, or those of the command that it ran. */
  readonly exits?: string;
  /** What the first word behind it can be, where that is known. */
  readonly words?: () => Promise<readonly Candidate[]>;
  /** Its first word begins a command, whose flags are that command's. */
  readonly takesCommand?: boolean;
  /** Which of its errors sops leaves to its log. */
  readonly logs?: 'failures' | 'usage';
  readonly run: (context: Context) => Promise<Output>;
}

const JSON_REPORT: Flag = toggle('json', 'report as JSON on stdout');
const HELP: Flag = toggle('help', 'print this help', { short: 'h' });

/** The flags of a verb, in the order of help; under the name `sops`, without those that it lacks on purpose. */
export function flagsOf({ flags, json }: Pick<Verb, 'flags' | 'json'>, likeSops = false): readonly Flag[] {
  const own = likeSops ? flags.filter(({ notInSops }) => notInSops !== true) : flags;
  return [...own, ...(json === undefined ? [] : [JSON_REPORT]), HELP];
}

/** Flags under a heading of help. */
export interface FlagList {
  readonly title: string;
  readonly flags: readonly Flag[];
}

/** The flags of a verb by the headings of help: what people begin with, and what they need sometimes. */
export function flagLists(verb: Pick<Verb, 'flags' | 'json' | 'first'>): readonly FlagList[] {
  const { first = verb.flags.filter(({ section }) => section === undefined).map(({ name }) => name) } = verb;
  const own = new Map(verb.flags.map((flag) => [flag.name, flag]));
  const begin = first.flatMap((name) => own.get(name) ?? []);
  const always = flagsOf(verb).slice(verb.flags.length);
  const rest = verb.flags.filter((flag) => !begin.includes(flag));
  const lists = [
    { title: 'Flags', flags: [...begin, ...always] },
    { title: 'More flags', flags: rest.filter(({ section }) => section === undefined) },
    ...Object.entries(SECTIONS).map(([name, title]) => ({
      title,
      flags: rest.filter(({ section }) => section === name),
    })),
  ];
  return lists.filter(({ flags }) => flags.length > 0);
}

/** A word that can stand in a command line, and what it is for. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** What is made of the declarations of all verbs. A verb asks for it here: it can't import the list that it is in. */
export interface Program {
  /** The help on a verb. */
  helpOn(verb: Verb): Promise<string>;
  /** What can stand at the end of a command line, for the script of a shell. @param line without the program's name */
  wordsAt(shell: Shell, line: readonly string[], context: Pick<Context, 'io' | 'likeSops'>): Promise<string>;
}

/** What a verb works with. */
export interface Context {
  /** The name of the verb. */
  readonly verb: string;
  /** Flags behind the verb; in the old style all flags. */
  readonly flags: FlagValues;
  /** Flags in front of the verb; in the old style all flags. */
  readonly root: FlagValues;
  /** The words that are neither flags nor their values. */
  readonly positionals: readonly string[];
  readonly io: Io;
  readonly program: Program;
  /** The program was called as `sops`. */
  readonly likeSops: boolean;
  /** Say something while the verb goes on: what people are about to be asked about. */
  readonly say: (text: string) => void;
  /** Print data while the verb goes on. */
  readonly print: (text: string) => void;
  /** Begin to show how far the work on many files is. */
  readonly progressing: Progressing;
  /** Show a warning, once. */
  readonly warn: (warning: Warning) => void;
  /** Show an error that does not end the verb. */
  readonly complain: (error: SottoError) => void;
}

/** What a verb has to say; the only place that prints it is `run`. */
export interface Output {
  /** Data for stdout. */
  readonly stdout?: string | Uint8Array | undefined;
  /** Lines for people, on stderr. */
  readonly notes?: readonly string[] | undefined;
  /** What was done, in a line or few: only for a person at a terminal, and never in the place of sops. */
  readonly success?: (() => Promise<readonly string[]>) | undefined;
  readonly warnings?: readonly Warning[] | undefined;
  /** The report for `--json`, instead of `stdout`. */
  readonly report?: unknown;
  /** 0 unless given. */
  readonly exit?: number | undefined;
}
