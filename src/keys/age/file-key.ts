import type { Stanza } from './stanza.ts';

/** The key of one age file, and its wrapped copies. */
export interface WrappedFileKey {
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  readonly stanzas: readonly Stanza[];
}

/** One kind of recipient as age sees it: it wraps the keys of files. */
export interface FileKeyWrapper {
  /** @throws Error with the reason */
  wrap(fileKey: Uint8Array): Promise<readonly Stanza[]>;
}

/** One kind of identity as age sees it: it unwraps the keys of files. */
export interface FileKeyUnwrapper {
  /**
   * @param stanzas all those of a file
   * @returns the file key, or `null` when none of the stanzas is for this identity
   * @throws Error when one is for this identity, or may be, and is damaged or could not be opened
   */
  unwrap(stanzas: readonly Stanza[]): Promise<Uint8Array | null>;
}

/** Try stanzas one after the other, as all identities but those of plugins do. */
export async function unwrapFirst(
  stanzas: readonly Stanza[],
  type: string,
  unwrap: (stanza: Stanza) => Promise<Uint8Array | undefined> | Uint8Array | undefined,
): Promise<Uint8Array | null> {
  for (const stanza of stanzas) {
    if (stanza.type !== type) continue;
    const fileKey = await unwrap(stanza);
    if (fileKey !== undefined) return fileKey;
  }
  return null;
}

/** Work that is done when it is first needed, and then never again. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
