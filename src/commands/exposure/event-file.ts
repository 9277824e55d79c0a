import { basename, dirname, join } from 'node:path';
import { Pattern } from '../../config/lifecycle/pattern.ts';
import { textsOf } from '../../config/lifecycle/texts.ts';
import { rootOf } from '../../config/read.ts';
import type { ConfigValue } from '../../config/value.ts';
import { shortPath } from '../../core/tree/path.ts';
import { parseTime } from '../../core/tree/time.ts';
import { attempt } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { kindLike, type RecipientName } from '../../keys/index.ts';
import { decodeUtf8 } from '../../operations/content.ts';
import type { Exposed } from '../../operations/exposed/exposed.ts';
import { nearest } from '../../text/nearest.ts';
import { oneLine } from '../../text/printable.ts';
import { ownFolder } from '../own-folder.ts';

/** Below the folder of a configuration. */
export const EVENTS = '.sotto/exposure.yaml';

/** Something by which values got known to somebody who should not know them any more. */
export type ExposureEvent = {
  /** The name of who left, or of the leak. */
  readonly id: string;
  readonly why: string | undefined;
} & (
  | {
      readonly kind: 'left';
      /** A day, or a time in RFC 3339; `undefined` where it has not happened. */
      readonly at: string | undefined;
      readonly recipients: readonly RecipientName[];
    }
  | {
      readonly kind: 'leak';
      readonly at: string;
      /** @param file from the folder of the configuration */
      readonly leaks: (file: string) => boolean;
      readonly leaksValue: (one: Pick<Exposed, 'path'>) => boolean;
    }
);

/** Somebody took it on that a value need not be changed. */
export interface Waiver {
  /** `undefined`: of all events. */
  readonly event: string | undefined;
  readonly why: string;
  readonly by: string | undefined;
  readonly holdsFor: (one: Pick<Exposed, 'file' | 'path' | 'token'>) => boolean;
}

/** What is committed of exposures; all else is computed. */
export interface ExposureEvents {
  readonly events: readonly ExposureEvent[];
  readonly waivers: readonly Waiver[];
}

const EVENT_FIELDS = ['who', 'recipients', 'leak', 'files', 'values', 'at', 'why'];
const WAIVER_FIELDS = ['event', 'file', 'value', 'token', 'why', 'by'];

/** Stands for the token of a value where there is none any more. */
const NO_TOKEN = 'gone';

/**
 * Read the events of a configuration.
 *
 * @param folder absolute, of the configuration @throws SottoError `config-invalid` with line and column
 */
export function readEvents(folder: string, io: Io): ExposureEvents {
  const path = join(folder, EVENTS);
  if (!io.exists(path)) return { events: [], waivers: [] };
  return eventsIn(decodeUtf8(io.readSetting(path), path), path);
}

/** The same of a text. @throws SottoError `config-invalid` */
export function eventsIn(text: string, path: string): ExposureEvents {
  const root = rootOf(text, path, 'the file is a mapping with events and waivers at the top');
  if (root === undefined) return { events: [], waivers: [] };
  requireFields(root, ['events', 'waivers']);
  return {
    events: listOf(root.get('events')).map(readEvent),
    waivers: listOf(root.get('waivers')).map(readWaiver),
  };
}

/** What is no list has events that nobody would hear of. @throws SottoError `config-invalid` */
function listOf(value: ConfigValue | undefined): readonly ConfigValue[] {
  if (value === undefined || value.type === 'array') return value?.items() ?? [];
  throw value.problem('config-invalid', 'a list is expected here', {
    hint: 'each entry begins with "- "; see docs/lifecycle.md',
  });
}

function readEvent(value: ConfigValue): ExposureEvent {
  requireFields(value, EVENT_FIELDS);
  const [who, leak] = [value.get('who')?.text, value.get('leak')?.text];
  const at = value.get('at')?.text ?? '';
  const id = who ?? leak ?? '';
  if (id === '' || (who !== undefined && leak !== undefined))
    throw value.problem('config-invalid', 'an event has who, or leak, and not both', {
      hint: 'who: the name of somebody who left; leak: a name for what got known',
    });
  if (!isTime(at))
    throw (value.get('at') ?? value).problem('config-invalid', 'an event says in at when it was', {
      hint: 'a day, or a time: at: 2026-03-01, or at: 2026-03-01T10:00:00Z',
    });
  const common = { id, at, why: value.get('why')?.text };
  if (who !== undefined) {
    const recipients = textsOf(value.get('recipients')).map(recipientOf);
    return { ...common, kind: 'left', recipients };
  }
  const files = textsOf(value.get('files')).map(({ text }) => Pattern.ofFiles(text));
  if (files.length === 0)
    throw value.problem('config-invalid', 'a leak says in files what it was of', {
      hint: 'for example: files: [secrets/prod/*], and values: [db.password] if it was not all of them',
    });
  return {
    ...common,
    kind: 'leak',
    leaks: (file) => files.some((pattern) => pattern.matchesFile(file)),
    leaksValue: valuesOf(value.get('values')),
  };
}

