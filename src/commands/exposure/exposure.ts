import { dirname, join, relative } from 'node:path';
import type { Config } from '../../config/config.ts';
import { recipientsCalled } from '../../config/leaving.ts';
import { SottoError } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { kindLike, type RecipientName } from '../../keys/index.ts';
import { isOpen } from '../../operations/exposed/exposed.ts';
import { nearest } from '../../text/nearest.ts';
import { oneLine } from '../../text/printable.ts';
import { openConfig } from '../people/change.ts';
import type { ReadVersion } from '../people/held-history.ts';
import { type Concern, HeldValues, recipientsOnceCalled, type WorkItem } from '../people/work-list.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import {
  changeEvents,
  EVENTS,
  type ExposureEvent,
  type ExposureEvents,
  eventsIn,
  readEvents,
  type Waiver,
  withProofs,
} from './event-file.ts';

/** Options of `exposure`. */
export interface ExposureOptions extends CommonOptions {
  /** Only what this person, or recipient, could read, whether she or he has left or not. */
  readonly who?: string | undefined;
  /** Only what got known by this leak. */
  readonly leak?: string | undefined;
  /** Keys here open what does not tell without them. */
  readonly proves: boolean;
  /** An audit log that tells which files were opened. */
  readonly auditLog?: string | undefined;
}

/** A value that got known, and what became of it. */
export interface ExposedItem extends WorkItem {
  /** Somebody took it on that it need not be changed. */
  readonly waiver: Waiver | undefined;
  /** When the file was last opened by who left, as far as an audit log tells; by anybody, for a leak. */
  readonly opened: string | undefined;
}

/** What got known by an event. */
export interface EventExposure {
  readonly event: ExposureEvent;
  readonly items: readonly ExposedItem[];
}

/** What got known, event by event. */
export interface Exposures {
  readonly exposures: readonly EventExposure[];
  /** The history is not all there. */
  readonly isShallow: boolean;
}

/** Whether it has to be changed still. */
export function isLeft(item: Pick<ExposedItem, 'state' | 'waiver'>): boolean {
  return item.waiver === undefined && isOpen(item);
}

/**
 * What those could read who left, what leaks made known, and whether it is the same still.
 *
 * @throws SottoError `person-unknown`, `not-a-repository`, `config-invalid`
 */
export async function exposure({ who, leak, ...options }: ExposureOptions, io: Io): Promise<Exposures> {
  const tools = toolsOf(io, options);
  const { config } = openConfig(tools, io);
  const { events, waivers } = readEvents(dirname(config.path), io);
  const asked =
    who === undefined
      ? events.filter(({ id }) => leak === undefined || id === leak)
      : [await departureOf(who, events, config, io)];
  if (leak !== undefined && asked.length === 0) throw unknownLeak(leak, events);
  return exposuresBy([{ config, events: asked, waivers }], tools, options, io);
}

/** What got known by all events that configurations tell of; `undefined` where there are none. */
export async function allExposures(
  configs: readonly Config[],
  tools: Tools,
  io: Io,
): Promise<Exposures | undefined> {
  const told = configs.map((config) => ({ config, ...readEvents(dirname(config.path), io) }));
  const asked = told.filter(({ events }) => events.length > 0);
  return asked.length === 0 ? undefined : exposuresBy(asked, tools, { proves: false }, io);
}

/** What is committed of exposures beside a configuration. */
interface Told extends ExposureEvents {
  readonly config: Config;
}

/**
 * Write down what was proven to have changed, so that whoever has no key need not ask again.
 *
 * @returns how many values
 */
export async function recordProofs(
  { exposures }: Exposures,
  options: CommonOptions,
  io: Io,
): Promise<number> {
  const { config } = openConfig(toolsOf(io, options), io);
  const folder = dirname(config.path);
  const ownName = namesBelow(folder, (await openRepository(io)).root);
  const proven = exposures.flatMap(({ event: { id }, items }) =>
    items.flatMap(({ path, token, state, waiver, ...one }) => {
      const file = ownName(one.file);
      return file === undefined || waiver !== undefined || isOpen({ state })
        ? []
        : [{ id, file, path, token }];
    }),
  );
  if (proven.length === 0) return 0;
  const day = io.now().toISOString().slice(0, 10);
  const change = async (before: string): Promise<string> => {
    const text = await withProofs(before, proven, day);
    eventsIn(text, join(folder, EVENTS));
    return text;
  };
  await changeEvents(folder, change, io);
  return proven.length;
}

/** The history is read once for all. */
async function exposuresBy(
  told: readonly Told[],
  tools: Tools,
  { proves, auditLog }: Pick<ExposureOptions, 'proves' | 'auditLog'>,
  io: Io,
): Promise<Exposures> {
  const { root } = await openRepository(io);
  const held = await HeldValues.read(tools, proves, io);
  if (held === undefined) return { exposures: [], isShallow: false };
  const openings = auditLog === undefined ? undefined : await openingsIn(auditLog, io);
  const exposures: EventExposure[] = [];
  for (const one of told) exposures.push(...(await exposuresOf(one, held, openings, root, io)));
  return { exposures, isShallow: held.isShallow };
}

