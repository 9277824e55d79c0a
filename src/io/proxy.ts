import { BlockList, isIP, isIPv6, type Socket } from 'node:net';
import { NoAnswer } from '../keys/http.ts';
import { isLoopback } from '../text/loopback.ts';

type Environment = { readonly [name: string]: string | undefined };

/**
 * The proxy that requests to a URL go through, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; `undefined` for none. As
 * Go's `net/http` has it (golang.org/x/net/http/httpproxy): small letters count, too, and this machine itself is never
 * reached through one.
 *
 * @throws NoAnswer when the variable names no proxy that is spoken here
 */
export function proxyFor(environment: Environment, url: URL): URL | undefined {
  const host = bare(url.hostname);
  if (isLoopback(host) || isExempt(variable(environment, 'NO_PROXY') ?? '', host, portOf(url)))
    return undefined;
  // In a CGI program HTTP_PROXY is a header of whoever asks (httpoxy).
  const isCgi = environment['REQUEST_METHOD'] !== undefined;
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = isCgi && name === 'HTTP_PROXY' ? environment['http_proxy'] : variable(environment, name);
  if (text === undefined || text === '') return undefined;
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const proxy = URL.canParse(written) ? new URL(written) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new NoAnswer('', `${name} is no http: or https: proxy`);
}

/**
 * A connection to the host of a URL through a proxy.
 *
 * @throws NoAnswer
 */
export async function connectThrough(proxy: URL, target: URL, signal: AbortSignal): Promise<Socket> {
  const client = proxy.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const authority = `${target.hostname}:${portOf(target)}`;
  return new Promise((accept, refuse) => {
    const asked = client.request({
      host: bare(proxy.hostname),
      port: portOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      signal,
    });
    asked.on('error', refuse);
    asked.on('connect', ({ statusCode }, socket, head) => {
      // In TLS it is the client that speaks first.
      const isSilent = head.length === 0;
      if (statusCode === 200 && isSilent) return accept(socket);
      socket.destroy();
      if (statusCode === 200) return refuse(new NoAnswer('EPROTO', ''));
      refuse(new NoAnswer('', `the proxy ${proxy.host} refused with status ${statusCode ?? 0}`));
    });
    // A proxy that answers as if it were a server.
    asked.on('response', (response) => {
      response.destroy();
      refuse(new NoAnswer('', `the proxy ${proxy.host} refused with status ${response.statusCode ?? 0}`));
    });
    asked.end();
  });
}

/** The header that lets one through a proxy whose URL has a name and a password. */
export function authorization({ username, password }: URL): { readonly [name: string]: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function variable(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toLowerCase()];
}

/** Whether `NO_PROXY` has a host: a name and all below it, `*`, an address, a network; each with a port if it counts. */
function isExempt(list: string, host: string, port: string): boolean {
  return list
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .some((item) => item !== '' && (item === '*' || matches(item, host.toLowerCase(), port)));
}

function matches(item: string, host: string, port: string): boolean {
  const [, address, bits] = /^([0-9a-f.:]+)\/(\d+)$/.exec(item) ?? [];
  if (address !== undefined && bits !== undefined) return isInNetwork(host, address, Number(bits));
  const [, name = item, wanted] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(item) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const bareName = bare(name).replace(/^\*(?=\.)/, '');
  if (bareName.startsWith('.')) return host.endsWith(bareName);
  return host === bareName || (isIP(host) === 0 && host.endsWith(`.${bareName}`));
}

function isInNetwork(host: string, address: string, bits: number): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || isIP(host) === 0 || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const network = new BlockList();
  network.addSubnet(address, bits, family);
  return network.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

/** A host without the brackets that an address of IPv6 has in a URL. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
