import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import type { Warning } from '../../core/splice/warning.ts';
import { lastModifiedOf } from '../../core/tree/time.ts';
import { attempt, attemptAsync } from '../../errors.ts';
import { openRepository } from '../../io/git/repository.ts';
import type { Io } from '../../io/io.ts';
import { type AddOptions, add } from '../people/add.ts';
import type { PeopleResult } from '../people/change.ts';
import { signApproval } from './approval.ts';
import { grantedPath, type Place, placeIn, requireFolder } from './place.ts';
import { normalised } from './request.ts';
import { type AccessRequest, parseRequest, printGranted, printRequest } from './request-file.ts';

/**
 * {@link add}, and sign for it as for a request that was granted, so that a pipeline sees without any key that somebody did
 * it who could read the files. Where the configuration has no id, or no people, there is nothing that could be signed for.
 */
export async function addSigned(options: AddOptions, io: Io): Promise<PeopleResult> {
  const { name, to: teams, warn } = options;
  let signed: string | undefined;
  const result = await add(
    {
      ...options,
      onAgreed: async (opened, theirs) => {
        const place = attempt(() => placeIn(opened, randomUUID));
        const hasPeople = opened.config.root?.get('sotto')?.get('people') !== undefined;
        if (place === undefined || !hasPeople || (await attemptAsync(() => openRepository(io))) === undefined)
          return;
        requireFolder(place, io);
        const { repository } = place;
        const recipients = theirs.map(({ id }) => normalised(id));
        const created = lastModifiedOf(io.now());
        const request = { repository, name, teams, recipients, created, proof: [] };
        if (attempt(() => parseRequest(printRequest(request))) === undefined)
          warn(unsigned(name, 'a key of a service has no place in a request'));
        else signed = await recordGrant(place, request, options, io);
      },
    },
    io,
  );
  return { ...result, signed };
}

/**
 * Record that a request was granted, with the signature of who does it.
 *
 * @param isKept also where no key here signs
 * @returns the record, from the working folder, if it is signed
 */
export async function recordGrant(
  place: Place,
  request: AccessRequest,
  { warn, isKept = false }: Pick<AddOptions, 'warn'> & { readonly isKept?: boolean },
  io: Io,
): Promise<string | undefined> {
  const { signature: approval, problem } = await signApproval(request, place.opened.config, io);
  if (approval === undefined)
    warn(unsigned(request.name, problem?.message ?? 'no SSH or PGP key is here that .sops.yaml names'));
  if (approval === undefined && !isKept) return undefined;
  const record = grantedPath(place, request);
  io.create(record, Buffer.from(printGranted({ request, approval })), 0o644);
  return approval === undefined ? undefined : relative(io.folder, record);
}

function unsigned(name: string, reason: string): Warning {
  return {
    message: `${reason}; so nobody signed for ${name}, and "sotto check --since" fails on this change`,
    hint: 'keys of age can not sign: have an SSH or PGP key beside yours in .sops.yaml; else, in the pipeline, let --allow-new-readers depend on what only your team can set, such as a label',
  };
}
