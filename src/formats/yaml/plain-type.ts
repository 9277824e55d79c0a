import { resolvePlain } from './resolve.ts';

/** Booleans of YAML 1.1: strings to go-yaml, which quotes them all the same for other readers (`encode.go`). */
const OLD_BOOLEANS: ReadonlySet<string> = new Set(
  'y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(' '),
);

/** A longer text need not be hashed to see that it is none. */
const LONGEST_BOOLEAN = 3;

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether go-yaml reads a plain scalar of this text as a string; the merge key is one in sops's tree. */
export function readsAsString(text: string): boolean {
  const { tag } = resolvePlain(text, true);
  return tag === '!!str' || tag === '!!merge';
}

/** Whether go-yaml quotes a string although it would read it back as one: `yes`, `12:30`. */
export function isQuotedForOthers(text: string): boolean {
  return (text.length <= LONGEST_BOOLEAN && OLD_BOOLEANS.has(text)) || BASE_60.test(text);
}