async function exposuresOf(
  { config, events, waivers }: Told,
  held: HeldValues,
  openings: Openings | undefined,
  root: string,
  io: Io,
): Promise<EventExposure[]> {
  const ownName = namesBelow(dirname(config.path), root);
  const exposures: EventExposure[] = [];
  for (const event of events) {
    const recipients = event.kind === 'left' ? await recipientsIn(event, config, io) : undefined;
    // Of a name that is misspelt, nothing would ever be open.
    if (recipients?.length === 0 && !held.isShallow)
      throw new SottoError('config-invalid', `nobody is, or ever was, called ${oneLine(event.id)}`, {
        file: join(dirname(config.path), EVENTS),
        hint: 'check who: or write down recipients: with the keys',
      });
    const concern: Concern =
      event.kind === 'left'
        ? { recipients: recipients ?? [] }
        : { leaked: (version) => leakedOf(version, ownName(version.file), event) };
    const items = (await held.exposedTo(concern)).map((one) => {
      const file = ownName(one.file);
      const waiver = waivers.find(
        (each) =>
          (each.event ?? event.id) === event.id && file !== undefined && each.holdsFor({ ...one, file }),
      );
      return { ...one, opened: openings?.(join(root, one.file), recipients), waiver };
    });
    exposures.push({ event, items });
  }
  return exposures;
}

/** The names of files from a folder, by those from the top; `undefined` for what is not below it. */
function namesBelow(folder: string, top: string): (file: string) => string | undefined {
  const from = relative(top, folder).replaceAll('\\', '/');
  if (from === '') return (file) => file;
  return (file) => (file.startsWith(`${from}/`) ? file.slice(from.length + 1) : undefined);
}

/** When a file was last opened, by one of some keys, or by anybody. */
type Openings = (path: string, keys: readonly RecipientName[] | undefined) => string | undefined;

/** @throws SottoError `file-missing` */
async function openingsIn(log: string, io: Io): Promise<Openings> {
  const { whoOpened } = await import('../audit/who-opened.ts');
  const known = new Map<string, ReturnType<typeof whoOpened>>();
  return (path, keys) => {
    const openers = known.get(path) ?? whoOpened({ file: path }, log, io);
    known.set(path, openers);
    const ids = keys === undefined ? undefined : new Set(keys.map(({ id }) => id));
    // The last one comes first.
    return openers.find((one) => ids === undefined || one.keys.some((id) => ids.has(id)))?.last;
  };
}

/** What a leak made known of a version: all that stood in it up to then. */
function leakedOf(
  version: ReadVersion,
  file: string | undefined,
  leak: ExposureEvent & { readonly kind: 'leak' },
): ReadVersion | undefined {
  if (file === undefined || !leak.leaks(file) || Date.parse(version.date) > endOf(leak.at)) return undefined;
  return {
    ...version,
    isReadable: true,
    values: version.values.filter(({ place }) => leak.leaksValue(place)),
  };
}

/** A day has an end. */
function endOf(at: string): number {
  return Date.parse(/^\d{4}-\d\d-\d\d$/.test(at) ? `${at}T23:59:59Z` : at);
}

/** Who left, or what would be known if she or he did. @throws SottoError `person-unknown` */
async function departureOf(
  who: string,
  events: readonly ExposureEvent[],
  config: Config,
  io: Io,
): Promise<ExposureEvent> {
  const own = events.filter((event) => event.kind === 'left').filter(({ id }) => id === who);
  const kind = kindLike(who);
  const event: ExposureEvent = {
    id: who,
    kind: 'left',
    at: own.at(-1)?.at,
    why: own.at(-1)?.why,
    recipients: [
      ...own.flatMap(({ recipients }) => recipients),
      ...(kind === undefined ? [] : [{ kind: kind.name, id: who }]),
    ],
  };
  const recipients = await recipientsIn(event, config, io);
  if (recipients.length === 0)
    throw new SottoError('person-unknown', 'nobody here has this name', {
      hint: '"sotto who" lists the readers of all files by name',
    });
  return { ...event, recipients };
}

/** Those of an event, and all that the configuration calls, or ever called, by the name. */
async function recipientsIn(
  { id, recipients }: ExposureEvent & { readonly kind: 'left' },
  config: Config,
  io: Io,
): Promise<RecipientName[]> {
  return [
    ...recipients,
    ...recipientsCalled(config, id),
    ...(await recipientsOnceCalled(config.path, id, io)),
  ];
}

function unknownLeak(leak: string, events: readonly ExposureEvent[]): SottoError {
  const near = nearest(
    leak,
    events.map(({ id }) => id),
  );
  return new SottoError('person-unknown', `${EVENTS} has no event of this name`, {
    hint: near === undefined ? 'write it there: leak, files, at, why' : `did you mean ${near}?`,
  });
}
