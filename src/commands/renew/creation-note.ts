import { join, relative } from 'node:path';
import type { Warning } from '../../core/splice/warning.ts';
import { attemptAsync, SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { oneLine } from '../../text/printable.ts';
import { journalFolder } from './journal-folder.ts';
import { withoutOthers } from './locks.ts';
import type { Plan } from './plan.ts';
import { nameOf } from './subject.ts';

const SUFFIX = '.creating';
const NAME = /^[0-9a-f]{16}\.creating$/;
/** With these ends what was made at a service without anybody having it, and nothing else says so. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['canceled', 'output-unwritable']);

/**
 * Have programs make values, until these are in the journal. If a service makes them, nobody else has them so long: a note
 * stands beside the journals meanwhile, without a value, and stays when this process is killed.
 */
export async function withNote<Result>(
  { id, place, values }: Plan,
  work: () => Promise<Result>,
  io: Io,
): Promise<Result> {
  const isAsked = values.some(({ recipe, renewal }) =>
    recipe === undefined ? renewal.hook.length > 0 : recipe.program !== undefined,
  );
  if (!isAsked) return work();
  const note = join(journalFolder(place.root), id + SUFFIX);
  // What is there already is no note of ours, and may be a link that leads elsewhere.
  io.create(note, Buffer.from(`${JSON.stringify(values.map(nameOf))}\n`), 0o600);
  try {
    const result = await work();
    io.remove(note);
    return result;
  } catch (error) {
    if (error instanceof SottoError && !BROKEN_OFF.has(error.code)) io.remove(note);
    throw error;
  }
}

/** Tell once, by what notes have stayed, what services may have made that nobody has. */
export async function tellBrokenOff(root: string, warn: (warning: Warning) => void, io: Io): Promise<void> {
  const folder = journalFolder(root);
  if (!io.isFolder(folder)) return;
  for (const note of io.filesBelow(folder).filter((path) => NAME.test(relative(folder, path)))) {
    const names = namesIn(note, io);
    const subjects = names.map((name) => ({ file: name.replace(/#.*$/s, ''), path: [] }));
    const forget = async (): Promise<void> => {
      io.remove(note);
      // The journal has the values.
      if (io.exists(note.replace(SUFFIX, '.json'))) return;
      warn({
        message: `making a new ${names.map(oneLine).join(', ') || 'value'} was broken off: its service may have made one that nobody has`,
        hint: 'look there, and take away what is in no use; nothing else is left of it, and "sotto renew" makes another one',
      });
    };
    // Another process may be just about it.
    await attemptAsync(() => withoutOthers(root, subjects, forget, io));
  }
}

function namesIn(note: string, io: Io): string[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(io.readSetting(note)).toString());
    return Array.isArray(read) ? read.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
