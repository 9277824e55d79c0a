import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { EXPORT_FORMAT_NAMES } from '../../src/cli/verbs/export.ts';
import { type ExportFormat, requireHeld } from '../../src/commands/export/format.ts';
import { EXPORT_FORMATS } from '../../src/commands/export/index.ts';
import { SottoError } from '../../src/errors.ts';
import { nodeIo } from '../../src/io/node-io.ts';
import type { Variable } from '../../src/operations/name-variables.ts';
import { spawnSync } from '../support/processes.ts';

const REQUEST = { name: 'shop', to: 'env', forTerraform: true } as const;

/** What means something to one reader or another, and the rest of Unicode. */
const PARTS = [
  ...`'"\`\\$%{}()[]<>|&;*?!#~^=:,.@-+ \t\n\r\u0001\u0007\b\f\v\u001b\u007f\u0085\u009b`,
  ...[
    '\r\n',
    '\n\n',
    '${',
    '%{',
    '$${',
    '%%{',
    '$(',
    '\\n',
    '\\u007b',
    "''",
    '""',
    '\\\\',
    'EOF',
    '\n#',
    '\n---\n',
  ],
  ...[
    'é',
    'e\u0301',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u202e',
    '€',
    '🔑',
    '\uffff',
    'yes',
    '012',
    '1e3',
    'null',
    ' # x',
    '<<',
    '::',
  ],
];
const VALUE = fc.oneof(
  fc.array(fc.constantFrom(...PARTS, 'a', 'b'), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !text.includes('\0') && text.isWellFormed()),
);

