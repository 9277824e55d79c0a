import type { FileDiff, Reader } from '../commands/git/differ.ts';
import { asText } from '../core/sops/cipher.ts';
import { printPath } from '../core/tree/path.ts';
import type { Finding } from '../operations/compare/values.ts';
import type { Said } from '../operations/compare/version.ts';

/** What happened to a file, as data. @param reveals values are in it */
export function fileReport(
  { file, formerly, status, comparison, readers, problem }: FileDiff,
  reveals: boolean,
): { readonly [field: string]: unknown } {
  const { values = [], comments = [] } = comparison ?? {};
  return {
    file,
    ...(formerly === undefined ? {} : { formerly }),
    status,
    opened: comparison?.opened === true,
    values: values.map((value) => findingReport(value, reveals)),
    comments: comments.map((comment) => findingReport(comment, reveals)),
    readers: { added: readers.added.map(readerReport), removed: readers.removed.map(readerReport) },
    dataKey: comparison?.dataKey ?? 'unknown',
    selector: comparison?.selector ?? null,
    groups: comparison?.groups ?? null,
    macOnlyEncrypted: comparison?.macOnlyEncrypted ?? null,
    mac: comparison?.mac ?? 'not-checked',
    problem: problem === undefined ? null : { code: problem.code, message: problem.message },
  };
}

function findingReport({ path, document, change, before, after }: Finding, reveals: boolean): unknown {
  return {
    path: printPath(path),
    document,
    change,
    encrypted: { before: isSealed(before), after: isSealed(after) },
    type: { before: before?.type ?? null, after: after?.type ?? null },
    bytes: { before: before?.length ?? null, after: after?.length ?? null },
    before: reveals ? plainOf(before) : null,
    after: reveals ? plainOf(after) : null,
  };
}

function isSealed(said: Said | undefined): boolean | null {
  return said === undefined ? null : said.token !== '';
}

function plainOf(said: Said | undefined): string | null {
  const plain = said?.plain;
  if (plain === undefined) return null;
  return 'bytes' in plain && plain.bytes !== undefined
    ? Buffer.from(plain.bytes).toString('base64')
    : asText(plain);
}

function readerReport({ name, kind, id, isRuled }: Reader): unknown {
  return { name: name ?? null, kind, id, expected: isRuled ?? null };
}
