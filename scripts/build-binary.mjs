// Makes the program one file that needs no Node: for this machine, or with --all for every system.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'binaries');
const CACHE = join(ROOT, 'node_modules/.cache/sotto-binary');
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));

/** What is built, by the names of our files: bun's package, and its name for `--target`. */
const TARGETS = {
  'linux-x64': { runtime: 'bun-linux-x64', target: 'bun-linux-x64' },
  'linux-arm64': { runtime: 'bun-linux-aarch64', target: 'bun-linux-arm64' },
  'linux-x64-musl': { runtime: 'bun-linux-x64-musl', target: 'bun-linux-x64-musl' },
  'linux-arm64-musl': { runtime: 'bun-linux-aarch64-musl', target: 'bun-linux-arm64-musl' },
  'darwin-x64': { runtime: 'bun-darwin-x64', target: 'bun-darwin-x64' },
  'darwin-arm64': { runtime: 'bun-darwin-aarch64', target: 'bun-darwin-arm64' },
  'win32-x64': { runtime: 'bun-windows-x64', target: 'bun-windows-x64', suffix: '.exe' },
};

/** Variables that make something else of the program: bun itself, or one that loads a file first. */
const DISOBEYED = ['BUN_BE_BUN', 'BUN_OPTIONS'];

const FLAGS = [
  '--compile',
  '--format=esm',
  '--minify',
  '--bytecode',
  '--splitting',
  '--compile-jit-policy=20',
  // Without these, the working folder has a say in what the program does.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
  '--reject-unresolved',
];

const host = `${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
const names = process.argv.includes('--all') ? Object.keys(TARGETS) : [host];
mkdirSync(OUT, { recursive: true });
const bun = join(runtimeOf(TARGETS[host]));
const order = orderOf(bun);
for (const name of names) {
  const file = `sotto-${name}${TARGETS[name].suffix ?? ''}`;
  build(bun, TARGETS[name], join(OUT, file), [`--bytecode-order=${order}`]);
  console.log(`binaries/${file}`);
}