const runs = Number(process.env['SOTTO_RUNS'] ?? 300);
const seed = Number(process.env['SOTTO_SEED'] ?? 11);
/** Long ends first: what one value leaves open, the next would close. */
const VALUES = [
  '',
  ...PARTS,
  ...PARTS.map((part) => `x${part}`),
  ...fc.sample(VALUE, { numRuns: runs, seed }),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const format = (name: string): ExportFormat => {
  const found = EXPORT_FORMATS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no format ${name}`);
  return found;
};

const variable = (name: string, text: string): Variable => ({
  name,
  text,
  isSecret: true,
  isEncrypted: true,
  isNamed: false,
  isOutsideMac: false,
});

/** The text of all values that a format can hold, in a file. */
async function written(
  name: string,
): Promise<{ path: string; text: string; expected: { [name: string]: string } }> {
  const one = format(name);
  const variables = VALUES.map((text, index) => variable(`V${index}`, text)).filter((each) => {
    try {
      requireHeld(one, [each], REQUEST);
      return true;
    } catch (error) {
      if (error instanceof SottoError && error.code === 'output-unsupported') return false;
      throw error;
    }
  });
  expect(variables.length).toBeGreaterThan(VALUES.length / 8);
  const text = (await one.print(variables, REQUEST, nodeIo({}, folder))) ?? '';
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, text, expected: Object.fromEntries(variables.map((each) => [each.name, each.text])) };
}

/** What a program says, or why it can't be asked. */
function ask(program: string, args: readonly string[], environment: { [name: string]: string } = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ program, status, stderr }).toEqual({ program, status: 0, stderr: '' });
  return stdout;
}

const isMissing = (program: string): boolean => {
  const missing = spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;
  if (missing) console.info(`cli/export-readers: there is no ${program} here`);
  return missing;
};

/** The variables that a shell hands to a program. */
const SHOW = `${process.execPath} -e 'process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([name]) => /^V\\d+$/.test(name)))))'`;

describe('a name that a shell uses for itself is set to the value, or not at all,', () => {
  /** In a number, bash runs what stands there as a command. */
  const NASTY = 'a[$(touch run)]';
  const MORE = [
    'LINES',
    'OPTIND',
    'PGRP',
    'TMOUT',
    'USERNAME',
    'USER_ID',
    'aliases',
    'options',
    'path',
    'status',
  ];
  test.each([
    ['bash', 'compgen -v'],
    ['dash', 'set | sed -n "s/=.*//p"'],
    ['zsh', 'typeset + | sed "s/.* //"'],
    ['mksh', 'typeset | sed "s/.* //"'],
  ])('by %s', async (shell, list) => {
    if (isMissing(shell)) return;
    const { taken, names, print } = format('shell');
    const all = new Set([...ask(shell, ['-c', list]).split('\n'), ...MORE]);
    const usable = [...all].filter((name) => names.test(name) && taken?.(name) === undefined);
    expect(usable.length).toBeGreaterThan(MORE.length / 2);
    const lines: string[] = [];
    for (const name of usable) {
      writeFileSync(
        join(folder, name),
        `${await print([variable(name, NASTY)], REQUEST, nodeIo({}, folder))}`,
      );
      lines.push(
        `(eval "$(/bin/cat ./${name})" && echo "${name}=$(/usr/bin/printenv ${name})") 2>/dev/null || echo ${name}\n`,
      );
    }
    const said = ask(shell, ['-c', lines.join('')])
      .trimEnd()
      .split('\n');
    const allowed = new Set(usable.map((name) => `${name}=${NASTY}`));
    const others = said.filter((line) => !allowed.has(line));
    expect(others.filter((line) => shell !== 'zsh' || line.includes('='))).toEqual([]);
    expect(existsSync(join(folder, 'run'))).toBe(false);
  });
});

test('the names of the declaration are those of the formats', () => {
  expect(EXPORT_FORMATS.map(({ name }) => name)).toEqual(EXPORT_FORMAT_NAMES);
});

describe('what is written is what is read', () => {
  for (const [shell, ...options] of [
    ['bash'],
    ['bash', '--posix'],
    ['dash'],
    ['zsh', '-f'],
    ['zsh', '-f', '-o', 'rcquotes', '-o', 'shwordsplit'],
  ] as const)
    test.skipIf(isMissing(shell))(`by ${[shell, ...options].join(' ')}`, async () => {
      const { path, expected } = await written('shell');
      const script = `eval "$(cat ${path}; echo :)"; ${SHOW}`;
      expect(JSON.parse(ask(shell, [...options, '-c', script]))).toEqual(expected);
    });

  test.skipIf(isMissing('fish'))('by fish', async () => {
    const { path, expected } = await written('fish');
    const script = `source ${path}; ${SHOW}`;
    expect(JSON.parse(ask('fish', ['--no-config', '-c', script]))).toEqual(expected);
  });

  test('by the readers of dotenv files of Node', async () => {
    const { text, expected } = await written('dotenv');
    const { parse } = createRequire(import.meta.url)('dotenv');
    expect({ ...parse(text) }).toEqual(expected);
    expect({ ...parseEnv(text) }).toEqual(expected);
  });

  test.skipIf(isMissing('jq'))('by jq', async () => {
    const { path, expected } = await written('json');
    expect(JSON.parse(ask('jq', ['-c', '.', path]))).toEqual(expected);
  });

  test('by a reader of YAML', async () => {
    const { text, expected } = await written('yaml');
    for (const version of ['1.1', '1.2'] as const) expect(parseYaml(text, { version })).toEqual(expected);
  });

  test('by a reader of YAML, in a Secret', async () => {
    const { text, expected } = await written('k8s-secret');
    const { data, kind } = parseYaml(text);
    expect(kind).toBe('Secret');
    expect(decoded(data)).toEqual(expected);
  });

  test.skipIf(isMissing('kubectl'))('by kubectl', async () => {
    const { text, expected } = await written('k8s-secret');
    writeFileSync(join(folder, 'secret.yaml'), text);
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [secret.yaml]\n');
    const { data } = parseYaml(ask('kubectl', ['kustomize', folder]));
    expect(decoded(data)).toEqual(expected);
  });

  test.skipIf(isMissing('terraform'))('by terraform', async () => {
    const { path, expected } = await written('tfvars');
    const names = Object.keys(expected);
    const all = names.map((name) => `${name} = var.${name}\n`).join('');
    const declared = names.map((name) => `variable "${name}" { type = string }\n`).join('');
    writeFileSync(join(folder, 'main.tf'), `${declared}locals {\nall = {\n${all}}\n}\n`);
    writeFileSync(join(folder, 'none.rc'), '');
    const { status, stdout, stderr } = spawnSync('terraform', ['console', '-no-color', `-var-file=${path}`], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        CHECKPOINT_DISABLE: '1',
        TF_CLI_CONFIG_FILE: join(folder, 'none.rc'),
      },
      cwd: folder,
      input: 'base64encode(jsonencode(local.all))\n',
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(Buffer.from(JSON.parse(stdout), 'base64').toString())).toEqual(expected);
  });
});

function decoded(data: { readonly [key: string]: string }): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}
