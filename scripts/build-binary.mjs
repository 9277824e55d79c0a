// Makes the program one file that needs no Node: for this machine, or for every system with --all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'binaries');
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

/** By the names of our files: the package of bun for that system, and what bun calls it as a target. */
const SYSTEMS = {
  'linux-x64': { runtime: '@oven/bun-linux-x64', target: 'bun-linux-x64' },
  'linux-arm64': { runtime: '@oven/bun-linux-aarch64', target: 'bun-linux-arm64' },
  'linux-x64-musl': { runtime: '@oven/bun-linux-x64-musl', target: 'bun-linux-x64-musl' },
  'linux-arm64-musl': { runtime: '@oven/bun-linux-aarch64-musl', target: 'bun-linux-arm64-musl' },
  'darwin-x64': { runtime: '@oven/bun-darwin-x64', target: 'bun-darwin-x64' },
  'darwin-arm64': { runtime: '@oven/bun-darwin-aarch64', target: 'bun-darwin-arm64' },
  'win32-x64': { runtime: '@oven/bun-windows-x64', target: 'bun-windows-x64', suffix: '.exe' },
};

/** Variables that would make something else of the program: bun itself, or one that runs a given file first. */
const NOT_OBEYED = ['BUN_BE_BUN', 'BUN_OPTIONS'];

const FLAGS = [
  '--compile',
  '--format=esm',
  '--minify',
  '--bytecode',
  '--splitting',
  '--compile-jit-policy=10',
  '--reject-unresolved',
  // Packages would have the place of their source on this machine in them.
  '--define=__dirname="/"',
  '--define=__filename="/"',
  // Files of the working folder have no say in what the program does.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
];

/** In bytes; what stands in the place of bun until its install script has run is smaller. */
const PLACEHOLDER_SIZE = 1_000_000;

/** What is encrypted and decrypted for the order of the bytecode. */
const PLAIN = 'a: 1\nb: two\nc:\n  d: true\n  e: [f, 1.5]\n';

const isMusl =
  process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
const host = `${process.platform}-${process.arch}${isMusl ? '-musl' : ''}`;
if (SYSTEMS[host] === undefined) throw new Error(`there is no binary for ${host}`);
mkdirSync(OUT, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'sotto-binary-'));
const bun = runtimeOf(host);
try {
  const order = bytecodeOrder();
  const names = process.argv.includes('--all') ? Object.keys(SYSTEMS) : [host];
  const files = names.map((name) => {
    const file = `sotto-${name}${SYSTEMS[name].suffix ?? ''}`;
    compile(name, join(OUT, file), [`--bytecode-order=${order}`]);
    return file;
  });
  const sums = files.map(
    (file) =>
      `${createHash('sha256')
        .update(readFileSync(join(OUT, file)))
        .digest('hex')}  ${file}\n`,
  );
  writeFileSync(join(OUT, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(OUT, 'LICENSES.txt'), licenses());
  // By the name that does not say for which system it is.
  rmSync(join(OUT, 'sotto'), { force: true });
  if (names.includes(host) && process.platform !== 'win32')
    linkSync(join(OUT, `sotto-${host}`), join(OUT, 'sotto'));
  process.stdout.write(sums.join(''));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Make the program for a system. */
function compile(name, file, flags) {
  const { target } = SYSTEMS[name];
  const runtime = join(work, `runtime-${name}`);
  if (!existsSync(runtime))
    writeFileSync(runtime, withoutVariables(readFileSync(runtimeOf(name))), { mode: 0o755 });
  const args = ['build', ...FLAGS, ...flags, `--target=${target}`, `--compile-executable-path=${runtime}`];
  execFileSync(bun, [...args, 'src/cli/binary.ts', `--outfile=${file}`], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A runtime that looks for variables without a name in place of those that it must not obey. */
function withoutVariables(runtime) {
  for (const name of NOT_OBEYED) {
    const text = `\0${name}\0`;
    const at = runtime.indexOf(text, 0, 'latin1');
    if (at === -1 || runtime.includes(text, at + 1, 'latin1'))
      throw new Error(`${name} is not once in the runtime`);
    runtime[at + 1] = 0;
  }
  return runtime;
}

/**
 * The functions that common commands call, in their order: side by side in the file, they are read at once. The
 * commands run in a folder of their own, with a key that is made for them.
 */
function bytecodeOrder() {
  const program = join(work, 'sotto');
  compile(host, program, [`--metafile=${join(work, 'contents.json')}`]);
  const order = join(work, 'order');
  const environment = { SOPS_AGE_KEY_FILE: 'key', BUN_BYTECODE_ORDER_OUT: order };
  const run = (args) => execFileSync(program, args, { cwd: work, env: environment, encoding: 'utf8' });
  const recipient = run(['keygen', '--output', 'key']).trim();
  writeFileSync(join(work, 'plain.yaml'), PLAIN);
  writeFileSync(join(work, 'secret.yaml'), run(['encrypt', '--age', recipient, 'plain.yaml']));
  rmSync(order);
  run(['decrypt', 'secret.yaml']);
  return order;
}

/** The licences of the packages that are in the file. */
function licenses() {
  const { inputs } = JSON.parse(readFileSync(join(work, 'contents.json'), 'utf8'));
  const names = Object.keys(inputs).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  const parts = [...new Set(names)].sort().map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? `${license}\n` : readFileSync(join(folder, file), 'utf8');
    return `${name} ${version}\n\n${text}`;
  });
  const { version } = packages['node_modules/bun'];
  return [
    readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
    `bun ${version}, and what it is made of: https://bun.com/docs/project/license\n`,
    ...parts,
  ].join(`\n${'-'.repeat(72)}\n\n`);
}

/** The path of bun for a system: as it is installed, or else from the registry, checked against package-lock.json. */
function runtimeOf(name) {
  const { runtime, suffix = '' } = SYSTEMS[name];
  const program = `bin/bun${suffix}`;
  // The install script of bun takes it out of the package for this system.
  const installed = [`${runtime}/${program}`, ...(name === host ? ['bun/bin/bun.exe'] : [])]
    .map((path) => join(ROOT, 'node_modules', path))
    .find((path) => existsSync(path) && statSync(path).size > PLACEHOLDER_SIZE);
  if (installed !== undefined) return installed;
  const { version, integrity } = packages[`node_modules/${runtime}`];
  const folder = join(work, name);
  mkdirSync(folder);
  const npm = ['pack', `${runtime}@${version}`, '--json', '--prefer-offline', `--pack-destination=${folder}`];
  const [{ filename }] = JSON.parse(
    execFileSync('npm', npm, { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' }),
  );
  const archive = join(folder, filename);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${runtime} is not what package-lock.json says`);
  execFileSync('tar', ['-xzf', filename, `package/${program}`], { cwd: folder });
  rmSync(archive);
  return join(folder, 'package', program);
}
