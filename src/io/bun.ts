import type { ReadableStream } from 'node:stream/web';

/** What bun, which the program is built with as one file, has in the place of parts of Node that do not work there. */
export interface Bun {
  /** @param descriptor of a pipe; it stays open when the stream ends */
  file(descriptor: number): { stream(): ReadableStream<Uint8Array> };
}

/** `undefined` on Node. */
export function bun(): Bun | undefined {
  const one: unknown = Reflect.get(globalThis, 'Bun');
  return isBun(one) ? one : undefined;
}

function isBun(one: unknown): one is Bun {
  return typeof one === 'object' && one !== null && 'file' in one && typeof one.file === 'function';
}
