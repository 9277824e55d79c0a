import { EXIT_STATUS } from '../../errors.ts';
import { ERROR_CODES, EXPLANATIONS } from '../explanations.ts';
import type { Flag } from '../flags/flag.ts';
import { OLD_STYLE } from '../old-style.ts';
import { flagLists, flagsOf, GROUPS, type Verb } from '../verb.ts';
import { VERSION } from '../version.ts';
import { FILES, VARIABLES } from './files-and-variables.ts';
import { bold, broken, example, italic, item, paragraph, section, text } from './roff.ts';

/**
 * All man pages by the names of their files: `sotto.1`, and one for each verb.
 *
 * @param date of the manual, as in `2026-01-31`
 */
export function manPages(verbs: readonly Verb[], date: string): Map<string, string> {
  return new Map([
    ['sotto.1', print('sotto', date, mainPage(verbs))],
    ...verbs.map((verb): [string, string] => [
      `${pageOf(verb)}.1`,
      print(pageOf(verb), date, verbPage(verb, verbs)),
    ]),
  ]);
}

function pageOf({ name }: Verb): string {
  return `sotto-${name.replaceAll(' ', '-')}`;
}

function print(name: string, date: string, lines: readonly string[]): string {
  return [`.TH ${name.toUpperCase()} 1 "${date}" "sotto ${VERSION}" "sotto"`, ...lines, ''].join('\n');
}

function mainPage(verbs: readonly Verb[]): string[] {
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
      Object.entries(GROUPS).flatMap(([group, title]) => [
        `.SS "${title}"`,
        ...verbs.filter((verb) => verb.group === group).flatMap(verbItem),
      ]),
    ),
    ...section('OPTIONS', [
      paragraph('In front of a verb --config, --indent and --mac-only-encrypted count. Without a verb:'),
      ...optionsOf(flagsOf(OLD_STYLE)),
    ]),
    ...section('ENVIRONMENT', [
      ...variablesOf([OLD_STYLE, ...verbs].flatMap(({ flags }) => flags)),
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
    ...section('SEE ALSO', [seeAlso([...verbs.map(pageOf), 'age', 'gpg', 'git'])]),
  ];
}

function verbPage(verb: Verb, verbs: readonly Verb[]): string[] {
  const { name, usage, summary, examples, flags, json, exits } = verb;
  const relatives = verbs.filter((other) => other !== verb && other.group === verb.group);
  return [
    ...section('NAME', [broken(`${text(pageOf(verb))} \\- ${text(summary)}`)]),
    ...section('SYNOPSIS', [synopsis(usage, name)]),
    ...section('DESCRIPTION', [paragraph(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)]),
    ...section(
      'OPTIONS',
      flagLists(verb).flatMap(({ title, flags: list }, index) => [
        ...(index === 0 ? [] : [`.SS "${title}"`]),
        ...optionsOf(list),
      ]),
    ),
    ...section('REPORT', json === undefined ? [] : [paragraph(`With --json: ${json}.`)]),
    ...section('ENVIRONMENT', [paragraph('Besides those that sotto(1) has:'), ...variablesOf(flags)]),
    ...section('EXIT STATUS', [
      ...(exits === undefined ? [] : [paragraph(exits), '.PP']),
      paragraph('0 when it is done. sotto(1) lists the others; "sotto explain" says what they mean.'),
    ]),
    ...section('EXAMPLES', example(examples)),
    ...section('SEE ALSO', [seeAlso(['sotto', ...relatives.map(pageOf)])]),
  ];
}

function verbItem(verb: Verb): string[] {
  return item(bold(verb.name), paragraph(`${verb.summary}; see ${pageOf(verb)}(1)`));
}

/** The name in bold, what stands for something else in italics. */
function synopsis(usage: string, name: string): string {
  const rest = usage.slice(name.length);
  return `${bold(`sotto ${name}`)}${text(rest).replace(/\b[A-Z]{2,}\b|\bflags\b/g, (word) => `\\fI${word}\\fR`)}`;
}

function optionsOf(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ name, short, value, help }) => {
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

function seeAlso(pages: readonly string[]): string {
  return pages.map((page) => `${bold(page)}(1)`).join(', ');
}
