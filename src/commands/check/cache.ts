import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Io } from '../../io/io.ts';
import type { Finding } from '../../operations/check/finding.ts';
import { isFindingId } from '../../operations/check/findings.ts';
import type { Examined, FileKind } from './examination.ts';

/** What was found in versions of files, by the object of git that each is: kept in `.git/sotto`, for this clone. */
export class Cache {
  readonly #io: Io;
  readonly #path: string;
  readonly #state: string;
  readonly #before: Stored;
  readonly #files = new Map<string, readonly [string, Examined]>();
  #history: History | undefined;
  #isChanged = false;

  /**
   * @param folder of git's own, which all work trees share
   * @param sources what decides on what is found: the program's version, and all configurations
   */
  constructor(io: Io, folder: string, sources: readonly string[]) {
    this.#io = io;
    this.#path = join(folder, 'sotto', 'check.json');
    const hash = createHash('sha256');
    for (const text of sources) hash.update(`\0${text.length}\0`).update(text);
    this.#state = hash.digest('hex');
    const stored = readStored(io, this.#path);
    this.#before = stored?.state === this.#state ? stored : NOTHING;
    this.#history = this.#before.history;
  }

  /** What is known of a version of a file. */
  find(path: string, blob: string): Examined | undefined {
    const known = this.#before.files.get(path);
    if (known?.[0] !== blob) return undefined;
    this.#files.set(path, known);
    return known[1];
  }

  keep(path: string, blob: string, examined: Examined): void {
    this.#files.set(path, [blob, examined]);
    this.#isChanged = true;
  }

  /** What was found in the history of a commit. */
  get history(): History | undefined {
    return this.#history;
  }

  keepHistory(history: History): void {
    this.#history = history;
    this.#isChanged = true;
  }

  /** Keep what was found for the next run. A folder that can't be written to is no reason to fail. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    const files = [...this.#files].map(([path, [blob, { kind, findings, isMacChecked = false }]]) => [
      path,
      blob,
      kind,
      isMacChecked,
      findings,
    ]);
    const text = JSON.stringify({ state: this.#state, files, history: this.#history });
    try {
      if (this.#io.exists(this.#path)) await this.#io.write(this.#path, text);
      else this.#io.create(this.#path, Buffer.from(text), 0o600);
    } catch {
      // The next run looks again.
    }
  }
}

/** What was found in the history of a commit. */
export interface History {
  readonly head: string;
  /** A hash of the files whose versions were looked at. */
  readonly paths: string;
  readonly findings: readonly Finding[];
}

interface Stored {
  readonly state: string;
  readonly files: ReadonlyMap<string, readonly [string, Examined]>;
  readonly history?: History | undefined;
}

const NOTHING: Stored = { state: '', files: new Map() };

function readStored(io: Io, path: string): Stored | undefined {
  const bytes = io.isFile(path) ? io.readBytes(path) : undefined;
  if (bytes === undefined) return undefined;
  try {
    return storedIn(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}

/** Parts that are not as they were written are forgotten. */
function storedIn(data: unknown): Stored | undefined {
  if (!isObject(data) || typeof data['state'] !== 'string' || !Array.isArray(data['files'])) return undefined;
  const files = new Map<string, readonly [string, Examined]>();
  for (const row of data['files']) {
    if (!Array.isArray(row)) continue;
    const [path, blob, kind, isMacChecked, list]: unknown[] = row;
    const findings = findingsIn(list);
    if (typeof path === 'string' && typeof blob === 'string' && isKind(kind) && findings !== undefined)
      files.set(path, [blob, { kind, findings, isMacChecked: isMacChecked === true }]);
  }
  const history = data['history'];
  if (!isObject(history)) return { state: data['state'], files };
  const { head, paths, findings: list } = history;
  const findings = findingsIn(list);
  if (typeof head !== 'string' || typeof paths !== 'string' || findings === undefined)
    return { state: data['state'], files };
  return { state: data['state'], files, history: { head, paths, findings } };
}

function findingsIn(list: unknown): Finding[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const items: unknown[] = list;
  return items.every(isFinding) ? items : undefined;
}

/** What this program wrote; the folder is nobody else's. */
function isFinding(value: unknown): value is Finding {
  return (
    isObject(value) &&
    typeof value['rule'] === 'string' &&
    isFindingId(value['rule']) &&
    typeof value['file'] === 'string' &&
    typeof value['message'] === 'string'
  );
}

function isKind(word: unknown): word is FileKind {
  return word === 'sealed' || word === 'exposed' || word === 'other';
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
