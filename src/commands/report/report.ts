import { dirname } from 'node:path';
import type { Io } from '../../io/io.ts';
import { check } from '../check/check.ts';
import type { Reported } from '../check/result.ts';
import { allExposures, type Exposures } from '../exposure/exposure.ts';
import { type Expiry, expiry } from '../lifecycle/expiry.ts';
import { openConfig } from '../people/change.ts';
import type { Readership } from '../people/readership.ts';
import { who } from '../people/who.ts';
import { type CommonOptions, toolsOf } from '../settings.ts';
import { type Family, missingBetween } from './missing.ts';

/** Options of `report`. */
export interface ReportOptions extends CommonOptions {
  /** The program's: findings depend on it. */
  readonly version: string;
}

/** What a lead asks of a repository. No value is in it, nor the length of one, nor whether two are the same. */
export interface Report {
  /** Of the folder of the configuration. */
  readonly name: string;
  /** Who can read what. */
  readonly readers: readonly Readership[];
  /** What is overdue, and whose. */
  readonly expiry: Expiry;
  /** What is open since somebody left, or since a leak; `undefined` where no event is written down. */
  readonly exposures: Exposures | undefined;
  /** What is missing between environments. */
  readonly families: readonly Family[];
  /** What is not as its rule says, and all else that is wrong. */
  readonly findings: readonly Reported[];
}

/** Look at a repository as a whole, without any key. @throws SottoError `config-missing`, `config-invalid`, `not-a-repository` */
export async function report({ version, ...options }: ReportOptions, io: Io): Promise<Report> {
  const tools = toolsOf(io, options);
  const { config } = openConfig(tools, io);
  const readers = await who({ ...options, files: [], isDated: false }, io);
  // What is old, and what is known still, have places of their own.
  const { findings } = await check(
    { scope: { kind: 'tree' }, paths: [], keys: false, ages: false, updatesBaseline: false, version },
    io,
  );
  return {
    name: dirname(config.path).split('/').at(-1) ?? '',
    readers,
    expiry: await expiry({ paths: [], isWhole: true }, io),
    exposures: await allExposures([config], tools, io),
    families: await missingBetween(
      readers.map(({ file }) => file),
      options,
      tools,
      io,
    ),
    findings,
  };
}
