import type { Warning } from '../core/splice/warning.ts';
import { nameOf } from '../keys/index.ts';
import type { Keyring } from '../keys/keyring.ts';
import { placeNewcomers } from '../keys/newcomers.ts';
import { recordChange } from './audit.ts';
import { openFile, readEncrypted, type Source } from './open.ts';
import { rotateText } from './rotate.ts';
import { type Selection, type Sides, selectAnew } from './select-anew.ts';
import { updateKeysText, type WantedKeys } from './update-keys.ts';

/** What a file is to be like. */
export interface SyncOptions {
  readonly keyring: Keyring;
  readonly wanted: WantedKeys;
  /** Recipients differ. */
  readonly changesKeys: boolean;
  /** Somebody who can read the file now must not be able to read what is written from now on. */
  readonly rotates: boolean;
  /** Which values are encrypted, where that is to be another choice. */
  readonly selection: Selection | undefined;
  readonly now: Date;
  readonly indent: number | undefined;
}

/** A file as its rule says. */
export interface Synced {
  readonly text: string;
  readonly sides?: Sides;
  readonly warnings: readonly Warning[];
}

/**
 * Give a file the selection and the recipients of its rule; with a new data key where somebody goes, who may have kept
 * the old one. The selection comes first: whoever runs this may be the one who goes.
 *
 * @throws SottoError those of opening, selecting, rotating and updating keys
 */
export async function syncText(source: Source, options: SyncOptions): Promise<Synced> {
  const { keyring, wanted, changesKeys, rotates, selection, now, indent } = options;
  const selected = selection === undefined ? undefined : await select(source, keyring, selection, indent);
  const current = selected === undefined ? source : { ...source, text: selected.text };
  const sides = selected === undefined ? {} : { sides: selected.sides };
  if (rotates) {
    const { text, warnings } = await rotateText(current, {
      keyring,
      now,
      indent,
      instead: { groups: placed(current, wanted), threshold: wanted.threshold },
    });
    return { text, ...sides, warnings };
  }
  if (!changesKeys) return { text: current.text, ...sides, warnings: [] };
  const { text, warnings } = await updateKeysText(current, wanted, { keyring, indent });
  return { text, ...sides, warnings };
}

async function select(
  source: Source,
  keyring: Keyring,
  selection: Selection,
  indent: number | undefined,
): Promise<{ readonly text: string; readonly sides: Sides }> {
  const file = await openFile(source, keyring);
  const selected = await selectAnew(file, file.metadata, selection, indent);
  await recordChange(file, selected.text);
  return selected;
}

function placed(source: Source, { groups }: WantedKeys): WantedKeys['groups'] {
  const held = readEncrypted(source).metadata.groups;
  return groups.map((group, number) => placeNewcomers(group, (held[number] ?? []).map(nameOf)));
}
