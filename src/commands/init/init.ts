import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { SottoError } from '../../errors.ts';
import { openRepository, type Repository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { userKeyFile } from '../../keys/age/identity-sources.ts';
import { mayBeSealed } from '../../operations/check/sealed-file.ts';
import { fromHome } from '../../text/command-word.ts';
import { Examination } from '../check/examination.ts';
import { plaintextInHistory } from '../check/past.ts';
import { Readers } from '../check/readers.ts';
import { CONFIG_NAME, Rulebook } from '../check/rulebook.ts';
import { hooksFolder } from '../check/setup-check.ts';
import { readFile } from '../check/tree.ts';
import { withBlock } from './block.ts';
import { checkName, nameFrom, newConfig, withRules } from './config-text.ts';
import { apply, type FileEdit, pending, textAt } from './edits.ts';
import { type HookManager, type HookPlace, hookPlan, managerOf } from './hooks.ts';
import { type KeyChoice, keyChoices, namedKey } from './keys.ts';
import { coveringPatterns, type FilePattern, patternOf, patternsIn, suggestedPatterns } from './patterns.ts';
import { missingSettings, type Setting } from './settings.ts';

/** Options of `init`. What is left out is asked, or chosen. */
export interface InitOptions {
  readonly key?: string | undefined;
  readonly name?: string | undefined;
  readonly recovery?: string | undefined;
  readonly files: readonly string[];
  readonly hook: HookManager | 'auto' | 'none' | undefined;
  /** This clone only: its settings and its hook. */
  readonly isLocal: boolean;
  readonly isDry: boolean;
  readonly questions: Questions;
}

/** What is asked, where nothing says it; at most these three. */
export interface Questions {
  /** @returns the number of the choice */
  key(labels: readonly string[]): Promise<number>;
  files(globs: readonly string[]): Promise<readonly string[]>;
  hook(manager: HookManager): Promise<boolean>;
}

/** One thing that was done. */
export interface Step {
  readonly sign: '+' | '~' | '-';
  /** A file from the top, `.git/config`, or the new key. */
  readonly what: string;
  readonly how: string;
}

/** What came of it. */
export interface InitResult {
  readonly steps: readonly Step[];
  /** What is to be known. */
  readonly remarks: readonly string[];
  /** The next command. */
  readonly next: string | undefined;
}

/** Make a repository ready for secrets, and this clone of it. @throws SottoError `not-a-repository`, `usage`, … */
export async function init(options: InitOptions, io: Io): Promise<InitResult> {
  const repository = await openRepository(io);
  const { root } = repository;
  const place = await hookPlace(repository, io);
  const paths = await listFiles(repository);
  const configPath = posix.join(root, CONFIG_NAME);
  const config = textAt(io, configPath);
  const edits: FileEdit[] = [];
  const said = new Map<string, string>();
  const remarks: string[] = [];
  const patterns = options.isLocal ? [] : await choosePatterns(options, config, paths, root, io);
  let key: KeyChoice | undefined;
  if (!options.isLocal) {
    if (config === undefined || options.files.length > 0) key = await chooseKey(options, io);
    if (key !== undefined) {
      const recipient = options.isDry && key.isNew ? 'age1…' : await key.recipient();
      const made = await configEdit(config, configPath, recipient, patterns, options, repository);
      edits.push(made.edit);
      said.set(configPath, made.how);
      if (config === undefined && options.recovery === undefined)
        remarks.push(
          'one key alone will open everything: keep a copy of it offline, or name a second one with --recovery',
        );
    }
    edits.push(...textEdits(root, withOld(patterns, textAt(io, posix.join(root, ATTRIBUTES)) ?? ''), io));
    said.set(posix.join(root, ATTRIBUTES), patterns.map(({ glob }) => glob).join(' '));
    said.set(posix.join(root, '.gitignore'), IGNORED.join(' '));
  }
  const manager = await chooseHook(options, place);
  if (manager !== undefined) {
    const plan = hookPlan(manager, place);
    const wanted = options.isLocal && manager !== 'git' ? [] : plan.edits;
    edits.push(...wanted);
    if (plan.advice !== undefined && pending(plan.edits).length + (plan.edits.length === 0 ? 1 : 0) > 0)
      remarks.push(plan.advice);
    for (const { path } of wanted)
      said.set(path, manager === 'git' ? 'sotto check; this clone only' : `sotto check (${manager})`);
  }
  const settings = await missingSettings(repository);
  const left = pending(edits);
  if (!options.isDry) {
    await apply(left, io);
    for (const { name, value } of settings) await repository.setConfig(name, value);
    const own = left.find(({ path, before }) => path === configPath && before === undefined);
    if (own?.after !== undefined) await repository.setConfig(MADE, hashOf(own.after));
  }
  const steps = [
    ...(key?.isNew === true ? [keyStep(io)] : []),
    ...left.map((edit) => stepOf(edit, root, said)),
    ...settingSteps(settings),
  ];
  const exposed = options.isLocal ? [] : await exposedFiles(repository, patterns, paths, io);
  if (!options.isLocal) remarks.push(...(await historyRemarks(repository, patterns, paths, io)));
  return {
    steps,
    remarks: steps.length === 0 ? [] : remarks,
    next: nextCommand(steps, exposed, patterns, options, (path) => io.isFolder(posix.join(root, path))),
  };
}

/** Where git is told which files are sotto's. */
export const ATTRIBUTES = '.gitattributes';
/** The hash of the configuration that was made here. */
export const MADE = 'sotto.made';
const IGNORED = ['*.dec.*', '.sotto-*'];

/** What a text is recognised by. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a repository has of hooks. */
export async function hookPlace(repository: Repository, io: Io): Promise<HookPlace> {
  const { root, commonFolder } = repository;
  return {
    root,
    commonFolder,
    folder: await hooksFolder(repository),
    read: (path: string) => textAt(io, path),
  };
}

/** With `--files`, what an earlier call has put into `.gitattributes` stays. */
function withOld(patterns: readonly FilePattern[], attributes: string): FilePattern[] {
  const wanted = new Set(patterns.map(({ attribute }) => attribute));
  return [...patternsIn(attributes).filter(({ attribute }) => !wanted.has(attribute)), ...patterns];
}

/** What git knows, or would add. */
async function listFiles(repository: Repository): Promise<string[]> {
  const paths: string[] = [];
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  for await (const path of repository.records(args)) paths.push(path);
  return [...new Set(paths)];
}

async function choosePatterns(
  { files, questions }: InitOptions,
  config: string | undefined,
  paths: readonly string[],
  root: string,
  io: Io,
): Promise<FilePattern[]> {
  if (files.length > 0) return files.map(patternOf);
  const sealed = paths.filter((path) => isSealed(readFile(io, posix.join(root, path))));
  const suggested = suggestedPatterns(paths, sealed);
  const there = patternsIn(textAt(io, posix.join(root, ATTRIBUTES)) ?? '');
  if (config !== undefined || there.length > 0) return coveringPatterns(there, sealed);
  const wanted = await questions.files(suggested.map(({ glob }) => glob));
  return wanted.map(patternOf);
}

function isSealed(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && bytes.length < LONGEST && mayBeSealed(Buffer.from(bytes).toString());
}

/** Encrypted files of settings are shorter. */
const LONGEST = 4_000_000;

async function chooseKey({ key, questions }: InitOptions, io: Io): Promise<KeyChoice> {
  if (key !== undefined) return namedKey(key, io);
  const choices = await keyChoices(io);
  const [only, another] = choices;
  if (only !== undefined && another === undefined) return only;
  const chosen = choices[await questions.key(choices.map(({ label }) => label))];
  if (chosen !== undefined) return chosen;
  throw new SottoError('canceled', 'no key was chosen; nothing was changed', { hint: '--key names one' });
}

async function configEdit(
  before: string | undefined,
  path: string,
  recipient: string,
  patterns: readonly FilePattern[],
  options: InitOptions,
  repository: Repository,
): Promise<{ readonly edit: FileEdit; readonly how: string }> {
  if (before !== undefined) {
    const rulebook = new Rulebook(repository.root, new Map([[CONFIG_NAME, before]]));
    const ruled = rulebook.chapters[0]?.config?.rules ?? [];
    const texts = new Set(ruled.map((rule) => rule.get('path_regex')?.text ?? ''));
    const unruled = patterns.filter(({ regex }) => !texts.has(regex));
    const after = withRules(before, path, recipient, unruled);
    return {
      edit: { path, before, after },
      how: `${unruled.length} rule${unruled.length === 1 ? '' : 's'} more`,
    };
  }
  const name =
    options.name === undefined ? nameFrom(await repository.config('user.name')) : checkName(options.name);
  const people = [
    { name, recipient, comment: '' },
    ...(options.recovery === undefined
      ? []
      : [
          {
            name: name === 'recovery' ? 'offline' : 'recovery',
            recipient: options.recovery,
            comment: 'kept offline',
          },
        ]),
  ];
  const after = newConfig(people, patterns);
  return {
    edit: { path, before, after },
    how: `you are "${name}"; ${patterns.length} rule${patterns.length === 1 ? '' : 's'}`,
  };
}

function textEdits(root: string, patterns: readonly FilePattern[], io: Io): FileEdit[] {
  const edit = (name: string, lines: readonly string[]): FileEdit => {
    const path = posix.join(root, name);
    const before = textAt(io, path);
    return { path, before, after: withBlock(before ?? '', lines) };
  };
  return [
    edit(ATTRIBUTES, [
      ...patterns.map(({ attribute }) => `${attribute} -text diff=sotto merge=sotto`),
      `${CONFIG_NAME} merge=sotto`,
    ]),
    edit('.gitignore', IGNORED),
  ];
}

async function chooseHook(
  { hook, questions, isLocal }: InitOptions,
  place: HookPlace,
): Promise<HookManager | undefined> {
  if (hook === 'none') return undefined;
  if (hook !== undefined && hook !== 'auto') return hook;
  const manager = managerOf(place);
  if (hook === 'auto' || isLocal || pending(hookPlan(manager, place).edits).length === 0) return manager;
  return (await questions.hook(manager)) ? manager : undefined;
}

function stepOf({ path, before }: FileEdit, root: string, said: ReadonlyMap<string, string>): Step {
  const inside = posix.relative(root, path);
  return {
    sign: before === undefined ? '+' : '~',
    what: inside,
    how: said.get(path) ?? '',
  };
}

/** What is lost with it is said elsewhere; where it is, has to be known for a copy. */
function keyStep(io: Io): Step {
  return { sign: '+', what: fromHome(userKeyFile(io) ?? '', io.home), how: 'your key; only you can read it' };
}

function settingSteps(settings: readonly Setting[]): Step[] {
  return settings.length === 0
    ? []
    : [{ sign: '+', what: '.git/config', how: `${sections(settings)}; this clone only` }];
}

/** Which parts of git's configuration settings are of. */
export function sections(settings: readonly Setting[]): string {
  return [...new Set(settings.map(({ name }) => name.slice(0, name.lastIndexOf('.'))))].join(', ');
}

/** Files of the patterns that stand in clear. */
async function exposedFiles(
  { root }: Repository,
  patterns: readonly FilePattern[],
  paths: readonly string[],
  io: Io,
): Promise<string[]> {
  return matching(patterns, paths).filter((path) => {
    const bytes = readFile(io, posix.join(root, path));
    return bytes !== undefined && bytes.length > 0 && !isSealed(bytes);
  });
}

function matching(patterns: readonly FilePattern[], paths: readonly string[]): string[] {
  const expressions = patterns.map(({ regex }) => new RegExp(regex));
  return paths.filter(
    (path) => path !== CONFIG_NAME && expressions.some((expression) => expression.test(path)),
  );
}

async function historyRemarks(
  repository: Repository,
  patterns: readonly FilePattern[],
  paths: readonly string[],
  io: Io,
): Promise<string[]> {
  const head = await repository.find('HEAD');
  const wanted = new Set(matching(patterns, paths));
  if (head === undefined || wanted.size === 0) return [];
  const examination = new Examination(new Rulebook(repository.root, new Map()), new Readers(io));
  const found = await plaintextInHistory(repository, head, wanted, new Set(), examination);
  return found.map(
    ({ file, message }) =>
      `${file}: ${message.replace(/^it stands/, 'stands')}: change its values after encrypting it`,
  );
}

function nextCommand(
  steps: readonly Step[],
  exposed: readonly string[],
  patterns: readonly FilePattern[],
  { isLocal }: InitOptions,
  hasFolder: (path: string) => boolean,
): string | undefined {
  if (isLocal || (steps.length === 0 && exposed.length === 0)) return undefined;
  if (exposed.length > 0)
    return `sotto encrypt -i ${exposed.map(quoted).join(' ')} && git add -A && git commit`;
  const folder = patterns.find(({ glob }) => /^[^*?]+\/\*\*$/.test(glob))?.glob.slice(0, -3);
  if (folder === undefined) return 'git add -A && git commit';
  const edit = `sotto edit ${quoted(`${folder}/first.yaml`)} && git add -A && git commit`;
  return hasFolder(folder) ? edit : `mkdir -p ${quoted(folder)} && ${edit}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
