import { posix } from 'node:path';
import { applyEdits } from '../../core/splice/edit.ts';
import type { Change } from '../../core/splice/format.ts';
import { NOWHERE, type TreeNode } from '../../core/tree/tree.ts';
import { attempt } from '../../errors.ts';
import { yaml } from '../../formats/yaml/index.ts';
import { hasBlock, withBlock, withoutBlock } from './block.ts';
import type { FileEdit } from './edits.ts';

/** What calls hooks in a repository. */
export type HookManager = 'git' | 'husky' | 'lefthook' | 'pre-commit';

/** What a repository has of hooks. */
export interface HookPlace {
  /** Absolute: the top of the work tree, and the folder in which git looks for hooks. */
  readonly root: string;
  readonly folder: string;
  /** Git's own folder, which all work trees share. */
  readonly commonFolder: string;
  /** The text of a file; `undefined` where there is none. @param path absolute */
  read(path: string): string | undefined;
}

/** Git runs none of them in another's place: a clean merge has no pre-commit, a push no commit (githooks(5)). */
const HOOKS = ['pre-commit', 'pre-merge-commit', 'pre-push'] as const;

const LEFTHOOK = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml'];
const PRE_COMMIT = '.pre-commit-config.yaml';

/** What manages the hooks of a repository. */
export function managerOf({ root, read }: HookPlace): HookManager {
  const has = (name: string): boolean => read(posix.join(root, name)) !== undefined;
  if (has('.husky/pre-commit') || /"husky"\s*:/.test(read(posix.join(root, 'package.json')) ?? ''))
    return 'husky';
  if (LEFTHOOK.some(has)) return 'lefthook';
  return has(PRE_COMMIT) ? 'pre-commit' : 'git';
}

/** What installing hooks changes, and what the user has to do besides. */
export interface HookPlan {
  readonly edits: readonly FileEdit[];
  readonly advice?: string;
}

/** Install the hooks. */
export function hookPlan(manager: HookManager, place: HookPlace): HookPlan {
  switch (manager) {
    case 'husky':
      return { edits: scripts(place, posix.join(place.root, '.husky')) };
    case 'lefthook':
      return lefthookPlan(place);
    case 'pre-commit':
      return preCommitPlan(place);
    default:
      return gitPlan(place);
  }
}

/** A folder of hooks that is not this repository's serves others, too. */
function gitPlan(place: HookPlace): HookPlan {
  const { root, folder, commonFolder } = place;
  const isOwn = [root, commonFolder].some((own) => folder.startsWith(`${own}/`));
  if (isOwn) return { edits: scripts(place, folder) };
  return {
    edits: [],
    advice: `core.hooksPath is ${folder}, outside of this repository: add "sotto check --staged || exit 1" to its pre-commit yourself`,
  };
}

function scripts({ read }: HookPlace, folder: string): FileEdit[] {
  return HOOKS.flatMap((name): FileEdit[] => {
    const path = posix.join(folder, name);
    const before = read(path);
    // A script in another language is not ours to change.
    if (before?.startsWith('#!') === true && !SHELL.test(before)) return [];
    const start = before ?? (folder.endsWith('/.husky') ? '' : '#!/bin/sh\n');
    return [{ path, before, after: withBlock(start, linesOf(name), true), isProgram: true }];
  });
}

const SHELL = /^#!.*\b(?:sh|bash|dash|zsh|ksh)\b/;

function linesOf(name: (typeof HOOKS)[number]): string[] {
  const missing = `command -v sotto >/dev/null 2>&1 || { echo "sotto is not installed, so nothing was checked; --no-verify goes on without" >&2; exit 1; }`;
  if (name !== 'pre-push') return [missing, 'sotto check --staged || exit 1'];
  return [
    missing,
    // What is behind it in the script reads the same lines.
    'sotto_refs=$(cat)',
    `printf '%s\\n' "$sotto_refs" | sotto check --pre-push "$1" || exit 1`,
    'exec <<sotto_end',
    '$sotto_refs',
    'sotto_end',
  ];
}

function lefthookPlan({ root, read }: HookPlace): HookPlan {
  const name = LEFTHOOK.find((one) => read(posix.join(root, one)) !== undefined) ?? 'lefthook.yml';
  const path = posix.join(root, name);
  const before = read(path);
  const entries: [string, string][] = [
    ['pre-commit', 'sotto check --staged'],
    ['pre-merge-commit', 'sotto check --staged'],
    ['pre-push', 'sotto check --pre-push {1}'],
  ];
  let after = before ?? '';
  for (const [hook, run] of entries)
    after = changed(after, {
      op: 'set',
      document: 0,
      path: [hook, 'commands', 'sotto'],
      node: mapOf(hook === 'pre-push' ? { run, use_stdin: true } : { run }),
    });
  return { edits: [{ path, before, after }], advice: 'run "lefthook install"' };
}

