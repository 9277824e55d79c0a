import type { Flag } from './flags/flag.ts';
import { flagsOf } from './flags/index.ts';
import { VERB_NAMES, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

/** Flags that hold for every verb. */
const GENERAL: readonly Flag[] = flagsOf('root').filter(({ name }) =>
  ['config', 'indent', 'help', 'version'].includes(name),
);

/** Help on the whole program. */
export function generalHelp(): string {
  const verbs = VERB_NAMES.map((verb) => [verb, VERBS[verb].summary] as const);
  return [
    'Keep secrets in git: encrypts the values of config files; compatible with sops.',
    '',
    'Usage: sotto VERB [flags] [FILE]',
    '       sotto [-d|-e|-r] [flags] FILE    (as in sops; without a mode it edits)',
    '',
    'Verbs:',
    ...columns(verbs),
    '',
    'Flags in front of any verb:',
    ...columns(GENERAL.map((flag) => [spelling(flag), describe(flag)] as const)),
    '',
    'To begin:',
    '  sotto keygen                      make a key of your own; it prints your recipient, age1…',
    '  sotto encrypt -i --age age1… F    encrypt a file for a recipient',
    '  sotto edit F                      change it',
    '',
    '"sotto VERB --help" has the flags and examples of a verb.',
    '',
  ].join('\n');
}

/** Help on one verb. */
export function verbHelp(verb: Verb): string {
  const { usage, summary, examples } = VERBS[verb];
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    `Usage: sotto ${usage}`,
    '',
    'Flags:',
    ...columns(flagsOf(verb).map((flag) => [spelling(flag), describe(flag)] as const)),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
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
