import { createHash, randomUUID } from 'node:crypto';
import { shortPath } from '../core/tree/path.ts';
import type { AuditEvent } from '../keys/auditor.ts';
import type { Claimed } from './actor.ts';
import type { GitPlace } from './place.ts';

/** As much of a text as is recorded. */
const LONGEST = 1000;
/** Values that are named one by one. */
const MOST_VALUES = 100;

/** One line of the audit log. There is no value in it, and no hash of one. */
export interface AuditRecord {
  readonly v: 1;
  /** RFC 3339, in UTC. */
  readonly time: string;
  readonly id: string;
  readonly event: AuditEvent['event'];
  /** What was called. */
  readonly verb: string;
  readonly outcome: AuditEvent['outcome'];
  /** Why it was not `ok`. */
  readonly code?: string;
  /** Full path; left out for what has no name. */
  readonly file?: string;
  readonly repo?: Omit<GitPlace, 'commit'>;
  /** What was checked out. */
  readonly commit?: string;
  /** The encrypted file as git names it: `git log --find-object` finds its commit. */
  readonly blob?: string;
  /** Paths of values, where it was not about all. */
  readonly values?: readonly string[];
  /** SHA-256 of what was unwrapped, `sha256:…`: records of a key service and of its client meet here. */
  readonly wrapped: readonly string[];
  /** The keys that opened it: proven, as far as the program that wrote this is believed. */
  readonly key: readonly { readonly kind: string; readonly id: string }[];
  readonly actor: { readonly claimed: Claimed };
  /** That values were handed to, without its arguments. */
  readonly program?: string;
  readonly pid: number;
}

/** What is known of a run besides its events. */
export interface RunFacts {
  readonly verb: string;
  readonly program?: string | undefined;
  readonly actor: Claimed;
  readonly now: Date;
  readonly place: GitPlace | undefined;
}

/** Make a record of an event. */
export function recordOf(event: AuditEvent, { verb, program, actor, now, place }: RunFacts): AuditRecord {
  const { commit, ...repo } = place ?? { commit: undefined };
  const { code, path, content, values, keys } = event;
  return {
    v: 1,
    time: now.toISOString(),
    id: randomUUID({ disableEntropyCache: true }),
    event: event.event,
    verb,
    outcome: event.outcome,
    ...(code === undefined ? {} : { code }),
    ...(path === undefined ? {} : { file: path.slice(0, 4 * LONGEST) }),
    ...(place === undefined || !('folder' in repo) ? {} : { repo }),
    ...(commit === undefined ? {} : { commit }),
    ...(content === undefined ? {} : { blob: blobOf(content, commit) }),
    ...(values === undefined
      ? {}
      : { values: values.slice(0, MOST_VALUES).map((one) => shortPath(one).slice(0, LONGEST)) }),
    wrapped: keys.map(({ enc }) => `sha256:${createHash('sha256').update(enc).digest('hex')}`),
    key: keys.map(({ kind, id }) => ({ kind, id: id.slice(0, LONGEST) })),
    actor: { claimed: actor },
    ...(program === undefined ? {} : { program: program.slice(0, LONGEST) }),
    pid: process.pid,
  };
}

/** As git names a file's content, in the hash that the repository has. */
function blobOf(content: string | Uint8Array, commit: string | undefined): string {
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  const hash = createHash(commit?.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${length}\0`).update(content).digest('hex');
}
