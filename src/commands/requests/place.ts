import { dirname, join } from 'node:path';
import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import { oneLine } from '../../text/printable.ts';
import { ownFolder } from '../own-folder.ts';
import { type OpenedConfig, openConfig } from '../people/change.ts';
import type { Tools } from '../settings.ts';
import { sha256 } from './age-proof.ts';
import { type AccessRequest, invalid, NAME, signedText } from './request-file.ts';

/** Where requests stand, and what they ask of. */
export interface Place {
  readonly opened: OpenedConfig;
  /** The id of the repository. */
  readonly repository: string;
  /** The folder of requests. */
  readonly folder: string;
}

/** @throws SottoError `config-missing`, `config-invalid`, `output-unwritable` */
export function placeOf(tools: Tools, newId: () => string, io: Io): Place {
  const place = placeIn(openConfig(tools, io), newId);
  requireFolder(place, io);
  return place;
}

/** @throws SottoError `output-unwritable` where the folder of requests, or of those that were granted, is a link */
export function requireFolder({ opened: { config } }: Place, io: Io): void {
  ownFolder(io, dirname(config.path), '.sotto', 'requests', 'granted');
}

/** Of a configuration that was read already. @throws SottoError `config-invalid` */
export function placeIn(opened: OpenedConfig, newId: () => string): Place {
  const { config } = opened;
  const repository = config.root?.get('sotto')?.get('repository')?.text ?? '';
  if (repository === '')
    throw new SottoError('config-invalid', 'the repository has no id that requests could be made for', {
      file: config.path,
      hint: `put one under sotto: in .sops.yaml, and commit it: repository: ${newId()}`,
    });
  return { opened, repository, folder: join(dirname(config.path), '.sotto', 'requests') };
}

/** The file of somebody's request. @throws SottoError `request-invalid` for what is no name */
export function requestPath({ folder }: Place, name: string): string {
  requireName(name);
  return join(folder, `${name}.yaml`);
}

/** Where a request is kept that was granted: so it is not granted again. */
export function grantedPath({ folder }: Place, request: AccessRequest): string {
  return join(folder, 'granted', `${sha256(signedText(request))}.yaml`);
}

function requireName(name: string): void {
  if (NAME.test(name)) return;
  throw invalid(
    `"${oneLine(name.slice(0, 40))}" is no name for a person`,
    'a name has letters of ASCII, digits, _ and -',
  );
}

/** Whether somebody can be called so, and the teams are there. @throws SottoError `request-invalid` */
export function requireFree({ opened: { text } }: Place, name: string, teams: readonly string[]): void {
  requireName(name);
  if (text.at(['sotto', 'people', name]) !== undefined || text.anchored(name) !== undefined)
    throw invalid(
      `the name ${name} is taken`,
      'people, teams and all other anchors have their names in common; choose another one',
    );
  const missing = teams.find((team) => !NAME.test(team) || text.at(['sotto', 'teams', team]) === undefined);
  if (missing !== undefined)
    throw invalid(
      `there is no team ${oneLine(missing.slice(0, 40))}`,
      'teams stand under sotto: teams: in .sops.yaml',
    );
}
