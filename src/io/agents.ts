import type { Agent, AgentOptions, RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { TlsSettings } from '../keys/http.ts';
import { systemAuthorities, TRUST } from './authorities.ts';
import { connectThrough } from './proxy.ts';

type Environment = { readonly [name: string]: string | undefined };

/** How a server is asked. */
interface Way {
  readonly tls: TlsSettings;
  /** `undefined`: none. */
  readonly proxy: URL | undefined;
  /** Milliseconds until a proxy must have made a connection. */
  readonly connecting: number;
}

/** Making a context reads the certificates of all authorities, which takes longer than many a request. */
const CONTEXTS = new Map<string, Promise<SecureContext>>();
/** A connection belongs to its agent, so it is only used again by requests that trust, and show, the same. */
const AGENTS = new Map<string, Promise<Agent>>();

/** What connects to servers over TLS: one for all requests that go the same way. */
export function agentFor({ tls, proxy, connecting }: Way, environment: Environment): Promise<Agent> {
  const { authorities, certificate, key, serverName, isUnverified = false } = tls;
  const named = TRUST.map((name) => environment[name]);
  const trust = JSON.stringify([authorities ?? { named }, certificate, key]);
  const way = JSON.stringify([trust, serverName, isUnverified, proxy?.href, connecting]);
  return kept(AGENTS, way, async () => {
    const options = {
      keepAlive: true,
      secureContext: await kept(CONTEXTS, trust, () => contextOf(tls, environment)),
      rejectUnauthorized: !isUnverified,
      ...(serverName === undefined ? {} : { servername: serverName }),
    };
    if (proxy !== undefined) return tunnelAgent(proxy, connecting, options);
    const { Agent } = await import('node:https');
    return new Agent(options);
  });
}

async function contextOf(
  { authorities, certificate, key }: TlsSettings,
  environment: Environment,
): Promise<SecureContext> {
  const { createSecureContext } = await import('node:tls');
  const ca = authorities ?? systemAuthorities(environment);
  return createSecureContext({
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  });
}

/** An agent whose connections a proxy makes. */
async function tunnelAgent(proxy: URL, connecting: number, settings: AgentOptions): Promise<Agent> {
  const [{ Agent }, { connect }] = await Promise.all([import('node:https'), import('node:tls')]);
  class TunnelAgent extends Agent {
    override createConnection(
      options: RequestOptions,
      done: (error: Error | null, connection?: Duplex) => void,
    ): undefined {
      const host = options.host ?? '';
      const named = isIP(host) === 0 ? { servername: host } : {};
      const url = new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}:${options.port ?? 443}`);
      connectThrough(proxy, url, AbortSignal.timeout(connecting)).then(
        (socket) => done(null, connect({ ...named, ...settings, host, socket })),
        done,
      );
    }
  }
  return new TunnelAgent(settings);
}

/** What is made once; what failed is tried again. */
function kept<Made>(all: Map<string, Promise<Made>>, name: string, make: () => Promise<Made>): Promise<Made> {
  const made = all.get(name) ?? make();
  all.set(name, made);
  made.catch(() => all.delete(name));
  return made;
}
