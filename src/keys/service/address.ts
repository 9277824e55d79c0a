import { SottoError } from '../../errors.ts';
import type { Address } from '../host.ts';

const LARGEST_PORT = 65_535;
/** Bytes of a socket's path that every system takes (`sun_path` has 104 on BSD, 108 on Linux, with a zero). */
const LONGEST_PATH = 103;

/** A key service, as it is named, and where it is. */
export interface ServiceAddress {
  readonly uri: string;
  readonly address: Address;
}

/** The address of a key service: `tcp://host:port` or `unix:///path`. @throws SottoError `address-invalid` */
export function parseServiceUri(uri: string): ServiceAddress {
  const [, network, rest = ''] = /^([a-z]+):(.*)$/s.exec(uri) ?? [];
  if (network === 'unix' && /^(?:\/\/)?\/(?!\/)/.test(rest))
    return { uri, address: socketAt(decoded(rest.replace(/^\/\/(?=\/)/, ''), uri), uri) };
  if (network === 'tcp' && rest.startsWith('//'))
    return { uri, address: here(tcpAddress(rest.slice(2).replace(/\/$/, ''), uri)) };
  throw invalid(uri, 'a key service is named as tcp://HOST:PORT or unix:///PATH');
}

/** `host:port`, `[::1]:port`; an empty host is all of the machine's. @throws SottoError `address-invalid` */
export function tcpAddress(text: string, whole: string = text): Address & { readonly network: 'tcp' } {
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]*)\]|([^:[\]/]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > LARGEST_PORT)
    throw invalid(whole, 'an address for tcp is HOST:PORT, as in 127.0.0.1:5000 or [::1]:5000');
  return { network: 'tcp', host: bracketed ?? plain, port: Number(port) };
}

/** A socket of Unix. @param path absolute @throws SottoError `address-invalid` when it is too long */
export function socketAt(path: string, whole: string = path): Address & { readonly network: 'unix' } {
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw invalid(whole, `the path of a socket has ${LONGEST_PATH} bytes at most; take a shorter one`);
  return { network: 'unix', path };
}

/** As {@link parseServiceUri} reads it. */
export function uriOf(address: Address): string {
  if (address.network === 'unix') return `unix://${encodeURI(address.path)}`;
  const { host, port } = address;
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** As for Go, nobody's address to connect to is this machine's. */
function here(address: Address & { readonly network: 'tcp' }): Address {
  return address.host === '' ? { ...address, host: 'localhost' } : address;
}

function decoded(path: string, uri: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalid(uri, 'a percent sign in the path is written %25');
  }
}

function invalid(text: string, hint: string): SottoError {
  return new SottoError('address-invalid', `not an address of a key service: ${JSON.stringify(text)}`, {
    hint,
  });
}
