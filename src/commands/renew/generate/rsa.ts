import { messageOf, SottoError } from '../../../errors.ts';
import type { Generator, Workshop } from './recipe.ts';

/** A key of RSA, which openssl makes: it comes over a pipe, and stands in no file. */
export const rsa: Generator = (settings) => {
  const bits = settings.whole('bits', { usual: 3072, least: 2048, most: 8192 });
  return {
    says: `an RSA key of ${bits} bits`,
    of: [],
    publicHalf: settings.value('public'),
    make: async (_, { machine }) => {
      const options = ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
      const key = await openssl(['genpkey', ...options], undefined, machine);
      const text = Buffer.from(key).toString();
      const publicText = Buffer.from(await openssl(['pkey', '-pubout'], key, machine)).toString();
      return { text, publicText };
    },
  };
};

async function openssl(
  args: readonly string[],
  stdin: Uint8Array | undefined,
  machine: Workshop['machine'],
): Promise<Uint8Array> {
  const program = machine.findProgram('openssl');
  if (program === undefined)
    throw new SottoError('dependency-missing', 'RSA keys are made by openssl, which is not in the PATH', {
      hint: 'install openssl, or take kind: ed25519 or ec, which need nothing',
    });
  try {
    const { status, stdout } = await machine.runProgram(program, args, { stdin });
    if (status === 0) return stdout;
    throw new Error(`it ended with status ${status ?? 'of a signal'}`);
  } catch (error) {
    // Nothing that it printed: it could hold the key.
    throw new SottoError('command-failed', `openssl ${args[0] ?? ''} failed: ${messageOf(error)}`, {
      hint: 'nothing was changed; try "openssl version"',
    });
  }
}
