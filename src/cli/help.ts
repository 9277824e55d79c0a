import { Command, type Help } from 'commander';
import { declare } from './flags/declare.ts';
import { flagLists, GROUPS, type Verb } from './verb.ts';
import { allVerbs, verbsBelow } from './verbs/index.ts';

/** What commander asks for the text of a help. */
type Format = (command: Command, help: Help) => string;

const PURPOSE = 'Keep secrets in git: encrypts the values of config files; compatible with sops.';

/** Flags that hold for every verb. */
const GENERAL = /--(?:config|indent|mac-only-encrypted|version|help)\b/;

/** How the help on a verb is written, or that on the whole program. */
export async function helpFormat(verb: Verb | undefined, likeSops: boolean): Promise<Format> {
  if (verb === undefined) {
    const verbs = await allVerbs();
    return (command, help) => generalText(verbs, flagRows(command, help));
  }
  const below = await verbsBelow(verb.name);
  return (command, help) => {
    const rows = flagRows(command, help);
    return verbText(verb, below, likeSops ? [{ title: 'Flags', rows }] : inLists(verb, rows));
  };
}

/** Help on one verb. @param likeSops the program was called as `sops` */
export async function verbHelp(verb: Verb, likeSops: boolean): Promise<string> {
  const command = new Command().helpOption('-h, --help', 'print this help');
  declare(command, verb, false);
  return command.configureHelp({ formatHelp: await helpFormat(verb, likeSops) }).helpInformation();
}

/** What the program prints when it is called without arguments: how to begin. */
export async function shortHelp(): Promise<string> {
  const verbs = await allVerbs();
  return [
    PURPOSE,
    ...byGroup(verbs.filter(({ isFirst }) => isFirst === true)),
    '',
    'To begin:',
    '  sotto keygen                      prints your recipient, age1…',
    '  sotto encrypt -i --age age1… F    encrypt a file for a recipient',
    '  sotto edit F                      change it',
    '',
    '"sotto --help" has all verbs.',
    '',
  ].join('\n');
}

function generalText(verbs: readonly Verb[], flags: readonly Row[]): string {
  return [
    PURPOSE,
    '',
    'Usage: sotto VERB [flags] [FILE]',
    '       sotto [-d|-e|-r] [flags] FILE    (as in sops; without a mode it edits)',
    ...byGroup(verbs),
    '',
    'Flags in front of any verb:',
    ...columns(flags.filter(([names]) => GENERAL.test(names))),
    '',
    '"sotto VERB --help" has the flags and examples of a verb, "man sotto" files and variables.',
    '',
  ].join('\n');
}

/** Flags under a heading. */
interface RowList {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Rows of flags by the headings that the verb has them under. */
function inLists(verb: Verb, rows: readonly Row[]): RowList[] {
  return flagLists(verb).map(({ title, flags }) => ({
    title,
    rows: flags.flatMap(({ name }) => rows.filter(([left]) => isRowOf(left, name))),
  }));
}

function isRowOf(left: string, name: string): boolean {
  return (
    left
      .trimStart()
      .replace(/^-\w, /, '')
      .split(' ', 1)[0] === `--${name}`
  );
}

function verbText(
  { usage, summary, examples }: Verb,
  below: readonly Verb[],
  lists: readonly RowList[],
): string {
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    `Usage: sotto ${usage}`,
    ...(below.length === 0 ? [] : ['', 'Verbs:', ...columns(below.map(rowOf))]),
    ...lists.flatMap(({ title, rows }) => ['', `${title}:`, ...columns(rows)]),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function byGroup(verbs: readonly Verb[]): string[] {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = verbs.filter((verb) => verb.group === group).map(rowOf);
    return rows.length === 0 ? [] : ['', `${title}:`, ...columns(rows, width)];
  });
}

/** What a line is about, and what it says. */
type Row = readonly [left: string, right: string];

function rowOf({ name, summary }: Verb): Row {
  return [name, summary];
}

function flagRows(command: Command, help: Help): Row[] {
  return help
    .visibleOptions(command)
    .map(({ short, flags, description }) => [
      `${short === undefined ? '    ' : ''}${flags.replace(/[<>]/g, '')}`,
      description,
    ]);
}

function columns(rows: readonly Row[], width = Math.max(...rows.map(([left]) => left.length))): string[] {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
