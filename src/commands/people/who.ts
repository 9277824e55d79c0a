import { relative } from 'node:path';
import { recipientNames } from '../../config/names.ts';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { isSameRecipient, nameOf, type RecipientName } from '../../keys/index.ts';
import { readEncrypted } from '../../operations/open.ts';
import { unnamedIn } from '../../operations/rule-differences.ts';
import { sealedFiles } from '../batch.ts';
import { Readers } from '../check/readers.ts';
import { ruleIfAny } from '../configurations.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import { readSource, withFileInErrors } from '../source.ts';
import type { Reader, Readership } from './readership.ts';
import { sinceWhen } from './since.ts';

/** Options of `who`. */
export interface WhoOptions extends CommonOptions {
  /** Files and folders; all below the working folder if there are none. */
  readonly files: readonly string[];
  /** Only files that somebody with this name, or this recipient, can read. */
  readonly person?: string | undefined;
  /** Look into git for the commit that made somebody a reader. */
  readonly isDated: boolean;
}

/** Tell who can read files, without any key. @throws SottoError for a file that was named and is not encrypted */
export async function who(options: WhoOptions, io: Io): Promise<Readership[]> {
  const tools = toolsOf(io, options);
  const isAll = options.files.length === 0;
  const found = await sealedFiles(isAll ? [io.folder] : options.files, options, tools, io);
  const files = isAll ? found.map((file) => relative(io.folder, file)) : found;
  const look = new Readers(io);
  const all: Readership[] = [];
  for (const file of files)
    all.push(await withFileInErrors(file, () => readership(file, options, tools, look, io)));
  const wanted =
    options.person === undefined ? all : all.flatMap((one) => narrowed(one, options.person ?? ''));
  if (options.person !== undefined && wanted.length === 0 && !isKnown(options.person, all))
    throw new SottoError('person-unknown', 'nobody here has this name', {
      hint: '"sotto who" lists the readers of all files by name',
    });
  return options.isDated ? sinceWhen(wanted, tools, io) : wanted;
}

async function readership(
  file: string,
  options: CommonOptions,
  { configurations }: Tools,
  look: Readers,
  io: Io,
): Promise<Readership> {
  const path = io.absolute(file);
  const config = configurations.for(path);
  const rule = await ruleIfAny(io, config, path);
  const { metadata } = readEncrypted(
    await readSource(io, { ...options, file, name: file }, configurations, 'open'),
  );
  const held = metadata.groups.map((group) => group.map(nameOf));
  const terms = rule === undefined ? undefined : (await look.termsOf(rule)).groups;
  const surplus = terms === undefined ? [] : unnamedIn(held, terms);
  const names = recipientNames(config);
  const said = (one: RecipientName): Reader => ({
    kind: one.kind,
    id: one.id,
    name: names.nameOf(one),
    label: names.describe(one),
  });
  return {
    file,
    rule: rule?.number,
    readers: distinct(held.flat()).map((one) => ({
      ...said(one),
      expected: terms === undefined ? undefined : !surplus.some((other) => isSameRecipient(other, one)),
    })),
    missing: terms === undefined ? [] : unnamedIn(terms, held).map(said),
    groups:
      held.length < 2
        ? undefined
        : {
            needed: metadata.threshold ?? held.length,
            members: held.map((group) => group.map((one) => said(one).name ?? one.id)),
          },
  };
}

function distinct(recipients: readonly RecipientName[]): RecipientName[] {
  return recipients.filter(
    (one, index) => !recipients.slice(0, index).some((earlier) => isSameRecipient(earlier, one)),
  );
}

/** A file with only the readers of a name; none if there is no such reader. */
function narrowed(one: Readership, person: string): Readership[] {
  const readers = one.readers.filter((reader) => isCalled(reader, person));
  const missing = one.missing.filter((reader) => isCalled(reader, person));
  return readers.length + missing.length === 0 ? [] : [{ ...one, readers, missing }];
}

function isCalled({ name, id }: Reader, person: string): boolean {
  return name === person || id === person;
}

function isKnown(person: string, all: readonly Readership[]): boolean {
  return all.some(({ readers, missing }) => [...readers, ...missing].some((one) => isCalled(one, person)));
}
