import type { ConfigValue } from '../config/value.ts';
import type { SottoError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';

/** Milliseconds that a sink may take. */
const TIMEOUT = 2000;

/** What holds for a sink of any kind. */
interface SinkBase {
  /** Milliseconds that it may take. */
  readonly timeout: number;
  /** Nothing is handed out where it did not take the record. */
  readonly isRequired: boolean;
}

/** A file of JSON lines, each with the hash of the one before. */
export interface FileSettings extends SinkBase {
  readonly kind: 'file';
  /** Absolute. */
  readonly path: string;
}

/** The system's log, by logger(1). */
export interface SyslogSettings extends SinkBase {
  readonly kind: 'syslog';
  readonly facility: string;
  readonly tag: string;
  /** `host:port` of a server, over UDP; the machine's own log unless given. */
  readonly server: string | undefined;
}

/** A collector of OpenTelemetry. */
export interface OtlpSettings extends SinkBase {
  readonly kind: 'otlp';
  /** Without `/v1/logs`. */
  readonly endpoint: string;
  readonly headers: { readonly [name: string]: string };
  /** The path of certificates in PEM. */
  readonly authorities: string | undefined;
}

/** sops's table in Postgres. */
export interface PostgresSettings extends SinkBase {
  readonly kind: 'postgres';
  readonly connection: string;
}

/** Where records go. */
export type SinkSettings = FileSettings | SyslogSettings | OtlpSettings | PostgresSettings;

/** What a machine wants to have recorded. */
export interface AuditSettings {
  readonly sinks: readonly SinkSettings[];
  /** How many sinks have to take each record. */
  readonly atLeast: number;
}

/** Nothing is recorded. */
export const NO_AUDIT: AuditSettings = { sinks: [], atLeast: 0 };

const KINDS = ['postgres', 'file', 'syslog', 'otlp'] as const;
const FACILITY = /^[a-z][a-z0-9]*$/;
const TAG = /^[\w.-]+$/;

/**
 * Read `/etc/sops/audit.yaml`: sops's own file, which passes over what it does not know.
 *
 * @param likeSops what is misspelt is passed over here, too
 * @throws SottoError `config-invalid`
 */
export function readMachineSettings(root: ConfigValue | undefined, likeSops: boolean): AuditSettings {
  if (root === undefined) return NO_AUDIT;
  if (!likeSops) requireKnown(root, ['backends', 'at_least', 'timeout', 'on_failure']);
  const backends = root.get('backends');
  if (backends !== undefined && !likeSops) requireKnown(backends, KINDS);
  const atLeast = countIn(root.get('at_least'));
  // Where some have to take it, no single one has to.
  const usual = { timeout: TIMEOUT, isRequired: atLeast === 0 };
  const base = baseOf(root, usual);
  const sinks = KINDS.flatMap((kind) => {
    const listed = backends?.get(kind);
    if (listed !== undefined && listed.type !== 'array')
      throw wrong(listed, 'sinks of a kind must be a list', '[{ … }], as for postgres');
    return (listed?.items() ?? []).map((value) => sinkOf(kind, value, baseOf(value, base), likeSops));
  });
  if (atLeast > sinks.length && root.get('at_least') !== undefined)
    throw wrong(root.get('at_least') ?? root, `there are not ${atLeast} sinks`, `at most ${sinks.length}`);
  return { sinks, atLeast };
}

function sinkOf(
  kind: SinkSettings['kind'],
  value: ConfigValue,
  base: SinkBase,
  likeSops: boolean,
): SinkSettings {
  const known = (names: readonly string[]): void => {
    if (!likeSops) requireKnown(value, [...names, 'timeout', 'on_failure']);
  };
  switch (kind) {
    case 'file': {
      known(['path']);
      const path = textOf(value, 'path');
      if (!/^(?:\/|[A-Za-z]:[\\/])/.test(path))
        throw wrong(value, 'a file needs a full path', 'path: /var/…');
      return { kind, path, ...base };
    }
    case 'syslog': {
      known(['facility', 'tag', 'server']);
      const facility = value.get('facility')?.text ?? 'authpriv';
      const tag = value.get('tag')?.text ?? 'sotto';
      const server = value.get('server')?.text;
      if (!FACILITY.test(facility) || !TAG.test(tag) || server?.startsWith('-') === true)
        throw wrong(value, 'no such facility, tag or server', 'facility: authpriv, tag: sotto');
      return { kind, facility, tag, server, ...base };
    }
    case 'otlp': {
      known(['endpoint', 'headers', 'ca']);
      const endpoint = textOf(value, 'endpoint');
      if (!/^https?:\/\/[^\s/]/.test(endpoint) || !URL.canParse(endpoint))
        throw wrong(value, 'otlp needs an endpoint', 'endpoint: http://127.0.0.1:4318');
      const headers = Object.fromEntries(
        (value.get('headers')?.entries() ?? []).map(({ key, value: { text } }) => [key, text]),
      );
      return { kind, endpoint, headers, authorities: value.get('ca')?.text, ...base };
    }
    default:
      known(['connection_string']);
      return { kind, connection: value.get('connection_string')?.text ?? '', ...base };
  }
}

/** @param usual what holds where it says nothing */
function baseOf(value: ConfigValue, usual: SinkBase): SinkBase {
  const onFailure = value.get('on_failure');
  if (onFailure !== undefined && onFailure.text !== 'refuse' && onFailure.text !== 'warn')
    throw wrong(onFailure, 'on_failure is refuse or warn', 'on_failure: refuse');
  const isRequired = onFailure === undefined ? usual.isRequired : onFailure.text === 'refuse';
  return { timeout: millisecondsIn(value.get('timeout')) ?? usual.timeout, isRequired };
}

function millisecondsIn(value: ConfigValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, number = '', unit] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s)$/.exec(value.text) ?? [];
  const milliseconds = Number(number) * (unit === 's' ? 1000 : 1);
  if (number === '' || milliseconds < 1)
    throw wrong(value, 'timeout is a time', 'timeout: 2s, timeout: 500ms');
  return milliseconds;
}

function countIn(value: ConfigValue | undefined): number {
  if (value === undefined) return 0;
  if (value.number === undefined || value.number < 0)
    throw wrong(value, 'at_least is a number of sinks', 'at_least: 1');
  return value.number;
}

function textOf(value: ConfigValue, name: string): string {
  return value.get(name)?.text ?? '';
}

/** What is misspelt would record nothing, and nobody would notice. */
function requireKnown(value: ConfigValue, names: readonly string[]): void {
  for (const { key, value: entry } of value.entries()) {
    if (names.includes(key)) continue;
    const near = nearest(key, [...names]);
    throw wrong(entry, `unknown key ${JSON.stringify(key)}`, near ?? names.join(', '));
  }
}

/** Whoever may change the file can mend it; meanwhile nothing that has to be recorded is done. */
function wrong(value: ConfigValue, message: string, example: string): SottoError {
  return value.problem('config-invalid', `the settings of the audit log: ${message}`, {
    hint: `for example: ${example}; docs/audit.md has all of them`,
    inSops: 'Error unmarshalling config',
  });
}
