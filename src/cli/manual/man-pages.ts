import { EXIT_STATUS } from '../../errors.ts';
import { ERROR_CODES } from '../explain.ts';
import { EXPLANATIONS } from '../explanations.ts';
import type { Flag, Place } from '../flags/flag.ts';
import { FLAGS, flagsOf } from '../flags/index.ts';
import { VERB_NAMES, type Verb } from '../verb.ts';
import { VERB_GROUPS } from '../verb-groups.ts';
import { VERBS } from '../verbs.ts';
import { VERSION } from '../version.ts';
import { bold, broken, example, italic, item, paragraph, section, text } from './roff.ts';
import { FILES, VARIABLES } from './surroundings.ts';

/**
 * All man pages by the names of their files: `sotto.1`, and one for each verb. They are made of the tables that
 * parsing and `--help` read.
 *
 * @param date of the manual, as in `2026-01-31`
 */
export function manPages(date: string): Map<string, string> {
  return new Map([
    ['sotto.1', print('sotto', date, mainPage())],
    ...VERB_NAMES.map((verb): [string, string] => [
      `${pageOf(verb)}.1`,
      print(pageOf(verb), date, verbPage(verb)),
    ]),
  ]);
}

function pageOf(verb: Verb): string {
  return `sotto-${verb.replaceAll(' ', '-')}`;
}

function print(name: string, date: string, lines: readonly string[]): string {
  return [`.TH ${name.toUpperCase()} 1 "${date}" "sotto ${VERSION}" "sotto"`, ...lines, ''].join('\n');
}

function mainPage(): string[] {
  return [
    ...section('NAME', ['sotto \\- keep secrets in git']),
    ...section('SYNOPSIS', [
      `${bold('sotto')} ${italic('VERB')} [${italic('flags')}] [${italic('FILE')}]`,
      '.br',
      `${bold('sotto')} [${bold('-d')}|${bold('-e')}|${bold('-r')}] [${italic('flags')}] ${italic('FILE')}`,
    ]),
    ...section('DESCRIPTION', [
      paragraph(
        'Encrypts the values of config files to the keys of many people, in the file format of sops, and gives every file back byte for byte. Called by a link named sops it answers in the words of sops.',
      ),
      '.PP',
      paragraph(
        'Without a verb it works as sops does: the flags say what is done to FILE, and without -d, -e, -r or --set it is edited.',
      ),
    ]),
    ...section(
      'VERBS',
      VERB_GROUPS.flatMap(({ title, verbs }) => [`.SS "${title}"`, ...verbs.flatMap(verbItem)]),
    ),
    ...section('OPTIONS', [
      paragraph('In front of a verb --config, --indent and --mac-only-encrypted count. Without a verb:'),
      ...optionsOf('root'),
    ]),
    ...section('ENVIRONMENT', [
      ...variablesOf(FLAGS),
      ...VARIABLES.flatMap(([names, meaning]) => item(bold(names), paragraph(meaning))),
    ]),
    ...section(
      'FILES',
      FILES.flatMap(([name, meaning]) => item(italic(name), paragraph(meaning))),
    ),
    ...section('EXIT STATUS', exitStatuses()),
    ...section(
      'EXAMPLES',
      example([
        'sotto keygen',
        'sotto encrypt -i --age age1… secrets.yaml',
        'sotto edit secrets.yaml',
        'sotto run -f secrets.yaml -- node server.js',
      ]),
    ),
    ...section('SEE ALSO', [seeAlso([...VERB_NAMES.map(pageOf), 'age', 'gpg', 'git'])]),
  ];
}

function verbPage(verb: Verb): string[] {
  const { usage, summary, examples } = VERBS[verb];
  return [
    ...section('NAME', [broken(`${text(pageOf(verb))} \\- ${text(summary)}`)]),
    ...section('SYNOPSIS', [synopsis(usage, verb)]),
    ...section('DESCRIPTION', [paragraph(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)]),
    ...section('OPTIONS', optionsOf(verb)),
    ...section('ENVIRONMENT', [paragraph('Besides those that sotto(1) has:'), ...variablesOf(flagsOf(verb))]),
    ...section('EXIT STATUS', [
      paragraph('0 when it is done. sotto(1) lists the others; "sotto explain" says what they mean.'),
    ]),
    ...section('EXAMPLES', example(examples)),
    ...section('SEE ALSO', [seeAlso(['sotto', ...relativesOf(verb)])]),
  ];
}

function verbItem(verb: Verb): string[] {
  return item(bold(verb), paragraph(`${VERBS[verb].summary}; see ${pageOf(verb)}(1)`));
}

/** The name in bold, what stands for something else in italics. */
function synopsis(usage: string, verb: Verb): string {
  const rest = usage.startsWith(verb) ? usage.slice(verb.length) : usage.slice(usage.indexOf(' '));
  const name = usage.slice(0, usage.length - rest.length);
  return `${bold(`sotto ${name}`)}${text(rest).replace(/\b[A-Z]{2,}\b|\bflags\b/g, (word) => `\\fI${word}\\fR`)}`;
}

function optionsOf(place: Place): string[] {
  return flagsOf(place).flatMap((flag) => {
    const { name, short, value, help } = flag;
    const names = [...(short === undefined ? [] : [`-${short}`]), `--${name}`].map(bold).join(', ');
    return item(`${names}${value === undefined ? '' : ` ${italic(value)}`}`, paragraph(help));
  });
}

/** Variables in the place of flags. */
function variablesOf(flags: readonly Flag[]): string[] {
  const names = new Map(
    flags.flatMap(({ variable, name }) => (variable === undefined ? [] : [[variable, name] as const])),
  );
  return [...names].flatMap(([variable, name]) =>
    item(bold(variable), paragraph(`As --${name}, which beats it.`)),
  );
}

function exitStatuses(): string[] {
  const statuses = [...new Set(Object.values(EXIT_STATUS))].sort((a, b) => a - b);
  return [
    ...item('0', paragraph('It is done.')),
    ...statuses.flatMap((status) => {
      const codes = ERROR_CODES.filter((code) => EXIT_STATUS[code] === status);
      const titles = codes.map((code) => paragraph(`${code}: ${EXPLANATIONS[code].title}.`));
      return item(`${status}`, titles.join('\n.br\n'));
    }),
    '.PP',
    paragraph(
      '1 as well when some of several files failed, or --check found something. run, exec-env and exec-file end with the status of their command. "sotto explain CODE" has causes and what to do.',
    ),
  ];
}

function relativesOf(verb: Verb): string[] {
  const { verbs = [] } = VERB_GROUPS.find((group) => group.verbs.includes(verb)) ?? {};
  return verbs.filter((other) => other !== verb).map(pageOf);
}

function seeAlso(pages: readonly string[]): string {
  return pages.map((page) => `${bold(page)}(1)`).join(', ');
}