/** A day, or a time with its zone: of what is less clear, a machine would make a guess, and a leak end too early. */
function isTime(at: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(at) ? `${at}T00:00:00Z` : at;
  return parseTime(time) !== undefined && !Number.isNaN(Date.parse(time));
}

function readWaiver(value: ConfigValue): Waiver {
  requireFields(value, WAIVER_FIELDS);
  const [file, why] = [value.get('file'), value.get('why')?.text ?? ''];
  if (file === undefined || why === '')
    throw value.problem('config-invalid', 'a waiver says which file it is for, and why', {
      hint: 'file: secrets/db.yaml, value: db.password (or all of them), why: the account is closed',
    });
  const pattern = Pattern.ofFiles(file.text);
  const holdsForValue = valuesOf(value.get('value'));
  const token = value.get('token')?.text;
  return {
    event: value.get('event')?.text,
    why,
    by: value.get('by')?.text,
    holdsFor: (one) =>
      pattern.matchesFile(one.file) &&
      holdsForValue(one) &&
      (token === undefined || token === (one.token ?? NO_TOKEN)),
  };
}

function recipientOf(value: ConfigValue): RecipientName {
  const kind = kindLike(value.text);
  if (kind !== undefined) return { kind: kind.name, id: value.text };
  throw value.problem('config-invalid', `${oneLine(value.text)} is no recipient`, {
    hint: 'write it as in .sops.yaml',
  });
}

function valuesOf(value: ConfigValue | undefined): (one: Pick<Exposed, 'path'>) => boolean {
  if (value === undefined) return () => true;
  const patterns = textsOf(value).map((one) => {
    const pattern = attempt(() => Pattern.ofValues(one.text));
    if (pattern !== undefined) return pattern;
    throw one.problem('config-invalid', `${oneLine(one.text)} is no path to a value`, {
      hint: 'a path looks like db.password, db.*, or **.password',
    });
  });
  return ({ path }) => patterns.some((pattern) => pattern.matchesValue(path));
}

/** What nobody knows may be meant to say something. @throws SottoError `config-invalid` */
function requireFields(value: ConfigValue, fields: readonly string[]): void {
  if (value.type !== 'object')
    throw value.problem('config-invalid', 'a mapping is expected here', {
      hint: `with ${fields.join(', ')}`,
    });
  for (const { key, value: own } of value.entries()) {
    if (fields.includes(key)) continue;
    const near = nearest(key, fields);
    throw own.problem('config-invalid', `${oneLine(key)} is not known here`, {
      hint: near === undefined ? `there are ${fields.join(', ')}` : `did you mean ${near}?`,
    });
  }
}

/**
 * Change the events of a configuration.
 *
 * @param folder absolute, of the configuration @param change gets an empty text where there are none yet
 * @throws SottoError `output-unwritable` where they would be written elsewhere, by a link
 */
export async function changeEvents(
  folder: string,
  change: (text: string) => Promise<string>,
  io: Io,
): Promise<void> {
  const path = join(ownFolder(io, folder, dirname(EVENTS)), basename(EVENTS));
  const before = io.exists(path) ? decodeUtf8(io.readSetting(path), EVENTS) : undefined;
  const text = await change(before ?? '');
  io.makeFolder(dirname(path));
  await io.write(path, text, { known: { name: EVENTS, content: before } });
}

/** Somebody left, as it is written down. */
interface Departure {
  readonly who: string;
  readonly recipients: readonly string[];
  readonly at: string;
}

/** The text of the events with one more: somebody left. Whoever leaves twice stands there twice. */
export function withDeparture(text: string, departure: Departure): Promise<string> {
  return withEntries(text, 'events', [departure]);
}

/** A value that was proven to be another one than what got known. */
export interface ProvenChange extends Pick<Exposed, 'file' | 'path' | 'token'> {
  /** The event's. */
  readonly id: string;
}

/**
 * The text of the events with waivers for what was proven to have changed. Each holds for the token that stood there
 * then, or as long as there is none: what is set later has to be proven anew.
 *
 * @param day of the proof
 */
export function withProofs(text: string, proven: readonly ProvenChange[], day: string): Promise<string> {
  const waivers = proven.map(({ id, file, path, token }) => ({
    event: id,
    file: Pattern.textFor(file),
    ...(path.length === 0 ? {} : { value: shortPath(path) }),
    token: token ?? NO_TOKEN,
    why: `changed, as was proven on ${day}`,
  }));
  return withEntries(text, 'waivers', waivers);
}

/** What is there stays, comments, too. */
async function withEntries(
  text: string,
  list: 'events' | 'waivers',
  entries: readonly object[],
): Promise<string> {
  const { isSeq, parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (!isSeq(document.get(list))) document.set(list, document.createNode([]));
  for (const entry of entries) document.addIn([list], document.createNode(entry));
  return document.toString({ lineWidth: 0 });
}
