import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execFileSync, spawnSync } from '../support/processes.ts';
import { exportsOfLibrary } from './doc-examples.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXPORTS = exportsOfLibrary();

/** What the examples have at hand. */
const PRELUDE = `
const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const otherIdentity = await generateIdentity();
const other = await identityToRecipient(otherIdentity);
const keys = { format: 'yaml', identities: identity } as const;
const sealed = async (text: string): Promise<string> =>
  (await encrypt(text, { format: 'yaml', recipients: [recipient] })).text;
const encrypted = await sealed('password: hunter2\\n');
const hosts = await sealed('hosts:\\n    - db.example\\n    - cache.example\\n');
writeFileSync('secrets.yaml', encrypted);
writeFileSync('plain.yaml', 'password: hunter2\\n');
`;

/** What a compiler has to refuse. */
const REFUSED: { readonly [what: string]: string } = {
  'a format that there is not': `encrypt('a: 1', { format: 'yam', recipients: [] })`,
  'another format that there is not': `decrypt('', { ...keys, output: 'yml' })`,
  'a selector that there is not': `encrypt('', { ...keys, recipients: [], selector: { kind: 'regex', pattern: '' } })`,
  'a dialect that there is not': `encrypt('', { format: 'dotenv', recipients: [], dialect: 'bash' })`,
  'a trust that there is not': `decrypt('', { ...keys, markup: 'lax' })`,
  'values in another format': `decrypt('', { ...keys, values: true, output: 'json' })`,
  'bigints in a text': `decrypt('', { ...keys, intAsBigInt: true })`,
  'the text of values': `decrypt('', { ...keys, values: true }).then(({ text }) => text)`,
  'a path of other things': `decrypt('', { ...keys, extract: [null] })`,
  'an error code that there is not': `new SottoError('mac-missmatch', '')`,
  'no keys': `decrypt('', { format: 'yaml' })`,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-consumer-'));
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  }).trim();
  const library = join(folder, 'node_modules/sotto');
  mkdirSync(library, { recursive: true });
  execFileSync('tar', ['xzf', join(folder, packed), '-C', library, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    skipLibCheck: false,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compile(name: string, body: string): string {
  const names = EXPORTS.map(({ name, isType }) => (isType ? `type ${name}` : name)).join(', ');
  const imports = `import { writeFileSync } from 'node:fs';\nimport { ${names} } from 'sotto';\n`;
  writeFileSync(join(folder, name), `${imports}${PRELUDE}${body}`);
  const { stdout, stderr } = spawnSync('node', [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
}

test('the example of each export compiles for somebody who has installed the package, and does what it says', () => {
  expect(EXPORTS.filter(({ example }) => example === undefined).map(({ name }) => name)).toEqual([]);
  const check = `
const wrong: unknown[] = [];
const same = (name: string, line: string, value: unknown, expected: unknown): void => {
  const [is, should] = [JSON.stringify(value), JSON.stringify(expected)];
  if (is !== should) wrong.push({ name, line, is, should });
};
`;
  const examples = EXPORTS.map(({ name, example = '' }) => {
    const lines = example.split('\n').map((line) => {
      const [, code, value] = /^([^ ].*); \/\/ (.+)$/.exec(line) ?? [];
      if (code === undefined || value === undefined) return line;
      return `same(${JSON.stringify(name)}, ${JSON.stringify(line)}, ${code}, ${value});`;
    });
    return `{\n${lines.join('\n')}\n}\n`;
  });
  expect(compile('examples.ts', `${check}${examples.join('')}console.log(JSON.stringify(wrong));\n`)).toBe(
    '',
  );
  const run = spawnSync('node', ['examples.js'], { cwd: folder, encoding: 'utf8' });
  expect({ stdout: run.stdout, stderr: run.stderr }).toEqual({ stdout: '[]\n', stderr: '' });
});

test('a word that is none of a closed set does not compile', () => {
  const lines = Object.values(REFUSED).map((code) => `// @ts-expect-error\nvoid (() => ${code});\n`);
  rmSync(join(folder, 'examples.ts'), { force: true });
  expect(compile('refused.ts', lines.join(''))).toBe('');
});

test('every type that a signature of the library names is exported', () => {
  const names = new Set(EXPORTS.map(({ name }) => name));
  const declarations = join(folder, 'node_modules/sotto/dist/library');
  const missing = readdirSync(declarations)
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(declarations, file), 'utf8');
      const shown = EXPORTS.map(({ name }) => declarationOf(name, text)).join('\n');
      const imported = [
        ...text.matchAll(/^(?:import (?:type )?\{([^}]*)\}|export interface (\w+)|export type (\w+))/gm),
      ];
      return imported
        .flatMap(([, list = '', ...declared]) => [...list.split(','), ...declared])
        .map((name) => (name ?? '').replace('type ', '').trim().split(' as ').at(-1) ?? '')
        .filter((name) => name !== '' && new RegExp(`\\b${name}\\b`).test(shown) && !names.has(name))
        .map((name) => `${file}: ${name}`);
    });
  expect(missing).toEqual([]);
});

/** The text of a declaration, all its overloads included, without comments. */
function declarationOf(name: string, text: string): string {
  const code = text.replace(/\/\*\*[\s\S]*?\*\//g, '');
  const declaration = `^export (?:declare )?(?:function|class|interface|type|const) ${name}\\b[\\s\\S]*?(?=^export |(?![\\s\\S]))`;
  return [...code.matchAll(new RegExp(declaration, 'gm'))].map(([found]) => found).join('\n');
}

test('docs/library.md names every function', () => {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  const functions = EXPORTS.filter(({ isType }) => !isType).map(({ name }) => name);
  expect(functions.filter((name) => !new RegExp(`\`${name}[(\`]|\`${name}, `).test(page))).toEqual([]);
});
