import { posix } from 'node:path';
import type { Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { isJournal } from '../renew/journal.ts';
import { CONFIG_NAME, type Rulebook } from './rulebook.ts';
import { readFile } from './tree.ts';

const ATTRIBUTES = '.gitattributes';
const INIT = { command: ['sotto', 'init', '--local'], automatic: true };
/** Files in which programs that manage hooks are told what to call. */
const HOOK_FILES = [
  '.husky/pre-commit',
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  '.lefthook.yaml',
  '.pre-commit-config.yaml',
];

/** How a clone is set up: attributes, driver, hook. Nothing is said where nobody uses sotto in git. */
export async function checkSetup(
  repository: Repository,
  rulebook: Rulebook,
  sealed: readonly string[],
  io: Io,
): Promise<Finding[]> {
  const attributes = textAt(io, repository, ATTRIBUTES);
  const hasAttribute = /\b(?:merge|diff)=sotto\b/.test(attributes);
  const [driver, hook] = await Promise.all([
    repository.config('merge.sotto.driver'),
    hasHook(repository, io),
  ]);
  const isUsed =
    hasAttribute ||
    driver !== undefined ||
    hook ||
    rulebook.chapters.some(({ config }) => config?.root?.get('sotto') !== undefined);
  const anchor = rulebook.chapters.some(({ path }) => path === CONFIG_NAME) ? CONFIG_NAME : ATTRIBUTES;
  return [
    ...(await keptTexts(repository, anchor)),
    ...(isUsed ? await missingAttributes(repository, sealed) : []),
    ...(hasAttribute && driver === undefined
      ? [
          {
            rule: 'driver-missing' as const,
            file: ATTRIBUTES,
            message: 'this clone has no merge driver: git merges line by line',
            fix: INIT,
          },
        ]
      : []),
    ...(isUsed && !hook
      ? [
          {
            rule: 'hook-missing' as const,
            file: anchor,
            message: 'no hook of this clone calls "sotto check"',
            fix: INIT,
          },
        ]
      : []),
  ];
}

/** Plain texts among git's objects. */
async function keptTexts(repository: Repository, file: string): Promise<Finding[]> {
  const [setting, notes] = await Promise.all([
    repository.config('diff.sotto.cachetextconv'),
    repository.find('refs/notes/textconv/sotto'),
  ]);
  const isOn = setting !== undefined && !/^(?:false|no|off|0)$/i.test(setting);
  const command = isOn
    ? ['git', 'config', '--unset-all', 'diff.sotto.cachetextconv']
    : ['git', 'update-ref', '-d', 'refs/notes/textconv/sotto'];
  if (!isOn && notes === undefined) return [];
  return [
    {
      rule: 'cachetextconv',
      file,
      message: isOn ? 'diff.sotto.cachetextconv is on' : 'refs/notes/textconv/sotto holds decrypted texts',
      fix: { command, automatic: false },
    },
  ];
}

async function missingAttributes(repository: Repository, all: readonly string[]): Promise<Finding[]> {
  const sealed = all.filter((path) => !isJournal(path));
  if (sealed.length === 0) return [];
  const stdin = Buffer.from(sealed.map((path) => `${path}\0`).join(''));
  const fields = Buffer.from(await repository.run(['check-attr', '-z', '--stdin', 'merge'], stdin))
    .toString()
    .split('\0');
  const findings: Finding[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3)
    if (fields[at + 2] !== 'sotto')
      findings.push({
        rule: 'attributes-missing',
        file: fields[at] ?? '',
        message: `${ATTRIBUTES} does not hand it to sotto`,
        fix: { command: ['sotto', 'init'], automatic: false },
      });
  return findings;
}

/** Whether something calls `sotto check` before a commit: git's own hook, or what a program that manages hooks reads. */
async function hasHook(repository: Repository, io: Io): Promise<boolean> {
  const folder = await hooksFolder(repository);
  const own = readFile(io, posix.join(folder, 'pre-commit'));
  if (own !== undefined && mentions(own)) return true;
  // husky's own folder has one that calls that of the repository.
  if (own === undefined && !io.isFile(posix.join(folder, 'h'))) return false;
  return HOOK_FILES.some((file) => /\bsotto\b/.test(textAt(io, repository, file)));
}

/** Where git looks for hooks; absolute. */
export async function hooksFolder(repository: Repository): Promise<string> {
  const { stdout } = await repository.try(['rev-parse', '--git-path', 'hooks']);
  return posix.resolve(repository.root, Buffer.from(stdout).toString().replace(/\n$/, ''));
}

function mentions(bytes: Uint8Array): boolean {
  return /\bsotto\b/.test(Buffer.from(bytes).toString());
}

function textAt(io: Io, { root }: Repository, path: string): string {
  return Buffer.from(readFile(io, posix.join(root, path)) ?? []).toString();
}
