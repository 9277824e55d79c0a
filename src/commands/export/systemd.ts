import { SottoError } from '../../errors.ts';
import type { Io } from '../../io/io.ts';
import type { Variable } from '../../operations/name-variables.ts';
import { printable } from '../../text/printable.ts';
import type { ExportFormat } from './format.ts';

/**
 * A drop-in for a unit. `SetCredential=` would show the values to everybody on the machine (systemd.exec(5)); so they
 * are encrypted for this machine by systemd itself, and only the unit gets them.
 */
export const systemdCredentials: ExportFormat = {
  name: 'systemd-credentials',
  names: /^(?!\.\.?$)[A-Za-z0-9_.-]{1,255}$/,
  said: 'letters, digits, _ . and -',
  instead: '"sotto exec-file" hands over the file',
  holdsBytes: true,
  print: async (variables, _, io) => {
    const program = io.findProgram('systemd-creds');
    if (program === undefined)
      throw new SottoError('command-missing', 'systemd-creds is not here', {
        hint: 'run this on the machine of the service, which needs systemd 250 or later',
      });
    const rows: string[] = [];
    for (const variable of variables) rows.push(await sealed(variable, program, io));
    return `[Service]\n${rows.join('')}`;
  },
};

async function sealed({ name, text, bytes }: Variable, program: string, io: Io): Promise<string> {
  const stdin = bytes ?? Buffer.from(text);
  const args = ['encrypt', '--pretty', `--name=${name}`, '-', '-'];
  const { status, stdout, stderr } = await io.runProgram(program, args, { stdin });
  const row = Buffer.from(stdout).toString();
  if (status === 0 && row.startsWith(`SetCredentialEncrypted=${name}:`)) return row.trimEnd().concat('\n');
  throw new SottoError(
    'command-failed',
    `systemd-creds can't encrypt ${name}: ${printable(stderr) || 'it says nothing'}`,
    {
      hint: 'run it as root: the key of the machine is for root alone',
    },
  );
}
