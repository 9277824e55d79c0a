import { SottoError } from '../../errors.ts';
import { commandWord } from '../../text/command-word.ts';
import { childrenAt, nodesAt } from './lookup.ts';
import { EXACT, nextStep, parsePath, printPath, type Step, stepAt, stepsFrom } from './path.ts';
import { parseSopsPath } from './sops-path.ts';
import type { MapNode, Path, TreeNode } from './tree.ts';
import { behindAliases } from './tree.ts';

/** Where a value stands: its keys and indices, or a text of which the keys of a file decide what it means. */
export type WantedPath = Path | { readonly written: string };

/**
 * The path that is meant. A file can have several values that a text names: `a.b` is `b` in `a`, and a key with a dot.
 *
 * @returns `undefined` where the file has nothing there
 * @throws SottoError `path-invalid`; `path-ambiguous`, which names the exact forms
 */
export function findPath(root: MapNode, wanted: WantedPath): Path | undefined {
  if (!('written' in wanted)) return nodesAt(root, wanted).length === 0 ? undefined : wanted;
  const { found } = readingsOf(wanted.written, root);
  if (found.length === 0) parsePath(wanted.written);
  return onlyOne(wanted.written, found);
}

/** {@link findPath}, or what the text says by itself where the file has nothing. @throws SottoError as it */
export function pathIn(root: MapNode | undefined, wanted: WantedPath): Path {
  if (!('written' in wanted)) return wanted;
  return (root === undefined ? undefined : findPath(root, wanted)) ?? parsePath(wanted.written);
}

/**
 * {@link findPath}, or the path of a value that is yet to be: what there is of it in the file counts.
 *
 * @throws SottoError as {@link findPath}
 */
export function pathFor(root: MapNode | undefined, wanted: WantedPath): Path {
  if (!('written' in wanted)) return wanted;
  const { written } = wanted;
  if (root === undefined) return parsePath(written);
  const { found, begun } = readingsOf(written, root);
  return onlyOne(written, found) ?? onlyOne(written, begun) ?? parsePath(written);
}

/** The paths that a text can mean: of those that are in the file, and of those that only begin there, at least two. */
interface Readings {
  readonly found: readonly Path[];
  readonly begun: readonly Path[];
}

function readingsOf(text: string, root: MapNode): Readings {
  if (text.startsWith(EXACT)) {
    const path = stepsFrom(text, 1);
    return { found: nodesAt(root, path).length === 0 ? [] : [path], begun: [path] };
  }
  const search = new Search(text);
  search.walk(root, 0, []);
  if (text.startsWith('.')) search.walk(root, 1, []);
  // A key with a backslash is another one in sops, which has no escapes.
  const inSops = orNothing(() => parseSopsPath(text));
  if (inSops !== undefined && text.includes('\\')) search.add(root, inSops);
  return search;
}

class Search implements Readings {
  readonly found: Path[] = [];
  readonly begun: Path[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Go on below a node with what stands in the text from an offset on. No more nodes are visited than a reader lets a
   * file have, aliases followed.
   */
  walk(node: TreeNode, at: number, path: Path): void {
    const here = behindAliases(node);
    let isEnd = true;
    for (const { key, end } of this.#stepsInto(here, at)) {
      const children = childrenAt(here, key);
      if (children.length === 0) continue;
      isEnd = false;
      const below = [...path, key];
      const next = nextStep(this.#text, end);
      if (end === this.#text.length) push(this.found, below);
      else if (next !== undefined) for (const child of children) this.walk(child, next, below);
    }
    if (isEnd && path.length > 0 && here.kind !== 'value') this.#begin(here, at, path);
  }

  /** One more path that the text can mean. */
  add(root: MapNode, path: Path): void {
    if (nodesAt(root, path).length > 0) push(this.found, path);
    const plain = orNothing(() => parsePath(this.#text));
    if (this.begun.length === 0 && plain !== undefined) push(this.begun, plain);
    push(this.begun, path);
  }

  #begin(here: TreeNode, at: number, path: Path): void {
    const rest = orNothing(() => stepsFrom(this.#text, at));
    if (rest === undefined) return;
    const [first = '', ...others] = rest;
    push(this.begun, [...path, here.kind === 'list' ? indexIn(first) : first, ...others]);
  }

  /** The keys that can stand at an offset: for a mapping, any text up to a dot, a bracket or the end can be one. */
  #stepsInto(here: TreeNode, at: number): Step[] {
    const text = this.#text;
    const step = orNothing(() => stepAt(text, at));
    if (here.kind === 'list') return step === undefined ? [] : [{ ...step, key: indexIn(step.key) }];
    if (here.kind !== 'map') return [];
    const plain = step === undefined ? [] : [{ ...step, key: String(step.key) }];
    if (text[at] === '[') return plain;
    const ends = [...text.slice(at + 1).matchAll(/[.[]|$/g)].map(({ index }) => at + 1 + index);
    return ends.map((end) => ({ key: text.slice(at, end), end }));
  }
}

/** Items of lists can be named by numbers without brackets. */
function indexIn(key: string | number): string | number {
  return typeof key === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key;
}

/** One more path, up to two. */
function push(paths: Path[], path: Path): void {
  const isSame = (other: Path): boolean => JSON.stringify(other) === JSON.stringify(path);
  if (paths.length < 2 && !paths.some(isSame)) paths.push(path);
}

function onlyOne(text: string, paths: readonly Path[]): Path | undefined {
  const [path, another] = paths;
  if (path === undefined || another === undefined) return path;
  throw new SottoError('path-ambiguous', `${text} can mean two values of the file`, {
    hint: `write ${commandWord(printPath(path))} or ${commandWord(printPath(another))}`,
  });
}

function orNothing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
