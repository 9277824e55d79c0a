import { createHmac } from 'node:crypto';
import { join, relative } from 'node:path';
import { pathFor } from '../../core/tree/find-path.ts';
import { nodesAt } from '../../core/tree/lookup.ts';
import { shortPath } from '../../core/tree/path.ts';
import { behindAliases, type Path } from '../../core/tree/tree.ts';
import { valueBytes } from '../../core/tree/value.ts';
import { SottoError } from '../../errors.ts';
import { json } from '../../formats/json/index.ts';
import type { Io } from '../../io/io.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { decryptValues } from '../../operations/decrypt.ts';
import { openFile, readEncrypted } from '../../operations/open.ts';
import { parseValue, setValue } from '../../operations/set.ts';
import { oneLine } from '../../text/printable.ts';
import { reapplied } from '../reapplied.ts';
import { rulingOn } from '../ruling.ts';
import { type CommonOptions, indentFor, type Tools } from '../settings.ts';
import { knownOf, readSource, type SealedSource, withFileInErrors } from '../source.ts';
import { nameFrom, type Subject, shownName } from './subject.ts';

/** A value to be written. */
export interface NewValue extends Subject {
  readonly text: string;
  /** It is the public half of a pair, which may stand in clear. */
  readonly isPublic: boolean;
}

/** The values of encrypted files below a folder, read from the disk each time: others may change them. */
export class Values {
  readonly #root: string;
  readonly #options: CommonOptions;
  readonly #tools: Tools;
  readonly #io: Io;

  constructor(root: string, options: CommonOptions, tools: Tools, io: Io) {
    this.#root = root;
    this.#options = options;
    this.#tools = tools;
    this.#io = io;
  }

  /** As the user would name a file. */
  fileName(file: string): string {
    return relative(this.#io.folder, join(this.#root, file));
  }

  /** @throws SottoError `renewal-invalid` for a file of elsewhere: it is opened with keys of whoever runs this, for others to read */
  async source(file: string): Promise<SealedSource> {
    const name = this.fileName(file);
    const [root, path] = [this.#root, join(this.#root, file)].map((one) => this.#io.realPath(one));
    if (nameFrom(root ?? '', path ?? '') === undefined)
      throw new SottoError(
        'renewal-invalid',
        `${oneLine(name)} leads out of the folder of its configuration`,
        {
          hint: 'a policy is about the files below its .sops.yaml, and its values are made of theirs',
        },
      );
    return readSource(this.#io, { file: name, name }, this.#tools.configurations, 'change');
  }

  /** A path that a user wrote, in a file that need not have it yet. @throws SottoError `path-invalid`, … */
  async pathIn(file: string, written: string): Promise<Path> {
    return withFileInErrors(this.fileName(file), async () =>
      pathFor(readEncrypted(await this.source(file)).document.roots[0], { written }),
    );
  }

  /** Whether a file has a value; needs no key. */
  async has({ file, path }: Subject): Promise<boolean> {
    const [root] = readEncrypted(await this.source(file)).document.roots;
    return root !== undefined && nodesAt(root, path).length > 0;
  }

  /** @returns `undefined` where there is no such value @throws SottoError `renewal-invalid` for what is no single value */
  async at(subject: Subject): Promise<string | undefined> {
    const name = this.fileName(subject.file);
    return withFileInErrors(name, async () => {
      const { keyring } = this.#tools;
      const { ignoreMac } = this.#options;
      const { nodes } = await decryptValues(await this.source(subject.file), { keyring, ignoreMac });
      const [root] = nodes;
      const [found] = root?.kind === 'map' ? nodesAt(root, subject.path) : [];
      if (found === undefined) return undefined;
      const node = behindAliases(found);
      if (node.kind !== 'value')
        throw new SottoError('renewal-invalid', `${shownName(subject)} is no single value`, {
          hint: `name one in it, as in ${shortPath(subject.path)}.password`,
        });
      if (node.value.type === 'null') return undefined;
      return decodeUtf8(valueBytes(node.value), name);
    });
  }

  /** {@link at}, where there has to be one. @throws SottoError `path-missing` */
  async required(subject: Subject): Promise<string> {
    const text = await this.at(subject);
    if (text !== undefined) return text;
    throw new SottoError('path-missing', `there is no ${shownName(subject)}`, {
      hint: 'check its name in .sops.yaml, under needs: or generate:',
    });
  }

  /**
   * Put values into a file, all in one write, and read them back.
   *
   * @throws SottoError those of opening, encrypting and writing
   */
  async write(file: string, values: readonly NewValue[]): Promise<void> {
    const name = this.fileName(file);
    await withFileInErrors(name, () => reapplied(this.#io, name, () => this.#writeOnce(file, values)));
    for (const value of values)
      if ((await this.at(value)) !== value.text)
        throw new SottoError('output-unwritable', `${name} does not hold what was written`, {
          file: name,
          hint: 'somebody else changed it; "sotto renew --resume" goes on',
        });
  }

  async #writeOnce(file: string, values: readonly NewValue[]): Promise<void> {
    const name = this.fileName(file);
    const { keyring, configurations } = this.#tools;
    const before = await this.source(file);
    const { ruled } = await rulingOn(before, name, this.#options, this.#tools, this.#io);
    const settings = {
      keyring,
      ignoreMac: this.#options.ignoreMac,
      markup: this.#options.markup,
      keepsMac: true,
      now: this.#io.now(),
      ruled,
      indent: indentFor(this.#options, configurations.for(this.#io.absolute(name)), before.format.name),
    };
    let source = before;
    for (const { path, text, isPublic } of values) {
      const node = parseValue(JSON.stringify(text), json);
      const result = await setValue(source, path, node, { ...settings, newInClear: isPublic });
      result.warnings.forEach(this.#options.warn);
      source = { ...source, text: result.text };
    }
    if (source.text === before.text) return;
    await this.#io.write(this.#io.absolute(name), source.text, { known: knownOf(name, before) });
  }

  /** What nobody can make who can not open a file. */
  async sealOf(file: string, text: string): Promise<string> {
    const opened = await openFile(await this.source(file), this.#tools.keyring);
    return createHmac('sha256', opened.key.dataKey).update(`sotto renewal 1\n${text}`).digest('hex');
  }
}