function preCommitPlan({ root, read }: HookPlace): HookPlan {
  const path = posix.join(root, PRE_COMMIT);
  const before = read(path);
  if (before?.includes('sotto check') === true) return { edits: [] };
  const text = before ?? 'repos: []\n';
  const count = yaml
    .read(text)
    .roots[0]?.items.flatMap((item) =>
      item.kind === 'entry' && item.key === 'repos' && item.value.kind === 'list'
        ? [item.value.items.filter(({ kind }) => kind !== 'comment').length]
        : [],
    )[0];
  const hook = (id: string, entry: string, stages: readonly string[]): TreeNode =>
    mapOf({ id, name: entry, entry, language: 'system', pass_filenames: false, always_run: true, stages });
  const node = mapOf({
    repo: 'local',
    hooks: [
      hook('sotto', 'sotto check --staged', ['pre-commit', 'pre-merge-commit']),
      hook('sotto-push', 'sotto check --pre-push', ['pre-push']),
    ],
  });
  const after = changed(text, { op: 'set', document: 0, path: ['repos', count ?? 0], node });
  return {
    edits: [{ path, before, after }],
    advice: 'run "pre-commit install -t pre-commit -t pre-merge-commit -t pre-push"',
  };
}

/** Take the hooks out again. */
export function hookRemoval(place: HookPlace): FileEdit[] {
  const { root, folder, read } = place;
  const edits: FileEdit[] = [];
  for (const path of [folder, posix.join(root, '.husky')].flatMap((one) =>
    HOOKS.map((name) => posix.join(one, name)),
  )) {
    const before = read(path);
    if (before === undefined || !hasBlock(before)) continue;
    const rest = withoutBlock(before);
    edits.push({ path, before, after: /^(?:#!.*\n?)?\s*$/.test(rest) ? undefined : rest });
  }
  for (const name of LEFTHOOK) {
    const path = posix.join(root, name);
    const before = read(path);
    if (before?.includes('sotto check') !== true) continue;
    let after = before;
    for (const hook of HOOKS) after = removed(after, [hook, 'commands', 'sotto']);
    edits.push({ path, before, after });
  }
  const path = posix.join(root, PRE_COMMIT);
  const before = read(path);
  if (before !== undefined) {
    const after = withoutOurRepo(before);
    if (after !== before) edits.push({ path, before, after });
  }
  return edits;
}

function withoutOurRepo(text: string): string {
  const [root] = yaml.read(text).roots;
  const repos = root?.items.find((item) => item.kind === 'entry' && item.key === 'repos');
  if (repos?.kind !== 'entry' || repos.value.kind !== 'list') return text;
  const items = repos.value.items.filter(({ kind }) => kind !== 'comment');
  const index = items.findIndex(({ place }) => /\bid: sotto\b/.test(text.slice(place.start, place.end)));
  return index === -1 ? text : removed(text, ['repos', index]);
}

function changed(text: string, change: Change): string {
  return applyEdits(text, yaml.change(yaml.read(text === '' ? '{}\n' : text), change));
}

function removed(text: string, path: readonly (string | number)[]): string {
  return attempt(() => changed(text, { op: 'remove', document: 0, path })) ?? text;
}

type Plain = string | boolean | TreeNode | readonly (string | TreeNode)[];

/** A mapping of plain values. */
function mapOf(values: { readonly [key: string]: Plain }): TreeNode {
  return {
    kind: 'map',
    place: NOWHERE,
    items: Object.entries(values).map(([key, value]) => ({
      kind: 'entry',
      key,
      keySpan: NOWHERE,
      value: nodeOf(value),
    })),
  };
}

function nodeOf(value: Plain): TreeNode {
  if (typeof value === 'string')
    return { kind: 'value', value: { type: 'str', text: value }, place: NOWHERE };
  if (typeof value === 'boolean')
    return { kind: 'value', value: { type: 'bool', text: value ? 'True' : 'False' }, place: NOWHERE };
  if ('kind' in value) return value;
  return { kind: 'list', items: value.map(nodeOf), place: NOWHERE };
}
