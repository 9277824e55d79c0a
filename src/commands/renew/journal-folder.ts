import { createHash } from 'node:crypto';
import { basename, join, relative } from 'node:path';
import { SottoError } from '../../errors.ts';
import { json } from '../../formats/json/index.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, nameOf as recipientName } from '../../keys/index.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import { decryptSource } from '../../operations/decrypt.ts';
import { encryptAs } from '../../operations/encrypt.ts';
import { readEncrypted } from '../../operations/open.ts';
import type { CommonOptions, Tools } from '../settings.ts';
import { readSource, withFileInErrors } from '../source.ts';
import {
  type Journal,
  type JournalHead,
  parseHead,
  parseJournal,
  printJournal,
  sealedText,
} from './journal.ts';
import { shownName } from './subject.ts';
import type { Values } from './values.ts';

const NAME = /^([0-9a-f]{16})\.json$/;
/** As in {@link Journal.seal}: one for each file, in their order. */
const BETWEEN_SEALS = '.';

/** The folder of renewals that have begun, `.sotto/renew` below the configuration. */
export function journalFolder(root: string): string {
  return join(root, '.sotto', 'renew');
}

/** What is being renewed; needs no key. @throws SottoError `renewal-invalid` for a journal that can't be read */
export function pendingRenewals(root: string, io: Io): JournalHead[] {
  const folder = journalFolder(root);
  if (!io.isFolder(folder)) return [];
  return io.filesBelow(folder).flatMap((path) => {
    const [, id] = NAME.exec(basename(path)) ?? [];
    return id === undefined || path !== join(folder, basename(path)) ? [] : [headIn(id, path, io)];
  });
}

function headIn(id: string, path: string, io: Io): JournalHead {
  const file = relative(io.folder, path);
  try {
    return parseHead(id, decodeUtf8(io.read(path), file));
  } catch (error) {
    throw error instanceof SottoError ? error.with({ file }) : error;
  }
}

/** Reads and writes journals: each an ordinary encrypted file, for those who can open what is renewed. */
export class JournalFolder {
  readonly #root: string;
  readonly #values: Values;
  readonly #options: CommonOptions;
  readonly #tools: Tools;
  readonly #io: Io;

  constructor(root: string, values: Values, options: CommonOptions, tools: Tools, io: Io) {
    this.#root = root;
    this.#values = values;
    this.#options = options;
    this.#tools = tools;
    this.#io = io;
  }

  /** As the user would name the file of a journal. */
  fileName(id: string): string {
    return relative(this.#io.folder, this.#path(id));
  }

  /** @throws SottoError `renewal-invalid` where it was not made by somebody who can open what it is about */
  async read(id: string): Promise<Journal> {
    const file = this.fileName(id);
    return withFileInErrors(file, async () => {
      const journal = parseJournal(id, await this.#textOf(file));
      await this.#requireVouched(journal);
      return journal;
    });
  }

  /**
   * Write a journal, wait for the disk, and read it back: what happens outside behind this is never without it.
   *
   * @param isNew it must not be there yet
   */
  async write(journal: Omit<Journal, 'seal'>, isNew: boolean): Promise<void> {
    const path = this.#path(journal.id);
    const file = this.fileName(journal.id);
    const sealed = { ...journal, seal: await this.#sealOf(journal) };
    const plain = printJournal(sealed);
    const text = await this.#encrypted(plain, journal);
    this.#io.makeFolder(journalFolder(this.#root));
    await this.#io.write(path, text, isNew ? { known: { name: file, content: undefined } } : {});
    if ((await this.#textOf(file)) === plain) return;
    throw new SottoError('output-unwritable', `${file} does not hold what was written`, {
      file,
      hint: 'nothing was done outside; somebody else changed it: look at it, and run the command again',
    });
  }

  remove(id: string): void {
    this.#io.remove(this.#path(id));
  }

  #path(id: string): string {
    return join(journalFolder(this.#root), `${id}.json`);
  }

  async #textOf(file: string): Promise<string> {
    const { keyring, configurations } = this.#tools;
    const source = await readSource(
      this.#io,
      { file, name: file, inputType: 'json' },
      configurations,
      'change',
    );
    const { content } = await decryptSource(source, { keyring, ignoreMac: this.#options.ignoreMac });
    return Buffer.from(content).toString();
  }

  /** @throws SottoError `renewal-invalid` for files with different readers: each would see values of the others */
  async #encrypted(plain: string, { values }: Pick<Journal, 'values'>): Promise<string> {
    const { keyring } = this.#tools;
    const [first, ...others] = filesOf(values);
    const { groups, threshold } = await this.#readersOf(first ?? '');
    for (const other of others) {
      const theirs = await this.#readersOf(other);
      const isAlike =
        theirs.threshold === threshold &&
        theirs.groups.length === groups.length &&
        theirs.groups.every((group, index) => hasSameReaders(group, groups[index] ?? []));
      if (!isAlike)
        throw new SottoError('renewal-invalid', `${other} has other readers than ${first}`, {
          hint: 'values of both would stand in one journal; give the files the same readers, or renew them one by one',
        });
    }
    const recipients = await keyring.recipientsOf(groups);
    const settings = { groups: recipients, threshold, now: this.#io.now() };
    return (await encryptAs({ text: plain }, json, settings)).text;
  }

  async #readersOf(file: string) {
    return readEncrypted(await this.#values.source(file)).metadata;
  }

  async #sealOf(journal: Pick<Journal, 'id' | 'values'>): Promise<string> {
    const seals: string[] = [];
    for (const file of filesOf(journal.values))
      seals.push(await this.#values.sealOf(file, sealedText(journal)));
    return createHash('sha256').update(seals.join(BETWEEN_SEALS)).digest('hex');
  }

  /**
   * Anybody can encrypt a journal for the readers of a file. Its seal takes the data key; when the file got another one
   * since, the old values vouch for it, which nobody else knows.
   */
  async #requireVouched(journal: Journal): Promise<void> {
    if ((await this.#sealOf(journal)) === journal.seal) return;
    let unknown: string | undefined;
    for (const value of journal.values) {
      if (value.isPublic) continue;
      const there = await this.#values.at(value);
      const isKnown = value.current !== undefined && (there === value.current || there === value.next);
      if (!isKnown) unknown ??= shownName(value);
    }
    if (unknown === undefined) return;
    throw new SottoError('renewal-invalid', `nothing vouches for what the journal has for ${unknown}`, {
      hint: 'whoever wrote it could not open the file, or the file has a new data key since; look who committed it, and take it out',
    });
  }
}

function filesOf(values: Journal['values']): string[] {
  return [...new Set(values.map(({ file }) => file))];
}

type Entry = Parameters<typeof recipientName>[0];

function hasSameReaders(one: readonly Entry[], other: readonly Entry[]): boolean {
  const [ours, theirs] = [one.map(recipientName), other.map(recipientName)];
  return (
    ours.length === theirs.length &&
    ours.every((reader) => theirs.some((another) => isSameRecipient(reader, another)))
  );
}
