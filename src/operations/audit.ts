import type { Metadata } from '../core/sops/metadata.ts';
import type { Path } from '../core/tree/tree.ts';
import { SottoError } from '../errors.ts';
import type { Auditor } from '../keys/auditor.ts';
import type { OpenedKey } from '../keys/keyring.ts';

/** A file as it is read, or as it will be written. */
interface Audited {
  readonly text: string;
  readonly origin?: string | undefined;
  readonly held?: { readonly bytes: Uint8Array };
}

/** A file of which the data key is known. */
interface AuditedFile {
  readonly source: Audited;
  readonly metadata: Metadata;
  readonly key: OpenedKey;
  readonly auditor: Auditor | undefined;
}

/**
 * Open values, and have it taken down what came of it: before anybody has them.
 *
 * @throws SottoError `audit-failed`, and those of opening
 */
export async function recordOpening<Opened>(
  { source, key, auditor }: AuditedFile,
  values: readonly Path[] | undefined,
  open: () => Opened,
): Promise<Opened> {
  if (auditor === undefined) return open();
  const about = { event: 'open', ...subjectOf(source), keys: key.openers, values } as const;
  let opened: Opened;
  try {
    opened = open();
  } catch (error) {
    await auditor.record({ ...about, outcome: 'failed', code: codeOf(error) });
    throw error;
  }
  await auditor.record({ ...about, outcome: 'ok' });
  return opened;
}

/** Have it taken down that a file does not open. */
export async function recordRefusal(
  auditor: Auditor | undefined,
  source: Audited,
  error: unknown,
): Promise<void> {
  const outcome = codeOf(error) === 'no-key-fits' ? 'refused' : 'failed';
  await auditor?.record({ event: 'open', outcome, code: codeOf(error), ...subjectOf(source), keys: [] });
}

/** Have it taken down that a file is about to be written anew. @throws SottoError `audit-failed` */
export async function recordChange(
  { source, key, auditor }: AuditedFile,
  text: string,
  values?: readonly Path[],
): Promise<void> {
  await auditor?.record({
    event: 'change',
    outcome: 'ok',
    path: source.origin,
    content: text,
    keys: key.openers,
    values,
  });
}

/** Have it taken down that a file is about to be written for the first time. @throws SottoError `audit-failed` */
export async function recordNew(
  audit: { readonly auditor: Auditor | undefined; readonly path: string | undefined } | undefined,
  content: string | Uint8Array,
): Promise<void> {
  await audit?.auditor?.record({
    event: 'change',
    outcome: 'ok',
    path: audit.path,
    content,
    keys: [],
  });
}

function subjectOf({ text, origin: path, held }: Audited): {
  path: string | undefined;
  content: string | Uint8Array;
} {
  return { path, content: held?.bytes ?? text };
}

function codeOf(error: unknown): string {
  return error instanceof SottoError ? error.code : 'internal';
}
