import { findProgram } from '../../io/find-program.ts';
import { startProgram } from '../../io/program.ts';
import { legible } from '../../text/printable.ts';
import type { SyslogSettings } from '../settings.ts';
import type { FarSink } from './sink.ts';

/** Folders of the system: whoever sets a PATH must not say where records go. */
const SYSTEM_PATH = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(':');
/** Bytes of a message; util-linux cuts off behind 1024 unless told otherwise. */
const LONGEST = 65_536;

/** The system's log, by logger(1): Node can't speak to /dev/log itself. The record goes there on stdin. */
export function syslogSink({ facility, tag, server }: SyslogSettings): FarSink {
  return {
    name: 'syslog',
    take: async (record, signal) => {
      const logger = findProgram('logger', { PATH: SYSTEM_PATH }, '/');
      if (logger === undefined) throw new Error('there is no logger(1)');
      const level = record.outcome === 'ok' ? 'info' : 'warning';
      const args = ['-t', tag, '-p', `${facility}.${level}`, ...(await optionsOf(server))];
      // It needs none of the variables: there may be keys in them.
      const program = startProgram(logger, args, { PATH: SYSTEM_PATH }, '/');
      const stop = (): void => program.stop();
      signal.addEventListener('abort', stop);
      try {
        program.write(Buffer.from(`${legible(JSON.stringify(record))}\n`));
        const { status, stderr } = await program.end();
        if (status !== 0) throw new Error(`logger(1): ${stderr.trim() || `exit status ${status ?? '-'}`}`);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** Of util-linux alone: others have no such options, and tell of no failure. */
async function optionsOf(server: string | undefined): Promise<string[]> {
  if (process.platform !== 'linux') return server === undefined ? [] : ['-h', server];
  const [, host = '', port = '514'] = /^(.*?)(?::(\d+))?$/.exec(server ?? '') ?? [];
  const there = server === undefined ? [] : ['--udp', '--server', host, '--port', port];
  return ['--size', String(LONGEST), '--socket-errors=on', ...there];
}
