import { machineFile, ownFile } from '../../audit/context.ts';
import { readMachineSettings } from '../../audit/settings.ts';
import { rootOf } from '../../config/read.ts';
import { SottoError } from '../../errors.ts';
import { setAside } from '../../io/chain/append.ts';
import type { Io } from '../../io/io.ts';

/** A log: one chain, in a file, and in those that were put aside as it grew. */
export interface Log {
  /** Where new records go. */
  readonly path: string;
  /** The oldest first. */
  readonly files: readonly string[];
}

/**
 * The log that was named; else those of this machine and of this user.
 *
 * @throws SottoError `file-missing`, `config-invalid`
 */
export function logsOf(io: Io, named: string | undefined): Log[] {
  const paths = named === undefined ? [...new Set([...machineLogs(io), ownFile(io)])] : [io.absolute(named)];
  const logs = paths.map((path) => ({
    path,
    files: [...setAside(path), ...(io.exists(path) ? [path] : [])],
  }));
  const there = logs.filter(({ files }) => files.length > 0);
  if (there.length > 0) return there;
  throw new SottoError('file-missing', `there is no audit log: ${paths.join(', ')}`, {
    hint: 'a log is a "file" of /etc/sops/audit.yaml, or of "sotto: {audit: {file: true}}" in .sops.yaml: docs/audit.md',
  });
}

function machineLogs(io: Io): string[] {
  const path = machineFile(io);
  if (!io.exists(path)) return [];
  const root = rootOf(Buffer.from(io.readSetting(path)).toString('utf8'), path);
  return readMachineSettings(root, false).sinks.flatMap((sink) => (sink.kind === 'file' ? [sink.path] : []));
}
