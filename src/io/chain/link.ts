import { createHash } from 'node:crypto';
import { legible } from '../../text/printable.ts';

/** How many hexadecimal digits SHA-256 has. */
const DIGITS = 64;
/** What stands behind a record in front of its hash. */
const BEFORE_HASH = ',"hash":"';
const AFTER_HASH = '"}';
const PLAIN = /^[\x20-\x7e]*$/;

/** What ties a record to the one before it. */
export interface Link {
  /** Counted from 1. */
  readonly seq: number;
  /** The SHA-256 of the line before, without its line break; `null` for the first. */
  readonly prev: string | null;
  /** The line before is a part of a record: whoever wrote it was ended. */
  readonly mended: boolean;
}

/** The SHA-256 of some bytes, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A record as a line, without the line break. Its last field is the SHA-256 of what stands before that. */
export function printLine(record: { readonly [field: string]: unknown }, link: Link): string {
  const { mended, ...tie } = link;
  const json = JSON.stringify({ ...record, ...tie, ...(mended ? { mended } : {}) });
  // Mostly there is nothing to look for, and that is quicker to see.
  const text = PLAIN.test(json) ? json : legible(json);
  const body = text.slice(0, -1);
  return `${body}${BEFORE_HASH}${sha256(body)}${AFTER_HASH}`;
}

/** A line of a chain, read. */
export interface ReadLine extends Link {
  readonly record: { readonly [field: string]: unknown };
  /** Its own hash is that of its text. */
  readonly isWhole: boolean;
}

/** The number of a record, whatever else is wrong with it. @returns `undefined` for what is no record */
export function numberIn(line: Uint8Array): number | undefined {
  return fieldsIn(line)?.seq;
}

/** @returns `undefined` for what is no record */
export function readLine(line: Uint8Array): ReadLine | undefined {
  const read = fieldsIn(line);
  if (read === undefined) return undefined;
  const { text, record, seq, prev } = read;
  const at = text.length - AFTER_HASH.length - DIGITS - BEFORE_HASH.length;
  const body = text.slice(0, Math.max(at, 0));
  const isWhole = text === `${body}${BEFORE_HASH}${sha256(body)}${AFTER_HASH}`;
  return { record, seq, prev, mended: record['mended'] === true, isWhole };
}

function fieldsIn(
  line: Uint8Array,
): (Pick<ReadLine, 'record' | 'seq' | 'prev'> & { readonly text: string }) | undefined {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const record = objectIn(text);
  if (record === undefined) return undefined;
  const { seq, prev = null } = record;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (prev !== null && typeof prev !== 'string') return undefined;
  return { text, record, seq, prev };
}

function objectIn(text: string): { readonly [field: string]: unknown } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
