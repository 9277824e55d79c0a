import { readFileSync } from 'node:fs';
import { request } from '../../io/https.ts';
import { reasonOf } from '../../io/reason.ts';
import type { AuditRecord } from '../record.ts';
import type { OtlpSettings } from '../settings.ts';
import type { FarSink } from './sink.ts';

/** Severities of OpenTelemetry (`SeverityNumber`). */
const SEVERITY = { ok: [9, 'INFO'], refused: [13, 'WARN'], failed: [17, 'ERROR'] } as const;

/** A collector of OpenTelemetry: one POST of OTLP/HTTP as JSON for each record. It goes through no proxy of the user's. */
export function otlpSink({ endpoint, headers, authorities, timeout }: OtlpSettings): FarSink {
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/v1/logs`);
  return {
    name: `otlp ${url.host}`,
    take: async (record) => {
      const tls = authorities === undefined ? undefined : { authorities: [certificatesIn(authorities)] };
      const sent = { 'content-type': 'application/json', ...headers };
      const body = JSON.stringify(logsOf(record));
      const { status, body: answer } = await request(
        { method: 'POST', url, headers: { ...sent, ...lengthOf(body) }, body, timeout, tls },
        {},
      );
      if (status < 200 || status > 299) throw new Error(`the collector answered with status ${status}`);
      if (/"rejectedLogRecords"\s*:\s*"?[1-9]/.test(answer)) throw new Error('the collector rejected it');
    },
  };
}

function lengthOf(body: string): { 'content-length': string } {
  return { 'content-length': String(Buffer.byteLength(body)) };
}

function certificatesIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path}: ${reasonOf(error)}`);
  }
}

/** What a collector takes (`opentelemetry/proto/collector/logs/v1`, in JSON). */
export function logsOf(record: AuditRecord): unknown {
  const nanoseconds = `${Date.parse(record.time)}000000`;
  const [severityNumber, severityText] = SEVERITY[record.outcome];
  const { claimed } = record.actor;
  const attributes = Object.entries({
    'sotto.event': record.event,
    'sotto.verb': record.verb,
    'sotto.outcome': record.outcome,
    'sotto.code': record.code,
    'sotto.key': record.key.map(({ kind, id }) => `${kind} ${id}`).join(' ') || undefined,
    'sotto.wrapped': record.wrapped.join(' ') || undefined,
    'file.path': record.file,
    'vcs.ref.head.revision': record.commit,
    'vcs.repository.url.full': record.repo?.remote,
    'log.record.uid': record.id,
    'enduser.id': claimed.user,
    'host.name': claimed.host,
    'process.pid': String(record.pid),
  }).flatMap(([key, value]) => (value === undefined ? [] : [attribute(key, value)]));
  const logRecord = {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    severityNumber,
    severityText,
    eventName: 'sotto.audit',
    body: { stringValue: JSON.stringify(record) },
    attributes,
  };
  return {
    resourceLogs: [
      {
        resource: { attributes: [attribute('service.name', 'sotto')] },
        scopeLogs: [{ scope: { name: 'sotto.audit' }, logRecords: [logRecord] }],
      },
    ],
  };
}

function attribute(key: string, value: string): unknown {
  return { key, value: { stringValue: value } };
}
