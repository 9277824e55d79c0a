import type { Path } from '../core/tree/tree.ts';
import type { Io } from '../io/io.ts';
import { tallyOf } from '../operations/tally.ts';
import { Configurations } from './configurations.ts';
import type { CommonOptions } from './settings.ts';
import { readSource } from './source.ts';

/** Where an encrypted file has encrypted values; none for one that is encrypted as a whole. */
export async function encryptedPlaces(
  file: string,
  options: CommonOptions,
  io: Io,
): Promise<readonly Path[]> {
  const source = await readSource(io, { ...options, file, name: file }, new Configurations(io, options));
  const { isWhole, encrypted } = await tallyOf(source);
  return isWhole ? [] : encrypted;
}
