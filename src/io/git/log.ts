import { type Change, changeOf, isChange } from './changes.ts';

/** A commit, and what it changed. */
export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  /** The author's name, which anybody can choose. */
  readonly author: string;
  /** When the author made it; as ISO 8601 has it, with the author's own time zone. */
  readonly date: string;
  /** When it came to be in this history, as the committer's clock had it; as {@link date}. */
  readonly committed: string;
  /** The first lines of its message, as one. */
  readonly subject: string;
  readonly changes: readonly Change[];
}

/** The fields of a commit. */
const FIELDS: readonly string[] = ['%H', '%P', '%an', '%aI', '%cI', '%s'];
const FORMAT = `--format=${FIELDS.map((field) => `${field}%x00`).join('')}`;

/** Read what `git log --raw -z` prints in a format. @param run begins it */
export async function* readLog(run: (format: string) => AsyncIterable<string>): AsyncGenerator<Commit> {
  let fields: string[] = [];
  let changes: Change[] = [];
  let begun: string | undefined;
  for await (const record of run(FORMAT)) {
    if (begun !== undefined) {
      changes.push(changeOf(begun, record));
      begun = undefined;
    } else if (fields.length < FIELDS.length && !(fields.length === 0 && record === '')) {
      fields.push(record);
    } else if (isChange(record)) {
      begun = record;
    } else if (record !== '') {
      yield commitOf(fields, changes);
      fields = [record];
      changes = [];
    }
  }
  if (fields.length === FIELDS.length) yield commitOf(fields, changes);
}

function commitOf(fields: readonly string[], changes: readonly Change[]): Commit {
  const [id = '', parents = '', author = '', date = '', committed = '', subject = ''] = fields;
  return { id, parents: parents === '' ? [] : parents.split(' '), author, date, committed, subject, changes };
}
