import { appendRecord } from '../../io/chain/append.ts';
import { reasonOf } from '../../io/reason.ts';
import type { FileSettings } from '../settings.ts';
import type { Sink } from './sink.ts';

/** A file of JSON lines, each with the hash of the one before. */
export function fileSink({ path, timeout }: Pick<FileSettings, 'path' | 'timeout'>): Sink {
  return {
    name: path,
    take: async (record) => {
      try {
        await appendRecord(path, { ...record }, { timeout });
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
  };
}
