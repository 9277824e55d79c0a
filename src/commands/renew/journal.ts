import { createHash } from 'node:crypto';
import { parsePath, printPath, shortPath } from '../../core/tree/path.ts';
import { attempt, SottoError } from '../../errors.ts';
import { nameOf, type Subject } from './subject.ts';

/** A value that is being renewed: what it was, and what it is to be. */
export interface JournalValue extends Subject {
  /** Left out where there was none. */
  readonly current?: string | undefined;
  readonly next: string;
  /** It is the public half of the value in front of it. */
  readonly isPublic: boolean;
}

/** What can be read of a journal without a key. */
export interface JournalHead {
  readonly id: string;
  readonly started: string;
  /** `made`: something is left to do. `promoted`: the files have the new values, and old ones are to be revoked. */
  readonly state: 'made' | 'promoted';
  /** From when on old values may be revoked. */
  readonly revokeFrom?: string | undefined;
  readonly subjects: readonly Subject[];
}

/** A renewal that has begun: it knows all values, until the last old one is gone. */
export interface Journal extends Omit<JournalHead, 'subjects'> {
  /** In the order in which they are told to the outside. */
  readonly values: readonly JournalValue[];
  /** Made with the data keys of the files: whoever can't open them makes no journal for them. */
  readonly seal: string;
}

/** One name for one value: who begins to renew it elsewhere gets a conflict in git, and not a second renewal. */
export function journalId(subject: Subject): string {
  return createHash('sha256').update(nameOf(subject)).digest('hex').slice(0, 16);
}

/** Whether a path is that of a journal, which no rule is about. */
export function isJournal(path: string): boolean {
  return /(?:^|[\\/])\.sotto[\\/]renew[\\/][0-9a-f]{16}\.json$/.test(path);
}

/** What the seal is made over. */
export function sealedText({ id, values }: Pick<Journal, 'id' | 'values'>): string {
  const parts = values.map(({ file, path, current = null, next, isPublic }) => [
    file,
    printPath(path),
    current,
    next,
    isPublic,
  ]);
  return JSON.stringify([id, parts]);
}

/** The plain text of a journal: whoever has only sops finds both values in it. */
export function printJournal({ started, state, revokeFrom, values, seal }: Journal): string {
  const data = {
    started_unencrypted: started,
    state_unencrypted: state,
    ...(revokeFrom === undefined ? {} : { revoke_from_unencrypted: revokeFrom }),
    seal_unencrypted: seal,
    values: values.map(({ file, path, current, next, isPublic }) => ({
      file_unencrypted: file,
      path_unencrypted: shortPath(path),
      ...(isPublic ? { half_unencrypted: 'public' } : {}),
      ...(current === undefined ? {} : { current }),
      next,
    })),
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** Read the plain text of a journal. @throws SottoError `renewal-invalid` */
export function parseJournal(id: string, text: string): Journal {
  const data = read(text);
  const values = listIn(data).map((value): JournalValue => {
    const [current, next] = [value['current'], value['next']];
    if (typeof next !== 'string' || (current !== undefined && typeof current !== 'string')) throw damaged();
    return { ...subjectOf(value), current, next, isPublic: value['half_unencrypted'] === 'public' };
  });
  const seal = data['seal_unencrypted'];
  if (typeof seal !== 'string') throw damaged();
  return { ...headOf(id, data), values, seal };
}

/** Read what stands in clear in an encrypted journal. @throws SottoError `renewal-invalid` */
export function parseHead(id: string, text: string): JournalHead {
  const data = read(text);
  return { ...headOf(id, data), subjects: listIn(data).map(subjectOf) };
}

function headOf(id: string, data: Fields): Omit<JournalHead, 'subjects'> {
  const [started, state, revokeFrom] = ['started', 'state', 'revoke_from'].map(
    (name) => data[`${name}_unencrypted`],
  );
  if (!isTime(started) || (state !== 'made' && state !== 'promoted')) throw damaged();
  if (revokeFrom !== undefined && !isTime(revokeFrom)) throw damaged();
  return { id, started, state, revokeFrom };
}

function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function subjectOf(value: Fields): Subject {
  const [file, written] = [value['file_unencrypted'], value['path_unencrypted']];
  if (typeof file !== 'string' || typeof written !== 'string') throw damaged();
  const path = attempt(() => parsePath(written));
  // Files of other folders are none of this repository's.
  if (path === undefined || path.length === 0 || /^(?:\/|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(file))
    throw damaged();
  return { file, path };
}

interface Fields {
  readonly [name: string]: unknown;
}

function read(text: string): Fields {
  try {
    const data: unknown = JSON.parse(text);
    if (isFields(data)) return data;
  } catch {
    // The reason would quote the text.
  }
  throw damaged();
}

function listIn(data: Fields): readonly Fields[] {
  const { values } = data;
  if (!Array.isArray(values) || values.length === 0 || !values.every(isFields)) throw damaged();
  return values;
}

function isFields(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function damaged(): SottoError {
  return new SottoError('renewal-invalid', 'the journal of a renewal is damaged', {
    hint: 'look at it with "sotto decrypt": it has the old and the new value; restore it from git, or take it out',
  });
}
