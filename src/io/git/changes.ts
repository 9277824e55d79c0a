/** A file that differs between two states. */
export interface Change {
  readonly path: string;
  /** The object before; `undefined` if there was none. */
  readonly before: string | undefined;
  /** The object after; `undefined` if there is none, or if the file in the work tree has to be looked at. */
  readonly after: string | undefined;
  /** The file was added, or removed; all else is a file before and after. */
  readonly kind: 'added' | 'removed' | 'modified' | 'unmerged';
  /** Six octal digits; those of no file are zeros. */
  readonly modeBefore: string;
  readonly modeAfter: string;
}

/** How a line of `--raw` begins; with `-z` the path follows as a record of its own (git-diff-tree(1)). */
const RAW = /^\n?:(\d+) (\d+) (\w+) (\w+) ([A-Z])\d*$/;
const NO_OBJECT = /^0+$/;

/** Whether a record begins a change. */
export function isChange(record: string): boolean {
  return RAW.test(record);
}

/** The change that a record and the path behind it tell. */
export function changeOf(record: string, path: string): Change {
  const [, modeBefore = '', modeAfter = '', before = '', after = '', letter = ''] = RAW.exec(record) ?? [];
  return {
    path,
    before: NO_OBJECT.test(before) ? undefined : before,
    after: NO_OBJECT.test(after) ? undefined : after,
    kind: KINDS.get(letter) ?? 'modified',
    modeBefore,
    modeAfter,
  };
}

const KINDS: ReadonlyMap<string, Change['kind']> = new Map([
  ['A', 'added'],
  ['D', 'removed'],
  ['U', 'unmerged'],
]);

/** Read what `--raw -z --no-renames` prints. */
export async function readChanges(records: AsyncIterable<string>): Promise<Change[]> {
  const changes: Change[] = [];
  let begun: string | undefined;
  for await (const record of records) {
    if (begun === undefined) {
      begun = record;
      continue;
    }
    changes.push(changeOf(begun, record));
    begun = undefined;
  }
  return changes;
}
