import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { verbHelp } from '../../src/cli/help.ts';
import { VARIABLES } from '../../src/cli/manual/files-and-variables.ts';
import { manPages } from '../../src/cli/manual/man-pages.ts';
import { OLD_STYLE } from '../../src/cli/old-style.ts';
import { GROUPS } from '../../src/cli/verb.ts';
import { allVerbs } from '../../src/cli/verbs/index.ts';
import { EXIT_STATUS } from '../../src/errors.ts';
import { spawnSync } from '../support/processes.ts';

const VERBS = await allVerbs();
const PAGES = manPages(VERBS, '2026-01-31');
const FLAGS = [OLD_STYLE, ...VERBS].flatMap(({ flags }) => flags);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const LINTERS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['mandoc', '-Tlint', '-W', 'all'],
  ['groff', '-ww', '-z', '-man', '-Tutf8', '-Kutf8'],
];

/** What a reader sees, without the marks of roff. */
function plain(page: string): string {
  return page
    .replace(/\\\[u([0-9A-F]+)\]/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/\\f[BIR]/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\&', '')
    .replaceAll('\\e', '\\');
}

describe.each(VERBS)('the man page of $name', (verb) => {
  const { name, usage, summary, examples } = verb;
  const page = plain(PAGES.get(`sotto-${name.replaceAll(' ', '-')}.1`) ?? '');

  test('has the flags of its help, with what they are for', async () => {
    const inPage = [...page.matchAll(/^\.TP\n((?:-\w, )?--[\w-]+)/gm)].map(([, names]) => names);
    const inHelp = [...(await verbHelp(verb, false)).matchAll(/^ {2}(?: {4})?((?:-\w, )?--[\w-]+)/gm)].map(
      ([, names]) => names,
    );
    expect(inPage).toEqual(inHelp);
  });

  test('has its usage and its examples, and is named in the page of the program', () => {
    expect(page).toContain(`\nsotto ${usage}\n`);
    for (const example of examples) expect(page).toContain(`\n${example}\n`);
    expect(plain(PAGES.get('sotto.1') ?? '')).toContain(`.TP\n${name}\n${summary}`.slice(0, 60));
  });
});

test('the page of the program has every verb once, in its group', () => {
  const page = plain(PAGES.get('sotto.1') ?? '');
  const list = page.slice(page.indexOf('.SH "VERBS"'), page.indexOf('.SH "OPTIONS"'));
  const groups = list.split('.SS ').slice(1);
  expect(groups.map((group) => /^"(.*)"$/m.exec(group)?.[1])).toEqual(Object.values(GROUPS));
  expect(groups.map((group) => [...group.matchAll(/^\.TP\n(.*)$/gm)].map(([, name]) => name))).toEqual(
    Object.keys(GROUPS).map((group) => VERBS.filter((verb) => verb.group === group).map(({ name }) => name)),
  );
});

test('the page of a verb says what --json reports, and when it ends otherwise', () => {
  const page = plain(PAGES.get('sotto-updatekeys.1') ?? '');
  expect(page).toContain('With --json: [{file, outcome, groups, threshold, settings, sides, error}].');
  expect(page).toContain(
    '.SH "EXIT STATUS"\n1 when one of several files failed, or --check found something.',
  );
  expect(plain(PAGES.get('sotto-run.1') ?? '')).not.toContain('--json');
});

test('the page of the program has every error and every variable of a flag', () => {
  const page = plain(PAGES.get('sotto.1') ?? '');
  for (const code of Object.keys(EXIT_STATUS)) expect(page).toContain(`\n${code}: `);
  for (const { variable } of FLAGS) if (variable !== undefined) expect(page).toContain(`.TP\n${variable}\n`);
});

test('every variable that is read is in the manual', () => {
  const source = join(ROOT, 'src');
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('manual'))
    .map((name) => readFileSync(join(source, name), 'utf8').replace(/^ *\*.*$/gm, ''))
    .join('\n');
  const read = text.matchAll(/environment\['(\w+)'\]|'((?:SOPS|VAULT|GPG)_[A-Z_]+|EDITOR)'/g);
  const known = [
    ...VARIABLES.flatMap(([names]) => names.split(', ')),
    ...FLAGS.map(({ variable }) => variable),
    // What every program has; and what commands get, not what is read.
    ...['HOME', 'PATH', 'SOPS_AGE_RECIPIENT', 'REQUEST_METHOD'],
  ];
  const unknown = [...read]
    .map(([, first, second]) => (first ?? second ?? '').toUpperCase())
    .filter((name) => !known.includes(name));
  expect(unknown).toEqual([]);
});

describe.each(LINTERS)('the man pages pass %s', (name, ...args) => {
  const isThere = spawnSync(name, ['--version']).error === undefined;
  if (!isThere) console.info(`cli/man: skipped: ${name} is not here`);

  test.skipIf(!isThere).each([...PAGES])('%s', (_, page) => {
    const { status, stdout, stderr } = spawnSync(name, args, { input: page, encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  });
});
