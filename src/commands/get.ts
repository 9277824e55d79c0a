import { pathOf } from '../core/splice/leaf.ts';
import type { Warning } from '../core/splice/warning.ts';
import type { Path } from '../core/tree/tree.ts';
import { valueBytes } from '../core/tree/value.ts';
import { SottoError } from '../errors.ts';
import { openRepository } from '../io/git/repository.ts';
import type { Io } from '../io/io.ts';
import { readVersion, saidAt } from '../operations/compare/version.ts';
import { decodeUtf8 } from '../operations/content.ts';
import { decryptValues } from '../operations/decrypt.ts';
import { readEncrypted, type Source } from '../operations/open.ts';
import { type Configurations, ruleIfAny } from './configurations.ts';
import { chooseFormats } from './format-choice.ts';
import { pathInRepository } from './git/repository-path.ts';
import { type CommonOptions, type Tools, toolsOf } from './settings.ts';
import { readSource, withFileInErrors } from './source.ts';

/** Options of `get`. */
export interface GetOptions extends CommonOptions {
  /** A file, or one of a revision: `main~3:secrets/prod.yaml`. */
  readonly target: string;
  /** As the user wrote it. */
  readonly path: string;
}

/** A value, or a part of a file in its format. */
export interface GotValue {
  readonly path: Path;
  /** `map` and `list` for what has values in it. */
  readonly type: string;
  readonly content: Uint8Array;
  readonly warnings: readonly Warning[];
}

/** Get a value of an encrypted file. @throws SottoError `path-missing`, and those of decrypting */
export async function get({ target, path, ...options }: GetOptions, io: Io): Promise<GotValue> {
  return withFileInErrors(target, async () => {
    const tools = toolsOf(io, options);
    const source = await sourceOf(target, options, tools, io);
    const { keyring } = tools;
    const { ignoreMac } = options;
    const values = await decryptValues(source, { keyring, ignoreMac, extract: { written: path } });
    const [node] = values.nodes;
    if (node === undefined || values.path === undefined) throw new Error('there is no value');
    const { warnings } = values;
    if (node.kind === 'value' && node.value.type === 'str')
      return { path: values.path, type: 'str', content: valueBytes(node.value), warnings };
    const printed = values.format.print([node]);
    if (node.kind !== 'value')
      return { path: values.path, type: node.kind, content: Buffer.from(printed), warnings };
    return { path: values.path, type: node.value.type, content: Buffer.from(printed.trimEnd()), warnings };
  });
}

/** A value that a file has. */
export interface ListedValue {
  readonly path: Path;
  readonly document: number;
  readonly encrypted: boolean;
  readonly type: string;
}

/** The values that an encrypted file has, which can be seen without a key. @throws SottoError `metadata-missing`, … */
export async function listValues(
  { target, ...options }: Omit<GetOptions, 'path'>,
  io: Io,
): Promise<readonly ListedValue[]> {
  return withFileInErrors(target, async () => {
    const source = await sourceOf(target, options, toolsOf(io, options), io);
    readEncrypted(source);
    const version = await readVersion(source);
    return Array.from(version.leaves, ({ at, document }, index): ListedValue => {
      const { token, type } = saidAt(version, index);
      return { path: pathOf(at), document, encrypted: token !== '', type };
    }).filter(({ type }) => type !== 'comment');
  });
}

/** A file that is there is meant, whatever its name; else one of a revision. */
async function sourceOf(
  target: string,
  options: CommonOptions,
  { configurations }: Tools,
  io: Io,
): Promise<Source> {
  const [, revision, file] = /^([^:]+):(.+)$/s.exec(target) ?? [];
  if (revision === undefined || file === undefined || io.exists(io.absolute(target)))
    return readSource(io, { ...options, file: target, name: target }, configurations, 'open');
  return sourceAt(revision, file, options, configurations, io);
}

async function sourceAt(
  revision: string,
  file: string,
  options: CommonOptions,
  configurations: Configurations,
  io: Io,
): Promise<Source> {
  const repository = await openRepository(io);
  const commit = await repository.find(`${revision}^{commit}`);
  if (commit === undefined) {
    throw new SottoError(
      'input-unreadable',
      `${revision} is no revision, and there is no file ${revision}:${file}`,
      {
        hint: 'check the names; "git log --oneline" shows revisions',
      },
    );
  }
  // As git has it, a name is one from the top; one that is seen from here is taken, too.
  const names = [file, pathInRepository(io, repository, file)];
  const entries = await repository.lsTree(commit, names);
  const entry = names.flatMap((name) => entries.find(({ path }) => path === name) ?? [])[0];
  const blobs = repository.blobs();
  try {
    const bytes = entry === undefined ? undefined : await blobs.read(entry.blob);
    if (entry === undefined || bytes === undefined) {
      throw new SottoError('input-unreadable', `${revision} has no file ${file}`, {
        hint: `"git ls-tree -r --name-only ${revision}" shows what it has`,
      });
    }
    const text = decodeUtf8(bytes, file);
    const path = `${repository.root}/${entry.path}`;
    const rule = () => ruleIfAny(io, configurations.for(path), path);
    const { input: format } = await chooseFormats(entry.path, options, { sealed: text, rule });
    return { text, format, origin: path };
  } finally {
    blobs.end();
  }
}
