import type { Flag } from './flags/flag.ts';
import { flagsOf } from './flags/index.ts';
import { VERB_NAMES, type Verb } from './verb.ts';
import { VERB_GROUPS } from './verb-groups.ts';
import { VERBS } from './verbs.ts';

const PURPOSE = 'Keep secrets in git: encrypts the values of config files; compatible with sops.';

/** The verbs that people start with. */
const FIRST: ReadonlySet<Verb> = new Set<Verb>([
  'keygen',
  'encrypt',
  'decrypt',
  'edit',
  'set',
  'updatekeys',
  'run',
]);

/** Flags that hold for every verb. */
const GENERAL: readonly Flag[] = flagsOf('root').filter(({ name }) =>
  ['config', 'indent', 'mac-only-encrypted', 'help', 'version'].includes(name),
);

/** Help on the whole program: all verbs, by what people want. */
export function generalHelp(): string {
  return [
    PURPOSE,
    '',
    'Usage: sotto VERB [flags] [FILE]',
    '       sotto [-d|-e|-r] [flags] FILE    (as in sops; without a mode it edits)',
    ...verbsByGroup(VERB_NAMES),
    '',
    'Flags in front of any verb:',
    ...columns(GENERAL.map((flag) => [spelling(flag), describe(flag)] as const)),
    '',
    '"sotto VERB --help" has the flags and examples of a verb, "man sotto" files and variables.',
    '',
  ].join('\n');
}

/** What is shown to who calls the program with nothing: where to begin. */
export function shortHelp(): string {
  return [
    PURPOSE,
    ...verbsByGroup(VERB_NAMES.filter((verb) => FIRST.has(verb))),
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

function verbsByGroup(shown: readonly Verb[]): string[] {
  const width = Math.max(...shown.map(({ length }) => length));
  return VERB_GROUPS.flatMap(({ title, verbs }) => {
    const rows = verbs.filter((verb) => shown.includes(verb));
    const lines = rows.map((verb) => `  ${verb.padEnd(width)}  ${VERBS[verb].summary}`);
    return rows.length === 0 ? [] : ['', `${title}:`, ...lines];
  });
}

/** Help on one verb. */
export function verbHelp(verb: Verb): string {
  const { usage, summary, examples } = VERBS[verb];
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    `Usage: sotto ${usage}`,
    ...rowsBelow(verb),
    '',
    'Flags:',
    ...columns(flagsOf(verb).map((flag) => [spelling(flag), describe(flag)] as const)),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

/** The verbs below one such as `groups`. */
function rowsBelow(verb: Verb): string[] {
  const verbs = VERB_NAMES.filter((name) => name.startsWith(`${verb} `));
  if (verbs.length === 0) return [];
  return ['', 'Verbs:', ...columns(verbs.map((name) => [name, VERBS[name].summary] as const))];
}

function spelling({ name, short, value }: Flag): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function describe({ help, variable }: Flag): string {
  return variable === undefined ? help : `${help} [$${variable}]`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
