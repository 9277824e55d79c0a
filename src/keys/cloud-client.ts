import type { MetadataMap } from '../core/sops/metadata.ts';
import type { KeyHost } from './host.ts';

/** Wraps and unwraps data keys with the keys of a service. */
export interface CloudClient {
  /**
   * @param key the fields that name the key
   * @param isNamed the user named the key, in the command line or a configuration; not only a file does
   * @param dataKey 32 bytes (or a share of 33)
   * @returns what `enc` is to be
   * @throws Error with the reason, in which there is nothing secret
   */
  wrap(key: MetadataMap, dataKey: Uint8Array, host: KeyHost, isNamed: boolean): Promise<string>;
  /**
   * The data key that {@link wrap} wrapped.
   *
   * @param key the fields that name the key
   * @throws Error as {@link wrap}
   */
  unwrap(key: MetadataMap, enc: string, host: KeyHost, isNamed: boolean): Promise<Uint8Array>;
  /**
   * The fields that name a key, with what only the service knows; left out, they are whole.
   *
   * @throws Error as {@link wrap}
   */
  complete?(key: MetadataMap, host: KeyHost): Promise<MetadataMap>;
  /** Who is asked about a key, for messages. @throws Error as {@link wrap} */
  service(key: MetadataMap, host: KeyHost): string;
  /** Forget what was found out about credentials and servers; left out, nothing is remembered. */
  forget?(host: KeyHost): void;
  /** What to do to be let in: a phrase for a hint. */
  readonly advice: string;
}
