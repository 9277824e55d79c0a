import { oneLine } from '../../printable.ts';
import type { KeyHost } from '../host.ts';

/**
 * Ask on the terminal for the passphrase of an identity.
 *
 * @param name of the file, or the variable, that it protects
 * @throws Error when there is no terminal, or nobody answers
 */
export async function askPassphrase(
  { askSecret, terminal }: Pick<KeyHost, 'askSecret' | 'terminal'>,
  name: string,
): Promise<string> {
  const answer = await askSecret(`Enter passphrase for ${oneLine(name)}: `);
  if (answer === undefined) {
    const why = terminal() === undefined ? 'there is no terminal to ask for it' : 'nobody gave it';
    throw new Error(`it is protected with a passphrase, and ${why}`);
  }
  if (answer === '') throw new Error('no passphrase was given');
  return answer;
}
