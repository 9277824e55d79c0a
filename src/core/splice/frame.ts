import { createHash, timingSafeEqual } from 'node:crypto';
import type { Cipher } from '../sops/cipher.ts';
import type { MetadataMap } from '../sops/metadata.ts';
import type { Document, Format } from './format.ts';
import { bodyOf } from './metadata-edits.ts';

/*
 * sops's MAC covers the values of a file, and nothing of how they are written: tags, anchors, directives, the spelling of
 * keys and of values in clear. The frame, `sops.sotto.frame`, vouches for that; docs/formats.md has its definition. A
 * file needs one if there is something in it that only the frame vouches for.
 */

const VERSION = 'v1.';

/** An encrypted file, as far as its frame vouches for it. */
export interface Framed {
  /** The encrypted text, read. */
  readonly document: Document;
  /** The plain text's format, in its dialect. */
  readonly format: Format;
  /** As in the metadata. */
  readonly sotto: MetadataMap;
  readonly cipher: Cipher;
}

/** What the frame of a file should be. */
function frameOf({ document, ...file }: Framed): string {
  return frameOfBody(bodyOf(document), file);
}

/** What the frame of a file should be that has this text besides its metadata. */
export function frameOfBody(body: string, { format, sotto, cipher }: Omit<Framed, 'document'>): string {
  const statement = [
    'sotto statement v1',
    format.name,
    textOf(format.sottoFields?.['dialect']),
    sha256(hashedBody(body, format)),
    sha256(textOf(sotto['layout'])),
  ];
  const code = cipher.authenticate(statement.map((line) => `${line}\n`).join(''));
  return VERSION + Buffer.from(code).toString('base64url');
}

/** Whether the frame of a file is there, and right. */
export function isFramed(file: Framed): boolean {
  const { frame } = file.sotto;
  if (typeof frame !== 'string' || !frame.startsWith(VERSION)) return false;
  const [own, right] = [Buffer.from(frame), Buffer.from(frameOf(file))];
  return own.length === right.length && timingSafeEqual(own, right);
}

/** The `sops.sotto` of a file, with the frame if the file needs one. */
export function framed(file: Framed): MetadataMap {
  const { frame: _, ...sotto } = file.sotto;
  return needsFrame({ ...file, sotto }) ? { ...sotto, frame: frameOf({ ...file, sotto }) } : sotto;
}

/** Whether a file says something that only a frame vouches for. */
function needsFrame({ document, format, sotto }: Omit<Framed, 'cipher'>): boolean {
  return (
    textOf(sotto['layout']) !== '' ||
    textOf(format.sottoFields?.['dialect']) !== '' ||
    document.format.firstOdd?.(document) !== undefined
  );
}

/** git turns line feeds into CR LF and back when it checks files out. */
function hashedBody(body: string, { hasExactBreaks }: Format): string {
  if (hasExactBreaks === true || !body.includes('\r\n') || /(?<!\r)\n/.test(body)) return body;
  return body.replaceAll('\r\n', '\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function textOf(value: MetadataMap[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}
