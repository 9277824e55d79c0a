import type { FileKeyWrapper } from '../file-key.ts';
import { ed25519Wrapper } from './ed25519.ts';
import { parseSshLine } from './public-key.ts';
import { rsaWrapper } from './rsa.ts';

/** Wraps file keys for a public SSH key, as `.pub` files have it. @throws Error that says what is wrong with it */
export function sshWrapper(line: string): FileKeyWrapper {
  const key = parseSshLine(line);
  return key.type === 'ssh-rsa' ? rsaWrapper(key) : ed25519Wrapper(key);
}
