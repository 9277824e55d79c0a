import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import { leave, recipientsCalled } from '../../config/leaving.ts';
import { hasLifecycle } from '../../config/lifecycle/opt-in.ts';
import { recipientNames } from '../../config/names.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { SottoError } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { kindLike, type RecipientName } from '../../keys/index.ts';
import { type CommonOptions, type Tools, toolsOf } from '../settings.ts';
import type { SyncResult } from '../sync.ts';
import {
  applyChange,
  type ChangeOptions,
  type ConfigChange,
  openConfig,
  type PeopleResult,
} from './change.ts';
import { recipientsOnceCalled, type WorkList, workList } from './work-list.ts';

/** Options of `remove`. */
export interface RemoveOptions extends Omit<ChangeOptions, 'confirm'> {
  readonly name: string;
  /** Asked once, when all texts are made and read back. */
  readonly confirm: (
    config: ConfigChange,
    plans: readonly SyncResult[],
    list: WorkList | undefined,
  ) => Promise<boolean>;
}

/** What came of it. */
export interface RemoveResult extends PeopleResult {
  /** What is left to be changed at its source; `undefined` where there is no git. */
  readonly list: WorkList | undefined;
}

/** Take somebody out of the configuration and all files, which get new data keys. @throws SottoError `person-unknown`, … */
export async function remove(options: RemoveOptions, io: Io): Promise<RemoveResult> {
  const { name } = options;
  const tools = toolsOf(io, options);
  const opened = openConfig(tools, io);
  const gone = recipientsCalled(opened.config, name);
  const isPerson = opened.config.root?.get('sotto')?.get('people')?.get(name) !== undefined;
  if (gone.length === 0 && !isPerson) throw unknown();
  const names = recipientNames(opened.config);
  const places = leave(opened.text, name, gone);
  const list = await workList(gone, tools, io);
  const result = await applyChange(
    opened,
    [...places.map((place) => `- ${place}`), ...gone.map((one) => `- ${names.describe(one)}`)],
    gone,
    names,
    {
      ...options,
      confirm: async (change, plans) => {
        const isWanted = await options.confirm(ownGone(change, gone, name, tools), plans, list);
        // Before all else: who is interrupted then has written down too much, and not too little.
        if (isWanted && hasLifecycle(opened.config)) await noteDeparture(name, gone, opened.config, io);
        return isWanted;
      },
    },
    tools,
    io,
  );
  return { ...result, list };
}

/** Who takes out the key that opened the files here is told. */
function ownGone(
  change: ConfigChange,
  gone: readonly RecipientName[],
  name: string,
  { keyring }: Tools,
): ConfigChange {
  if (!gone.some((one) => keyring.hasOpened(one))) return change;
  const warning = `! it is ${name}'s key that opens these files here: afterwards it takes another one`;
  return { ...change, says: [...change.says, warning] };
}

/** Write down who left, for `exposure` and `check`. */
async function noteDeparture(
  who: string,
  gone: readonly RecipientName[],
  { path }: Config,
  io: Io,
): Promise<void> {
  const { changeEvents, withDeparture } = await import('../exposure/event-file.ts');
  const departure = { who, recipients: gone.map(({ id }) => id), at: lastModifiedOf(io.now()) };
  await changeEvents(dirname(path), (text) => withDeparture(text, departure), io);
}

/** What somebody could read, whether she or he is still there or not. @throws SottoError `person-unknown`, `not-a-repository` */
export async function whatWasRead(
  { name, ...options }: CommonOptions & { readonly name: string },
  io: Io,
): Promise<WorkList> {
  const tools = toolsOf(io, options);
  const { config } = openConfig(tools, io);
  const kind = kindLike(name);
  const gone = [
    ...recipientsCalled(config, name),
    ...(await recipientsOnceCalled(config.path, name, io)),
    ...(kind === undefined ? [] : [{ kind: kind.name, id: name }]),
  ];
  if (gone.length === 0) throw unknown();
  await openRepository(io);
  return (await workList(gone, tools, io)) ?? { exposed: [], isShallow: false };
}

function unknown(): SottoError {
  return new SottoError('person-unknown', 'nobody here has this name', {
    hint: '"sotto who" lists the readers of all files by name',
  });
}
